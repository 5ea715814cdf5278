package ui_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// countdown runs the script with node on a page that waits for 7:30 of an exam day, on a machine
// whose own clock is years ahead, and gives what a reader sees of it; answer is the Response of
// /gio as JavaScript.
func countdown(t *testing.T, answer string) string {
	t.Helper()
	script, err := os.ReadFile("style/dem-nguoc.js")
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("node", "-e", `
		const e = { hidden: true, textContent: "", dataset: { den: "2021-07-07T07:30:00+07:00" } };
		globalThis.document = { querySelectorAll: () => [e] };
		globalThis.setInterval = () => {};
		globalThis.fetch = async path => { if (path !== "/gio") throw path; return `+answer+` };
		`+string(script)+`
		setTimeout(() => console.log(e.hidden ? "hidden" : e.textContent), 50);`).CombinedOutput()
	if err != nil {
		t.Fatalf("node (make setup installs it): %v\n%s", err, out)
	}
	return strings.TrimSpace(string(out))
}

func TestTheCountdownGoesByTheServersClock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, answer, want string }{
		{"a rehearsal's clock", `new Response("2021-07-07T06:20:30+07:00")`, "còn 1 giờ 9 phút"},
		{"a static mirror tells the time in its headers", `new Response("", { status: 404, headers: { Date: "Wed, 07 Jul 2021 00:09:30 GMT" } })`, "còn 20 phút"},
		{"the time has come", `new Response("2021-07-07T07:31:00+07:00")`, "đã đến giờ"},
		{"no server answers", `Promise.reject(new Error("offline"))`, "hidden"},
		{"what is no time", `new Response("<html>")`, "hidden"},
	} {
		if got := countdown(t, c.answer); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

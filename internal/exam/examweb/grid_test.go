package examweb_test

import (
	"context"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/exam"
)

// paste is what a browser does when a block copied from a spreadsheet is pasted into the cell with
// the focus, followed by the keys that lead to the cell below.
const paste = `(() => {
	const grid = document.querySelector("[data-luoi]"), inputs = [...grid.querySelectorAll("input:not([type=hidden])")];
	inputs[1].focus();
	const clip = new DataTransfer();
	clip.setData("text", "241\t10\n180\t\n");
	inputs[1].dispatchEvent(new ClipboardEvent("paste", {clipboardData: clip, bubbles: true, cancelable: true}));
	inputs[1].dispatchEvent(new KeyboardEvent("keydown", {key: "Enter", bubbles: true, cancelable: true}));
	const width = inputs.length / 2;
	return [inputs[1].value, inputs[2].value, inputs[width + 1].value, document.activeElement === inputs[width + 1]].join("|");
})()`

func TestTheRosterGridTakesABlockFromASpreadsheet(t *testing.T) {
	t.Parallel()
	clk := morning(t)()
	d := openDesk(t, dbtest.SQLite(t, clk), clk)
	e := d.load2021(t)
	var ids []exam.SiteID
	for i, name := range []string{"THPT Bình Lư", "THPT Than Uyên"} {
		id, err := d.SaveSite(system(t), e.Rounds[0].ID, "", 0, exam.SiteInput{Code: strconv.Itoa(i + 1), Name: name, LocalityName: "Huyện"})
		must(t, err)
		ids = append(ids, id)
	}
	server := httptest.NewServer(d.office)
	t.Cleanup(server.Close)
	ctx := browser(t)
	must(t, chromedp.Do(ctx, chromedp.Navigate(server.URL+"/quan-tri/vao/council_secretary"), chromedp.Navigate(server.URL+"/quan-tri/ky-thi/2021/dot/1/dang-ky")))
	got, err := chromedp.Run(ctx, chromedp.Evaluate[string](paste))
	if err != nil || got != "241|10|180|true" {
		t.Fatalf("pasted: %q, %v", got, err)
	}
	// Ten candidates of a combined paper whose components are empty: refused, and the form comes back.
	// By script: a click by its place on the screen may miss while the page scrolls to what is wrong.
	save := chromedp.Evaluate[chromedp.Void](`document.querySelector("button[form=dang-ky]").click()`)
	if r, err := chromedp.RunResponse(ctx, save); err != nil || r.Status != 422 {
		t.Fatalf("answered %+v, %v", r, err)
	}
	must(t, chromedp.Do(ctx, chromedp.Evaluate[chromedp.Void](`document.querySelectorAll("[data-luoi] input:not([type=hidden])")[2].value = ""`)))
	if r, err := chromedp.RunResponse(ctx, save); err != nil || r.Status != 200 {
		t.Fatalf("answered %+v, %v", r, err)
	}
	rosters, err := d.Rosters(system(t), e.Rounds[0].ID)
	must(t, err)
	math := e.Lines(e.Rounds[0].ID)[1]
	if math.Name() != "Toán" || rosters[ids[0]][math.LineKey].Registered != 241 || rosters[ids[1]][math.LineKey].Registered != 180 {
		t.Errorf("%s: %v", math.Name(), rosters)
	}
}

// browser starts a Chromium that goes with the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	options := chromedp.DefaultExecAllocatorOptions[:]
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox) // Chromium does not start its sandbox as root
	}
	ctx, stop := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	must(t, chromedp.Do(ctx, chromedp.Navigate("about:blank"))) // the first call's context bounds the browser's life
	ctx, stop = context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	return ctx
}

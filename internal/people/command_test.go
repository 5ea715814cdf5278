package people_test

import (
	"flag"
	"io"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

// run does one command as the console would and gives what it printed.
func (h *house) run(line string, stdin string) (string, error) {
	h.t.Helper()
	words := strings.Fields(line)
	i := slices.IndexFunc(people.Commands(), func(c people.Command) bool { return c.Name == words[0]+" "+words[1] })
	if i < 0 {
		h.t.Fatalf("no command %q", line)
	}
	c := people.Commands()[i]
	flags := flag.NewFlagSet(c.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if c.Flags != nil {
		c.Flags(flags)
	}
	h.must(flags.Parse(words[2:]))
	var out strings.Builder
	err := c.Run(system(), h.Service, strings.NewReader(stdin), &out)
	return out.String(), err
}

func TestTheConsoleManagesAccountsAndTokens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.unit(people.UnitForm{Kind: "school", Name: "Trường THPT Bình Lư", Code: "binh-lu"})
		out, err := h.run("user create --username hoa --name Hoa --unit binh-lu", "")
		h.must(err)
		token, ok := strings.CutPrefix(strings.TrimSpace(out), "/quan-tri/dat-mat-khau?ma=")
		if !ok {
			t.Fatalf("printed %q", out)
		}
		if _, err := h.UsePasswordLink(system(), from("10.0.0.1"), token, password); err != nil {
			t.Error(err)
		}
		_, err = h.run("user create --username lan --name Lan --password-stdin", "một câu tạm thời\n")
		h.must(err)
		o, err := h.Login(system(), from("10.0.0.1"), "lan", "một câu tạm thời")
		if err != nil || o.Session.Stage != people.StagePassword {
			t.Errorf("logged in to %v, %v", o.Session.Stage, err)
		}
		_, err = h.run("user grant --username hoa --role unit_editor --unit binh-lu", "")
		h.must(err)
		_, err = h.run("user grant --username hoa --role king", "")
		refused(t, err, fault.Invalid, "role")
		_, err = h.run("user grant --username ai --role clerk", "")
		refused(t, err, fault.NotFound, "")
		_, err = h.run("user disable --username lan --why nghỉ", "")
		h.must(err)
		out, err = h.run("user list", "")
		h.must(err)
		if !strings.Contains(out, "hoa\tHoa\tactive\n") || !strings.Contains(out, "lan\tLan\tdisabled\n") {
			t.Errorf("list is %q", out)
		}
		_, err = h.run("user enable --username lan", "")
		h.must(err)
		_, err = h.run("user reset-factor --username lan", "")
		h.must(err)

		bearer, err := h.run("token create --username hoa --scope results:read,search:read", "")
		h.must(err)
		_, got, err := h.UseToken(system(), strings.TrimSpace(bearer))
		if err != nil || !got.Allows("search:read") || got.Allows("x") {
			t.Errorf("token allows %v, %v", got.Scopes, err)
		}
		out, err = h.run("token list --username hoa", "")
		h.must(err)
		if strings.Contains(out, strings.TrimSpace(bearer)) || !strings.Contains(out, "results:read,search:read\tactive") {
			t.Errorf("list is %q", out)
		}
		_, err = h.run("token revoke --username hoa --id "+string(got.ID), "")
		h.must(err)
		if _, _, err := h.UseToken(system(), strings.TrimSpace(bearer)); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("a revoked token: %v", err)
		}
	})
}

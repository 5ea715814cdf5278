package peopleweb

import (
	"cmp"
	"io"
	"net/url"
	"strconv"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/people"
)

// A logRow is an audit line in words.
type logRow struct {
	audit.Line
	As      string // in which role, "" for none
	Title   string // what was done
	What    string // to what: its name, or what kind of thing it is
	Changes string // "vai trò: …; phạm vi: …"
}

type logData struct {
	Form  ui.Form
	Deeds []ui.Option
	Lines []logRow
	More  string
	All   string      // the address without filters, "" when there are none
	Query [][2]string // for the export's form
}

var logPage = ui.New[logData](files, "pages/nhat-ky.html")

const linesPerPage = 100

func logQuery(c *web.Ctx) (people.LogQuery, url.Values) {
	w := people.LogQuery{Kind: c.Text("loai"), Object: c.Text("ma"), Action: c.Text("viec"), Person: c.Text("nguoi"), FirstDay: c.Day("tu"), LastDay: c.Day("den")}
	values := url.Values{}
	for _, name := range []string{"loai", "ma", "viec", "nguoi", "tu", "den"} {
		if v := c.Text(name); v != "" {
			values.Set(name, v)
		}
	}
	return w, values
}

func (p *Pages) log(c *web.Ctx) error {
	w, values := logQuery(c)
	w.Before, _ = strconv.ParseInt(c.Text("truoc"), 10, 64) // what is no number starts at the newest
	w.Limit = linesPerPage + 1
	data := logData{Form: c.NewForm(values, 0)}
	data.Form.Wrong = fault.FieldsOf(c.Err())
	data.Deeds = []ui.Option{{Label: "Mọi việc"}}
	for _, d := range p.Words.Choices() {
		data.Deeds = append(data.Deeds, ui.Option{Value: d.Action, Label: d.Title, Group: d.Group})
	}
	lines, err := p.People.AuditLog(c.Context(), w)
	if err != nil {
		return err
	}
	for name := range values {
		data.Query = append(data.Query, [2]string{name, values.Get(name)})
		data.All = "/quan-tri/nhat-ky"
	}
	if len(lines) > linesPerPage {
		lines = lines[:linesPerPage]
		values.Set("truoc", strconv.FormatInt(lines[len(lines)-1].Seq, 10))
		data.More = "/quan-tri/nhat-ky?" + values.Encode()
	}
	roles, err := p.People.RoleWords(c.Context())
	if err != nil {
		return err
	}
	for _, l := range lines {
		data.Lines = append(data.Lines, logRow{Line: l, As: roles.Of(l.Role, l.Scope), Title: p.Words.Action(l.Action), What: cmp.Or(l.Label, p.Words.Kind(l)), Changes: p.Words.Changes(l)})
	}
	return c.Render(logPage.With(data))
}

func (p *Pages) exportLog(c *web.Ctx) error {
	w, _ := logQuery(c)
	if err := c.Err(); err != nil {
		return err
	}
	return c.Download("nhật ký.csv", func(out io.Writer) error { return p.People.ExportAuditLog(c.Context(), w, out) })
}

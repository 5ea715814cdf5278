package reportsweb

import (
	"bytes"
	"context"
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A callee is somebody who is called at a site, or its duty room.
type callee struct{ Role, Name, Phone string }

// callees are who is called at a site, in the order in which one tries.
func callees(s exam.Site, c reports.Contact) []callee {
	return slices.DeleteFunc(fourCallees(s, c), func(x callee) bool { return x.Name+x.Phone == "" })
}

// fourCallees are the same, each in its place whether somebody was entered or not.
func fourCallees(s exam.Site, c reports.Contact) []callee {
	return []callee{{"Trưởng điểm", s.HeadName, s.HeadPhone}, {"Phó Trưởng điểm", c.DeputyName, c.DeputyPhone}, {"Phòng trực", "", s.Phone}, {"Bảo vệ", c.GuardName, c.GuardPhone}}
}

type sheetData struct {
	view
	Filters []ui.FilterGroup
	Stream  string
	Here    string
	Tick    int64
	Now     int64
	Due     string
	Opens   string // when the sheet is needed, while it is not
	Rows    []sheetRow
	CanType bool
	Wrong   string // what was wrong with the outcome just sent
	WrongAt reports.CallID
	Typed   string
}

type sheetRow struct {
	ID      exam.SiteID
	Site    string
	Code    string
	Name    string
	Place   string
	People  []callee
	Four    []callee // the same in their places, empty ones too
	Life    string
	Late    string
	Tag     ui.Tag
	Why     string // why its report was returned
	Calling string // who is on the telephone with it, since when
	Call    reports.CallID
	Mine    bool
	Calls   []string // what came of earlier ones
	Phone   string   // where its report is typed
	Wrong   string
	Typed   string
}

var sheetPage = ui.New[sheetData](files, "pages/hd-goi.html", "pages/hd-chung.html")

func (p *Pages) registerSheet(o *web.Office) {
	o.GET(sheetPath, reports.ActAccept, p.sheet)
	o.POST(sheetPath+"/goi", reports.ActAccept, p.calling)
	o.POST(sheetPath+"/xong", reports.ActAccept, p.called)
	o.GET(sheetPath+"/to-giay", reports.ActAccept, p.paperSheet)
}

func (p *Pages) drawSheet(c *web.Ctx, v view) (sheetData, error) {
	sheet, err := p.Reports.CallSheet(c.Context(), v.Sitting.ID, v.Part)
	if err != nil {
		return sheetData{}, err
	}
	settings, err := p.Reports.SettingsOf(c.Context(), v.Exam.ID, v.Sitting.ID)
	if err != nil {
		return sheetData{}, err
	}
	data := sheetData{view: v, Filters: v.filters(sheetPath), Stream: streamPath + "?buoi=" + string(v.Sitting.ID), Here: v.at(sheetPath), Tick: sheet.Tick, Now: sheet.Now,
		Due: fmt.Sprintf("Hạn %s, %s", text.FormatClock(sheet.DueAt), ahead(sheet.Now, sheet.DueAt)), CanType: c.Can(reports.ActDictate, everywhere)}
	if opens := sheet.DueAt - int64(settings.Sheet)*60_000; sheet.Now < opens {
		data.Opens = text.FormatDayTime(opens)
	}
	for _, x := range sheet.Sites {
		row := rowOf(x)
		if x.Calling != nil {
			row.Mine = x.Calling.Person == c.Actor().Person
		}
		if data.CanType {
			row.Phone = v.at(phonePath, "diem", string(x.Site.ID))
		}
		data.Rows = append(data.Rows, row)
	}
	return data, nil
}

// rowOf makes a line of the sheet.
func rowOf(x reports.Silent) sheetRow {
	row := sheetRow{ID: x.Site.ID, Four: fourCallees(x.Site, x.Contact), Site: siteName(x.Site), Code: x.Site.Code, Name: strings.TrimPrefix(x.Site.Name, "Điểm thi "), Place: x.Site.LocalityName, People: callees(x.Site, x.Contact),
		Life: "Chưa thấy gì", Tag: ui.Tag{Word: x.Cell.Progress.Label()}}
	if l := x.Cell.Life; l != nil {
		row.Life = l.Sign.Label() + " " + text.FormatClock(l.At)
	}
	if x.Cell.Late > 0 {
		row.Late = "trễ " + ago(x.Cell.Late)
	}
	if x.Cell.Back != nil && x.Cell.Progress == reports.Returned {
		row.Tag.Tone, row.Why = ui.Warn, x.Cell.Back.Note
	}
	if x.Calling != nil {
		row.Calling, row.Call = x.Calling.Name+" đang gọi từ "+text.FormatClock(x.Calling.BeganAt), x.Calling.ID
	}
	for _, call := range x.Calls {
		row.Calls = append(row.Calls, text.FormatClock(call.BeganAt)+" "+call.Name+": "+call.Outcome)
	}
	return row
}

func (p *Pages) sheet(c *web.Ctx) error {
	v, err := p.deskView(c)
	if err != nil {
		return err
	}
	data, err := p.drawSheet(c, v)
	if err != nil {
		return err
	}
	return c.Render(sheetPage.With(data))
}

// calling says that one calls a site, so that nobody else does.
func (p *Pages) calling(c *web.Ctx) error {
	v, err := p.deskView(c)
	if err != nil {
		return err
	}
	site := exam.SiteID(c.Text("diem"))
	if _, err := p.Reports.Calling(c.Context(), reports.Slot{Sitting: v.Sitting.ID, Site: site, Part: v.Part}); err != nil {
		if fault.Is(err, fault.Conflict) {
			return &fault.Error{Kind: fault.Conflict, Message: fault.Message(err), Link: v.at(sheetPath) + "#d-" + string(site)}
		}
		return err
	}
	return c.See(v.at(sheetPath)+"#d-"+string(site), "")
}

// called says what came of a call.
func (p *Pages) called(c *web.Ctx) error {
	v, err := p.deskView(c)
	if err != nil {
		return err
	}
	id, outcome := reports.CallID(c.Text("cuoc")), c.Lines("outcome")
	if preset := c.Text("ket-qua"); preset != "" {
		outcome = strings.TrimSpace(preset + " " + outcome)
	}
	err = p.Reports.Called(c.Context(), v.Sitting.ID, id, outcome)
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) {
			data, err := p.drawSheet(c, v)
			for i, row := range data.Rows {
				if row.Call == id {
					data.Rows[i].Wrong, data.Rows[i].Typed = form.Problem, outcome
					for _, f := range form.Wrong {
						data.Rows[i].Wrong = f.Message
					}
				}
			}
			return sheetPage.With(data), err
		})
	}
	return c.See(v.at(sheetPath), "Đã ghi kết quả cuộc gọi.")
}

// paperSheet answers with the sheet as it lies ready on disk.
func (p *Pages) paperSheet(c *web.Ctx) error {
	v, err := p.deskView(c)
	if err != nil {
		return err
	}
	sheet, err := p.Reports.CallSheet(c.Context(), v.Sitting.ID, v.Part)
	if err != nil {
		return err
	}
	return c.Download(SheetName(sheet), func(w io.Writer) error {
		body, err := DrawSheet(sheet)
		if err == nil {
			_, err = w.Write(body)
		}
		return err
	})
}

// SheetName is what a sheet's file is called: "2021-07-07-sang-luot-1.html".
func SheetName(s reports.CallSheet) string {
	half := "sang"
	if s.Sitting.Half == exam.Afternoon {
		half = "chieu"
	}
	return fmt.Sprintf("%s-%s-luot-%d.html", s.Sitting.Day, half, s.Part)
}

//go:embed pages/to-goi.html
var sheetText string

var sheetFile = template.Must(template.New("to-goi").Parse(sheetText))

// DrawSheet makes the sheet as one file that needs nothing else: it opens in any browser from disk and
// prints 30 sites on one page of A4. Its class is internal: it holds telephone numbers.
//
// Source: domain.md 3.7; peers' wish 1, "works from a local copy if the server is down".
func DrawSheet(s reports.CallSheet) ([]byte, error) {
	data := struct {
		Title, Part, Due, Made string
		Rows                   []sheetRow
	}{Title: sittingName(s.Sitting), Part: partTitle(s.Part), Due: text.FormatDayTime(s.DueAt), Made: text.FormatDayTime(s.Now)}
	for _, x := range s.Sites {
		data.Rows = append(data.Rows, rowOf(x))
	}
	var b bytes.Buffer
	err := sheetFile.Execute(&b, data)
	return b.Bytes(), err
}

// SheetsNow gives the sheets that may be needed now: of every part whose deadline is near or past and
// has not long been over.
func (p *Pages) SheetsNow(ctx context.Context) ([]reports.CallSheet, error) {
	e, err := p.Reports.Exams.Current(ctx)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var all []reports.CallSheet
	now := p.Clock.Millis()
	for _, r := range e.Rounds {
		for _, x := range r.Sittings {
			if x.Kind != exam.Papers || !x.Held() || len(x.Slots) == 0 || now < x.StartsAt()-dayMS || now > x.EndsAt()+2*dayMS {
				continue
			}
			settings, err := p.Reports.SettingsOf(ctx, e.ID, x.ID)
			if err != nil {
				return nil, err
			}
			for _, part := range []rules.Part{rules.Attendance, rules.Closing} {
				due := settings.DueAt(x, part)
				if now < due-int64(settings.Sheet)*60_000 || now > due+sheetLife {
					continue
				}
				s, err := p.Reports.CallSheet(ctx, x.ID, part)
				if err != nil {
					return nil, err
				}
				all = append(all, s)
			}
		}
	}
	return all, nil
}

const (
	dayMS     = 24 * 3_600_000
	sheetLife = 3 * 3_600_000 // how long after a deadline its sheet is kept up to date
)

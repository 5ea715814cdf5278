package examweb

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/sheet"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

type rosterData struct {
	Form       ui.Form
	Exam       exam.Exam
	Round      exam.Round
	Path       string // of the round
	Continuing bool   // the grid of continuing-education candidates
	Papers     []rosterPaper
	Lines      []rosterHead
	Rows       []rosterRow
	CanEdit    bool
	CanImport  bool
}

// A rosterPaper heads the columns of one paper.
type rosterPaper struct {
	Name    string
	Columns int
}

// A rosterHead is a line's heading under its paper's, with its sum over the sites as stored.
type rosterHead struct {
	Name  string // in full, for who does not see the table
	Short string // "Cả bài", "Vật lí", "Ca 1"; "" when the paper has one column
	Sum   int
}

type rosterRow struct {
	exam.Site
	Version struct{ Name, Value string } // the field with the site's version as the page was opened
	Cells   []rosterCell
	Need    int // rooms that its largest paper needs
	Rooms   int
}

type rosterCell struct {
	ID, Name, Value, Label, Error string
	Closed                        bool // nobody of this group ever stands here
}

type listData struct {
	Form    ui.Form
	Exam    exam.Exam
	Round   exam.Round
	Path    string // of the round
	Kinds   []ui.Option
	Preview *exam.ListPreview // nil before there is one
	Notes   []string          // what was assumed in reading the table
}

var (
	rosterPage = ui.New[rosterData](files, "pages/qt-dang-ky.html")
	listPage   = ui.New[listData](files, "pages/qt-nhap.html")
)

func (p *Office) registerRosters(o *web.Office) {
	const round = OfficePath + "/{year}/dot/{round}"
	grid := web.FormPage[rosterData]{View: rosterPage, Values: p.rosterValues, Data: p.rosterData, Do: p.saveRosters}
	o.GET(round+"/dang-ky", exam.ActRosterRead, grid.Get)
	o.POST(round+"/dang-ky", exam.ActRoster, grid.Post)
	lists := web.FormPage[listData]{View: listPage, Data: p.listData, Do: p.acceptList}
	o.GET(round+"/nhap", exam.ActImport, lists.Get)
	o.POST(round+"/nhap", exam.ActImport, p.readList(lists), web.MaxBody(8<<20))
}

// continuing tells which of the two grids the address names: all candidates, or those of GDTX.
func continuing(c *web.Ctx) bool { return c.Text("nhom") == "gdtx" }

func cellName(site exam.SiteID, line exam.LineKey) string { return string(site) + "." + line.String() }

func versionName(site exam.SiteID) string { return "v." + string(site) }

func (p *Office) rosterValues(c *web.Ctx) (url.Values, int, error) {
	_, r, err := p.round(c)
	if err != nil {
		return nil, 0, err
	}
	sites, err := p.Exams.Sites(c.Context(), r.ID)
	if err != nil {
		return nil, 0, err
	}
	rosters, err := p.Exams.Rosters(c.Context(), r.ID)
	v := url.Values{}
	for _, s := range sites {
		v.Set(versionName(s.ID), strconv.Itoa(s.Version))
		for line, n := range rosters[s.ID] {
			v.Set(cellName(s.ID, line), strconv.Itoa(shownOf(n, continuing(c))))
		}
	}
	return v, 0, err
}

func shownOf(n exam.Count, continuing bool) int {
	if continuing {
		return n.Continuing
	}
	return n.Registered
}

func (p *Office) rosterData(c *web.Ctx, f ui.Form) (rosterData, error) {
	e, r, err := p.round(c)
	if err != nil {
		return rosterData{}, err
	}
	data := rosterData{Form: f, Exam: e, Round: r, Path: roundPath(e, r), Continuing: continuing(c),
		CanEdit: c.Can(exam.ActRoster, everywhere), CanImport: c.Can(exam.ActImport, everywhere)}
	sites, err := p.Exams.Sites(c.Context(), r.ID)
	if err != nil {
		return data, err
	}
	rosters, err := p.Exams.Rosters(c.Context(), r.ID)
	if err != nil {
		return data, err
	}
	wrong := map[string]string{}
	for _, w := range f.Wrong {
		wrong[w.Name] = w.Message
	}
	lines := e.Lines(r.ID)
	for _, l := range lines {
		head := rosterHead{Name: l.Name()}
		paper := l.PaperName
		switch {
		case l.Turn > 0:
			head.Short = fmt.Sprintf("Ca %d", l.Turn)
		case l.Component != "":
			head.Short = l.Subject.Name
		case l.Combined:
			head.Short = "Cả bài"
		}
		if len(e.Schemes) > 1 {
			head.Name += " (" + l.Scheme + ")"
			paper += " (" + l.Scheme + ")"
		}
		if n := len(data.Papers); n == 0 || data.Papers[n-1].Name != paper {
			data.Papers = append(data.Papers, rosterPaper{Name: paper})
		}
		data.Papers[len(data.Papers)-1].Columns++
		for _, s := range sites {
			head.Sum += shownOf(rosters[s.ID][l.LineKey], data.Continuing)
		}
		data.Lines = append(data.Lines, head)
	}
	for _, s := range sites {
		row := rosterRow{Site: s}
		row.Version.Name, row.Version.Value = versionName(s.ID), f.Values.Get(versionName(s.ID))
		if row.Rooms, err = p.Exams.PublicRooms(c.Context(), s); err != nil {
			return data, err
		}
		for i, l := range lines {
			name := cellName(s.ID, l.LineKey)
			row.Cells = append(row.Cells, rosterCell{ID: f.Number(name, "").ID, Name: name, Value: f.Values.Get(name), Label: s.Name + ": " + data.Lines[i].Name,
				Error: wrong[name], Closed: data.Continuing && l.GeneralOnly})
			row.Need = max(row.Need, exam.RoomsNeeded(rosters[s.ID][l.LineKey].Registered))
		}
		data.Rows = append(data.Rows, row)
	}
	return data, nil
}

// saveRosters puts the grid sent over the counts stored: the grid's own group is replaced, the
// other group stays.
func (p *Office) saveRosters(c *web.Ctx) (next, flash string, err error) {
	e, r, err := p.round(c)
	if err != nil {
		return "", "", err
	}
	sites, err := p.Exams.Sites(c.Context(), r.ID)
	if err != nil {
		return "", "", err
	}
	stored, err := p.Exams.Rosters(c.Context(), r.ID)
	if err != nil {
		return "", "", err
	}
	var rosters []exam.SiteRoster
	for _, s := range sites {
		version := c.Int(versionName(s.ID))
		if version == 0 {
			continue // the site came after the page was opened
		}
		counts := exam.Roster{}
		for _, l := range e.Lines(r.ID) {
			n := stored[s.ID][l.LineKey]
			typed := int(c.Int(cellName(s.ID, l.LineKey)))
			if continuing(c) {
				n.Continuing = typed
			} else {
				n.Registered = typed
			}
			counts[l.LineKey] = n
		}
		rosters = append(rosters, exam.SiteRoster{Site: s.ID, Version: int(version), Counts: counts})
	}
	if err := c.Err(); err != nil {
		return "", "", err
	}
	next = roundPath(e, r) + "/dang-ky"
	if continuing(c) {
		next += "?nhom=gdtx"
	}
	return next, "Đã lưu số đăng ký.", p.Exams.SetRosters(c.Context(), r.ID, rosters)
}

func (p *Office) listData(c *web.Ctx, f ui.Form) (listData, error) {
	e, r, err := p.round(c)
	data := listData{Form: f, Exam: e, Round: r, Path: roundPath(e, r)}
	for _, k := range []exam.ListKind{exam.SiteList, exam.RoomList, exam.RosterList} {
		data.Kinds = append(data.Kinds, ui.Option{Value: string(k), Label: string(k)})
	}
	return data, err
}

// readList shows what a table would do, as often as it is sent, until it is accepted.
func (p *Office) readList(lists web.FormPage[listData]) web.Handler {
	return func(c *web.Ctx) error {
		if c.Text("do") == "accept" {
			return lists.Post(c)
		}
		preview, read, err := p.runList(c, false)
		if err != nil {
			return c.Again(err, func(again ui.Form) (ui.Filled, error) {
				data, err := p.listData(c, again)
				return listPage.With(data), err
			})
		}
		data, err := p.listData(c, c.NewForm(url.Values{"kind": {c.Text("kind")}, "pasted": {read.asText()}}, 0))
		if err != nil {
			return err
		}
		data.Preview, data.Notes = &preview, read.notes
		return c.Render(listPage.With(data))
	}
}

func (p *Office) acceptList(c *web.Ctx) (next, flash string, err error) {
	e, r, err := p.round(c)
	if err != nil {
		return "", "", err
	}
	preview, _, err := p.runList(c, true)
	return roundPath(e, r) + "/diem-thi", "Đã nhập " + strconv.Itoa(preview.Created) + " dòng mới, sửa " + strconv.Itoa(preview.Changed) + " dòng.", err
}

// maxRows of a list: all are written in one transaction, and SQLite has one writer.
const maxRows = 6000

// A readTable is a table as it was understood.
type readTable struct {
	sheet.Table
	notes []string
}

// runList reads the table sent, as a file or as pasted text, and gives it back, so that it travels in
// the page as text from the preview to the acceptance.
func (p *Office) runList(c *web.Ctx, accept bool) (exam.ListPreview, readTable, error) {
	var read readTable
	_, r, err := p.round(c)
	if err != nil {
		return exam.ListPreview{}, read, err
	}
	field, name, data := "pasted", "nội dung dán", []byte(c.R.Form.Get("pasted"))
	upload, err := c.File("file")
	if err != nil {
		return exam.ListPreview{}, read, err
	}
	if upload != nil {
		field, name, data = "file", upload.Name, make([]byte, upload.Size)
		if _, err := upload.ReadAt(data, 0); err != nil && upload.Size > 0 {
			return exam.ListPreview{}, read, err
		}
	} else if len(data) == 0 {
		return exam.ListPreview{}, read, fault.Fields(fault.Field{Name: field, Message: "Hãy dán bảng (kể cả dòng tiêu đề) hoặc chọn tệp."})
	}
	table, warnings, err := sheet.DefaultLimits.WithRows(maxRows).Read(name, data)
	if err != nil {
		if fault.KindOf(err) == fault.Internal {
			return exam.ListPreview{}, read, err
		}
		return exam.ListPreview{}, read, fault.Fields(fault.Field{Name: field, Message: fault.Message(err)})
	}
	read.Table = table
	for _, w := range warnings {
		read.notes = append(read.notes, w.String())
	}
	preview, err := p.Exams.ReadList(c.Context(), r.ID, exam.ListKind(c.Text("kind")), table, accept)
	return preview, read, err
}

// asText writes a table as spreadsheets copy it: tabs between cells, a line a row, every row in its
// place and as wide as the widest, so that it is read again as the same table.
func (t readTable) asText() string {
	width := len(t.Header)
	for _, r := range t.Rows {
		width = max(width, len(r.Cells))
	}
	header := sheet.Row{Number: t.HeaderRow}
	for _, h := range t.Header {
		header.Cells = append(header.Cells, sheet.Cell{Text: h})
	}
	var b strings.Builder
	line := 1
	for _, r := range append([]sheet.Row{header}, t.Rows...) {
		for ; line < r.Number; line++ {
			b.WriteByte('\n')
		}
		if r.Number == 0 {
			continue // no row looks like a header
		}
		for i := range width {
			if i > 0 {
				b.WriteByte('\t')
			}
			b.WriteString(quoted(r.Cell(i).Text))
		}
	}
	return b.String()
}

// quoted keeps a text that begins with a quote from being read as one that is quoted.
func quoted(s string) string {
	if strings.HasPrefix(s, `"`) {
		return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

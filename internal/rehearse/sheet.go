package rehearse

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"strings"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/paper"
	"bangvang/internal/base/text"
	"bangvang/internal/people"
	"bangvang/internal/reports/rules"
)

// A Sheet is the result of a rehearsal (phiếu kết quả diễn tập).
type Sheet struct {
	Exam     string `json:"exam"`
	Round    string `json:"round"`
	Original string `json:"original"` // what was copied
	Program  string `json:"program"`
	Seed     uint64 `json:"seed"`
	Speed    string `json:"speed"`
	Sites    int    `json:"sites"`
	Invented int    `json:"invented"` // of them made for the rehearsal
	Sittings int    `json:"sittings"`
	Reports  int    `json:"reports"` // that were sent

	Began       time.Time     `json:"began"`
	Took        time.Duration `json:"took"`
	From, Until time.Time     `json:"-"` // by the copy's clock
	Interrupted bool          `json:"interrupted"`
	Copy        string        `json:"copy,omitempty"` // where the copy is, when it is kept

	Checks  []Check `json:"checks"`
	Figures []Line  `json:"figures"`
	Kinds   []Count `json:"kinds"`
	Digest  string  `json:"digest"` // the same for the same course of things

	office Office
}

// A Line compares one line of one sitting, as the close reports it.
type Line struct {
	Sitting    string `json:"sitting"`
	Name       string `json:"name"`
	Registered int64  `json:"registered"`
	Present    int64  `json:"present"` // as the copy has it
	Truth      int64  `json:"truth"`   // as it was at the sites
}

// A Count says how many sites behaved in a way, over all sittings.
type Count struct {
	Kind string `json:"kind"`
	N    int    `json:"n"`
}

// An Office is whose sheet it is.
type Office struct{ Governing, Issuing, Place string }

// Passed tells whether everything that was judged is as it must be, and the rehearsal was whole.
func (s Sheet) Passed() bool { return !s.Interrupted && len(s.Failed()) == 0 }

// Failed gives the checks that failed.
func (s Sheet) Failed() []Check {
	var all []Check
	for _, c := range s.Checks {
		if c.Verdict == Failed {
			all = append(all, c)
		}
	}
	return all
}

// Conclusion is the sheet's last word.
func (s Sheet) Conclusion() string {
	judged, unseen := 0, 0
	for _, c := range s.Checks {
		if c.Verdict == Unseen {
			unseen++
			continue
		}
		judged++
	}
	tail := ""
	if unseen > 0 {
		tail = fmt.Sprintf("; %d nội dung không xét", unseen)
	}
	switch {
	case s.Interrupted:
		return "KHÔNG ĐẠT: diễn tập dừng giữa chừng, phải làm lại từ đầu" + tail
	case s.Passed():
		return fmt.Sprintf("ĐẠT: %d/%d nội dung kiểm tra đạt%s", judged, judged, tail)
	}
	return fmt.Sprintf("KHÔNG ĐẠT: %d/%d nội dung kiểm tra không đạt%s", len(s.Failed()), judged, tail)
}

// sheet begins a sheet with what was rehearsed.
func (p *player) sheet(interrupted bool) Sheet {
	s := Sheet{Exam: strings.Replace(p.exam.FullName(), " ("+mark+")", "", 1), Round: p.round.Name, Original: p.from.where, Program: p.Program, Seed: p.Seed, Speed: "nhanh nhất có thể",
		Sites: len(p.sites), Invented: p.invented, Sittings: len(p.sittings), Reports: len(p.sent), Interrupted: interrupted,
		From: clock.Local(clock.FromMillis(p.began)), Until: clock.Local(p.clock.Now())}
	if p.Speed > 0 {
		s.Speed = "gấp " + strings.Replace(fmt.Sprintf("%g", p.Speed), ".", ",", 1) + " lần"
	}
	counts := map[kind]int{}
	for _, x := range p.sittings {
		for _, a := range x.acts {
			counts[a.kind]++
		}
	}
	for _, k := range append([]kind{punctual, halted}, odd...) {
		if counts[k] > 0 {
			s.Kinds = append(s.Kinds, Count{string(k), counts[k]})
		}
	}
	return s
}

// table adds the figures and whose sheet it is.
func (p *player) table(ctx context.Context, s *Sheet) error {
	for _, x := range p.sittings {
		var truth []rules.Report
		for _, a := range x.dueActs() {
			truth = append(truth, a.report(rules.Closing))
		}
		want := sumUp(truth)
		figures, err := p.app.Reports.Figures(p.reader(ctx), x.ID, rules.Closing)
		if err != nil {
			return err
		}
		for _, l := range p.exam.SittingLines(x.ID) {
			got, _ := figures.Line(l.String())
			w := want[l.String()]
			if w.registered > 0 || got.Registered > 0 {
				s.Figures = append(s.Figures, Line{Sitting: x.Title() + ", " + text.FormatDay(x.Day), Name: l.Name(), Registered: w.registered, Present: got.Present, Truth: w.present})
			}
		}
	}
	today := clock.Day(clock.System().Now())
	ctx = program(ctx)
	s.office = Office{Issuing: "Sở Giáo dục và Đào tạo", Place: "………"}
	provinces, err := p.app.People.Localities(ctx, people.Province, today)
	if err != nil {
		return err
	}
	if len(provinces) > 0 {
		name := provinces[0].Name
		s.office.Governing = "UBND " + strings.ToLower(name[:1]) + name[1:]
		s.office.Place = strings.TrimPrefix(strings.TrimPrefix(name, "Tỉnh "), "Thành phố ")
	}
	if owner, err := p.app.People.Contact(ctx, people.FunctionOwner, today); err == nil && owner.Name != "" {
		s.office.Issuing = owner.Name
	}
	return nil
}

// Paper makes the sheet an official paper, a draft until number is given. Without a signer the place for
// the name is left to be written by hand; without a post the director signs.
//
// Source: domain.md 4; Decree 30/2020/NĐ-CP.
func (s Sheet) Paper(number int, post, signer string) *paper.Document {
	now := clock.Local(s.Began)
	d := &paper.Document{
		Organisation: paper.Organisation{Governing: s.office.Governing, Issuing: s.office.Issuing}, Number: number, Symbol: "PKQ-SGDĐT", Place: s.office.Place,
		Date: paper.Date{Day: now.Day(), Month: int(now.Month()), Year: now.Year()}, Type: "Phiếu kết quả diễn tập",
		Abstract:   "Báo cáo buổi thi, " + s.Exam + ", " + strings.ToLower(s.Round),
		Signature:  paper.Signature{Posts: []paper.Post{{Title: cmp.Or(post, "Giám đốc")}}, Name: cmp.Or(signer, "(Ký, ghi rõ họ tên)")},
		Recipients: []paper.Recipient{{Name: "Lãnh đạo Sở"}, {Name: "Chủ tịch Hội đồng thi"}}, Archive: "VT, KT",
	}
	d.Body = []paper.Block{
		paper.Heading{Level: 1, Title: "Kết luận"},
		paper.Paragraph{Text: []paper.Run{{Text: s.Conclusion() + ".", Bold: true}}},
		paper.Heading{Level: 1, Title: "Nội dung diễn tập"},
		paper.List{Items: items(s.about())},
		paper.Heading{Level: 1, Title: "Kết quả kiểm tra"},
		s.checkTable(),
	}
	if faults := s.faults(); len(faults) > 0 {
		d.Body = append(d.Body, paper.Heading{Level: 1, Title: "Những chỗ không đạt"}, paper.List{Items: items(faults)})
	}
	if len(s.Figures) > 0 {
		d.Body = append(d.Body, paper.Heading{Level: 1, Title: "Số liệu khi kết thúc, so với số thật của buổi diễn tập"}, s.figureTable())
	}
	d.Body = append(d.Body, paper.Paragraph{Text: []paper.Run{{Text: mark + ": mọi người, mọi số liệu trong phiếu này là giả định trên một bản sao; không số nào được dùng làm số liệu của kỳ thi.", Italic: true}}})
	return d
}

// about says what was rehearsed, a clause each.
func (s Sheet) about() []string {
	sites := fmt.Sprintf("%d điểm thi, %d buổi thi, %d báo cáo", s.Sites, s.Sittings, s.Reports)
	if s.Invented > 0 {
		sites += fmt.Sprintf(" (%d điểm thi giả định)", s.Invented)
	}
	var kinds []string
	for _, k := range s.Kinds {
		kinds = append(kinds, fmt.Sprintf("%s (%d)", k.Kind, k.N))
	}
	return []string{
		s.Exam + ", " + strings.ToLower(s.Round) + ": " + sites,
		"Bản sao của: " + s.Original,
		fmt.Sprintf("Giờ diễn tập: từ %s đến %s; tốc độ: %s; chạy lúc %s trong %s", s.From.Format("15:04 02/01/2006"), s.Until.Format("15:04 02/01/2006"), s.Speed,
			clock.Local(s.Began).Format("15:04 02/01/2006"), text.FormatDuration(s.Took.Round(time.Second))),
		fmt.Sprintf("Chương trình: Bảng Vàng %s; số gieo: %d; dấu diễn biến: %s", s.Program, s.Seed, s.Digest),
		"Tình huống (lượt điểm thi trong các buổi): " + strings.Join(kinds, ", "),
	}
}

// faults gives what was not as it must be, a clause each.
func (s Sheet) faults() []string {
	var all []string
	for _, c := range s.Failed() {
		for _, f := range c.Faults {
			all = append(all, c.Name+": "+f)
		}
	}
	return all
}

func items(clauses []string) []paper.Item {
	var all []paper.Item
	for i, c := range clauses {
		end := ";"
		if i == len(clauses)-1 {
			end = "."
		}
		all = append(all, paper.Item{Text: paper.Text(c + end)})
	}
	return all
}

func row(words ...string) paper.Row {
	var r paper.Row
	for _, w := range words {
		r.Cells = append(r.Cells, paper.Cell{Text: paper.Text(w)})
	}
	return r
}

func (s Sheet) checkTable() paper.Table {
	t := paper.Table{Columns: []paper.Column{{Width: 11, Align: paper.Center}, {Width: 57, Align: paper.Left}, {Align: paper.Left}, {Width: 22, Align: paper.Center}},
		Head: []paper.Row{row("STT", "Nội dung kiểm tra", "Đo được", "Kết quả")}}
	for i, c := range s.Checks {
		r := row(fmt.Sprint(i+1), c.Name, cmp.Or(c.Measured, "–"), string(c.Verdict))
		r.Cells[3].Text[0].Bold = c.Verdict == Failed
		t.Rows = append(t.Rows, r)
	}
	return t
}

func (s Sheet) figureTable() paper.Table {
	t := paper.Table{Columns: []paper.Column{{Align: paper.Left}, {Width: 36, Align: paper.Left}, {Width: 21, Align: paper.Right}, {Width: 21, Align: paper.Right}, {Width: 21, Align: paper.Right}, {Width: 18, Align: paper.Center}},
		Head: []paper.Row{row("Buổi thi", "Môn thi", "Đăng ký", "Có mặt (thật)", "Có mặt (hệ thống)", "Khớp")}}
	for _, l := range s.Figures {
		t.Rows = append(t.Rows, row(l.Sitting, l.Name, text.FormatNumber(l.Registered), text.FormatNumber(l.Truth), text.FormatNumber(l.Present), l.Agrees()))
	}
	return t
}

// Agrees says whether the two figures are one.
func (l Line) Agrees() string {
	if l.Present == l.Truth {
		return "Khớp"
	}
	return "Lệch"
}

//go:embed pages/phieu.html
var pages embed.FS

var page = template.Must(template.New("phieu.html").Funcs(template.FuncMap{
	"number": func(n int64) string { return text.FormatNumber(n) },
	"next":   func(i int) int { return i + 1 },
}).ParseFS(pages, "pages/phieu.html"))

// HTML gives the sheet as a page that needs nothing beside it.
func (s Sheet) HTML() ([]byte, error) {
	var b bytes.Buffer
	err := page.Execute(&b, map[string]any{"S": s, "About": s.about(), "Mark": mark, "Office": s.office})
	return b.Bytes(), err
}

// Write writes the sheet into a folder as a page, as a paper to sign (PDF, DOCX) and for programs
// (JSON), and gives the files.
func (s Sheet) Write(dir string, number int, post, signer string) (files []string, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, err
	}
	html, err := s.HTML()
	if err != nil {
		return nil, err
	}
	machine, err := json.MarshalIndent(s, "", " ")
	if err != nil {
		return nil, err
	}
	d := s.Paper(number, post, signer)
	var pdf, docx bytes.Buffer
	if err := paper.WritePDF(&pdf, d); err != nil {
		return nil, fmt.Errorf("set the sheet: %w", err)
	}
	if err := paper.WriteDOCX(&docx, d); err != nil {
		return nil, fmt.Errorf("set the sheet: %w", err)
	}
	for _, f := range []struct {
		ending  string
		content []byte
	}{{"html", html}, {"pdf", pdf.Bytes()}, {"docx", docx.Bytes()}, {"json", append(machine, '\n')}} {
		path := filepath.Join(dir, "phieu-ket-qua-dien-tap."+f.ending)
		if err := os.WriteFile(path, f.content, 0o640); err != nil {
			return files, err
		}
		files = append(files, path)
	}
	return files, nil
}

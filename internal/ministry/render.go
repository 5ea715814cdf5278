package ministry

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/paper"
	"bangvang/internal/base/sheet"
	"bangvang/internal/base/text"
	"bangvang/internal/documents"
	"bangvang/internal/reports"
)

// Format is a form in which a paper can be had.
type Format string

// The formats. Signed is the PDF that came back with signature and seal, the authoritative copy.
const (
	DOCX   Format = "docx"
	PDF    Format = "pdf"
	XLSX   Format = "xlsx"
	Signed Format = "signed"
)

// compose makes the paper; numbered is its document in the register, or nil while it has no number.
func (s *Service) compose(ctx context.Context, p Paper, numbered *documents.Content) (paper.Document, error) {
	t, err := paper.ParseTemplate(p.Source)
	if err != nil {
		return paper.Document{}, err
	}
	day := s.month()
	if numbered != nil && numbered.IssuedOn != "" {
		day = numbered.IssuedOn
	}
	c, texts, to, old, err := s.parts(ctx, p)
	if err != nil {
		return paper.Document{}, err
	}
	d, err := t.Execute(c.data(texts, to, old, day))
	if err != nil {
		return d, err
	}
	if numbered != nil {
		d.Number = numbered.Number.Ordinal
	}
	return d, nil
}

// parts gives what a paper is made of.
func (s *Service) parts(ctx context.Context, p Paper) (Content, Texts, []Recipient, origin, error) {
	var old origin
	if p.Replaces != "" {
		before, err := readPaper(ctx, s.DB.Read(), p.Replaces)
		if err != nil {
			return p.Content, p.Texts, p.Recipients, old, err
		}
		old = origin{Reference: before.Reference, IssuedOn: before.IssuedOn, Changed: before.differs(p.Content)}
	}
	return p.Content, p.Texts, p.Recipients, old, nil
}

// month is the month of now, the day left to the clerk.
func (s *Service) month() string { return s.Clock.Now().In(clock.Zone).Format("2006-01") }

// Write writes a paper in a format and gives the name of the file. Until a number is given the paper says
// "DỰ THẢO" on every page. What was issued is written as it was sent.
func (s *Service) Write(ctx context.Context, p Paper, f Format, w io.Writer) error {
	if err := s.mayRead(ctx, p); err != nil {
		return err
	}
	if f == Signed || p.Issued() && f != PDF {
		return s.stored(ctx, p, f, w)
	}
	return s.write(ctx, p, f, w)
}

// write makes the file anew.
func (s *Service) write(ctx context.Context, p Paper, f Format, w io.Writer) error {
	if f == XLSX {
		return p.Content.workbook(w)
	}
	numbered, err := s.numbered(ctx, p)
	if err != nil {
		return err
	}
	d, err := s.compose(ctx, p, numbered)
	if err != nil {
		return err
	}
	switch f {
	case DOCX:
		return paper.WriteDOCX(w, &d)
	case PDF:
		return paper.WritePDF(w, &d)
	}
	return &fault.Error{Kind: fault.NotFound}
}

// stored copies a file of an issued paper.
func (s *Service) stored(ctx context.Context, p Paper, f Format, w io.Writer) error {
	files, err := filesOf(ctx, s.DB.Read(), p.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(files, func(o File) bool { return o.Format == f })
	if i < 0 {
		return &fault.Error{Kind: fault.NotFound}
	}
	r, err := s.Files.Open(ctx, files[i].Hash)
	if err != nil {
		return fmt.Errorf("open file %s of paper %s: %w", f, p.ID, err)
	}
	defer r.Close()
	_, err = io.Copy(w, r)
	return err
}

// FileName gives the name a paper's file is downloaded and sent under: "05-bc-sgddt.pdf".
func (p Paper) FileName(f Format) string {
	name := text.Slug(p.Reference)
	if name == "" {
		name = "du-thao-" + text.Slug(p.Kind.Label())
	}
	switch f {
	case Signed:
		return name + "-ban-ky.pdf"
	case XLSX:
		return name + "-so-lieu.xlsx"
	}
	return name + "." + string(f)
}

// words gives all words of a paper, a line for each block.
func words(d paper.Document) string {
	var b strings.Builder
	say := func(s string) { b.WriteString(strings.TrimSpace(s) + "\n") }
	say(d.Abstract)
	for _, s := range d.Bases {
		say(s)
	}
	blocks(d.Body, say)
	for _, a := range d.Appendices {
		say(a.Title)
		blocks(a.Body, say)
	}
	return b.String()
}

func blocks(all []paper.Block, say func(string)) {
	plain := func(runs []paper.Run) string {
		var b strings.Builder
		for _, r := range runs {
			b.WriteString(r.Text)
		}
		return b.String()
	}
	var items func(list []paper.Item)
	items = func(list []paper.Item) {
		for _, i := range list {
			say(plain(i.Text))
			items(i.Items)
		}
	}
	for _, x := range all {
		switch x := x.(type) {
		case paper.Heading:
			say(x.Title)
		case paper.Paragraph:
			say(plain(x.Text))
		case paper.List:
			items(x.Items)
		case paper.Table:
			for _, r := range append(slices.Clone(x.Head), x.Rows...) {
				cells := make([]string, len(r.Cells))
				for i, c := range r.Cells {
					cells[i] = plain(c.Text)
				}
				say(strings.Join(cells, " | "))
			}
		}
	}
}

// complete refuses a paper whose figures lack sites and that does not say so: that they are provisional,
// how many sites are missing, and which.
//
// Source: V-16, V-17.
func complete(d paper.Document, c Content) error {
	if c.Missing() == 0 && len(c.Unheard) == 0 {
		return nil
	}
	said := text.Fold(words(d))
	var lacks []string
	if !strings.Contains(said, text.Fold("số liệu tạm thời")) {
		lacks = append(lacks, "chữ “số liệu tạm thời”")
	}
	if n := c.Missing(); n > 0 && !regexp.MustCompile(`\bthieu\s+`+strconv.Itoa(n)+`\b`).MatchString(said) {
		lacks = append(lacks, fmt.Sprintf("số điểm thi còn thiếu (“thiếu %d”)", n))
	}
	for _, s := range c.Sittings {
		for _, m := range s.Figures.Missing {
			if !strings.Contains(said, text.Fold(m.Name)) {
				lacks = append(lacks, "tên điểm thi “"+m.Name+"”")
			}
		}
	}
	for _, name := range c.Unheard {
		if !strings.Contains(said, text.Fold(name)) {
			lacks = append(lacks, "buổi thi “"+name+"”")
		}
	}
	if len(lacks) == 0 {
		return nil
	}
	return fault.Fields(fault.Field{Name: "template", Message: "Số liệu còn thiếu điểm thi nên báo cáo phải ghi: " + strings.Join(lacks, ", ") + ". Mẫu chưa in các chữ này; hãy dùng {tạm_thời}, {điểm_thi.thiếu}, {điểm_thiếu}, {buổi_thiếu}."})
}

// noIncident is the sentence that an open severe incident forbids, however it is turned; text folded.
var noIncident = regexp.MustCompile(`\b(khong|chua)\s+(co|xay ra|de xay ra|phat sinh|ghi nhan)\s+(bat ky\s+|bat cu\s+|mot\s+)?su co\b`)

// denies refuses words that deny incidents while a severe one is open.
//
// Source: V-15.
func denies(d paper.Document, t Texts, open int64) error {
	if open == 0 {
		return nil
	}
	message := fmt.Sprintf("Còn %d sự cố mức nghiêm trọng chưa xử lý xong nên báo cáo không được ghi “không có sự cố”. Hãy sửa câu này; nếu số liệu được duyệt chưa có sự cố đó, đề nghị Hội đồng thi tổng hợp lại.", open)
	var wrong []fault.Field
	for _, f := range t.fields() {
		if noIncident.MatchString(text.Fold(*f.value)) {
			wrong = append(wrong, fault.Field{Name: f.name, Message: message})
		}
	}
	if len(wrong) == 0 && noIncident.MatchString(text.Fold(words(d))) {
		wrong = append(wrong, fault.Field{Name: "template", Message: message})
	}
	return fault.Fields(wrong...)
}

// workbook writes the same figures as a workbook: the sums, every site, the absences, what else was
// reported. A count that nobody was asked for is an empty cell, not a zero.
func (c Content) workbook(w io.Writer) error {
	number := func(name, title string) sheet.Column {
		return sheet.Column{Name: name, Title: title, Kind: sheet.Number}
	}
	word := func(name, title string) sheet.Column { return sheet.Column{Name: name, Title: title} }
	counts := []sheet.Column{number("registered", "Đăng ký"), number("present", "Dự thi"), number("absent", "Vắng"), word("rate", "Tỷ lệ dự thi"), number("rooms", "Phòng thi"),
		number("sheets", "Bài thu"), number("reprimanded", "Khiển trách"), number("warned", "Cảnh cáo"), number("suspended", "Đình chỉ")}
	var sums, sites, why, others, missing [][]string
	for _, s := range c.Sittings {
		f := s.Figures
		for _, l := range f.Lines {
			sums = append(sums, append([]string{f.Title, l.Name, itoa(l.Sites)}, cells(l)...))
			for _, a := range l.Why {
				why = append(why, []string{f.Title, l.Name, a.Name, itoa(a.N)})
			}
		}
		for _, x := range s.Sites {
			sites = append(sites, x.rows(f.Title)...)
		}
		for _, v := range f.Staff {
			others = append(others, []string{f.Title, "Cán bộ vi phạm", v.Name, "", itoa(v.N), ""})
		}
		for _, i := range f.Incident {
			others = append(others, []string{f.Title, "Sự cố", i.Name, reports.SeverityLabel(i.Severity), itoa(i.N), itoa(i.Open)})
		}
		for _, m := range f.Missing {
			missing = append(missing, []string{f.Title, m.Code, m.Name, itoa(int64(m.Registered)), "Chưa có báo cáo được tiếp nhận"})
		}
		for _, m := range f.NotHeld {
			missing = append(missing, []string{f.Title, m.Code, m.Name, "", "Không tổ chức buổi thi: " + m.Reason})
		}
		missing = append(missing, []string{f.Title, "", "Bản số " + strconv.Itoa(s.Number), "", f.Coverage() + "; số liệu đến " + text.FormatDayTime(f.AsOf)})
	}
	for _, name := range c.Unheard {
		missing = append(missing, []string{name, "", "", "", "Chưa có số liệu được duyệt"})
	}
	return sheet.Write(w,
		sheet.Data{Sheet: "Tổng hợp", Columns: append([]sheet.Column{word("sitting", "Buổi thi"), word("line", "Bài thi, môn thi"), number("sites", "Điểm thi")}, counts...), Rows: slices.Values(sums)},
		sheet.Data{Sheet: "Theo điểm thi", Columns: append([]sheet.Column{word("sitting", "Buổi thi"), word("code", "Mã"), word("site", "Điểm thi"), word("line", "Bài thi, môn thi")}, counts...), Rows: slices.Values(sites)},
		sheet.Data{Sheet: "Lý do vắng", Columns: []sheet.Column{word("sitting", "Buổi thi"), word("line", "Bài thi, môn thi"), word("why", "Lý do"), number("n", "Số")}, Rows: slices.Values(why)},
		sheet.Data{Sheet: "Cán bộ, sự cố", Columns: []sheet.Column{word("sitting", "Buổi thi"), word("what", "Mục"), word("kind", "Loại"), word("severity", "Mức"), number("n", "Số"), number("open", "Chưa xử lý xong")}, Rows: slices.Values(others)},
		sheet.Data{Sheet: "Phạm vi số liệu", Columns: []sheet.Column{word("sitting", "Buổi thi"), word("code", "Mã"), word("site", "Điểm thi"), number("registered", "Đăng ký"), word("why", "Ghi chú")}, Rows: slices.Values(missing)},
	)
}

func cells(l reports.LineSum) []string {
	opt := func(n, asked int64) string {
		if asked == 0 {
			return ""
		}
		return itoa(n)
	}
	return []string{itoa(l.Registered), itoa(l.Present), itoa(l.Absent), l.Rate(), itoa(l.Rooms), opt(l.Sheets, l.SheetSites),
		opt(l.Reprimanded, l.JudgedSites), opt(l.Warned, l.JudgedSites), opt(l.Suspended, l.JudgedSites)}
}

// rows gives a site's lines, or the one that says why there are none.
func (x Site) rows(sitting string) [][]string {
	if x.NotHeld != "" {
		return [][]string{{sitting, x.Code, x.Name, "Không tổ chức: " + x.NotHeld}}
	}
	opt := func(n *int64) string {
		if n == nil {
			return ""
		}
		return itoa(*n)
	}
	rows := make([][]string, len(x.Lines))
	for i, l := range x.Lines {
		rows[i] = []string{sitting, x.Code, x.Name, l.Name, itoa(l.Registered), itoa(l.Present), itoa(l.Absent), text.FormatPercent(l.Present, l.Registered), itoa(l.Rooms),
			opt(l.Sheets), opt(l.Reprimanded), opt(l.Warned), opt(l.Suspended)}
	}
	return rows
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// bytesOf makes a file in memory.
func (s *Service) bytesOf(ctx context.Context, p Paper, f Format) ([]byte, error) {
	var b bytes.Buffer
	err := s.write(ctx, p, f, &b)
	return b.Bytes(), err
}

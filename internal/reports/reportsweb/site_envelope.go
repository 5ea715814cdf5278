package reportsweb

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	typeface "bangvang/internal/base/paper"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
	"bangvang/internal/people"
)

// EnvelopePath is where the sites' envelopes are printed.
const EnvelopePath = BasePath + "/phong-bi"

// ShortPath leads to the site's list: short enough to be typed from paper.
const ShortPath = "/quan-tri/bc"

type envelopesData struct {
	Form  ui.Form
	Exam  exam.Exam
	Round exam.Round
	Sites []ui.Option
	None  bool // there is no exam yet, or no site
}

var envelopesPage = ui.New[envelopesData](files, "pages/phong-bi.html")

func (p *Pages) registerEnvelopes(o *web.Office) {
	o.GET(ShortPath, web.LoggedIn, func(c *web.Ctx) error { return c.See(SitePath, "") })
	o.GET(EnvelopePath, people.ActPeopleManage, p.showEnvelopes)
	o.POST(EnvelopePath, people.ActPeopleManage, p.printEnvelopes)
}

// asProgram reads what stands on every envelope and is no secret: the sites' names, their timetable.
func asProgram(ctx context.Context) context.Context {
	return access.System(ctx, "Hệ thống (phong bì)")
}

// round gives the round whose envelopes are due: the one the address names, else the first that is not over.
func (p *Pages) round(c *web.Ctx) (exam.Exam, exam.Round, []exam.Site, error) {
	ctx := asProgram(c.Context())
	e, err := p.Reports.Exams.Current(ctx)
	if err != nil {
		return e, exam.Round{}, nil, err
	}
	if len(e.Rounds) == 0 {
		return e, exam.Round{}, nil, &fault.Error{Kind: fault.NotFound}
	}
	r := e.Rounds[len(e.Rounds)-1]
	for _, x := range slices.Backward(e.Rounds) {
		if _, until := x.Span(); until > p.Clock.Millis() {
			r = x
		}
	}
	for _, x := range e.Rounds {
		if strconv.Itoa(x.Number) == c.Text("dot") {
			r = x
		}
	}
	sites, err := p.Reports.Exams.Sites(ctx, r.ID)
	return e, r, sites, err
}

func (p *Pages) showEnvelopes(c *web.Ctx) error {
	_, r, sites, err := p.round(c)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	first, last := r.Days()
	phones, err := p.dutyPhones(c)
	if err != nil {
		return err
	}
	v := url.Values{"first_day": {first}, "last_day": {last}, "count": {"12"}, "dot": {strconv.Itoa(r.Number)}, "phones": {phones}}
	for _, s := range sites {
		if s.Status == exam.Open {
			v.Add("sites", string(s.ID))
		}
	}
	page, err := p.envelopes(c, c.NewForm(v, 0))
	if err != nil {
		return err
	}
	return c.Render(page)
}

// dutyPhones are the telephones of the Council's desk: those of who runs the exam, else of the office.
func (p *Pages) dutyPhones(c *web.Ctx) (string, error) {
	for _, f := range []people.Function{people.FunctionExam, people.FunctionContact, people.FunctionOwner} {
		contact, err := p.People.Contact(asProgram(c.Context()), f, "")
		if err != nil && !fault.Is(err, fault.NotFound) {
			return "", err
		}
		if err == nil && len(contact.Phones) > 0 {
			return strings.Join(contact.Phones, ", "), nil
		}
	}
	return "", nil
}

func (p *Pages) envelopes(c *web.Ctx, form ui.Form) (ui.Filled, error) {
	e, r, sites, err := p.round(c)
	if fault.Is(err, fault.NotFound) {
		return envelopesPage.With(envelopesData{Form: form, None: true}), nil
	}
	if err != nil {
		return nil, err
	}
	data := envelopesData{Form: form, Exam: e, Round: r, None: len(sites) == 0}
	for _, s := range sites {
		data.Sites = append(data.Sites, ui.Option{Value: string(s.ID), Label: s.Code + " " + s.Name, Hint: map[bool]string{false: s.Status.Label()}[s.Status == exam.Open]})
	}
	return envelopesPage.With(data), nil
}

// printEnvelopes makes the codes and answers with one sheet of paper per site. The codes are nowhere else.
func (p *Pages) printEnvelopes(c *web.Ctx) error {
	e, r, sites, err := p.round(c)
	if err != nil {
		return err
	}
	phones := c.Text("phones")
	if phones == "" {
		c.Fail("phones", "Hãy ghi số điện thoại trực của Hội đồng thi: điểm thi gọi số này khi không có mạng.")
	}
	n, first, last := int(c.Int("count")), c.Day("first_day"), c.Day("last_day")
	if n > maxEnvelopeCodes {
		c.Fail("count", "Một phong bì có nhiều nhất %d mã cho mỗi người.", maxEnvelopeCodes)
	}
	var chosen []string
	for _, s := range sites {
		if slices.Contains(c.All("sites"), string(s.ID)) {
			chosen = append(chosen, string(s.ID))
		}
	}
	err = c.Err()
	var made []people.SiteSheet
	var cribs map[exam.SiteID][]cribLine
	if err == nil {
		if cribs, err = p.cribs(c, r); err == nil {
			made, err = p.People.CreateSiteSheets(c.Context(), chosen, first, last, n, c.Bool("revoke"))
		}
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.envelopes(c, form) })
	}
	b := &envelope{Fpdf: fpdf.New("P", "mm", "A4", ""), exam: e, address: strings.TrimPrefix(strings.TrimPrefix(p.OfficeURL, "https://"), "http://") + ShortPath, phones: phones,
		printed: fmt.Sprintf("In lúc %s, người in: %s.", text.FormatDayTime(p.Clock.Millis()), c.Actor().Name)}
	typeface.AddFonts(b.Fpdf)
	b.SetTitle("Phong bì điểm thi", true)
	b.SetLang("vi-VN")
	b.SetAutoPageBreak(false, 0)
	for _, s := range sites {
		var mine []people.SiteSheet
		for _, m := range made {
			if m.Site == string(s.ID) {
				mine = append(mine, m)
			}
		}
		if len(mine) > 0 {
			b.sheet(s, mine, cribs[s.ID])
		}
	}
	var out bytes.Buffer
	if err := b.Output(&out); err != nil {
		return fmt.Errorf("draw envelopes: %w", err)
	}
	name := "phong-bi-diem-thi.pdf"
	if len(chosen) == 1 {
		name = "phong-bi-" + siteSlug(sites, chosen[0]) + ".pdf"
	}
	return c.Download(name, func(w io.Writer) error { _, err := w.Write(out.Bytes()); return err })
}

func siteSlug(sites []exam.Site, id string) string {
	for _, s := range sites {
		if string(s.ID) == id {
			return s.Slug
		}
	}
	return id
}

// A cribLine is one line of what a site reads out: its sitting and its paper.
type cribLine struct{ Sitting, Name string }

// cribs gives the lines of each site in the order of the sittings.
func (p *Pages) cribs(c *web.Ctx, r exam.Round) (map[exam.SiteID][]cribLine, error) {
	all := map[exam.SiteID][]cribLine{}
	for _, x := range r.Sittings {
		if x.Kind != exam.Papers {
			continue
		}
		duties, err := p.Reports.Expected(asProgram(c.Context()), x.ID)
		if err != nil {
			return nil, err
		}
		half := map[exam.Half]string{exam.Morning: "Sáng"}[x.Half]
		if half == "" {
			half = "Chiều"
		}
		for _, d := range duties {
			for _, l := range d.Lines {
				name := l.Name()
				if _, own, ok := strings.Cut(name, " – "); ok {
					name = own // a combined paper's component
				}
				all[d.Site.ID] = append(all[d.Site.ID], cribLine{half + " " + text.FormatDay(x.Day), name})
			}
		}
	}
	return all, nil
}

// maxEnvelopeCodes keep an envelope's people on one sheet.
const maxEnvelopeCodes = 24

// An envelope draws the sites' sheets.
type envelope struct {
	*fpdf.Fpdf
	exam                     exam.Exam
	address, phones, printed string
}

const (
	envelopeLeft  = 18.0
	envelopeWidth = 210 - 2*envelopeLeft
)

func (b *envelope) font(style string, size float64) { b.SetFont("Tinos", style, size) }

func (b *envelope) line(style string, size, high float64, s string) {
	b.font(style, size)
	b.SetX(envelopeLeft)
	b.MultiCell(envelopeWidth, high, s, "", "L", false)
}

// sheet draws one site's A4 page.
func (b *envelope) sheet(s exam.Site, all []people.SiteSheet, crib []cribLine) {
	b.AddPage()
	b.SetY(14)
	b.line("", 11, 5, fmt.Sprintf("%s năm %d", b.exam.Name, b.exam.Year))
	b.line("B", 15, 7, "PHONG BÌ ĐIỂM THI: MÃ ĐĂNG NHẬP DÙNG MỘT LẦN")
	b.line("B", 14, 7, s.Code+" "+s.Name)
	days := all[0].Sheet
	b.line("", 11, 5.5, fmt.Sprintf("Mã chỉ mở được trang báo cáo của điểm thi này, từ %s đến hết %s. Mỗi mã dùng một lần; phiên làm việc hết khi hết ngày. Mất phong bì: gọi ngay Hội đồng thi để hủy.",
		text.FormatDayLong(days.FirstDay), text.FormatDayLong(days.LastDay)))
	b.Ln(1.5)
	b.font("", 11)
	b.SetX(envelopeLeft)
	b.CellFormat(34, 10, "Gõ vào trình duyệt:", "", 0, "L", false, 0, "")
	b.font("B", 16)
	b.CellFormat(envelopeWidth-34, 10, b.address, "1", 1, "C", false, 0, "")
	b.Ln(1.5)
	for i, step := range []string{
		"Trước buổi thi: nối mạng, đăng nhập bằng tên và mật khẩu của mình, rồi một mã chưa dùng dưới đây; mở buổi thi; ngắt mạng. Gạch mã đã dùng.",
		"Sau giờ làm bài 15 phút: nhập lượt 1. Không cần mạng; máy kiểm tra ngay tại ô.",
		"Bấm “Gửi lượt 1”, nối mạng trước người chứng kiến. Chép mã biên nhận vào nhật ký phòng trực; ngắt mạng. Hết phiên thì đăng nhập lại bằng mã tiếp theo, số đã nhập không mất.",
		"Sau khi thu và niêm phong bài: lượt 2 như vậy; Trưởng điểm thi đăng nhập và bấm “Xác nhận”.",
		"Không có mạng đến gần hạn: gọi số dưới đây và đọc theo bảng cuối trang.",
	} {
		b.line("", 11, 5, fmt.Sprintf("%d. %s", i+1, step))
	}
	b.Ln(1.5)
	b.line("B", 13, 7, "Điện thoại trực Hội đồng thi: "+b.phones)
	for _, m := range all {
		b.person(m)
	}
	b.crib(crib)
	b.SetY(279)
	b.line("", 9, 4.5, b.printed+"\nNgười mở phong bì: ....................................  lúc ..................  Người chứng kiến: ....................................")
}

// person draws a person's codes, five in a row.
func (b *envelope) person(m people.SiteSheet) {
	b.Ln(1.5)
	b.line("B", 12, 6, fmt.Sprintf("%s (%s). Tên đăng nhập: %s", m.Account.Name, strings.Join(m.Roles, ", "), m.Account.Username))
	b.font("", 12)
	for i, code := range m.Codes {
		if i%5 == 0 {
			b.SetX(envelopeLeft)
		}
		end := 0
		if i%5 == 4 || i == len(m.Codes)-1 {
			end = 1
		}
		b.CellFormat(envelopeWidth/5, 7, fmt.Sprintf("%d. %s", i+1, code), "1", end, "C", false, 0, "")
	}
}

// crib draws what is read out on the telephone, in the order it is asked for.
func (b *envelope) crib(lines []cribLine) {
	high := 6.2
	if b.GetY()+30+high*float64(len(lines)+1) > 278 {
		b.AddPage() // many people at one site
		b.SetY(14)
	}
	b.Ln(3)
	b.line("B", 11.5, 5.5, "Đọc qua điện thoại theo thứ tự này; người trực đọc lại từng số; chỉ gác máy khi đã được đọc mã biên nhận.")
	b.line("", 10.5, 4.8, "Điểm thi, buổi thi, lượt 1 hay lượt 2, người đọc. Rồi từng môn, từ trái sang phải:")
	b.Ln(.8)
	heads := []string{"Buổi", "Môn", "Đăng ký", "Có mặt", "Vắng", "Lý do vắng", "Phòng", "Số bài", "Khiển trách", "Cảnh cáo", "Đình chỉ"}
	widths := []float64{21, 37, 12, 12, 10, 21, 11, 11, 15, 13, 11} // together envelopeWidth
	b.font("B", 7.5)
	b.SetX(envelopeLeft)
	for i, h := range heads {
		b.CellFormat(widths[i], high, h, "1", 0, "C", false, 0, "")
	}
	b.Ln(high)
	b.font("", 8.5)
	for _, l := range lines {
		b.SetX(envelopeLeft)
		for i := range heads {
			word := ""
			switch i {
			case 0:
				word = l.Sitting
			case 1:
				word = b.fit(l.Name, widths[1]-2)
			}
			b.CellFormat(widths[i], high, word, "1", 0, "L", false, 0, "")
		}
		b.Ln(high)
	}
	b.Ln(.8)
	b.line("", 10.5, 4.8, "Từ cột “Số bài” chỉ đọc ở lượt 2, rồi: cán bộ vi phạm theo hình thức; sự cố (loại, mức độ, giờ, việc gì, đã xử lý thế nào) hoặc “không có sự cố”; Trưởng điểm thi.")
}

// fit shortens a name to a width.
func (b *envelope) fit(s string, width float64) string {
	if b.GetStringWidth(s) <= width {
		return s
	}
	for r := []rune(s); len(r) > 0; r = r[:len(r)-1] {
		if t := string(r) + "…"; b.GetStringWidth(t) <= width {
			return t
		}
	}
	return ""
}

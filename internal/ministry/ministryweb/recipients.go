package ministryweb

import (
	"net/url"
	"slices"
	"strconv"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/ministry"
)

type bookData struct {
	Exam   string
	May    bool
	ByMail bool
	Rows   []ministry.Recipient
	Form   ui.Form
}

var bookPage = ui.New[bookData](files, "pages/noi-nhan.html")

func (p *Pages) book(c *web.Ctx) error {
	e, ok, err := p.current(c)
	if err != nil {
		return err
	}
	data := bookData{May: ok && c.Can(ministry.ActWording, access.Place{}), ByMail: p.Ministry.ByMail(), Form: c.NewForm(nil, 0)}
	if ok {
		data.Exam = e.FullName()
		if data.Rows, err = p.Ministry.Recipients(c.Context(), e.ID); err != nil {
			return err
		}
	}
	return c.Render(bookPage.With(data))
}

func (p *Pages) fillBook(c *web.Ctx) error {
	e, ok, err := p.current(c)
	if err != nil || !ok {
		return noExam(err)
	}
	if err := p.Ministry.FillBook(c.Context(), e.ID); err != nil {
		return err
	}
	return c.See(bookPath, "Đã thêm các nơi nhận thường dùng. Hãy ghi địa chỉ thư cho từng nơi.")
}

func noExam(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "Chưa có kỳ thi hiện hành. Bộ phận khảo thí tạo kỳ thi trước.")
}

type recipientData struct {
	Title string
	New   bool
	Form  ui.Form
}

var recipientPage = ui.New[recipientData](files, "pages/noi-nhan-sua.html")

// recipient finds the one of the path; a new one has no id.
func (p *Pages) recipient(c *web.Ctx) (ministry.Recipient, error) {
	e, ok, err := p.current(c)
	if err != nil || !ok {
		return ministry.Recipient{}, noExam(err)
	}
	id := ministry.RecipientID(c.Path("recipient"))
	if id == "" {
		return ministry.Recipient{Exam: e.ID, Active: true, Position: 100}, nil
	}
	all, err := p.Ministry.Recipients(c.Context(), e.ID)
	if err != nil {
		return ministry.Recipient{}, err
	}
	i := slices.IndexFunc(all, func(r ministry.Recipient) bool { return r.ID == id })
	if i < 0 {
		return ministry.Recipient{}, &fault.Error{Kind: fault.NotFound}
	}
	return all[i], nil
}

func drawRecipient(r ministry.Recipient, form ui.Form) (ui.Filled, error) {
	title := "Thêm nơi nhận"
	if r.ID != "" {
		title = "Sửa nơi nhận: " + r.Name
	}
	return recipientPage.With(recipientData{Title: title, New: r.ID == "", Form: form}), nil
}

func (p *Pages) recipientForm(c *web.Ctx) error {
	r, err := p.recipient(c)
	if err != nil {
		return err
	}
	v := url.Values{"name": {r.Name}, "role": {r.Role}, "email": {r.Email}, "way": {r.Way}, "position": {strconv.Itoa(r.Position)}}
	if r.Principal {
		v.Set("principal", "1")
	}
	if r.Active {
		v.Set("active", "1")
	}
	page, err := drawRecipient(r, c.NewForm(v, r.Version))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) saveRecipient(c *web.Ctx) error {
	r, err := p.recipient(c)
	if err != nil {
		return err
	}
	in := ministry.Recipient{ID: r.ID, Exam: r.Exam, Name: c.Text("name"), Role: c.Text("role"), Email: c.Text("email"), Way: c.Text("way"), Principal: c.Bool("principal"),
		Active: c.Bool("active") || r.ID == "", Position: int(c.Int("position")), Version: c.Version()}
	if err = c.Err(); err == nil {
		_, err = p.Ministry.SaveRecipient(c.Context(), in)
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return drawRecipient(r, form) })
	}
	return c.See(bookPath, "Đã lưu nơi nhận “%s”.", in.Name)
}

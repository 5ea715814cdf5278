package documentsweb

import (
	"net/url"
	"strconv"
	"strings"

	"bangvang/internal/base/text"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
)

type formData struct {
	Form       ui.Form
	Title      string
	Own        bool
	Numbered   bool // number, issuer, type and day stay as they are
	Back       string
	Issuers    []string
	Types      []string
	Positions  []string // of those who signed lately
	Signers    []string
	Fields     []ui.Option
	Classes    []ui.Option
	Classed    bool // who may read it is settled; a step changes it
	Authority  []ui.Option
	Priorities []ui.Option
}

var formPage = ui.New[formData](files, "pages/nhap-mot.html", "pages/chung.html")

// formFields name the form's fields in its order, for showing two versions.
var formFields = []struct{ name, label string }{
	{"number", "Số, ký hiệu"}, {"issuer", "Cơ quan ban hành"}, {"type", "Loại văn bản"}, {"issued_on", "Ngày ban hành"}, {"year", "Năm"},
	{"subject", "Trích yếu"}, {"field", "Lĩnh vực"}, {"effective_on", "Ngày có hiệu lực"}, {"expires_on", "Hết hiệu lực từ ngày"}, {"class", "Mức độ"},
	{"signer_authority", "Thẩm quyền ký"}, {"signer_position", "Chức vụ người ký"}, {"signer_name", "Người ký"}, {"delegation", "Văn bản ủy quyền"},
	{"delegated_till", "Ủy quyền đến ngày"}, {"recipients", "Nơi nhận"}, {"description", "Ghi chú"}, {"language", "Ngôn ngữ"}, {"pages", "Số trang"}, {"copies", "Số lượng bản"},
	{"file_code", "Mã hồ sơ"}, {"arrival", "Số đến"}, {"received_on", "Ngày đến"}, {"due_on", "Hạn xử lý"}, {"priority", "Độ khẩn"},
}

// wordsOf gives, by field, how a value that the form sends as a code or in many ways reads.
func wordsOf(c *documents.Catalog) map[string]func(string) string {
	words := map[string]func(string) string{
		"field":            func(v string) string { return c.FieldName(documents.FieldID(v)) },
		"class":            func(v string) string { return documents.Class(v).Title() },
		"signer_authority": func(v string) string { return documents.Authority(v).Title() },
		"priority":         func(v string) string { return documents.Priority(v).Title() },
	}
	for _, name := range []string{"issued_on", "effective_on", "expires_on", "delegated_till", "received_on", "due_on"} {
		words[name] = func(v string) string {
			if d, err := text.ParseDay(v); err == nil {
				return day(d)
			}
			return v
		}
	}
	return words
}

// values gives a document as its form shows it.
func values(d documents.Document, c *documents.Catalog) url.Values {
	k, h := d.Content, d.Handling
	n := func(v int) string {
		if v == 0 {
			return ""
		}
		return strconv.Itoa(v)
	}
	year := ""
	if k.Number.Year == 0 && k.IssuedOn == "" {
		year = n(k.Year)
	}
	v := url.Values{}
	for name, value := range map[string]string{
		"number": k.Number.String(), "issuer": c.IssuerName(k.Issuer, ""), "type": c.TypeName(k.Type), "field": string(k.Field), "year": year,
		"issued_on": k.IssuedOn, "effective_on": k.EffectiveOn, "expires_on": k.ExpiresOn, "subject": k.Subject, "description": k.Description,
		"language": k.Language, "pages": n(k.Pages), "copies": n(k.Copies), "signer_authority": string(k.Signer.Authority), "signer_position": k.Signer.Position,
		"signer_name": k.Signer.Name, "delegation": k.Signer.Delegation, "delegated_till": k.Signer.DelegatedTill, "recipients": strings.Join(k.Recipients, "\n"),
		"class": string(d.Class), "file_code": h.FileCode, "arrival": n(h.Arrival), "received_on": h.ReceivedOn, "due_on": h.DueOn, "priority": string(h.Priority),
	} {
		v.Set(name, value)
	}
	return v
}

// input reads the form.
func input(c *web.Ctx) documents.Input {
	return documents.Input{
		Number: c.Text("number"), Year: int(c.Int("year")), Issuer: c.Text("issuer"), NewIssuer: c.Bool("new_issuer"), Type: c.Text("type"), Field: c.Text("field"),
		IssuedOn: c.Day("issued_on"), EffectiveOn: c.Day("effective_on"), ExpiresOn: c.Day("expires_on"), Subject: c.Text("subject"), Description: c.Lines("description"),
		Language: c.Text("language"), Pages: int(c.Int("pages")), Copies: int(c.Int("copies")),
		Signer: documents.Signer{Authority: documents.Authority(c.Text("signer_authority")), Position: c.Text("signer_position"), Name: c.Text("signer_name"),
			Delegation: c.Text("delegation"), DelegatedTill: c.Day("delegated_till")},
		Recipients: c.Lines("recipients"), Class: documents.Class(c.Text("class")),
		Handling: documents.Handling{FileCode: c.Text("file_code"), Arrival: int(c.Int("arrival")), ReceivedOn: c.Day("received_on"), DueOn: c.Day("due_on"),
			Priority: documents.Priority(c.Text("priority"))},
	}
}

// draw fills the form page's lists.
func (p *Pages) draw(c *web.Ctx, form ui.Form, data formData) (ui.Filled, error) {
	catalog, err := p.Documents.Catalog(c.Context())
	if err != nil {
		return nil, err
	}
	data.Form = form
	for _, i := range catalog.Issuers {
		if !data.Own || i.Own {
			data.Issuers = append(data.Issuers, i.NameOn(""))
		}
	}
	for _, t := range catalog.Types {
		data.Types = append(data.Types, t.Name)
	}
	signers, err := p.Documents.Signers(c.Context())
	if err != nil {
		return nil, err
	}
	data.Positions, data.Signers = signers.Positions, signers.Names
	data.Fields = []ui.Option{{Label: "– chưa chọn –"}}
	for _, f := range catalog.Fields {
		label := f.Name
		if f.Parent != "" {
			label = "– " + label
		}
		data.Fields = append(data.Fields, ui.Option{Value: string(f.ID), Label: label})
	}
	classes := []ui.Option{
		{Value: "", Label: "Để Phòng Khảo thí phân loại"},
		{Value: string(documents.Public), Label: documents.Public.Title(), Hint: "Ai cũng đọc được sau khi đăng."},
		{Value: string(documents.Internal), Label: documents.Internal.Title(), Hint: "Không bao giờ hiện trên trang công khai."},
		{Value: string(documents.Secret), Label: documents.Secret.Title(), Hint: "Không nhập vào hệ thống này; chuyển văn thư phụ trách tài liệu mật."},
	}
	if data.Own { // its heads check it, who may read it among the rest
		classes = classes[1:]
	}
	if !data.Classed {
		data.Classes = classes
	}
	for _, a := range documents.Authorities() {
		data.Authority = append(data.Authority, ui.Option{Value: string(a), Label: a.Title()})
	}
	for _, x := range documents.Priorities() {
		data.Priorities = append(data.Priorities, ui.Option{Value: string(x), Label: x.Title()})
	}
	return formPage.With(data), nil
}

func newData(kind documents.Kind) formData {
	if kind == documents.Own {
		return formData{Title: "Soạn văn bản của Sở", Own: true, Back: listPath}
	}
	return formData{Title: "Nhập văn bản đến", Back: listPath}
}

func (p *Pages) newForm(kind documents.Kind) web.Handler {
	return func(c *web.Ctx) error {
		page, err := p.draw(c, c.NewForm(nil, 0), newData(kind))
		if err != nil {
			return err
		}
		return c.Render(page)
	}
}

func (p *Pages) enter(kind documents.Kind) web.Handler {
	return func(c *web.Ctx) error {
		in := input(c)
		err := c.Err()
		var id documents.DocID
		if err == nil {
			id, err = p.Documents.Register(c.Context(), kind, in)
		}
		if err != nil {
			return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.draw(c, form, newData(kind)) })
		}
		d, err := p.Documents.Document(c.Context(), id)
		if err != nil {
			return err
		}
		return c.See(documents.OfficePath(id), "Đã vào sổ %s. Hãy thêm tệp bản gốc và bản đọc nếu có.", d.Label())
	}
}

func editData(d documents.Document) formData {
	return formData{Title: "Sửa " + d.Label(), Own: d.Kind == documents.Own, Back: documents.OfficePath(d.ID),
		Numbered: d.Kind == documents.Own && !d.Content.Number.Blank(), Classed: !d.ClassOpen()}
}

func (p *Pages) editForm(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckEdit)
	if err != nil {
		return err
	}
	if !p.Documents.MayEdit(c.Context(), d) {
		return shut(d)
	}
	catalog, err := p.Documents.Catalog(c.Context())
	if err != nil {
		return err
	}
	page, err := p.draw(c, c.NewForm(values(d, catalog), d.Version), editData(d))
	if err != nil {
		return err
	}
	return c.Render(page)
}

func (p *Pages) edit(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckEdit)
	if err != nil {
		return err
	}
	in := input(c)
	if d.Kind == documents.Own && !d.Content.Number.Blank() { // these fields are not in the form
		in.Issuer, in.Type, in.IssuedOn = string(d.Content.Issuer), string(d.Content.Type), d.Content.IssuedOn
	}
	if !d.ClassOpen() {
		in.Class = d.Class
	}
	if err = c.Err(); err == nil {
		err = p.Documents.Edit(c.Context(), d.ID, c.Version(), in)
	}
	if handled, answer := p.clash(c, err); handled {
		return answer
	}
	if err != nil {
		return c.Again(err, func(form ui.Form) (ui.Filled, error) { return p.draw(c, form, editData(d)) })
	}
	return saved(c, "Đã lưu %s.", d.Label())
}

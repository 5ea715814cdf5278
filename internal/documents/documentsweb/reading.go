package documentsweb

import (
	"errors"
	"html/template"
	"net/url"
	"regexp"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
)

// readingData is the page on which a reading copy is written. The form's text is plain, or HTML
// that [richtext.Clean] has been through: the script puts it on its surface as it is.
type readingData struct {
	Form    ui.Form
	Label   string
	Back    string
	Clean   string // where the script sends what is pasted
	Draft   draft
	Sent    bool           // the text was just sent from this browser
	Preview *preview       // nil when none was asked for
	Stored  *storedReading // nil unless somebody else saved meanwhile
}

// A draft is where the browser keeps what is being typed, and the key it is sealed with.
type draft struct{ Name, Key string }

// A preview is a reading copy as its readers will see it.
type preview struct {
	Text     template.HTML
	Contents []ui.Heading
	Notes    []string // what cleaning left out or assumed
	Held     bool     // a save that waits until the notes were read
}

// A storedReading is the copy that somebody else saved first.
type storedReading struct {
	By      string
	At      int64
	Changes []documents.FieldChange
}

var readingPage = ui.New[readingData](files, "pages/ban-doc.html")

func (p *Pages) registerReading(o *web.Office) {
	path := onePath + "/ban-doc"
	o.GET(path, web.LoggedIn, p.readingForm)
	o.POST(path, web.LoggedIn, p.reading, web.MaxBody(maxReading))
	o.POST(path+"/lam-sach", web.LoggedIn, p.cleanPaste, web.MaxBody(maxPaste))
}

// Limits of what is typed and pasted. Word's copy of a text is ten times the text; a longer one is
// better uploaded as a file.
const (
	maxReading = 8 << 20
	maxPaste   = 16 << 20
)

// draftOf names the browser's draft of a document's reading copy. A public document's can be read
// whenever the same person is logged in; one that is not public, or not classified yet, only until
// the session ends.
func draftOf(c *web.Ctx, d documents.Document) draft {
	const purpose = "reading draft "
	return draft{
		Name: "nhap:" + string(d.ID) + ":" + c.Secret(purpose+"name", false)[:10],
		Key:  c.Secret(purpose+string(d.ID), d.Class != documents.Public),
	}
}

func (p *Pages) readingData(c *web.Ctx, d documents.Document, form ui.Form) readingData {
	path := documents.OfficePath(d.ID)
	return readingData{Form: form, Label: d.Label(), Back: path, Clean: path + "/ban-doc/lam-sach", Draft: draftOf(c, d)}
}

func (p *Pages) readingForm(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckEdit)
	if err != nil {
		return err
	}
	if !p.Documents.MayEdit(c.Context(), d) {
		return shut(d)
	}
	form := c.NewForm(url.Values{"reading": {d.Reading.HTML()}}, d.Version)
	return c.Render(readingPage.With(p.readingData(c, d, form)))
}

// reading saves the reading copy, or shows it as it would be. A text that cleaning changed in a way
// its writer should know of is shown before it is saved.
func (p *Pages) reading(c *web.Ctx) error {
	d, err := p.documentFor(c, p.Documents.CheckEdit)
	if err != nil {
		return err
	}
	doc, shown := typed(c)
	again := func(form ui.Form) readingData {
		form.Values = url.Values{"reading": {shown}}
		data := p.readingData(c, d, form)
		data.Sent = true
		return data
	}
	ask := c.Text("do") == "xem"
	if ask || len(doc.Notes) > 0 {
		return c.Preview(func(form ui.Form) (ui.Filled, error) {
			data := again(form)
			data.Preview = &preview{template.HTML(doc.HTML()), documents.Contents(doc), doc.Notes, !ask} //nolint:gosec // printed by richtext, which escapes
			return readingPage.With(data), nil
		})
	}
	err = p.Documents.SetReading(c.Context(), d.ID, c.Version(), doc)
	if err == nil {
		return c.See(documents.OfficePath(d.ID)+savedMark, "Đã lưu bản đọc của %s.", d.Label())
	}
	return c.Again(err, func(form ui.Form) (ui.Filled, error) {
		clash, came := errors.AsType[*documents.Clash](err)
		if came {
			form.Version = clash.Stored.Version // saved again, it goes over the one shown
		}
		data := again(form)
		for i := range data.Form.Wrong { // whatever is wrong is wrong with the text: the page has no other field
			data.Form.Wrong[i].Name = "reading"
		}
		if came {
			data.Stored = &storedReading{clash.Stored.ChangedName, clash.Stored.ChangedAt, documents.CompareReadings(clash.Stored.Reading, doc)}
		}
		return readingPage.With(data), nil
	})
}

// savedMark tells the script of a document's page that the reading copy was saved: the draft goes.
const savedMark = "#da-luu-ban-doc"

// markup tells pasted or stored HTML from typed text.
var markup = regexp.MustCompile(`(?i)<(p|h[1-6]|div|ul|ol|table|span|b|strong|br)[\s/>]`)

// typed reads the form: HTML as the script's surface or Word's clipboard gives it, or plain text. It
// gives the text as the form shows it again, too.
func typed(c *web.Ctx) (doc richtext.Doc, shown string) {
	raw := c.Raw("reading")
	if c.Bool("surface") || markup.MatchString(raw) {
		doc = richtext.Clean(raw)
		return doc, doc.HTML()
	}
	return richtext.FromPlain(raw), raw
}

// cleanPaste answers the script with what was pasted, made clean.
func (p *Pages) cleanPaste(c *web.Ctx) error {
	if _, err := p.documentFor(c, p.Documents.CheckEdit); err != nil {
		return err
	}
	body, err := c.Body()
	if err != nil {
		return err
	}
	var doc richtext.Doc
	switch kind := c.R.Header.Get("Content-Type"); kind {
	case "text/html":
		doc = richtext.Clean(string(body))
	case "text/plain":
		doc = richtext.FromPlain(string(body))
	default:
		return fault.New(fault.Invalid, "Chỉ nhận chữ hoặc HTML.")
	}
	return c.JSON(struct {
		HTML  string   `json:"html"`
		Notes []string `json:"notes"`
	}{doc.HTML(), doc.Notes})
}

package ministry

import (
	"bytes"
	"cmp"
	"context"
	"embed"
	"io"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/paper"
	"bangvang/internal/base/text"
)

//go:embed templates/*.txt
var shipped embed.FS

// A Wording is one edition of a kind's template.
type Wording struct {
	Kind    Kind
	Edition int // 0 = as shipped
	Source  string
	Note    string
	Person  string
	Name    string // who saved it
	At      int64  // ms UTC
}

// maxTemplate is how long a template may be, in bytes.
const maxTemplate = 64 << 10

// Wording gives the wording of a kind as it stands.
func (s *Service) Wording(ctx context.Context, k Kind) (Wording, error) {
	if _, err := s.may(ctx, ActRead); err != nil {
		return Wording{}, err
	}
	return wordingIn(ctx, s.DB.Read(), k)
}

func wordingIn(ctx context.Context, q db.Queryer, k Kind) (Wording, error) {
	all, err := wordings(ctx, q, k)
	if err != nil {
		return Wording{}, err
	}
	if len(all) == 0 {
		return asShipped(k)
	}
	return all[0], nil
}

func asShipped(k Kind) (Wording, error) {
	b, err := shipped.ReadFile("templates/" + string(k) + ".txt")
	if err != nil {
		return Wording{}, &fault.Error{Kind: fault.NotFound, Err: err}
	}
	return Wording{Kind: k, Source: string(b), Note: "Mẫu có sẵn trong chương trình"}, nil
}

// Wordings gives all editions of a kind, the latest first, the shipped one last.
func (s *Service) Wordings(ctx context.Context, k Kind) ([]Wording, error) {
	if _, err := s.may(ctx, ActRead); err != nil {
		return nil, err
	}
	first, err := asShipped(k)
	if err != nil {
		return nil, err
	}
	all, err := wordings(ctx, s.DB.Read(), k)
	return append(all, first), err
}

// SaveWording keeps a new edition; the one before is not lost, and papers made of it stay as they are.
// edition is the one that was read.
//
// It returns fault.Invalid with fields "template" that name line and field for a template that cannot be
// read, uses a field there is none of, or makes no paper in the form of Decree 30/2020; "note" when
// nothing says what was changed; fault.Conflict when somebody else saved since.
func (s *Service) SaveWording(ctx context.Context, k Kind, edition int, source, note string) error {
	ctx, err := s.may(ctx, ActWording)
	if err != nil {
		return err
	}
	source, note = text.CleanLines(source), text.CleanInput(note)
	wrong := fault.FieldsOf(check(k, source))
	if note == "" || len([]rune(note)) > 300 {
		wrong = append(wrong, fault.Field{Name: "note", Message: "Hãy ghi đã đổi gì, ví dụ “Thêm cột số phòng theo công văn của Bộ” (nhiều nhất 300 ký tự)."})
	}
	if err := fault.Fields(wrong...); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		now, err := wordingIn(ctx, tx, k)
		if err != nil {
			return err
		}
		if now.Edition != edition {
			return fault.New(fault.Conflict, "Mẫu đã được %s sửa trong lúc bạn đang sửa. Bản của bạn vẫn còn ở ô dưới: hãy xem bản mới rồi sửa lại.", cmp.Or(now.Name, "người khác"))
		}
		if now.Source == source {
			return fault.Fields(fault.Field{Name: "template", Message: "Mẫu chưa có gì thay đổi."})
		}
		if err := insertWording(ctx, tx, Wording{Kind: k, Edition: edition + 1, Source: source, Note: note}); err != nil {
			if db.IsUnique(err) {
				return fault.New(fault.Conflict, "Mẫu vừa được người khác sửa. Hãy xem bản mới rồi sửa lại.")
			}
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "ministry.wording", Kind: "ministry.wording", ID: string(k), Label: k.Label(), Note: note})
	})
}

// check tells everything that is wrong with a template: as text, with every field on every line, and as
// the paper it makes of sample data, whole and with nothing in its tables.
func check(k Kind, source string) error {
	if len(source) > maxTemplate {
		return fault.Fields(fault.Field{Name: "template", Message: "Mẫu dài quá 64 kB. Hãy rút gọn."})
	}
	t, err := paper.ParseTemplate(source)
	if err != nil {
		return err
	}
	if err := t.Try(sampleData()); err != nil {
		return err
	}
	c, texts, to, old := sample()
	if k == Quick {
		c.Unheard = nil // it is of one sitting, which has figures
	}
	for _, provisional := range []bool{true, false} {
		if !provisional {
			c.Unheard, old = nil, origin{}
			f := &c.Sittings[0].Figures
			f.Missing, f.NotHeld, f.Staff, f.Incident = nil, nil, nil, nil
		}
		d, err := t.Execute(c.data(texts, to, old, "2021-07-07"))
		if err != nil {
			return err
		}
		d.Number = 5
		if wrong := formOf(&d); len(wrong) > 0 {
			return fault.Fields(wrong...)
		}
		if err := complete(d, c); err != nil {
			return err
		}
	}
	return nil
}

// formOf tells what of a paper is not in the form of Decree 30/2020, as faults of its template.
func formOf(d *paper.Document) []fault.Field {
	var wrong []fault.Field
	for _, f := range fault.FieldsOf(d.Check()) {
		wrong = append(wrong, fault.Field{Name: "template", Message: f.Message})
	}
	return wrong
}

// PreviewWording writes the PDF that a template makes: of the figures of a paper when one is named, else
// of sample figures. The template need not be saved.
//
// It returns what [Service.SaveWording] says of the template.
func (s *Service) PreviewWording(ctx context.Context, k Kind, source string, id PaperID, w io.Writer) error {
	if _, err := s.may(ctx, ActRead); err != nil {
		return err
	}
	source = text.CleanLines(source)
	if err := check(k, source); err != nil {
		return err
	}
	t, err := paper.ParseTemplate(source)
	if err != nil {
		return err
	}
	c, texts, to, old := sample()
	if id != "" {
		p, err := s.Paper(ctx, id)
		if err != nil {
			return err
		}
		if c, texts, to, old, err = s.parts(ctx, p); err != nil {
			return err
		}
	}
	d, err := t.Execute(c.data(texts, to, old, s.month()))
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := paper.WritePDF(&b, &d); err != nil {
		return err
	}
	_, err = w.Write(b.Bytes())
	return err
}

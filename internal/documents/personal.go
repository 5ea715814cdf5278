package documents

import (
	"context"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/privacy"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
)

// scan looks for what may be personal data and says in Vietnamese what it saw, masked.
func (s *Service) scan(pages []string, tables []privacy.Table) []string {
	var all []string
	for _, f := range privacy.Scan(s.Clock.Now().Year(), pages, tables) {
		all = append(all, f.String())
	}
	return all
}

// A found is what was seen in the working copy's own text, and who decided about it.
type found struct {
	Found     []string
	Clearance Clearance
}

// checkOwnText looks through the fields and the reading copy. What was decided before counts on only
// while the same is found.
//
// Source: P-16.
func (s *Service) checkOwnText(ctx context.Context, tx *db.Tx, d Document) error {
	now := s.scan([]string{d.text()}, tablesOf(d.Reading))
	before, err := readPersonal(ctx, tx, d.ID)
	if err != nil || slices.Equal(now, before.Found) {
		return err
	}
	return writePersonal(ctx, tx, d.ID, found{Found: now})
}

// Clear records that text which looks like personal data may be shown all the same: in a file, or
// with file "" in the document's own text. It is the second approval of P-16, so nobody gives it
// who had a hand in the document.
//
// It returns fault.Invalid without a reason, and fault.Conflict when nothing was found.
func (s *Service) Clear(ctx context.Context, id DocID, file FileID, note string) error {
	note = text.CleanInput(note)
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := s.open(ctx, tx, id, readingAction)
		if err != nil {
			return err
		}
		ctx, err = s.Policy.Enter(ctx, ActClear, d.Place())
		if err != nil {
			return known(err)
		}
		actor := access.From(ctx)
		mine, err := hasHand(ctx, tx, id, actor.Person)
		if err != nil {
			return err
		}
		if mine {
			return fault.New(fault.Denied, "Bạn đã nhập hoặc sửa văn bản này, nên cần một người khác xem dữ liệu cá nhân.")
		}
		if note == "" || len([]rune(note)) > 300 {
			return fault.Fields(fault.Field{Name: "note", Message: "Hãy ghi vì sao nội dung này được phép công khai, không quá 300 ký tự."})
		}
		label, err := clear(ctx, tx, id, file, Clearance{By: actor.Person, Name: actor.Name, Note: note, At: tx.Now()})
		if err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "document.clear", Kind: kindName, ID: string(id), Label: d.Label(), Note: note, Data: map[string]string{"in": label}})
	})
}

func clear(ctx context.Context, tx *db.Tx, id DocID, file FileID, c Clearance) (label string, err error) {
	nothing := fault.New(fault.Conflict, "Không có gì cần xác nhận ở đây.")
	if file == "" {
		f, err := readPersonal(ctx, tx, id)
		if err != nil {
			return "", err
		}
		if len(f.Found) == 0 {
			return "", nothing
		}
		f.Clearance = c
		return "văn bản", writePersonal(ctx, tx, id, f)
	}
	f, err := readFile(ctx, tx, file)
	switch {
	case err != nil:
		return "", err
	case f.Document != id:
		return "", &fault.Error{Kind: fault.NotFound}
	case len(f.Personal) == 0:
		return "", nothing
	}
	return f.Name, clearFile(ctx, tx, file, c)
}

// PersonalOf tells what looks like personal data in a document's own text, and who decided.
func (s *Service) PersonalOf(ctx context.Context, d Document) ([]string, Clearance, error) {
	if err := s.Policy.Check(ctx, readingAction(d), d.Place()); err != nil {
		return nil, Clearance{}, err
	}
	f, err := readPersonal(ctx, s.DB.Read(), d.ID)
	return f.Found, f.Clearance, err
}

// tablesOf gives the tables of a reading copy as the scan reads them.
func tablesOf(doc richtext.Doc) []privacy.Table {
	var all []privacy.Table
	for _, b := range doc.Blocks {
		if b.Kind != richtext.Table {
			continue
		}
		var t privacy.Table
		for _, row := range b.Rows {
			var cells []string
			for _, c := range row {
				cells = append(cells, richtext.Doc{Blocks: c.Blocks}.Text())
			}
			t.Rows = append(t.Rows, cells)
		}
		all = append(all, t)
	}
	return all
}

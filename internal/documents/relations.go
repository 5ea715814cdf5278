package documents

import (
	"context"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// RelationKind says what a newer document does with an older one.
type RelationKind string

// The relations of F-46, and the correction by an official letter of domain.md 4.5.
const (
	Replaces RelationKind = "replaces"
	Amends   RelationKind = "amends"
	Guides   RelationKind = "guides"
	BasedOn  RelationKind = "based_on"
	Corrects RelationKind = "corrects"
)

// RelationKinds lists them in the order of a form.
func RelationKinds() []RelationKind {
	return []RelationKind{Replaces, Amends, Guides, BasedOn, Corrects}
}

// Title is the relation seen from the newer document.
func (k RelationKind) Title() string {
	switch k {
	case Replaces:
		return "Thay thế"
	case Amends:
		return "Sửa đổi, bổ sung"
	case Guides:
		return "Hướng dẫn thực hiện"
	case BasedOn:
		return "Căn cứ"
	case Corrects:
		return "Đính chính"
	}
	return ""
}

// Inverse is the relation seen from the older document.
func (k RelationKind) Inverse() string {
	switch k {
	case Replaces:
		return "Được thay thế bởi"
	case Amends:
		return "Được sửa đổi, bổ sung bởi"
	case Guides:
		return "Được hướng dẫn bởi"
	case BasedOn:
		return "Là căn cứ của"
	case Corrects:
		return "Được đính chính bởi"
	}
	return ""
}

// A Relation leads from the document that has it to an older one.
type Relation struct {
	Kind   RelationKind
	Target DocID
	Note   string // where it says so: "Điều 2"; may be empty
}

// A RelationRow is a relation as the office works on it.
type RelationRow struct {
	Document DocID
	Relation
	Working bool // part of the working copy
	Shown   bool // part of the live edition
}

// Relate adds a relation to the working copy.
//
// It returns fault.Invalid when the target is not in the registry, is the document itself, is
// issued later, or when the two would replace each other.
//
// Source: F-46.
func (s *Service) Relate(ctx context.Context, id DocID, version int, r Relation) error {
	r.Note = text.CleanInput(r.Note)
	return s.change(ctx, id, version, "document.relate", func(ctx context.Context, tx *db.Tx, d *Document) (map[string]string, error) {
		target, err := s.relatable(ctx, tx, *d, r)
		if err != nil {
			return nil, err
		}
		return map[string]string{"kind": string(r.Kind), "target": target.Label()}, writeRelation(ctx, tx, d.ID, r, false)
	})
}

func (s *Service) relatable(ctx context.Context, tx *db.Tx, d Document, r Relation) (Document, error) {
	wrong := func(format string, args ...any) error {
		err := fault.New(fault.Invalid, format, args...)
		return fault.Fields(fault.Field{Name: "target", Message: fault.Message(err)})
	}
	if r.Kind.Title() == "" {
		return Document{}, fault.Fields(fault.Field{Name: "relation", Message: "Hãy chọn quan hệ trong danh sách."})
	}
	target, err := readDocument(ctx, tx, r.Target)
	if err == nil {
		err = s.Policy.Check(ctx, readingAction(target), target.Place())
	}
	switch {
	case fault.Is(err, fault.NotFound):
		return target, wrong("Không tìm thấy văn bản này trong sổ. Hãy nhập văn bản đó trước.")
	case err != nil:
		return target, err
	case target.ID == d.ID:
		return target, wrong("Một văn bản không thể có quan hệ với chính nó.")
	case target.Content.IssuedOn > d.Content.IssuedOn && d.Content.IssuedOn != "":
		return target, wrong("%s ban hành sau văn bản này. Hãy ghi quan hệ ở văn bản ban hành sau.", target.Label())
	case len([]rune(r.Note)) > 300:
		return target, fault.Fields(fault.Field{Name: "relation_note", Message: "Ghi chú không quá 300 ký tự."})
	}
	back, err := relationsFrom(ctx, tx, target.ID)
	for _, b := range back {
		if b.Target == d.ID && b.Kind == r.Kind && b.Working {
			return target, wrong("%s đã ghi quan hệ ngược lại với văn bản này.", target.Label())
		}
	}
	return target, err
}

// Unrelate takes a relation out of the working copy; the live edition keeps it until the next one.
func (s *Service) Unrelate(ctx context.Context, id DocID, version int, kind RelationKind, target DocID) error {
	return s.change(ctx, id, version, "document.unrelate", func(ctx context.Context, tx *db.Tx, d *Document) (map[string]string, error) {
		other, err := readDocument(ctx, tx, target)
		if err != nil {
			return nil, err
		}
		return map[string]string{"kind": string(kind), "target": other.Label()}, dropRelation(ctx, tx, d.ID, kind, target)
	})
}

// change runs fn on the working copy of a document that may be edited, and saves it.
func (s *Service) change(ctx context.Context, id DocID, version int, action string, fn func(context.Context, *db.Tx, *Document) (map[string]string, error)) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		ctx, d, err := s.enter(ctx, tx, id, editAction)
		if err != nil {
			return err
		}
		if d.Version != version {
			return fault.New(fault.Conflict, "Văn bản đã được %s sửa trong lúc bạn đang làm. Hãy xem bản mới rồi làm lại.", d.ChangedName)
		}
		if !editable[d.State] && !fileStates[d.State] {
			return fault.New(fault.Conflict, "Văn bản đang ở bước “%s” nên không sửa được. Hãy trả lại bước đầu rồi sửa.", d.table().States[d.State])
		}
		data, err := fn(ctx, tx, &d)
		if err != nil {
			return err
		}
		if err := s.save(ctx, tx, &d); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: action, Kind: kindName, ID: string(d.ID), Label: d.Label(), Data: data})
	})
}

// Relations gives the relations of a document's working copy and those of others with it, as far as
// the actor may know of the other document: who signs the Department's papers need not see the registry
// of incoming ones.
func (s *Service) Relations(ctx context.Context, d Document) (from, to []RelationRow, err error) {
	if err := s.Policy.Check(ctx, readingAction(d), d.Place()); err != nil {
		return nil, nil, err
	}
	if from, err = relationsFrom(ctx, s.DB.Read(), d.ID); err != nil {
		return nil, nil, err
	}
	if to, err = relationsTo(ctx, s.DB.Read(), d.ID); err != nil {
		return nil, nil, err
	}
	if from, err = s.known(ctx, from, func(r RelationRow) DocID { return r.Target }); err != nil {
		return nil, nil, err
	}
	to, err = s.known(ctx, to, func(r RelationRow) DocID { return r.Document })
	return from, to, err
}

// known leaves out the relations whose other document the actor may not know of.
func (s *Service) known(ctx context.Context, rows []RelationRow, other func(RelationRow) DocID) (known []RelationRow, err error) {
	for _, r := range rows {
		d, err := readDocument(ctx, s.DB.Read(), other(r))
		if err != nil {
			return nil, err
		}
		if s.Policy.Can(ctx, readingAction(d), d.Place()) {
			known = append(known, r)
		}
	}
	return known, nil
}

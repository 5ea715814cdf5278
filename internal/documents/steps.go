package documents

import (
	"context"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
)

// step takes one step of a document's workflow. before looks at the document as it was read, after
// writes what else the step implies; either may be nil.
//
// It returns fault.NotFound for who may not know of the document, fault.Denied when the actor may
// not take the step or another person must, and fault.Conflict when the document moved on since
// version or the step does not lead from where it is.
func (s *Service) step(ctx context.Context, id DocID, version int, do, note string,
	before func(context.Context, *db.Tx, *Document) error, after func(context.Context, *db.Tx, *Document) error) error {
	note = text.CleanLines(note)
	if len([]rune(note)) > 1000 {
		return fault.Fields(fault.Field{Name: "note", Message: "Lý do dài quá 1.000 ký tự. Hãy rút gọn."})
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := s.open(ctx, tx, id, readingAction)
		if err != nil {
			return err
		}
		subject := d.subject()
		subject.Version = version
		if ctx, err = s.enterStep(ctx, d, do); err != nil {
			return err
		}
		if before != nil {
			if err := before(ctx, tx, &d); err != nil {
				return err
			}
		}
		subject.Label = d.Label()
		subject, err = s.steps.Run(ctx, tx, d.table(), subject, do, note)
		if err != nil {
			return err
		}
		d.State, d.Version = subject.State, subject.Version
		if after == nil {
			return nil
		}
		return after(ctx, tx, &d)
	})
}

// enterStep asks for the step's right before anything is said of why it is not possible; ctx then
// acts by the role that gave it.
func (s *Service) enterStep(ctx context.Context, d Document, do string) (context.Context, error) {
	steps := d.table().Steps
	i := slices.IndexFunc(steps, func(step workflow.Step) bool { return step.From == d.State && step.Do == do })
	if i < 0 { // not from here: who may take it elsewhere hears so from the engine
		i = slices.IndexFunc(steps, func(step workflow.Step) bool { return step.Do == do })
	}
	if i < 0 {
		return ctx, nil // not listed: the engine refuses it in its own words
	}
	ctx, err := s.Policy.Enter(ctx, steps[i].Who, d.Place())
	return ctx, known(err)
}

// CheckStep is explained at [Service.CheckEdit].
func (s *Service) CheckStep(ctx context.Context, d Document, do string) error {
	if !slices.ContainsFunc(d.table().Steps, func(step workflow.Step) bool { return step.Do == do }) {
		return &fault.Error{Kind: fault.NotFound}
	}
	_, err := s.enterStep(ctx, d, do)
	return err
}

// Classify says whether an incoming document is for the public or stays inside. A secret one is
// refused: it must not be here.
//
// Source: domain.md 2.3, 6.2.
func (s *Service) Classify(ctx context.Context, id DocID, version int, class Class, note string) error {
	switch class {
	case Secret:
		return refuseSecret()
	case Public, Internal:
	default:
		return fault.Fields(fault.Field{Name: "class", Message: "Hãy chọn “Công khai” hoặc “Nội bộ”."})
	}
	return s.step(ctx, id, version, "classify", note, nil, func(ctx context.Context, tx *db.Tx, d *Document) error {
		if err := setClass(ctx, tx, d.ID, class); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "document.class", Kind: kindName, ID: string(d.ID), Label: d.Label(), Data: map[string]string{"class": string(class)}})
	})
}

// Keep files a classified document for the office alone.
func (s *Service) Keep(ctx context.Context, id DocID, version int, note string) error {
	return s.step(ctx, id, version, "keep", note, func(_ context.Context, _ *db.Tx, d *Document) error {
		if d.Class != Internal {
			return fault.New(fault.Conflict, "Văn bản này được phân loại là công khai. Hãy phân loại lại nếu cần lưu nội bộ.")
		}
		return nil
	}, nil)
}

// SendBack returns a document to where it began, with the reason; do is "return" or "reopen" as
// the workflow offers it.
func (s *Service) SendBack(ctx context.Context, id DocID, version int, do, note string) error {
	if do != "return" && do != "reopen" {
		return &fault.Error{Kind: fault.NotFound}
	}
	return s.step(ctx, id, version, do, note, nil, nil)
}

// Advance takes one of the steps of an own document that need nothing beside the actor's word:
// check_content, check_form, sign, issue, archive.
//
// Signing TUQ. is refused without a delegation that is still valid (Decree 30/2020 article 13.3).
func (s *Service) Advance(ctx context.Context, id DocID, version int, do, note string) error {
	if !slices.Contains([]string{"check_content", "check_form", "sign", "issue", "archive"}, do) {
		return &fault.Error{Kind: fault.NotFound}
	}
	return s.step(ctx, id, version, do, note, func(ctx context.Context, tx *db.Tx, d *Document) error {
		switch {
		case do == "sign" && d.Content.Signer.Name == "":
			return fault.Fields(fault.Field{Name: "signer_name", Message: "Văn bản chưa ghi người ký. Hãy trả lại người soạn để bổ sung."})
		case do == "sign" && !d.Content.Signer.delegationValid(s.today()):
			return fault.New(fault.Conflict, "Ủy quyền ký TUQ. đã hết hạn hoặc không có. Hãy trả lại người soạn để ghi văn bản ủy quyền còn hạn.")
		}
		return nil
	}, nil)
}

// Recall records that an own document was recalled, or corrected by an official letter (do is
// "recall" or "correct"). The public page stays, saying so.
//
// Source: domain.md 4.5 (18.3, 18.4).
func (s *Service) Recall(ctx context.Context, id DocID, version int, do, note string) error {
	if do != "recall" && do != "correct" {
		return &fault.Error{Kind: fault.NotFound}
	}
	return s.step(ctx, id, version, do, note, nil, func(ctx context.Context, tx *db.Tx, d *Document) error {
		return s.refreshStatus(ctx, tx, d.ID)
	})
}

// ReplacedBy records that an own document was replaced by another one of equal form.
//
// Source: domain.md 4.5 (18.3).
func (s *Service) ReplacedBy(ctx context.Context, id DocID, version int, by DocID, note string) error {
	return s.step(ctx, id, version, "replace", note, func(ctx context.Context, tx *db.Tx, d *Document) error {
		newer, err := s.open(ctx, tx, by, readingAction)
		if err != nil || newer.ID == d.ID {
			return fault.Fields(fault.Field{Name: "target", Message: "Hãy chọn văn bản thay thế trong sổ."})
		}
		if d.Visible() && !newer.Visible() {
			return fault.Fields(fault.Field{Name: "target", Message: "Văn bản thay thế chưa được đăng. Hãy đăng văn bản mới trước, để trang cũ dẫn được đến trang mới."})
		}
		return writeRelation(ctx, tx, newer.ID, Relation{Kind: Replaces, Target: d.ID}, newer.Visible())
	}, func(ctx context.Context, tx *db.Tx, d *Document) error {
		if err := s.touchDocuments(ctx, tx, by); err != nil {
			return err
		}
		return s.refreshStatus(ctx, tx, d.ID)
	})
}

// Offered gives the steps the actor may take now, those forbidden by four eyes left out.
func (s *Service) Offered(ctx context.Context, d Document) ([]workflow.Step, error) {
	steps, err := s.steps.Offered(ctx, s.DB.Read(), d.table(), d.subject())
	if err != nil {
		return nil, err
	}
	mine, err := hasHand(ctx, s.DB.Read(), d.ID, access.From(ctx).Person)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(steps, func(step workflow.Step) bool {
		switch step.Do {
		case "post":
			return mine || d.Class != Public
		case "keep":
			return d.Class != Internal
		case "update":
			return mine || !d.Dirty || d.Ending != ""
		case "withdraw":
			return d.Live == 0 || d.Ending != ""
		case "restore":
			return d.Ending == ""
		}
		return false
	}), nil
}

// History gives who did what and when, oldest first: steps, edits, files.
func (s *Service) History(ctx context.Context, d Document) ([]audit.Line, error) {
	if err := s.Policy.Check(ctx, readingAction(d), d.Place()); err != nil {
		return nil, err
	}
	lines, err := audit.List(ctx, s.DB.Read(), audit.Query{Kind: kindName, Object: string(d.ID), Limit: 500})
	slices.Reverse(lines)
	return lines, err
}

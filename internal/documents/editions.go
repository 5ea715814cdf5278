package documents

import (
	"cmp"
	"context"
	"fmt"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
)

// Change says how much an edition changes for a reader.
type Change string

// The changes. A major one is news (it moves up in feeds), a minor one mends a slip.
const (
	FirstEdition Change = "first"
	Major        Change = "major"
	Minor        Change = "minor"
)

// Ending is how a publication was taken back.
//
// Source: architecture §4 "Editions"; peers-public finding 8.
type Ending string

// The three endings. A withdrawn page is still read, under a dated notice; a replaced one leads to
// another with the reason; one published in error answers 410 with an explanation.
const (
	EndWithdrawn Ending = "withdrawn"
	EndReplaced  Ending = "replaced"
	EndError     Ending = "error"
)

// Title is the ending in words, as a choice in a form.
func (e Ending) Title() string {
	switch e {
	case EndWithdrawn:
		return "Gỡ, vẫn đọc được dưới thông báo"
	case EndReplaced:
		return "Chuyển hướng sang văn bản khác"
	case EndError:
		return "Đăng nhầm: chỉ còn lời giải thích"
	}
	return ""
}

// Word is the ending as a state, the same in lists, on pages, in search and feeds. Only the issuer
// recalls a document ("Đã thu hồi"); here its page alone was taken back.
func (e Ending) Word() string {
	switch e {
	case EndWithdrawn:
		return "Đã gỡ, còn để tra cứu"
	case EndReplaced:
		return "Đã gỡ, chuyển sang văn bản khác"
	case EndError:
		return "Đã gỡ vì đăng nhầm"
	}
	return ""
}

// Shown is everything the public sees of a document in one edition. It is stored as JSON and never
// changes.
type Shown struct {
	Content   Content
	Reading   richtext.Doc
	Files     []ShownFile
	Relations []Relation
}

// A ShownFile is one file of an edition.
type ShownFile struct {
	ID          FileID
	Role        FileRole
	Name        string
	Slug        string // its part of the address, "08-ct-ubnd.pdf"
	Hash        string // SHA-256
	Size        int64
	Media       string
	Pages       int
	Preview     string // hash of the first page's picture; "" = none
	PreviewSize int64
}

// An Edition is one published state of a document.
type Edition struct {
	Number int
	Change Change
	Note   string // what changed and why, for readers
	By     string
	Name   string
	At     int64 // ms
	Shown  Shown
}

// Post publishes the first edition: the page is there from now on, at an address that never
// changes.
//
// It returns fault.Denied when the actor had a hand in the document, and fault.Conflict when it is
// not for the public, a file is still being examined or was refused, or personal data in it was not
// decided about by another person.
//
// Source: R-III.1.b-1; domain.md 2.4 note 2, 6.2; P-16.
func (s *Service) Post(ctx context.Context, id DocID, version int, note string) error {
	return s.step(ctx, id, version, "post", note, s.ready, func(ctx context.Context, tx *db.Tx, d *Document) error {
		return s.publish(ctx, tx, d, FirstEdition, "")
	})
}

// Update publishes the working copy as the next edition; note tells readers what changed and why.
func (s *Service) Update(ctx context.Context, id DocID, version int, change Change, note string) error {
	note = text.CleanInput(note)
	var wrong []fault.Field
	if change != Major && change != Minor {
		wrong = append(wrong, fault.Field{Name: "change", Message: "Hãy chọn thay đổi lớn hay nhỏ."})
	}
	if note == "" || len([]rune(note)) > 300 {
		wrong = append(wrong, fault.Field{Name: "note", Message: "Hãy ghi cho người đọc biết đã đổi gì, vì sao, không quá 300 ký tự."})
	}
	if err := fault.Fields(wrong...); err != nil {
		return err
	}
	return s.step(ctx, id, version, "update", note, func(ctx context.Context, tx *db.Tx, d *Document) error {
		if !d.Dirty || d.Ending != "" {
			return fault.New(fault.Conflict, "Không có bản sửa nào chờ đăng.")
		}
		return s.ready(ctx, tx, d)
	}, func(ctx context.Context, tx *db.Tx, d *Document) error {
		return s.publish(ctx, tx, d, change, note)
	})
}

// ready refuses what may not become public.
//
// Source: domain.md 6.2 "never post a document classed internal or secret".
func (s *Service) ready(ctx context.Context, tx *db.Tx, d *Document) error {
	if d.Class != Public {
		return fault.New(fault.Conflict, "Văn bản được phân loại “%s”, không đăng công khai được.", d.Class.Title())
	}
	if d.Kind == Own && d.Content.Number.Blank() {
		return fault.New(fault.Conflict, "Văn bản của Sở chưa có số nên chưa đăng được.")
	}
	me := access.From(ctx).Person
	mine, err := hasHand(ctx, tx, d.ID, me)
	if err != nil {
		return err
	}
	if mine {
		return fault.New(fault.Denied, "Bạn đã nhập hoặc sửa văn bản này, nên việc đăng cần một người khác làm.")
	}
	files, err := readFiles(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, f := range files {
		switch {
		case f.Dropped:
		case f.State == FileWaiting:
			return fault.New(fault.Conflict, "Tệp “%s” đang được kiểm tra. Hãy đợi ít phút rồi đăng.", f.Name)
		case f.State == FileRefused:
			return fault.New(fault.Conflict, "Tệp “%s” không được nhận. Hãy bỏ tệp đó hoặc thay bằng tệp khác trước khi đăng.", f.Name)
		case len(f.Personal) > 0:
			if err := f.Clearance.mayPost(me, "Tệp “"+f.Name+"”"); err != nil {
				return err
			}
		}
	}
	found, err := readPersonal(ctx, tx, d.ID)
	if err != nil || len(found.Found) == 0 {
		return err
	}
	return found.Clearance.mayPost(me, "Trích yếu hoặc bản đọc")
}

// mayPost refuses a post before somebody else decided about the personal data found.
func (c Clearance) mayPost(me, what string) error {
	if c.By == "" {
		return fault.New(fault.Conflict, "%s có thể chứa dữ liệu cá nhân. Cần một người khác xem và xác nhận trước khi đăng.", what)
	}
	if c.By == me {
		return fault.New(fault.Denied, "Bạn đã xác nhận về dữ liệu cá nhân trong văn bản này, nên việc đăng cần một người khác làm.")
	}
	return nil
}

// publish writes the working copy as the next edition and draws everything that shows it.
func (s *Service) publish(ctx context.Context, tx *db.Tx, d *Document, change Change, note string) error {
	shown, err := shownOf(ctx, tx, *d)
	if err != nil {
		return err
	}
	if err := s.address(ctx, tx, d); err != nil {
		return err
	}
	e := Edition{Number: d.Live + 1, Change: change, Note: note, By: access.From(ctx).Person, Name: access.From(ctx).Name, At: tx.Now(), Shown: shown}
	if err := insertEdition(ctx, tx, d.ID, e); err != nil {
		return err
	}
	if err := showRelations(ctx, tx, d.ID); err != nil {
		return err
	}
	first := d.PostedAt == 0
	d.Live, d.Dirty, d.PostedAt = e.Number, false, cmp.Or(d.PostedAt, tx.Now())
	if err := setLive(ctx, tx, *d); err != nil {
		return err
	}
	if err := forgetHands(ctx, tx, d.ID); err != nil {
		return err
	}
	if err := s.show(ctx, tx, *d); err != nil {
		return err
	}
	return Posted.Emit(ctx, tx, PageFact{ID: d.ID, Path: d.Path(), Label: d.Label(), First: first})
}

// show puts a visible document into the public lists and computes what its being there changes.
func (s *Service) show(ctx context.Context, tx *db.Tx, d Document) error {
	before, err := facetsOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	e, err := readEdition(ctx, tx, d.ID, d.Live)
	if err != nil {
		return err
	}
	if err := writeCard(ctx, tx, d, e); err != nil {
		return err
	}
	if err := writeMentions(ctx, tx, d.ID, e.Shown); err != nil {
		return err
	}
	if err := s.touchLists(ctx, tx, d.ID, before); err != nil {
		return err
	}
	if err := nextGeneration(ctx, tx); err != nil {
		return err
	}
	return s.refreshTargets(ctx, tx, d)
}

// refreshTargets computes the status of the document and of all it has relations with, then draws
// those that show it.
func (s *Service) refreshTargets(ctx context.Context, tx *db.Tx, d Document) error {
	relations, err := relationsFrom(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	for _, r := range relations {
		if err := s.refreshStatus(ctx, tx, r.Target); err != nil {
			return err
		}
	}
	if err := s.refreshStatus(ctx, tx, d.ID); err != nil {
		return err
	}
	return s.touchAround(ctx, tx, d)
}

// address gives the document its public address at the first posting, and another one when the
// number was corrected since; the old one goes on leading here.
func (s *Service) address(ctx context.Context, tx *db.Tx, d *Document) error {
	c, err := readCatalog(ctx, tx)
	if err != nil {
		return err
	}
	base := d.Content.Number.Slug(d.Content.Year)
	issuer, _ := c.Issuer(d.Content.Issuer)
	for n := 0; ; n++ {
		slug := base
		switch n {
		case 0:
		case 1:
			slug = base + "-" + issuer.Slug
		default:
			slug = fmt.Sprintf("%s-%d", base, n)
		}
		if _, reserved := reservedSlugs[slug]; reserved || slug == "" {
			continue
		}
		holder, err := addressHolder(ctx, tx, slug)
		if err != nil {
			return err
		}
		if holder == "" || holder == d.ID {
			d.Slug = slug
			return setAddress(ctx, tx, d.ID, slug)
		}
	}
}

// Withdrawal says how and why a publication is taken back.
type Withdrawal struct {
	Ending Ending
	Note   string // for readers: why
	Target DocID  // of EndReplaced: the document the address leads to
}

// Withdraw takes a publication back in one of three ways. The address goes on answering.
//
// Source: architecture §4; peers-public findings 6, 8.
func (s *Service) Withdraw(ctx context.Context, id DocID, version int, w Withdrawal) error {
	if w.Ending.Title() == "" {
		return fault.Fields(fault.Field{Name: "ending", Message: "Hãy chọn cách gỡ."})
	}
	return s.step(ctx, id, version, "withdraw", w.Note, func(ctx context.Context, tx *db.Tx, d *Document) error {
		if d.Live == 0 || d.Ending != "" {
			return fault.New(fault.Conflict, "Văn bản không đang hiện trên trang công khai.")
		}
		if w.Ending != EndReplaced {
			w.Target = ""
			return nil
		}
		target, err := readDocument(ctx, tx, w.Target)
		if err != nil || !target.Visible() || target.ID == d.ID {
			return fault.Fields(fault.Field{Name: "target", Message: "Hãy chọn một văn bản khác đang hiện trên trang công khai."})
		}
		return nil
	}, func(ctx context.Context, tx *db.Tx, d *Document) error {
		d.Ending, d.EndingNote, d.EndingAt, d.EndingTarget = w.Ending, text.CleanLines(w.Note), tx.Now(), w.Target
		if err := s.ended(ctx, tx, d, w.Target); err != nil {
			return err
		}
		return Withdrawn.Emit(ctx, tx, PageFact{ID: d.ID, Path: d.Path(), Label: d.Label()})
	})
}

// Restore puts a publication back that was taken back by mistake.
func (s *Service) Restore(ctx context.Context, id DocID, version int, note string) error {
	return s.step(ctx, id, version, "restore", note, func(_ context.Context, _ *db.Tx, d *Document) error {
		if d.Ending == "" {
			return fault.New(fault.Conflict, "Văn bản đang hiện trên trang công khai.")
		}
		return nil
	}, func(ctx context.Context, tx *db.Tx, d *Document) error {
		target := d.EndingTarget
		d.Ending, d.EndingNote, d.EndingAt, d.EndingTarget = "", "", 0, ""
		if err := s.ended(ctx, tx, d, target); err != nil {
			return err
		}
		return Posted.Emit(ctx, tx, PageFact{ID: d.ID, Path: d.Path(), Label: d.Label()})
	})
}

// ended writes a changed ending and draws everything it touches; target is the document the
// address leads to now or led to until now.
func (s *Service) ended(ctx context.Context, tx *db.Tx, d *Document, target DocID) error {
	if err := setEnding(ctx, tx, *d); err != nil {
		return err
	}
	if target != "" {
		if err := s.touchDocuments(ctx, tx, target); err != nil {
			return err
		}
	}
	if d.Visible() {
		return s.show(ctx, tx, *d)
	}
	before, err := facetsOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if err := dropCard(ctx, tx, d.ID); err != nil {
		return err
	}
	if err := s.touchLists(ctx, tx, d.ID, before); err != nil {
		return err
	}
	if err := nextGeneration(ctx, tx); err != nil {
		return err
	}
	return s.refreshTargets(ctx, tx, *d)
}

// Editions gives every edition of a document, newest first.
func (s *Service) Editions(ctx context.Context, d Document) ([]Edition, error) {
	if err := s.Policy.Check(ctx, readingAction(d), d.Place()); err != nil {
		return nil, err
	}
	return readEditions(ctx, s.DB.Read(), d.ID)
}

// shownOf gathers the working copy as an edition would show it.
func shownOf(ctx context.Context, q db.Queryer, d Document) (Shown, error) {
	shown := Shown{Content: d.Content, Reading: d.Reading}
	files, err := readFiles(ctx, q, d.ID)
	if err != nil {
		return shown, err
	}
	for _, f := range files {
		if !f.Dropped && f.State == FileGood {
			shown.Files = append(shown.Files, f.shown())
		}
	}
	relations, err := relationsFrom(ctx, q, d.ID)
	for _, r := range relations {
		if r.Working {
			shown.Relations = append(shown.Relations, r.Relation)
		}
	}
	return shown, err
}

// Draft gives the working copy as an edition of it would be shown, to compare with the live one.
func (s *Service) Draft(ctx context.Context, d Document) (Shown, error) {
	if err := s.Policy.Check(ctx, readingAction(d), d.Place()); err != nil {
		return Shown{}, err
	}
	return shownOf(ctx, s.DB.Read(), d)
}

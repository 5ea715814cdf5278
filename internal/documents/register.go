package documents

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
)

// Register enters a document: an incoming one into the registry, an own one as a draft.
//
// It returns fault.Invalid with the wrong fields (a secret paper is one: it cannot be entered), or
// without any when it is not known which office drafts,
// and fault.Conflict with a link to the twin when issuer, number, symbol and year are in the
// registry already.
//
// Source: R-II.1-c, R-III.1.b-1; domain.md 6.2; F-45.
func (s *Service) Register(ctx context.Context, kind Kind, in Input) (DocID, error) {
	var id DocID
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) (err error) {
		id, err = s.register(ctx, tx, kind, in)
		return err
	})
	return id, s.twin(ctx, err)
}

// register is Register inside a transaction.
func (s *Service) register(ctx context.Context, tx *db.Tx, kind Kind, in Input) (DocID, error) {
	d := Document{ID: DocID(db.NewID()), Kind: kind, Version: 1, Unit: in.Unit}
	actor := access.From(ctx)
	act := ActRegister
	if kind == Own {
		act = ActDraft
		if err := s.place(ctx, &d); err != nil {
			return "", err
		}
	}
	ctx, err := s.Policy.Enter(ctx, act, access.Place{Units: d.path})
	if err != nil {
		return "", err
	}
	r, err := s.resolve(ctx, tx, kind, in, s.today())
	if err != nil {
		return "", err
	}
	if kind == Own && len(d.path) == 0 {
		return "", fault.New(fault.Invalid, "Tài khoản của bạn chưa có đơn vị công tác, nên chưa biết văn bản do đơn vị nào soạn. Hãy nhờ người quản trị ghi đơn vị vào tài khoản.")
	}
	d.Content, d.Handling, d.State = r.content, r.handling, d.table().Start
	if in.Class == Internal || in.Class == Public {
		d.Class = in.Class // a proposal; the reviewer decides
	}
	d.EnteredBy, d.EnteredName, d.EnteredAt = actor.Person, actor.Name, tx.Now()
	d.ChangedBy, d.ChangedName, d.ChangedAt = actor.Person, actor.Name, tx.Now()
	if err := refuseTwin(ctx, tx, d); err != nil {
		return "", err
	}
	if err := insertDocument(ctx, tx, d); err != nil {
		return "", twinOf(err, d.Content)
	}
	if err := s.checkOwnText(ctx, tx, d); err != nil {
		return "", err
	}
	if err := touchHand(ctx, tx, d.ID); err != nil {
		return "", err
	}
	return d.ID, s.steps.Begin(ctx, tx, d.table(), d.subject(), "enter", "")
}

// place finds the unit an own document is drafted in: the one named, or the actor's own.
func (s *Service) place(ctx context.Context, d *Document) error {
	if d.Unit == "" {
		for _, g := range access.From(ctx).Grants {
			if g.Scope.Kind == access.Unit {
				d.Unit = g.Scope.ID
			}
		}
	}
	if d.Unit == "" {
		d.Unit = access.From(ctx).Unit
	}
	if d.Unit == "" {
		return nil
	}
	path, err := s.Units.Path(ctx, d.Unit)
	d.path = path
	return err
}

// An errTwin is a save refused because the number is taken; twin finds out by whom.
type errTwin struct {
	content Content
	err     error
}

func (e *errTwin) Error() string {
	return "number " + e.content.Number.String() + " is taken: " + e.err.Error()
}

func twinOf(err error, c Content) error {
	if db.IsUnique(err) {
		return &errTwin{c, err}
	}
	return err
}

// refuseTwin looks for the number before it is written: a failed statement would end a whole import
// on PostgreSQL. The unique index stays the judge when two people enter it at once.
func refuseTwin(ctx context.Context, tx *db.Tx, d Document) error {
	if d.Content.Number.Blank() {
		return nil
	}
	id, err := findTwin(ctx, tx, d.Content)
	if fault.Is(err, fault.NotFound) || id == d.ID {
		return nil
	}
	if err != nil {
		return err
	}
	catalog, err := catalogIn(ctx, tx)
	if err != nil {
		return err
	}
	return taken(catalog, d.Content, id)
}

// taken is the answer to a number that is in the registry already.
func taken(c *Catalog, content Content, twin DocID) error {
	message := fmt.Sprintf("Số %s năm %d của %s đã có trong sổ. Hãy mở văn bản đã có, hoặc kiểm tra lại số, cơ quan và ngày.",
		content.Number, content.Year, c.IssuerName(content.Issuer, content.IssuedOn))
	return &fault.Error{Kind: fault.Conflict, Message: message, Fields: []fault.Field{{Name: "number", Message: message}}, Link: OfficePath(twin)}
}

// twin turns a refused save into the answer that leads to the document which has the number. It
// reads after the transaction, because a failed statement ends a PostgreSQL transaction.
func (s *Service) twin(ctx context.Context, err error) error {
	var e *errTwin
	if !errors.As(err, &e) {
		return err
	}
	id, ferr := findTwin(ctx, s.DB.Read(), e.content)
	if ferr != nil {
		return ferr
	}
	c, ferr := s.Catalog(ctx)
	if ferr != nil {
		return ferr
	}
	return taken(c, e.content, id)
}

// OfficePath is the address of a document's page in the office.
func OfficePath(id DocID) string { return officeRoot + "/" + string(id) }

// Clash is a save that came second: what the person typed and what stands now.
type Clash struct {
	Mine   Input
	Stored Document
}

func (c *Clash) Error() string {
	return "document " + string(c.Stored.ID) + " was saved by somebody else"
}

// As lets [fault.KindOf] see a conflict.
func (c *Clash) As(target any) bool {
	f, ok := target.(**fault.Error)
	if ok {
		*f = &fault.Error{Kind: fault.Conflict, Message: "Văn bản đã được " + c.Stored.ChangedName + " sửa trong lúc bạn đang sửa. Những gì bạn nhập vẫn còn: hãy so hai bản rồi lưu lại."}
	}
	return ok
}

// editable are the states in which the working copy's fields may change; elsewhere the document
// must first be sent back, or what was signed would change under the signature.
var editable = map[workflow.State]bool{StateRegistered: true, StatePosted: true, StateKept: true, StateWithdrawn: true, StateDrafting: true}

// ClassOpen tells whether who edits the document still says who may read it. Later an incoming
// document is classified by a step of its own, and an own one keeps what its heads have checked.
func (d Document) ClassOpen() bool { return d.State == StateRegistered || d.State == StateDrafting }

func refuseState(d Document) error {
	return fault.New(fault.Conflict, "Văn bản đang ở bước “%s” nên không sửa được. Hãy trả lại bước đầu rồi sửa.", d.table().States[d.State])
}

// Edit saves the fields of the working copy. The public goes on seeing the live edition until the
// draft is published.
//
// It returns a [*Clash] (fault.Conflict) when somebody saved since version was read, fault.Invalid
// with the wrong fields, and fault.Conflict when the document's step does not allow changes. The
// number, issuer, type and day of an own document that was numbered stay as they are.
//
// Source: domain.md 6 (optimistic version), 6.2.
func (s *Service) Edit(ctx context.Context, id DocID, version int, in Input) error {
	err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		ctx, d, err := s.enter(ctx, tx, id, editAction)
		if err != nil {
			return err
		}
		if d.Version != version {
			return &Clash{in, d}
		}
		if !editable[d.State] {
			return refuseState(d)
		}
		old, class := d.Content, d.Class
		if err := s.apply(ctx, tx, &d, in); err != nil {
			return err
		}
		if err := refuseTwin(ctx, tx, d); err != nil {
			return err
		}
		if err := s.save(ctx, tx, &d); err != nil {
			return twinOf(err, d.Content)
		}
		catalog, err := readCatalog(ctx, tx)
		if err != nil {
			return err
		}
		fields := changed(catalog, old, d.Content)
		if d.Class != class {
			fields["class"] = class.Title() + " → " + d.Class.Title()
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "document.edit", Kind: kindName, ID: string(d.ID), Label: d.Label(), Data: fields})
	})
	return s.twin(ctx, err)
}

// apply puts an input into the working copy.
func (s *Service) apply(ctx context.Context, tx *db.Tx, d *Document, in Input) error {
	numbered := d.Kind == Own && !d.Content.Number.Blank()
	number := d.Content.Number
	if numbered {
		in.Number = ""
	}
	r, err := s.resolve(ctx, tx, d.Kind, in, s.today())
	if err != nil {
		return err
	}
	if numbered {
		r.content.Number, r.content.Year, r.content.IssuedOn = number, d.Content.Year, d.Content.IssuedOn
		r.content.Issuer, r.content.Type = d.Content.Issuer, d.Content.Type
	}
	if d.ClassOpen() {
		d.Class = in.Class
	}
	d.Content, d.Handling = r.content, r.handling
	return s.checkOwnText(ctx, tx, *d)
}

// SetReading replaces the reading copy in the working copy. An empty Doc removes it.
//
// It returns a [*Clash] (fault.Conflict), without an Input, when somebody saved since version was
// read, and fault.Conflict when the document's step does not allow changes.
//
// Source: F-48.
func (s *Service) SetReading(ctx context.Context, id DocID, version int, doc richtext.Doc) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		ctx, d, err := s.enter(ctx, tx, id, editAction)
		if err != nil {
			return err
		}
		if markedSecret(doc.Text()) {
			return refuseSecret()
		}
		if d.Version != version {
			return &Clash{Stored: d}
		}
		if !editable[d.State] {
			return refuseState(d)
		}
		d.Reading = doc
		if err := s.checkOwnText(ctx, tx, d); err != nil {
			return err
		}
		if err := s.save(ctx, tx, &d); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "document.reading", Kind: kindName, ID: string(d.ID), Label: d.Label(),
			Data: map[string]string{"characters": strconv.Itoa(len([]rune(doc.Text())))}})
	})
}

// UseReading makes the text of an uploaded Word file the reading copy; its notes say what was left
// out.
//
// Source: F-48.
func (s *Service) UseReading(ctx context.Context, id DocID, version int, file FileID) error {
	if _, err := s.Document(ctx, id); err != nil {
		return err
	}
	f, err := readFile(ctx, s.DB.Read(), file)
	if err != nil {
		return err
	}
	if f.Document != id || f.Reading.Empty() {
		return fault.New(fault.Conflict, "Tệp này không có văn bản Word để làm bản đọc. Hãy tải tệp DOCX, hoặc dán nội dung vào ô bản đọc.")
	}
	return s.SetReading(ctx, id, version, f.Reading)
}

// open reads a document inside a transaction for somebody who may do the action that its kind and
// state ask for.
func (s *Service) open(ctx context.Context, q db.Queryer, id DocID, action func(Document) access.Action) (Document, error) {
	d, err := readDocument(ctx, q, id)
	if err != nil {
		return d, err
	}
	return d, s.Policy.Check(ctx, action(d), d.Place())
}

// enter is open for who goes on to change the document: ctx then acts by the role that gave the right.
func (s *Service) enter(ctx context.Context, q db.Queryer, id DocID, action func(Document) access.Action) (context.Context, Document, error) {
	d, err := s.open(ctx, q, id, readingAction)
	if err != nil {
		return ctx, d, err
	}
	ctx, err = s.Policy.Enter(ctx, action(d), d.Place())
	return ctx, d, known(err)
}

func editAction(d Document) access.Action {
	if d.Kind == Own && d.Live == 0 {
		return ActDraft
	}
	return ActRegister
}

// save writes the working copy, its version one higher, and notes whose hand it was.
func (s *Service) save(ctx context.Context, tx *db.Tx, d *Document) error {
	actor := access.From(ctx)
	d.ChangedBy, d.ChangedName, d.ChangedAt = actor.Person, actor.Name, tx.Now()
	d.Dirty = d.Live > 0
	if err := updateDocument(ctx, tx, *d); err != nil {
		return err
	}
	d.Version++
	return touchHand(ctx, tx, d.ID)
}

// Document gives the working copy to somebody who may see it.
func (s *Service) Document(ctx context.Context, id DocID) (Document, error) {
	return s.open(ctx, s.DB.Read(), id, readingAction)
}

// changed lists the fields that differ, for the audit line; long texts only by name.
func changed(catalog *Catalog, old, new Content) map[string]string {
	out := map[string]string{}
	for i, f := range old.facts(catalog) {
		if now := new.facts(catalog)[i].value; now != f.value {
			out[f.name] = text.Excerpt(f.value, 60) + " → " + text.Excerpt(now, 60)
		}
	}
	return out
}

// fact is one field of the content as text.
type fact struct{ name, label, value string }

// facts gives the content field by field, in the order of the form: what differs between two
// editions is told by it. What the catalogue names is told by its name.
func (c Content) facts(catalog *Catalog) []fact {
	return []fact{
		{"number", "Số, ký hiệu", c.Number.String()},
		{"year", "Năm", strconv.Itoa(c.Year)},
		{"issuer", "Cơ quan ban hành", catalog.IssuerName(c.Issuer, c.IssuedOn)},
		{"type", "Loại", catalog.TypeName(c.Type)},
		{"field", "Lĩnh vực", catalog.FieldName(c.Field)},
		{"issued_on", "Ngày ban hành", text.FormatDay(c.IssuedOn)},
		{"effective_on", "Ngày hiệu lực", text.FormatDay(c.EffectiveOn)},
		{"expires_on", "Hết hiệu lực từ ngày", text.FormatDay(c.ExpiresOn)},
		{"subject", "Trích yếu", c.Subject},
		{"description", "Ghi chú", c.Description},
		{"language", "Ngôn ngữ", c.Language},
		{"pages", "Số trang", strconv.Itoa(c.Pages)},
		{"copies", "Số lượng bản", strconv.Itoa(c.Copies)},
		{"signer_authority", "Thẩm quyền ký", string(c.Signer.Authority)},
		{"signer_position", "Chức vụ người ký", c.Signer.Position},
		{"signer_name", "Người ký", c.Signer.Name},
		{"delegation", "Văn bản ủy quyền", strings.Join(slices.DeleteFunc([]string{c.Signer.Delegation, text.FormatDay(c.Signer.DelegatedTill)}, func(s string) bool { return s == "" }), ", đến ")},
		{"recipients", "Nơi nhận", strings.Join(c.Recipients, "\n")},
	}
}

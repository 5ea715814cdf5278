package ministry

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/paper"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
)

// An About says what a paper is about.
type About struct {
	Kind    Kind
	Round   exam.RoundID
	Sitting exam.SittingID // "" for a paper about the whole round
}

// A Paper is one official report on its way from figures to a receipt.
type Paper struct {
	ID      PaperID
	State   workflow.State
	Version int
	Exam    exam.ID
	About
	Edition    int    // of its wording; 0 = as shipped
	Source     string // the wording
	Content    Content
	Texts      Texts
	Recipients []Recipient
	Title      string  // "Báo cáo nhanh buổi thi Ngữ văn, buổi sáng 7/7/2021"
	Replaces   PaperID // the one issued before it; may be ""
	Document   documents.DocID
	Reference  string // "05/BC-SGDĐT"; "" until it is issued
	IssuedOn   string

	Correcting reports.ProvinceID // waits for approval and will replace what is quoted
	OutdatedBy reports.ProvinceID // approved in the place of what is quoted
	OutdatedAt int64              // ms UTC; 0 = its figures stand
	Changed    []string           // the figures that differ, in words

	MadeBy, MadeName string
	MadeAt           int64
	ChangedName      string
	ChangedAt        int64
	SentAt           int64 // to the one it is addressed to; 0 = not yet
	ReceivedAt       int64
}

// Issued tells whether the signed file has come back, whatever became of the paper since.
func (p Paper) Issued() bool { return p.Reference != "" }

// Label is what the paper is called in history and audit.
func (p Paper) Label() string {
	if p.Reference == "" {
		return p.Title
	}
	return p.Reference + ", " + p.Title
}

// StateLabel gives the state's Vietnamese words.
func (p Paper) StateLabel() string { return papers.States[p.State] }

func (p Paper) subject() workflow.Subject {
	return workflow.Subject{ID: string(p.ID), Label: p.Label(), State: p.State, Version: p.Version}
}

// differs says in words which figures of c are not those of the paper.
func (p Paper) differs(c Content) []string {
	var all []string
	for _, now := range c.Sittings {
		for _, was := range p.Content.Sittings {
			if was.ID != now.ID {
				continue
			}
			for _, change := range was.Figures.Differs(now.Figures) {
				if len(c.Sittings) > 1 {
					change = now.Figures.Title + ": " + change
				}
				all = append(all, change)
			}
		}
		if !slices.ContainsFunc(p.Content.Sittings, func(s Sitting) bool { return s.ID == now.ID }) {
			all = append(all, now.Figures.Title+": bổ sung số liệu")
		}
	}
	return all
}

// A Draft is what the Office says when it makes a paper.
type Draft struct {
	Texts
	Recipients []RecipientID // of the exam's book
}

// Make makes a paper of the figures that stand. It replaces the one issued before it, once it is issued
// itself.
//
// It returns fault.NotFound for a sitting or round there is none of, fault.Conflict while nothing is
// approved, while another one is being made, and when the one that was issued says the same; and what
// [Service.Edit] does.
//
// Source: R-II.4-b; domain.md 2.5, 4.6.
func (s *Service) Make(ctx context.Context, about About, in Draft) (PaperID, error) {
	ctx, err := s.may(ctx, ActSend)
	if err != nil {
		return "", err
	}
	e, err := s.examOf(ctx, about)
	if err != nil {
		return "", err
	}
	p := Paper{ID: PaperID(db.NewID()), State: StateDraft, Version: 1, Exam: e.ID, About: about}
	if err := s.before(ctx, &p); err != nil {
		return "", err
	}
	if err := s.fill(ctx, e, &p, in); err != nil {
		return "", err
	}
	if p.Replaces != "" {
		old, err := readPaper(ctx, s.DB.Read(), p.Replaces)
		if err != nil {
			return "", err
		}
		if slices.Equal(old.Content.Versions(), p.Content.Versions()) {
			return "", &fault.Error{Kind: fault.Conflict, Link: PaperPath(old.ID), Message: "Đã có báo cáo số " + old.Reference + " theo đúng số liệu này. Mỗi buổi thi chỉ có một báo cáo."}
		}
	}
	return p.ID, s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		actor := access.From(ctx)
		p.MadeBy, p.MadeName, p.MadeAt, p.ChangedName, p.ChangedAt = actor.Person, actor.Name, tx.Now(), actor.Name, tx.Now()
		if err := insertPaper(ctx, tx, p); err != nil {
			if db.IsUnique(err) {
				return fault.New(fault.Conflict, "Vừa có người khác lập báo cáo này.")
			}
			return err
		}
		return s.steps.Begin(ctx, tx, papers, p.subject(), "make", "")
	})
}

// before finds the paper that stands or is being made of the same thing.
func (s *Service) before(ctx context.Context, p *Paper) error {
	all, err := papersAbout(ctx, s.DB.Read(), p.About)
	if err != nil {
		return err
	}
	for _, o := range all {
		switch o.State {
		case StateDraft, StateSubmitted:
			return &fault.Error{Kind: fault.Conflict, Link: PaperPath(o.ID), Message: "Báo cáo này đang được " + o.ChangedName + " soạn. Hãy mở bản đang soạn."}
		case StateIssued, StateSent, StateReceived:
			p.Replaces = o.ID
		}
	}
	return nil
}

// examOf finds the exam that something is about and refuses what is no such thing.
func (s *Service) examOf(ctx context.Context, a About) (exam.Exam, error) {
	none := &fault.Error{Kind: fault.NotFound}
	e, err := s.Exams.OfRound(program(ctx), a.Round)
	if err != nil {
		return e, err
	}
	switch a.Kind {
	case Quick:
		x, round, ok := e.Sitting(a.Sitting)
		if !ok || round.ID != a.Round || x.Kind != exam.Papers {
			return e, none
		}
	case Final:
		if a.Sitting != "" {
			return e, none
		}
	default:
		return e, none
	}
	return e, nil
}

// fill puts figures, wording, texts and recipients into a draft.
func (s *Service) fill(ctx context.Context, e exam.Exam, p *Paper, in Draft) (err error) {
	if p.Content, err = s.gather(ctx, e, p.About); err != nil {
		return err
	}
	w, err := wordingIn(ctx, s.DB.Read(), p.Kind)
	if err != nil {
		return err
	}
	p.Edition, p.Source, p.Texts = w.Edition, w.Source, in.Texts
	p.Title = p.Kind.Label() + " " + p.Content.about()
	if p.Kind == Final {
		p.Title = strings.TrimSpace(p.Kind.Label() + " " + p.Content.Round)
	}
	book, err := recipientsOf(ctx, s.DB.Read(), p.Exam)
	if err != nil {
		return err
	}
	wrong := p.Texts.check()
	p.Recipients = nil
	for _, r := range book {
		if r.Active && slices.Contains(in.Recipients, r.ID) {
			p.Recipients = append(p.Recipients, r)
		}
	}
	if !slices.ContainsFunc(p.Recipients, func(r Recipient) bool { return r.Principal }) {
		wrong = append(wrong, fault.Field{Name: "recipients", Message: "Hãy chọn nơi được kính gửi (Văn phòng Bộ). Nếu danh sách chưa có, hãy thêm ở trang “Nơi nhận báo cáo”."})
	}
	if err := fault.Fields(wrong...); err != nil {
		return err
	}
	return s.sound(ctx, *p)
}

// A textField is one of the Office's texts by its field of the form.
type textField struct {
	name, label string
	value       *string
	max         int
}

func (t *Texts) fields() []textField {
	return []textField{{"general", "Tình hình chung", &t.General, 3000}, {"weather", "Thời tiết", &t.Weather, 1000}, {"incidents", "Diễn biến và xử lý sự cố", &t.Incidents, 3000},
		{"assessment", "Đánh giá", &t.Assessment, 3000}, {"proposals", "Kiến nghị", &t.Proposals, 3000}, {"posts", "Chức vụ người ký", &t.Posts, 200},
		{"signer", "Người ký", &t.Signer, 50}, {"delegation", "Văn bản ủy quyền", &t.Delegation, 200}}
}

// check cleans the texts and tells what is wrong with them.
func (t *Texts) check() []fault.Field {
	var wrong []fault.Field
	for _, f := range t.fields() {
		if f.name == "signer" || f.name == "delegation" {
			*f.value = text.CleanInput(*f.value)
		} else {
			*f.value = text.CleanLines(*f.value)
		}
		if n := len([]rune(*f.value)); n > f.max {
			wrong = append(wrong, fault.Field{Name: f.name, Message: fmt.Sprintf("“%s” dài %d ký tự, quá %d. Hãy rút gọn.", f.label, n, f.max)})
		}
	}
	if t.Assessment == "" {
		wrong = append(wrong, fault.Field{Name: "assessment", Message: "Hãy ghi đánh giá, ví dụ “Buổi thi diễn ra an toàn, nghiêm túc, đúng quy chế.”"})
	}
	if t.Posts == "" {
		wrong = append(wrong, fault.Field{Name: "posts", Message: "Hãy ghi chức vụ của người ký, ví dụ “Giám đốc”; ký thay thì hai dòng: “KT. Giám đốc” và “Phó Giám đốc”."})
	}
	if t.Signer == "" {
		wrong = append(wrong, fault.Field{Name: "signer", Message: "Hãy ghi họ tên người ký, không ghi học hàm, học vị."})
	}
	return wrong
}

// sound refuses a draft that cannot become a paper: not in the official form, missing sites not named,
// incidents denied that are open.
func (s *Service) sound(ctx context.Context, p Paper) error {
	d, err := s.compose(ctx, p, nil)
	if err != nil {
		return err
	}
	if err := complete(d, p.Content); err != nil {
		return err
	}
	open, err := s.severeOpen(ctx, p.Content)
	if err != nil {
		return err
	}
	if err := denies(d, p.Texts, open); err != nil {
		return err
	}
	return signerFields(d.Check())
}

// signerFields names what the form refuses by the fields of the page.
func signerFields(err error) error {
	return renamed(err, map[string]string{"signer_name": "signer", "signer_posts": "posts", "delegation": "delegation", "delegation_valid_to": "delegatedTill"})
}

// renamed names refused fields as the paper's page does; what it has no field for is the wording's.
func renamed(err error, names map[string]string) error {
	refused := fault.FieldsOf(err)
	if len(refused) == 0 {
		return err
	}
	wrong := make([]fault.Field, len(refused))
	for i, f := range refused {
		wrong[i] = f
		if wrong[i].Name = names[f.Name]; wrong[i].Name == "" {
			wrong[i].Name = "template"
		}
	}
	return &fault.Error{Kind: fault.KindOf(err), Message: fault.Message(err), Fields: wrong}
}

// Edit changes a draft. Figures and wording are taken anew as they stand: a draft is never older than
// what was approved.
//
// It returns fault.Invalid with fields "general", "weather", "incidents", "assessment", "proposals",
// "posts", "signer", "delegation", "delegatedTill", "recipients", or "template" for what its wording does not say; fault.Conflict
// when the paper moved on since version or is no draft any more.
func (s *Service) Edit(ctx context.Context, id PaperID, version int, in Draft) error {
	ctx, err := s.may(ctx, ActSend)
	if err != nil {
		return err
	}
	p, err := s.Paper(ctx, id)
	if err != nil {
		return err
	}
	if p.State != StateDraft {
		return fault.New(fault.Conflict, "Báo cáo đang ở bước “%s” nên không sửa được. Nếu văn bản bị trả lại, hãy bấm “Lấy lại để sửa”.", p.StateLabel())
	}
	e, err := s.examOf(ctx, p.About)
	if err != nil {
		return err
	}
	if err := s.fill(ctx, e, &p, in); err != nil {
		return err
	}
	p.Version = version
	p.OutdatedBy, p.OutdatedAt, p.Changed, p.Correcting = "", 0, nil, ""
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		p.ChangedName, p.ChangedAt = access.From(ctx).Name, tx.Now()
		if err := updateDraft(ctx, tx, p); err != nil {
			return err
		}
		return s.wrote(ctx, tx, "ministry.edit", p)
	})
}

// Submit puts a draft into the register of own documents, where it is checked, signed and numbered by
// those whose part that is. It may be called again after a failure half way.
//
// It returns fault.Conflict when figures were corrected since the draft was saved; what [Service.Edit] refuses; and
// what the register refuses.
//
// Source: domain.md 2.3, 4.5, 6.2.
func (s *Service) Submit(ctx context.Context, id PaperID, version int) error {
	ctx, err := s.may(ctx, ActSend)
	if err != nil {
		return err
	}
	p, err := s.Paper(ctx, id)
	if err != nil {
		return err
	}
	if p.State != StateDraft || p.Version != version {
		return fault.New(fault.Conflict, "Báo cáo đã đổi từ khi bạn mở trang. Hãy xem lại rồi trình ký.")
	}
	if p.OutdatedBy != "" {
		return fault.New(fault.Conflict, "Số liệu đã được đính chính sau khi lưu dự thảo. Hãy mở “Sửa”, xem số liệu mới rồi lưu trước khi trình ký.")
	}
	if err := s.sound(ctx, p); err != nil {
		return err
	}
	document, err := s.enter(ctx, p)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := setDocument(ctx, tx, p.ID, document); err != nil {
			return err
		}
		_, err := s.steps.Run(ctx, tx, papers, p.subject(), "submit", "")
		return err
	})
}

// fileCode names a paper in the register, so that one that was entered already is found again.
func (p Paper) fileCode() string { return "VPB-" + string(p.ID) }

// enter writes the paper into the register, or over what it wrote there before.
func (s *Service) enter(ctx context.Context, p Paper) (documents.DocID, error) {
	d, err := s.compose(ctx, p, nil)
	if err != nil {
		return "", err
	}
	in := documents.Input{Number: "/" + d.Symbol, Issuer: strings.ReplaceAll(d.Organisation.Issuing, "\n", " "), Type: d.Type, Class: documents.Internal,
		Subject: strings.ReplaceAll(d.Abstract, "\n", " "), Signer: signerOf(d.Signature), Handling: documents.Handling{FileCode: p.fileCode()}}
	if d.Type == "" {
		in.Type = "Công văn"
	}
	var to []string
	for _, r := range p.Recipients {
		to = append(to, r.Name)
	}
	in.Recipients = strings.Join(append(to, "Lưu: "+cmp.Or(d.Archive, "VT")), "\n")
	id := p.Document
	if id == "" {
		found, err := s.Register.List(ctx, documents.Filter{Kind: documents.Own, Text: p.fileCode()})
		if err != nil {
			return "", err
		}
		for _, o := range found.Documents {
			if o.Handling.FileCode == p.fileCode() {
				id = o.ID
			}
		}
	}
	if id == "" {
		if id, err = s.Register.Register(ctx, documents.Own, in); err != nil {
			return "", registered(err)
		}
	}
	doc, err := s.Register.Document(ctx, id)
	if err != nil {
		return "", err
	}
	if doc.State != documents.StateDrafting {
		return "", fault.New(fault.Conflict, "Văn bản trong sổ đang ở bước “%s”, không phải dự thảo.", documents.Workflow(documents.Own).States[doc.State])
	}
	if doc.Content.Subject != in.Subject || p.Document != "" {
		if err := s.Register.Edit(ctx, id, doc.Version, in); err != nil {
			return "", registered(err)
		}
		doc.Version++
	}
	// Who checks and signs reads the whole in the register, too.
	return id, s.Register.SetReading(ctx, id, doc.Version, richtext.FromPlain(words(d)))
}

// registered tells a refusal of the register in the terms of the paper's page.
func registered(err error) error {
	return renamed(err, map[string]string{"signer_name": "signer", "signer_authority": "posts", "signer_position": "posts", "delegation": "delegation", "delegated_till": "delegation"})
}

// signerOf gives the signer as the register keeps it: the last post is the signer's own.
func signerOf(sig paper.Signature) documents.Signer {
	g := documents.Signer{Name: sig.Name, Delegation: sig.Delegation}
	if n := len(sig.Posts); n > 0 {
		g.Authority, g.Position = documents.Authority(sig.Posts[0].Authority), sig.Posts[n-1].Title
	}
	if sig.ValidTo.Full() {
		g.DelegatedTill = fmt.Sprintf("%04d-%02d-%02d", sig.ValidTo.Year, sig.ValidTo.Month, sig.ValidTo.Day)
	}
	return g
}

// TakeBack makes a draft again of a paper whose document was returned in the register.
//
// It returns fault.Conflict while the document goes its way there: somebody must return it first.
func (s *Service) TakeBack(ctx context.Context, id PaperID, version int) error {
	return s.step(ctx, id, version, "take_back", "", func(ctx context.Context, p Paper) error {
		doc, err := s.registeredDoc(ctx, p)
		if err != nil {
			return err
		}
		if doc.State != documents.StateDrafting {
			return fault.New(fault.Conflict, "Văn bản trong sổ đang ở bước “%s”. Người kiểm tra hoặc người ký phải trả lại trước.", documents.Workflow(documents.Own).States[doc.State])
		}
		return nil
	})
}

// Drop gives a paper up before it was issued, with the reason. A number it was given stays in the register.
//
// It returns fault.Invalid with field "note".
func (s *Service) Drop(ctx context.Context, id PaperID, version int, note string) error {
	return s.step(ctx, id, version, "drop", note, nil)
}

// step takes a step of a paper that needs nothing beside the actor's word.
func (s *Service) step(ctx context.Context, id PaperID, version int, do, note string, before func(context.Context, Paper) error) error {
	ctx, err := s.may(ctx, ActSend)
	if err != nil {
		return err
	}
	p, err := s.Paper(ctx, id)
	if err != nil {
		return err
	}
	if before != nil {
		if err := before(ctx, p); err != nil {
			return err
		}
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		subject := p.subject()
		subject.Version = version
		_, err := s.steps.Run(ctx, tx, papers, subject, do, text.CleanLines(note))
		return err
	})
}

// registeredDoc reads the paper's document as the program: who sees the paper sees how far it is.
func (s *Service) registeredDoc(ctx context.Context, p Paper) (documents.Document, error) {
	return s.Register.Document(program(ctx), p.Document)
}

// InRegister gives the paper's document in the register; false while it has none.
func (s *Service) InRegister(ctx context.Context, p Paper) (documents.Document, bool, error) {
	if err := s.mayRead(ctx, p); err != nil || p.Document == "" {
		return documents.Document{}, false, err
	}
	d, err := s.registeredDoc(ctx, p)
	return d, err == nil, err
}

// numbered gives what the register says of a paper that has its number, else nil.
func (s *Service) numbered(ctx context.Context, p Paper) (*documents.Content, error) {
	if p.Document == "" {
		return nil, nil
	}
	d, err := s.registeredDoc(ctx, p)
	if err != nil || d.Content.Number.Ordinal == 0 {
		return nil, err
	}
	return &d.Content, nil
}

// Paper gives one paper. fault.NotFound to who may not read it: the Ministry's reader sees what was issued.
func (s *Service) Paper(ctx context.Context, id PaperID) (Paper, error) {
	if err := s.Policy.Check(ctx, ActReadSent, access.Place{}); err != nil {
		return Paper{}, err
	}
	p, err := readPaper(ctx, s.DB.Read(), id)
	if err != nil {
		return p, err
	}
	return p, s.mayRead(ctx, p)
}

func (s *Service) mayRead(ctx context.Context, p Paper) error {
	if p.Issued() {
		return s.Policy.Check(ctx, ActReadSent, access.Place{})
	}
	return s.Policy.Check(ctx, ActRead, access.Place{})
}

// Papers gives the papers of an exam that the actor may read, the latest first.
func (s *Service) Papers(ctx context.Context, e exam.ID) ([]Paper, error) {
	if err := s.Policy.Check(ctx, ActReadSent, access.Place{}); err != nil {
		return nil, err
	}
	all, err := papersOf(ctx, s.DB.Read(), e)
	return slices.DeleteFunc(all, func(p Paper) bool { return s.mayRead(ctx, p) != nil }), err
}

// Offered gives the steps of a paper that the actor may take by its page; the others follow from what is
// done there.
func (s *Service) Offered(ctx context.Context, p Paper) ([]workflow.Step, error) {
	steps, err := s.steps.Offered(ctx, s.DB.Read(), papers, p.subject())
	if err != nil {
		return nil, err
	}
	var doc documents.Document
	if p.State == StateSubmitted {
		if doc, err = s.registeredDoc(ctx, p); err != nil {
			return nil, err
		}
	}
	return slices.DeleteFunc(steps, func(x workflow.Step) bool {
		switch x.Do {
		case "submit", "drop":
			return false
		case "take_back":
			return doc.State != documents.StateDrafting
		case "issue":
			return doc.Content.Number.Ordinal == 0 || p.OutdatedBy != ""
		}
		return true
	}), nil
}

// History gives who did what with a paper, oldest first.
func (s *Service) History(ctx context.Context, p Paper) ([]workflow.Entry, error) {
	if err := s.mayRead(ctx, p); err != nil {
		return nil, err
	}
	return s.steps.History(ctx, s.DB.Read(), papers, string(p.ID))
}

// BasePath is where the office pages of this capability begin.
const BasePath = "/quan-tri/bao-cao-bo"

// PaperPath is the address of a paper's page in the office.
func PaperPath(id PaperID) string { return BasePath + "/bao-cao/" + string(id) }

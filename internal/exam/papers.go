package exam

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// languageForm is what the codes of foreign languages look like in result files, "N1".
var languageForm = regexp.MustCompile(`^[A-Z][0-9]{1,2}$`)

// codeForm is what the codes of schemes, papers and subjects look like: they stand in result files
// and addresses.
var codeForm = regexp.MustCompile(`^[a-z0-9_]{1,30}$`)

func (c *checker) code(field, what, value string) {
	if !codeForm.MatchString(value) {
		c.fail(field, "%s chỉ gồm chữ thường không dấu, chữ số và dấu gạch dưới, ví dụ vat_li.", capital(what))
	}
}

// SaveScheme changes a scheme's name and note, or adds a scheme to the exam when id is "".
//
// It returns fault.Invalid with fields "code", "name", "note".
func (s *Service) SaveScheme(ctx context.Context, exam ID, id SchemeID, in Scheme) (SchemeID, error) {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return "", err
	}
	var c checker
	c.code("code", "mã chương trình", in.Code)
	c.required("name", "tên chương trình", in.Name, 120)
	c.short("note", "ghi chú", in.Note, 2000)
	if err := c.err(); err != nil {
		return "", err
	}
	in.ID = id
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, exam)
		if err != nil {
			return err
		}
		if id == "" {
			in.ID = SchemeID(db.NewID())
			err = insertScheme(ctx, tx, exam, in, len(e.Schemes))
		} else {
			err = db.Exec1(ctx, tx, "UPDATE exam_scheme SET code = $3, name = $4, note = $5 WHERE id = $1 AND exam = $2", id, exam, in.Code, in.Name, in.Note)
		}
		if db.IsUnique(err) {
			return fault.Fields(fault.Field{Name: "code", Message: "Kỳ thi đã có chương trình mang mã này."})
		}
		if err != nil {
			return err
		}
		return s.timetableChanged(ctx, tx, e, "", "", "exam.scheme", in.Name, "")
	})
	return in.ID, err
}

// SaveSubject changes a subject's name and form, or adds it to the exam when its code is new.
//
// It returns fault.Invalid with fields "code", "name", "form".
func (s *Service) SaveSubject(ctx context.Context, exam ID, in Subject) error {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return err
	}
	var c checker
	c.code("code", "mã môn", in.Code)
	c.required("name", "tên môn", in.Name, 80)
	if in.Form != Essay && in.Form != Choice {
		c.fail("form", "Hãy chọn hình thức thi: tự luận hoặc trắc nghiệm.")
	}
	if err := c.err(); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, exam)
		if err != nil {
			return err
		}
		if _, found := e.subject(in.Code); found {
			err = db.Exec1(ctx, tx, "UPDATE exam_subject SET name = $3, form = $4 WHERE exam = $1 AND code = $2", exam, in.Code, in.Name, in.Form)
		} else {
			err = insertSubject(ctx, tx, exam, in, len(e.Subjects))
		}
		if err != nil {
			return err
		}
		return s.timetableChanged(ctx, tx, e, "", "", "exam.subject", in.Name, "")
	})
}

// SaveLanguage changes the name of a foreign language, or adds it to the exam when its code is new.
//
// It returns fault.Invalid with fields "code", "name".
//
// Source: domain.md 3.1 (Korean came in 2024).
func (s *Service) SaveLanguage(ctx context.Context, exam ID, in Language) error {
	var c checker
	if !languageForm.MatchString(in.Code) {
		c.fail("code", "Mã ngoại ngữ gồm một chữ in hoa và một hoặc hai chữ số, ví dụ N7.")
	}
	c.required("name", "tên ngoại ngữ", in.Name, 80)
	return s.changePart(ctx, exam, "exam.language", c.err(), func(ctx context.Context, tx *db.Tx, e Exam) (string, error) {
		if slices.ContainsFunc(e.Languages, func(l Language) bool { return l.Code == in.Code }) {
			return in.Name, db.Exec1(ctx, tx, "UPDATE exam_language SET name = $3 WHERE exam = $1 AND code = $2", exam, in.Code, in.Name)
		}
		return in.Name, insertLanguage(ctx, tx, exam, in, len(e.Languages))
	})
}

// RemoveLanguage takes a foreign language out of the exam. fault.NotFound when it has none of the code.
func (s *Service) RemoveLanguage(ctx context.Context, exam ID, code string) error {
	return s.changePart(ctx, exam, "exam.language.remove", nil, func(ctx context.Context, tx *db.Tx, e Exam) (string, error) {
		i := slices.IndexFunc(e.Languages, func(l Language) bool { return l.Code == code })
		if i < 0 {
			return "", fault.New(fault.NotFound, "Kỳ thi không có ngoại ngữ mang mã này.")
		}
		return e.Languages[i].Name, db.Exec1(ctx, tx, "DELETE FROM exam_language WHERE exam = $1 AND code = $2", exam, code)
	})
}

// RemoveSubject takes a subject out of the exam.
//
// It returns fault.Invalid while a paper has it, fault.NotFound when the exam has none of the code.
func (s *Service) RemoveSubject(ctx context.Context, exam ID, code string) error {
	return s.changePart(ctx, exam, "exam.subject.remove", nil, func(ctx context.Context, tx *db.Tx, e Exam) (string, error) {
		subject, ok := e.subject(code)
		if !ok {
			return "", fault.New(fault.NotFound, "Kỳ thi không có môn mang mã này.")
		}
		for _, p := range e.Papers() {
			if slices.ContainsFunc(p.Components, func(c Component) bool { return c.Subject.Code == code }) {
				return "", fault.New(fault.Invalid, "Môn %s đang có trong bài thi %s nên chưa bỏ được. Hãy bỏ ở bài thi trước.", subject.Name, p.Name)
			}
		}
		return subject.Name, db.Exec1(ctx, tx, "DELETE FROM exam_subject WHERE exam = $1 AND code = $2", exam, code)
	})
}

// RemovePaper takes a paper out of the exam, with its components.
//
// It returns fault.Invalid while a sitting or a roster has one of them, fault.Conflict after another
// change.
func (s *Service) RemovePaper(ctx context.Context, exam ID, id PaperID, version int) error {
	return s.changePart(ctx, exam, "exam.paper.remove", nil, func(ctx context.Context, tx *db.Tx, e Exam) (string, error) {
		p, ok := e.Paper(id)
		if !ok {
			return "", fault.New(fault.NotFound, "Không có bài thi này trong kỳ thi.")
		}
		var uses int
		err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM exam_slot_component s JOIN exam_component c ON c.id = s.component WHERE c.paper = $1)
			+ (SELECT COUNT(*) FROM exam_roster WHERE paper = $1)`, id).Scan(&uses)
		if err != nil {
			return "", err
		}
		if uses > 0 {
			return "", fault.New(fault.Invalid, "Bài thi %s đang có trong lịch thi hoặc số đăng ký nên chưa bỏ được. Hãy bỏ ở đó trước.", p.Name)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM exam_component WHERE paper = $1", id); err != nil {
			return "", err
		}
		return p.Name, db.Exec1(ctx, tx, "DELETE FROM exam_paper WHERE id = $1 AND version = $2", id, version)
	})
}

// RemoveScheme takes a scheme out of the exam. fault.Invalid while it has papers.
func (s *Service) RemoveScheme(ctx context.Context, exam ID, id SchemeID) error {
	return s.changePart(ctx, exam, "exam.scheme.remove", nil, func(ctx context.Context, tx *db.Tx, e Exam) (string, error) {
		i := slices.IndexFunc(e.Schemes, func(s Scheme) bool { return s.ID == id })
		if i < 0 {
			return "", fault.New(fault.NotFound, "Không có chương trình này trong kỳ thi.")
		}
		scheme := e.Schemes[i]
		if n := len(scheme.Papers); n > 0 {
			return "", fault.New(fault.Invalid, "%s còn %d bài thi nên chưa bỏ được. Hãy bỏ các bài thi trước.", scheme.Name, n)
		}
		return scheme.Name, db.Exec1(ctx, tx, "DELETE FROM exam_scheme WHERE id = $1", id)
	})
}

// changePart runs one decision about a part of the exam that has no version of its own: access, the
// form's faults, row, audit under the label it gives, announcement.
func (s *Service) changePart(ctx context.Context, exam ID, verb string, wrong error, do func(context.Context, *db.Tx, Exam) (string, error)) error {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return err
	}
	if wrong != nil {
		return wrong
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, exam)
		if err != nil {
			return err
		}
		label, err := do(ctx, tx, e)
		if err != nil {
			return err
		}
		return s.timetableChanged(ctx, tx, e, "", "", verb, label, "")
	})
}

// A PaperInput is what can be edited of a paper.
type PaperInput struct {
	Code       string
	Name       string
	Kind       PaperKind
	Components []ComponentInput // in the order they are written
}

// A ComponentInput is one subject of a paper as a form gives it.
type ComponentInput struct {
	Subject     string // a subject's code
	Minutes     int
	GeneralOnly bool
}

// SavePaper changes a paper, or adds one to the scheme when id is "". Components keep their
// identity by their subject. A component that a sitting or a roster uses cannot be taken away, nor
// can it outgrow the sitting's time.
//
// It returns fault.Invalid with fields "code", "name", "kind", "component.0.minutes" …;
// fault.Conflict after another change.
func (s *Service) SavePaper(ctx context.Context, exam ID, scheme SchemeID, id PaperID, version int, in PaperInput) (PaperID, error) {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return "", err
	}
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, exam)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(e.Schemes, func(s Scheme) bool { return s.ID == scheme })
		if i < 0 {
			return fault.New(fault.NotFound, "Không có chương trình này trong kỳ thi.")
		}
		old, found := e.Paper(id)
		if id != "" && !found {
			return fault.New(fault.NotFound, "Không có bài thi này trong kỳ thi.")
		}
		paper, err := e.makePaper(old, in)
		if err != nil {
			return err
		}
		if id == "" {
			paper.ID, paper.Version = PaperID(db.NewID()), 1
			id = paper.ID
			err = insertPaper(ctx, tx, exam, scheme, paper, len(e.Schemes[i].Papers))
		} else {
			err = updatePaper(ctx, tx, exam, old, paper, version)
		}
		if db.IsUnique(err) {
			return fault.Fields(fault.Field{Name: "code", Message: "Chương trình này đã có bài thi mang mã “" + in.Code + "”."})
		}
		if err != nil {
			return err
		}
		return s.timetableChanged(ctx, tx, e, "", "", "exam.paper", in.Name, "")
	})
	return id, err
}

// makePaper turns in into a paper that keeps the identities of old, or says what is wrong.
func (e Exam) makePaper(old Paper, in PaperInput) (Paper, error) {
	var c checker
	c.code("code", "mã bài thi", in.Code)
	c.required("name", "tên bài thi", in.Name, 80)
	switch in.Kind {
	case Combined:
		if len(in.Components) < 2 {
			c.fail("kind", "Bài thi tổ hợp phải có ít nhất hai môn thành phần.")
		}
	case Single, Elective:
		if len(in.Components) != 1 {
			c.fail("kind", "Bài thi này phải có đúng một môn. Nhiều môn là bài thi tổ hợp.")
		}
	default:
		c.fail("kind", "Hãy chọn loại bài thi.")
	}
	p := Paper{ID: old.ID, Code: in.Code, Name: in.Name, Kind: in.Kind, Version: old.Version}
	for i, ci := range in.Components {
		field := fmt.Sprintf("component.%d.", i)
		subject, ok := e.subject(ci.Subject)
		if !ok {
			c.fail(field+"subject", "Kỳ thi chưa có môn mang mã “%s”. Hãy thêm môn trước.", ci.Subject)
		}
		if ci.Minutes < 1 || ci.Minutes > 300 {
			c.fail(field+"minutes", "Thời gian làm bài phải từ 1 đến 300 phút.")
		}
		if slices.ContainsFunc(p.Components, func(c Component) bool { return c.Subject.Code == ci.Subject }) {
			c.fail(field+"subject", "Môn %s có hai lần trong bài thi.", subject.Name)
		}
		component := Component{ID: ComponentID(db.NewID()), Subject: subject, Minutes: ci.Minutes, GeneralOnly: ci.GeneralOnly}
		if j := slices.IndexFunc(old.Components, func(c Component) bool { return c.Subject.Code == ci.Subject }); j >= 0 {
			component.ID = old.Components[j].ID
		}
		if room := e.shortestSlot(component.ID); room > 0 && ci.Minutes > room {
			c.fail(field+"minutes", "Lịch thi chỉ dành %d phút cho môn này. Hãy sửa buổi thi trước.", room)
		}
		p.Components = append(p.Components, component)
	}
	return p, c.err()
}

// shortestSlot gives the minutes of the shortest slot that writes the component; 0 when none does.
func (e Exam) shortestSlot(id ComponentID) int {
	shortest := 0
	for _, r := range e.Rounds {
		for _, s := range r.Sittings {
			for _, slot := range s.Slots {
				if slices.ContainsFunc(slot.Parts, func(p Part) bool { return p.ID == id }) && (shortest == 0 || slot.Minutes < shortest) {
					shortest = slot.Minutes
				}
			}
		}
	}
	return shortest
}

func updatePaper(ctx context.Context, tx *db.Tx, exam ID, old, p Paper, version int) error {
	err := db.Exec1(ctx, tx, "UPDATE exam_paper SET code = $3, name = $4, kind = $5, version = version + 1 WHERE id = $1 AND version = $2",
		p.ID, version, p.Code, p.Name, p.Kind)
	if err != nil {
		return err
	}
	for _, c := range old.Components {
		if slices.ContainsFunc(p.Components, func(n Component) bool { return n.ID == c.ID }) {
			continue
		}
		var uses int
		err := tx.QueryRowContext(ctx, `SELECT (SELECT COUNT(*) FROM exam_slot_component WHERE component = $1)
			+ (SELECT COUNT(*) FROM exam_roster WHERE component = $1)`, c.ID).Scan(&uses)
		if err != nil {
			return err
		}
		if uses > 0 {
			return fault.New(fault.Invalid, "Môn %s đang có trong lịch thi hoặc số đăng ký nên chưa bỏ được khỏi bài thi. Hãy bỏ ở đó trước.", c.Subject.Name)
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM exam_component WHERE id = $1", c.ID); err != nil {
			return err
		}
	}
	for i, c := range p.Components {
		if !slices.ContainsFunc(old.Components, func(o Component) bool { return o.ID == c.ID }) {
			if err := insertComponent(ctx, tx, exam, p.ID, c, i); err != nil {
				return err
			}
			continue
		}
		err := db.Exec1(ctx, tx, "UPDATE exam_component SET minutes = $2, general_only = $3, position = $4 WHERE id = $1", c.ID, c.Minutes, c.GeneralOnly, i)
		if err != nil {
			return err
		}
	}
	return nil
}

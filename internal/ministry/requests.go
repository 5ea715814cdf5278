package ministry

import (
	"context"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
	"bangvang/internal/exam"
	"bangvang/internal/people"
)

// A Request is something the Ministry's Office asks of the Department, with what became of it.
//
// Source: R-II.4-c, R-III.1.a-5.
type Request struct {
	ID         RequestID
	State      workflow.State
	Version    int
	Exam       exam.ID
	ReceivedAt int64  // ms UTC
	Way        string // how it came: "Điện thoại"
	AskedBy    string // who asked, and from where
	Subject    string
	Body       string
	DueAt      int64 // ms UTC; 0 = no deadline was given

	EnteredBy, EnteredName string
	EnteredAt              int64

	Assigned    access.Role // whose office advises; "" = the Office itself
	Instruction string
	Advice      string
	AdvisedName string
	AdvisedAt   int64

	Answer       string
	AnsweredWay  string
	AnsweredName string
	AnsweredAt   int64 // when the answer went, ms UTC
}

// Done tells whether nothing is owed any more.
func (r Request) Done() bool { return r.State == RequestAnswered || r.State == RequestClosed }

// Overdue tells whether an answer is owed and late at now.
func (r Request) Overdue(now int64) bool { return !r.Done() && r.DueAt > 0 && now > r.DueAt }

// StateLabel gives the state's Vietnamese words.
func (r Request) StateLabel() string { return requests.States[r.State] }

func (r Request) subject() workflow.Subject {
	return workflow.Subject{ID: string(r.ID), Label: r.Subject, State: r.State, Version: r.Version}
}

// Advisers are the roles that can be asked for advice, in the order of a form.
func Advisers() []access.Role {
	return []access.Role{people.RoleExamOffice, people.RoleCouncilSecretary, people.RoleInspector, people.RolePublisher}
}

// RecordRequest records what the Ministry's Office asks.
//
// It returns fault.Invalid with fields "received", "way", "asked_by", "subject", "body", "due".
func (s *Service) RecordRequest(ctx context.Context, in Request) (RequestID, error) {
	ctx, err := s.may(ctx, ActRequest)
	if err != nil {
		return "", err
	}
	if _, err := s.Exams.Exam(ctx, in.Exam); err != nil {
		return "", err
	}
	in.Way, in.AskedBy, in.Subject, in.Body = text.CleanInput(in.Way), text.CleanInput(in.AskedBy), text.CleanInput(in.Subject), text.CleanLines(in.Body)
	var wrong []fault.Field
	need := func(field, value, message string, limit int) {
		if value == "" || len([]rune(value)) > limit {
			wrong = append(wrong, fault.Field{Name: field, Message: message})
		}
	}
	need("way", in.Way, "Hãy ghi yêu cầu đến bằng cách nào, ví dụ “Điện thoại”.", 100)
	need("asked_by", in.AskedBy, "Hãy ghi ai yêu cầu, ở bộ phận nào.", 200)
	need("subject", in.Subject, "Hãy ghi yêu cầu về việc gì, nhiều nhất 200 ký tự.", 200)
	if len([]rune(in.Body)) > 5000 {
		wrong = append(wrong, fault.Field{Name: "body", Message: "Nội dung dài quá 5.000 ký tự. Hãy rút gọn."})
	}
	now := s.Clock.Millis()
	if in.ReceivedAt == 0 {
		in.ReceivedAt = now
	}
	if in.ReceivedAt > now {
		wrong = append(wrong, fault.Field{Name: "received", Message: "Giờ nhận còn ở phía trước. Hãy kiểm tra lại."})
	}
	if in.DueAt != 0 && in.DueAt < in.ReceivedAt {
		wrong = append(wrong, fault.Field{Name: "due", Message: "Hạn trả lời trước giờ nhận. Hãy kiểm tra lại."})
	}
	if err := fault.Fields(wrong...); err != nil {
		return "", err
	}
	in.ID, in.State, in.Version = RequestID(db.NewID()), RequestOpen, 1
	return in.ID, s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		actor := access.From(ctx)
		in.EnteredBy, in.EnteredName, in.EnteredAt = actor.Person, actor.Name, tx.Now()
		if err := insertRequest(ctx, tx, in); err != nil {
			return err
		}
		return s.steps.Begin(ctx, tx, requests, in.subject(), "record", "")
	})
}

// Assign asks an office for advice.
//
// It returns fault.Invalid with fields "assigned", "instruction".
func (s *Service) Assign(ctx context.Context, id RequestID, version int, to access.Role, instruction string) error {
	instruction = text.CleanLines(instruction)
	var wrong []fault.Field
	if !slices.Contains(Advisers(), to) {
		wrong = append(wrong, fault.Field{Name: "assigned", Message: "Hãy chọn nơi tham mưu trong danh sách."})
	}
	if len([]rune(instruction)) > 1000 {
		wrong = append(wrong, fault.Field{Name: "instruction", Message: "Lời giao việc dài quá 1.000 ký tự."})
	}
	if err := fault.Fields(wrong...); err != nil {
		return err
	}
	return s.requestStep(ctx, ActRequest, id, version, "assign", instruction, func(_ context.Context, _ *db.Tx, r *Request) error {
		r.Assigned, r.Instruction = to, instruction
		return nil
	})
}

// Advise says what the answer should be, for the office that was asked.
//
// It returns fault.Invalid with field "advice", and fault.Denied to who was not asked.
func (s *Service) Advise(ctx context.Context, id RequestID, version int, advice string) error {
	advice = text.CleanLines(advice)
	if advice == "" || len([]rune(advice)) > 5000 {
		return fault.Fields(fault.Field{Name: "advice", Message: "Hãy ghi ý kiến tham mưu, nhiều nhất 5.000 ký tự."})
	}
	return s.requestStep(ctx, ActAdvise, id, version, "advise", "", func(ctx context.Context, tx *db.Tx, r *Request) error {
		if !s.Asked(ctx, *r) {
			return fault.New(fault.Denied, "Yêu cầu này giao cho nơi khác tham mưu.")
		}
		r.Advice, r.AdvisedName, r.AdvisedAt = advice, access.From(ctx).Name, tx.Now()
		return nil
	})
}

// Asked tells whether the actor holds the role that was asked for advice.
func (s *Service) Asked(ctx context.Context, r Request) bool {
	actor, now := access.From(ctx), s.Clock.Millis()
	return slices.ContainsFunc(actor.Grants, func(g access.Grant) bool {
		return g.Role == r.Assigned && (g.From == 0 || now >= g.From) && (g.Until == 0 || now < g.Until)
	})
}

// Answer records what was answered, how, and when (ms UTC, 0 = now).
//
// It returns fault.Invalid with fields "answer", "answered_way", "answered".
func (s *Service) Answer(ctx context.Context, id RequestID, version int, answer, way string, at int64) error {
	answer, way = text.CleanLines(answer), text.CleanInput(way)
	return s.requestStep(ctx, ActRequest, id, version, "answer", "", func(ctx context.Context, tx *db.Tx, r *Request) error {
		if at == 0 {
			at = tx.Now()
		}
		var wrong []fault.Field
		if answer == "" || len([]rune(answer)) > 5000 {
			wrong = append(wrong, fault.Field{Name: "answer", Message: "Hãy ghi đã trả lời thế nào, nhiều nhất 5.000 ký tự."})
		}
		if way == "" || len([]rune(way)) > 100 {
			wrong = append(wrong, fault.Field{Name: "answered_way", Message: "Hãy ghi trả lời bằng cách nào, ví dụ “Thư điện tử”."})
		}
		if at > tx.Now() || at < r.ReceivedAt {
			wrong = append(wrong, fault.Field{Name: "answered", Message: "Giờ trả lời phải sau giờ nhận và không ở phía trước."})
		}
		if err := fault.Fields(wrong...); err != nil {
			return err
		}
		r.Answer, r.AnsweredWay, r.AnsweredName, r.AnsweredAt = answer, way, access.From(ctx).Name, at
		return nil
	})
}

// Close says that a request needs no answer, Reopen that it does after all; note says why.
//
// They return fault.Invalid with field "note".
func (s *Service) Close(ctx context.Context, id RequestID, version int, note string) error {
	return s.requestStep(ctx, ActRequest, id, version, "close", text.CleanLines(note), nil)
}

// Reopen is explained at [Service.Close].
func (s *Service) Reopen(ctx context.Context, id RequestID, version int, note string) error {
	return s.requestStep(ctx, ActRequest, id, version, "reopen", text.CleanLines(note), nil)
}

func (s *Service) requestStep(ctx context.Context, action access.Action, id RequestID, version int, do, note string, fill func(context.Context, *db.Tx, *Request) error) error {
	ctx, err := s.may(ctx, action)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		r, err := readRequest(ctx, tx, id)
		if err != nil {
			return err
		}
		subject := r.subject()
		subject.Version = version
		if fill != nil { // before the step: an answered request has an answer
			if err := fill(ctx, tx, &r); err != nil {
				return err
			}
			if err := updateRequest(ctx, tx, r); err != nil {
				return err
			}
		}
		_, err = s.steps.Run(ctx, tx, requests, subject, do, note)
		return err
	})
}

// Request gives one request.
func (s *Service) Request(ctx context.Context, id RequestID) (Request, error) {
	if err := s.Policy.Check(ctx, ActRequestRead, access.Place{}); err != nil {
		return Request{}, err
	}
	return readRequest(ctx, s.DB.Read(), id)
}

// Requests gives the requests of an exam: those that are owed an answer first, the latest before.
func (s *Service) Requests(ctx context.Context, e exam.ID) ([]Request, error) {
	if err := s.Policy.Check(ctx, ActRequestRead, access.Place{}); err != nil {
		return nil, err
	}
	return requestsOf(ctx, s.DB.Read(), e)
}

// RequestOffered gives the steps the actor may take with a request now.
func (s *Service) RequestOffered(ctx context.Context, r Request) ([]workflow.Step, error) {
	steps, err := s.steps.Offered(ctx, s.DB.Read(), requests, r.subject())
	return slices.DeleteFunc(steps, func(x workflow.Step) bool { return x.Do == "advise" && !s.Asked(ctx, r) }), err
}

// RequestHistory gives who did what with a request, oldest first.
func (s *Service) RequestHistory(ctx context.Context, r Request) ([]workflow.Entry, error) {
	if err := s.Policy.Check(ctx, ActRequestRead, access.Place{}); err != nil {
		return nil, err
	}
	return s.steps.History(ctx, s.DB.Read(), requests, string(r.ID))
}

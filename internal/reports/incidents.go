package reports

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// An Incident (sự cố) is something that went wrong at a site in a sitting.
type Incident struct {
	ID       IncidentID
	Exam     exam.ID
	Sitting  exam.SittingID
	Site     exam.SiteID
	Category string
	Severity string // "minor", "major", "severe"
	Happened string // "08:10" in Vietnam
	What     string
	Action   string
	Open     bool

	Report      ReportID // the report that told of it first; "" when it was entered by itself
	EnteredBy   string
	EnteredName string
	EnteredAt   int64
	SettledName string
	SettledAt   int64
	SettledNote string
	Version     int
}

// Urgent tells whether it goes up at once: severe, or about exam papers [TT15 Điều 51].
func (i Incident) Urgent() bool { return i.Severity == "severe" || i.Category == PaperCategory }

// SeverityLabel gives a severity's Vietnamese words.
func SeverityLabel(severity string) string {
	return map[string]string{"minor": "Nhẹ", "major": "Đáng kể", "severe": "Nghiêm trọng"}[severity]
}

// identity names an incident so that the second part of a report, which tells of it again, does not
// make another of it.
func (i Incident) identity() string {
	b := sha256.Sum256([]byte(strings.Join([]string{i.Category, i.Happened, text.Fold(i.What)}, "\n")))
	return hex.EncodeToString(b[:16])
}

// OpenIncident records an incident at once, before any report: the telephone first, typed after. The
// same one told twice is one.
//
// It returns fault.NotFound for a site the actor may not know of, and fault.Invalid with fields
// "category", "severity", "at", "what", "action".
//
// Source: domain.md 2.5, 3.5.
func (s *Service) OpenIncident(ctx context.Context, sitting exam.SittingID, site exam.SiteID, in rules.Incident) (IncidentID, error) {
	where := place(site)
	known, err := s.Exams.Site(program(ctx), site)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return "", err
	}
	if known.Unit != "" {
		if where.Units, err = s.Units.Path(ctx, known.Unit); err != nil {
			return "", err
		}
	}
	if ctx, err = s.Policy.Enter(ctx, ActIncident, where); err != nil {
		return "", err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return "", err
	}
	if _, ok := sc.sites.site(site); !ok {
		return "", fault.New(fault.NotFound, "Buổi thi này không thuộc đợt thi của điểm thi.")
	}
	actor := access.From(ctx)
	i := Incident{ID: IncidentID(db.NewID()), Exam: sc.exam.ID, Sitting: sitting, Site: site, EnteredBy: actor.Person, EnteredName: actor.Name}
	if err := i.fill(in, sc.words); err != nil {
		return "", err
	}
	err = s.write(ctx, sitting, func(ctx context.Context, tx *db.Tx) error {
		id, err := s.putIncident(ctx, tx, i)
		i.ID = id
		return err
	})
	return i.ID, err
}

// fill takes over what was said, or says what is wrong of it by field.
func (i *Incident) fill(in rules.Incident, words Words3) error {
	i.Category, i.Severity, i.Open = in.Category, in.Severity, in.Open
	i.What, i.Action = text.CleanLines(in.What), text.CleanLines(in.Action)
	var wrong []fault.Field
	if !slices.ContainsFunc(words.Incident, func(w rules.Word) bool { return w.Code == in.Category }) {
		wrong = append(wrong, fault.Field{Name: "category", Message: "Hãy chọn loại sự cố."})
	}
	if SeverityLabel(in.Severity) == "" {
		wrong = append(wrong, fault.Field{Name: "severity", Message: "Hãy chọn mức độ."})
	}
	var err error
	if i.Happened, err = text.ParseClock(in.At); err != nil {
		wrong = append(wrong, fault.Field{Name: "at", Message: fault.Message(err)})
	}
	if n := len([]rune(i.What)); n == 0 || n > 2000 {
		wrong = append(wrong, fault.Field{Name: "what", Message: "Hãy ghi việc gì đã xảy ra, nhiều nhất 2.000 ký tự. Không ghi họ tên, số báo danh."})
	}
	if len([]rune(i.Action)) > 2000 {
		wrong = append(wrong, fault.Field{Name: "action", Message: "Dài quá 2.000 ký tự. Hãy rút gọn."})
	}
	return fault.Fields(wrong...)
}

// putIncident keeps an incident that nobody has told of yet, and settles one that is told of again as
// settled.
func (s *Service) putIncident(ctx context.Context, tx *db.Tx, i Incident) (IncidentID, error) {
	old, err := incidentLike(ctx, tx, i.Sitting, i.Site, i.identity())
	switch {
	case err == nil:
		if old.Open && !i.Open {
			return old.ID, s.settleTold(ctx, tx, old, i.Action, "Theo báo cáo sau của điểm thi")
		}
		return old.ID, nil
	case !fault.Is(err, fault.NotFound):
		return "", err
	}
	if err := insertIncident(ctx, tx, i); err != nil {
		return "", err
	}
	if err := IncidentOpened.Emit(ctx, tx, IncidentFact{i.ID, i.Sitting, i.Site, i.Category, i.Severity, i.Urgent()}); err != nil {
		return "", err
	}
	return i.ID, audit.Write(ctx, tx, audit.Entry{Action: "report.incident", Kind: "report.incident", ID: string(i.ID), Label: SeverityLabel(i.Severity),
		Data: map[string]string{"category": i.Category}})
}

// tell keeps the incidents a report tells of.
func (s *Service) tell(ctx context.Context, tx *db.Tx, r Report) error {
	for _, said := range r.Said.Incidents {
		i := Incident{ID: IncidentID(db.NewID()), Exam: r.Exam, Sitting: r.Sitting, Site: r.Site, Category: said.Category, Severity: said.Severity, Happened: said.At,
			What: said.What, Action: said.Action, Open: said.Open, Report: r.ID, EnteredBy: r.EnteredBy, EnteredName: r.EnteredName}
		id, err := s.putIncident(ctx, tx, i)
		if err != nil {
			return err
		}
		if err := tellIncident(ctx, tx, r.ID, id); err != nil {
			return err
		}
	}
	return nil
}

// SettleIncident records that an incident was dealt with, and how.
func (s *Service) SettleIncident(ctx context.Context, id IncidentID, version int, note string) error {
	i, err := readIncident(ctx, s.DB.Read(), id)
	if err != nil {
		return err
	}
	if ctx, err = s.Policy.Enter(ctx, ActSettle, place(i.Site)); err != nil {
		return err
	}
	note = text.CleanLines(note)
	if note == "" || len([]rune(note)) > 2000 {
		return fault.Fields(fault.Field{Name: "note", Message: "Hãy ghi sự cố đã được xử lý thế nào."})
	}
	return s.write(ctx, i.Sitting, func(ctx context.Context, tx *db.Tx) error {
		i.Version = version
		return s.settleTold(ctx, tx, i, "", note)
	})
}

func (s *Service) settleTold(ctx context.Context, tx *db.Tx, i Incident, action, note string) error {
	if err := settleIncident(ctx, tx, i.ID, i.Version, access.From(ctx).Name, action, note); err != nil {
		return err
	}
	return audit.Write(ctx, tx, audit.Entry{Action: "report.incident.settle", Kind: "report.incident", ID: string(i.ID), Label: SeverityLabel(i.Severity)})
}

// Incidents gives the incidents of a sitting: open ones first, the severest before.
func (s *Service) Incidents(ctx context.Context, sitting exam.SittingID) ([]Incident, error) {
	if err := s.Policy.Check(ctx, ActIncidentRead, access.Place{}); err != nil {
		return nil, err
	}
	return incidentsIn(ctx, s.DB.Read(), sitting)
}

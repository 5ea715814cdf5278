package exam

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// Load makes the exam of a year from the data set that ships with the program, for the Exam Council
// of a province ("Lai Châu"). The exam is public at once; it becomes the current one when none is.
//
// It returns fault.NotFound when there is no such data set, fault.Conflict when that year's exam
// exists already.
func (s *Service) Load(ctx context.Context, year int, province string) (ID, error) {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return "", err
	}
	e, news, err := readSet(year)
	if err != nil {
		return "", err
	}
	if e.Council, err = CouncilOf(province, year); err != nil {
		return "", err
	}
	e.Public = true
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := currentExam(ctx, tx)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		e.Current = err != nil
		if err := s.insert(ctx, tx, e); err != nil {
			return err
		}
		for i, n := range news {
			n.ID, n.Version = NewsID(db.NewID()), 1
			if err := insertNews(ctx, tx, e.ID, n, i); err != nil {
				return err
			}
		}
		return write(ctx, tx, "exam.load", "exam", string(e.ID), e.FullName(), "", nil)
	})
	return e.ID, err
}

// insert writes a new exam and announces it.
func (s *Service) insert(ctx context.Context, tx *db.Tx, e Exam) error {
	if err := insertExam(ctx, tx, e); err != nil {
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "Đã có kỳ thi năm %d. Hãy mở kỳ thi đó để sửa.", e.Year)
		}
		return err
	}
	if err := s.examChanged(ctx, tx, e); err != nil {
		return err
	}
	return s.announceClock(ctx, tx, e)
}

// examChanged announces a change that every page of the exam may show.
func (s *Service) examChanged(ctx context.Context, tx *db.Tx, e Exam) error {
	if err := ExamChanged.Emit(ctx, tx, ExamFact{e.ID, e.Year}); err != nil {
		return err
	}
	keys := e.touched(KeyTimetable, KeySites, KeyNews)
	if e.Public {
		slugs, err := examSlugs(ctx, tx, e.ID)
		if err != nil {
			return err
		}
		for _, slug := range slugs { // also for an exam that is current no longer: its front pages point to the year's
			keys = append(keys, SiteKey(slug), YearKey(e.Year, SiteKey(slug)))
		}
	}
	return s.touch(ctx, tx, keys...)
}

// A CopyInput says how a new exam is made out of an earlier one.
type CopyInput struct {
	Year     int
	FirstDay string // the new exam's first day with papers, "2027-06-10"; everything moves with it
	Rounds   []int  // numbers of the rounds to take; none = all
	Sites    bool   // take the sites and rooms along, all of them open again
}

// Copy makes a new exam from an earlier one: the same papers, rounds and times of day, the days
// shifted so that papers begin on in.FirstDay. Nothing is confirmed in the copy, it has no rosters
// and no news, and it is not public before it is made so. The earlier exam is not touched.
//
// It returns fault.Conflict when the year has an exam already, and fault.Invalid with fields "year",
// "first_day", "rounds".
func (s *Service) Copy(ctx context.Context, from ID, in CopyInput) (ID, error) {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return "", err
	}
	var id ID
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		old, err := readExam(ctx, tx, from)
		if err != nil {
			return err
		}
		next, rounds, err := old.shifted(in)
		if err != nil {
			return err
		}
		if err := s.insert(ctx, tx, next); err != nil {
			return err
		}
		if in.Sites {
			if err := copySites(ctx, tx, rounds); err != nil {
				return err
			}
		}
		id = next.ID
		return write(ctx, tx, "exam.copy", "exam", string(id), next.FullName(), "", map[string]string{"from": old.FullName()})
	})
	return id, err
}

// shifted gives a copy of e for another year with identifiers of its own, and which of its rounds
// comes from which.
func (e Exam) shifted(in CopyInput) (Exam, map[RoundID]RoundID, error) {
	var c checker
	if in.Year < 2000 || in.Year > 2200 {
		c.fail("year", "Hãy ghi năm của kỳ thi mới, ví dụ %d.", e.Year+1)
	}
	var taken Exam
	for _, r := range e.Rounds {
		if len(in.Rounds) == 0 || slices.Contains(in.Rounds, r.Number) {
			taken.Rounds = append(taken.Rounds, r)
		}
	}
	days, err := daysBetween(taken.firstDay(), in.FirstDay)
	switch {
	case len(taken.Rounds) == 0:
		c.fail("rounds", "Hãy chọn ít nhất một đợt thi để chép.")
	case err != nil:
		c.fail("first_day", "Chưa có ngày thi đầu tiên của kỳ thi mới. Hãy ghi theo mẫu ngày/tháng/năm, ví dụ 10/6/%d.", e.Year+1)
	}
	if err := c.err(); err != nil {
		return Exam{}, nil, err
	}
	council, err := e.councilIn(in.Year)
	if err != nil {
		return Exam{}, nil, err
	}
	next := Exam{ID: ID(db.NewID()), Year: in.Year, Name: e.Name, Council: council, Version: 1,
		From: inYear(e.From, in.Year), Until: inYear(e.Until, in.Year), Subjects: e.Subjects, Languages: e.Languages,
		Source: fmt.Sprintf("Chép từ %s; mọi ngày giờ cần đối chiếu với hướng dẫn của năm %d.", e.FullName(), in.Year)}
	components := map[ComponentID]ComponentID{}
	next.Schemes = renewSchemes(e.Schemes, components)
	rounds := map[RoundID]RoundID{}
	for _, r := range taken.Rounds {
		round := next.renewRound(r, days, components)
		rounds[r.ID] = round.ID
		for _, st := range round.Sittings {
			if st.Day[:4] != strconv.Itoa(in.Year) {
				c.fail("first_day", "Với ngày này, %s rơi vào %s, không thuộc năm %d.", r.Name, text.FormatDay(st.Day), in.Year)
				break
			}
		}
		next.Rounds = append(next.Rounds, round)
	}
	return next, rounds, c.err()
}

// councilIn gives the exam's council under the code it has in another year.
func (e Exam) councilIn(year int) (Council, error) {
	known, err := councils()
	if err != nil {
		return Council{}, err
	}
	for _, c := range known {
		if c.Name == e.Council.Name && c.valid(year) {
			return Council{Code: c.Code, Name: c.Name}, nil
		}
	}
	return e.Council, nil
}

// renewSchemes copies the schemes under new identifiers and notes which component became which.
func renewSchemes(old []Scheme, components map[ComponentID]ComponentID) []Scheme {
	var schemes []Scheme
	for _, sc := range old {
		scheme := Scheme{ID: SchemeID(db.NewID()), Code: sc.Code, Name: sc.Name, Note: sc.Note}
		for _, p := range sc.Papers {
			paper := Paper{ID: PaperID(db.NewID()), Code: p.Code, Name: p.Name, Kind: p.Kind, Version: 1}
			for _, c := range p.Components {
				fresh := c
				fresh.ID = ComponentID(db.NewID())
				components[c.ID] = fresh.ID
				paper.Components = append(paper.Components, fresh)
			}
			scheme.Papers = append(scheme.Papers, paper)
		}
		schemes = append(schemes, scheme)
	}
	return schemes
}

// renewRound copies a round of an earlier exam, days later, into e, whose papers are in place.
// Cancelled sittings are held again.
func (e Exam) renewRound(old Round, days int, components map[ComponentID]ComponentID) Round {
	const day = 24 * 60 * 60 * 1000
	parts := e.parts()
	round := Round{ID: RoundID(db.NewID()), Number: old.Number, Name: old.Name, Note: old.Note, SpareDay: addDays(old.SpareDay, days), Version: 1}
	for _, st := range old.Sittings {
		st.ID, st.Version, st.Sequence, st.CancelledFor = SittingID(db.NewID()), 1, 0, ""
		st.Day = addDays(st.Day, days)
		st.Confirmed, st.Source = Planned, ""
		st.CallInAt += int64(days) * day
		if st.EndAt != 0 {
			st.EndAt += int64(days) * day
		}
		slots := st.Slots
		st.Slots = nil
		for _, sl := range slots {
			fresh := Slot{ID: SlotID(db.NewID()), Turn: sl.Turn, Minutes: sl.Minutes,
				HandoutAt: sl.HandoutAt + int64(days)*day, StartAt: sl.StartAt + int64(days)*day}
			for _, p := range sl.Parts {
				fresh.Parts = append(fresh.Parts, parts[components[p.ID]])
			}
			st.Slots = append(st.Slots, fresh)
		}
		round.Sittings = append(round.Sittings, st)
	}
	return round
}

// firstDay gives the first day with papers of all rounds; "" when there is none.
func (e Exam) firstDay() string {
	first := ""
	for _, r := range e.Rounds {
		if d, _ := r.Days(); d != "" && (first == "" || d < first) {
			first = d
		}
	}
	return first
}

func daysBetween(a, b string) (int, error) {
	from, err := time.Parse(time.DateOnly, a)
	if err != nil {
		return 0, err
	}
	to, err := time.Parse(time.DateOnly, b)
	if err != nil {
		return 0, err
	}
	return int(to.Sub(from).Hours()) / 24, nil
}

func addDays(day string, n int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return t.AddDate(0, 0, n).Format(time.DateOnly)
}

func inYear(day string, year int) string {
	if day == "" {
		return ""
	}
	return strconv.Itoa(year) + day[4:]
}

// An ExamInput is what can be edited of an exam's own record.
type ExamInput struct {
	Name        string
	CouncilCode string
	CouncilName string
	From, Until string // days; may be ""
	Source      string
}

// Save changes an exam's own record. The section's title follows from the name and the year.
//
// It returns fault.Invalid with fields "name", "council_code", "council_name", "from", "until", or
// fault.Conflict when the exam was changed since version.
func (s *Service) Save(ctx context.Context, id ID, version int, in ExamInput) error {
	var c checker
	c.required("name", "tên kỳ thi", in.Name, 120)
	c.required("council_name", "tên Hội đồng thi", in.CouncilName, 200)
	c.short("source", "ghi chú nguồn", in.Source, 2000)
	c.day("from", "ngày đầu của chuyên mục", in.From)
	c.day("until", "ngày cuối của chuyên mục", in.Until)
	if in.From != "" && in.Until != "" && in.Until < in.From {
		c.fail("until", "Ngày cuối của chuyên mục phải sau ngày đầu (%s).", text.FormatDay(in.From))
	}
	if n, err := strconv.Atoi(in.CouncilCode); in.CouncilCode != "" && (err != nil || n < 1 || len(in.CouncilCode) != 2) {
		c.fail("council_code", "Mã Hội đồng thi có đúng hai chữ số, ví dụ 07.")
	}
	return s.change(ctx, ActEdit, "exam.save", id, version, "", c.err(), func(e *Exam) error {
		e.Name, e.Source, e.From, e.Until = in.Name, in.Source, in.From, in.Until
		e.Council = Council{in.CouncilCode, in.CouncilName}
		return nil
	})
}

// Publish makes a prepared exam public under /ky-thi/<year>/. It cannot be taken back: an address
// once shown stays.
//
// It returns fault.Invalid when no sitting is planned yet, fault.Conflict after another change.
func (s *Service) Publish(ctx context.Context, id ID, version int) error {
	return s.change(ctx, ActEdit, "exam.publish", id, version, "", nil, func(e *Exam) error {
		if e.firstDay() == "" {
			return fault.New(fault.Invalid, "Kỳ thi chưa có buổi thi nào nên chưa thể công khai. Hãy nhập lịch thi trước.")
		}
		e.Public = true
		return nil
	})
}

// Remove deletes an exam that was prepared and never public, with its timetable, papers, sites and
// rooms; the audit lines about it stay.
//
// It returns fault.Invalid for a public exam, and for one that somebody wrote what is new or counted
// candidates for; fault.Conflict after another change.
func (s *Service) Remove(ctx context.Context, id ID, version int) error {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, id)
		if err != nil {
			return err
		}
		if e.Public {
			return fault.New(fault.Invalid, "Kỳ thi đã công khai nên không xóa được: địa chỉ /ky-thi/%d được giữ lâu dài.", e.Year)
		}
		news, counts, err := hangsOn(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case news > 0:
			return fault.New(fault.Invalid, "Kỳ thi đã có %d điểm mới. Hãy bỏ các điểm mới trước khi xóa.", news)
		case counts > 0:
			return fault.New(fault.Invalid, "Kỳ thi đã có số thí sinh đăng ký. Hãy xóa trống bảng số đăng ký trước khi xóa kỳ thi.")
		}
		if err := deleteExam(ctx, tx, id, version); err != nil {
			return err
		}
		return write(ctx, tx, "exam.remove", "exam", string(id), e.FullName(), "", nil)
	})
}

// MakeCurrent puts the exam's section at the portal's front; the one that stood there stays
// readable under its year.
//
// It returns fault.Invalid for an exam that is not public, fault.Conflict after another change.
func (s *Service) MakeCurrent(ctx context.Context, id ID, version int) error {
	ctx, err := s.Policy.Enter(ctx, ActEdit, access.Place{})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, id)
		if err != nil {
			return err
		}
		if !e.Public {
			return fault.New(fault.Invalid, "Hãy công khai kỳ thi trước khi đặt làm kỳ thi hiện hành.")
		}
		before, err := currentExam(ctx, tx)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if before.ID == e.ID {
			return nil
		}
		if _, err := tx.ExecContext(ctx, "UPDATE exam SET is_current = false, version = version + 1 WHERE is_current"); err != nil {
			return err
		}
		err = db.Exec1(ctx, tx, "UPDATE exam SET is_current = true, shown = '', phase_shown = '', version = version + 1 WHERE id = $1 AND version = $2", id, version)
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "Người khác vừa đặt một kỳ thi khác làm kỳ thi hiện hành. Hãy xem lại danh sách kỳ thi.")
		}
		if err != nil {
			return err
		}
		if before.ID != "" {
			before.Current = false
			if err := s.examChanged(ctx, tx, before); err != nil {
				return err
			}
		}
		e.Current = true
		if err := s.examChanged(ctx, tx, e); err != nil {
			return err
		}
		if err := s.announceClock(ctx, tx, e); err != nil {
			return err
		}
		return write(ctx, tx, "exam.current", "exam", string(e.ID), e.FullName(), "", map[string]string{"before": before.FullName()})
	})
}

// FixPhase sets the exam's phase by hand, or lets the clock decide again when phase is "". note
// says why and is needed for a fixed phase.
//
// It returns fault.Invalid with fields "phase", "note", or fault.Conflict after another change.
//
// Source: R-I.2-a.
func (s *Service) FixPhase(ctx context.Context, id ID, version int, phase Phase, note string) error {
	var c checker
	if phase != "" && phase.Label() == "" {
		c.fail("phase", "Hãy chọn một giai đoạn.")
	}
	if phase != "" {
		c.required("note", "lý do đặt giai đoạn bằng tay", note, 500)
	}
	return s.change(ctx, ActPhase, "exam.phase", id, version, note, c.err(), func(e *Exam) error {
		e.Override, e.OverrideNote = phase, note
		return nil
	})
}

// change runs one decision about an exam's own record: access, the form's faults, version, row,
// audit, announcement.
func (s *Service) change(ctx context.Context, act access.Action, verb string, id ID, version int, note string, wrong error, decide func(*Exam) error) error {
	ctx, err := s.Policy.Enter(ctx, act, access.Place{})
	if err != nil {
		return err
	}
	if wrong != nil {
		return wrong
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readExam(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := decide(&e); err != nil {
			return err
		}
		err = db.Exec1(ctx, tx, `UPDATE exam SET name = $3, council_code = $4, council_name = $5, is_public = $6, window_from = $7, window_until = $8,
			override = $9, override_note = $10, source = $11, version = version + 1 WHERE id = $1 AND version = $2`,
			id, version, e.Name, e.Council.Code, e.Council.Name, e.Public, e.From, e.Until, e.Override, e.OverrideNote, e.Source)
		if err != nil {
			return err
		}
		if err := s.examChanged(ctx, tx, e); err != nil {
			return err
		}
		if err := s.announceClock(ctx, tx, e); err != nil {
			return err
		}
		return write(ctx, tx, verb, "exam", string(id), e.FullName(), note, nil)
	})
}

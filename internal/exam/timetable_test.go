package exam_test

import (
	"slices"
	"testing"
	"time"

	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
)

// input gives a sitting back as a form would, to be spoiled.
func input(s exam.Sitting) exam.SittingInput {
	hhmm := func(ms int64) string { return time.UnixMilli(ms).UTC().Add(7 * time.Hour).Format("15:04") }
	in := exam.SittingInput{Day: s.Day, Half: s.Half, Kind: s.Kind, Name: s.Name, Note: s.Note, CallIn: hhmm(s.CallInAt),
		Confirmed: s.Confirmed, Source: s.Source}
	if s.EndAt != 0 {
		in.End = hhmm(s.EndAt)
	}
	for _, slot := range s.Slots {
		si := exam.SlotInput{Turn: slot.Turn, Handout: hhmm(slot.HandoutAt), Start: hhmm(slot.StartAt), Minutes: slot.Minutes}
		for _, p := range slot.Parts {
			si.Components = append(si.Components, p.ID)
		}
		in.Slots = append(in.Slots, si)
	}
	return in
}

func TestWrongTimesAreRefusedByField(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		r := e.Rounds[0]
		b.touched.take()
		for name, c := range map[string]struct {
			sitting int
			spoil   func(*exam.SittingInput)
			fields  []string
		}{
			"no day":                       {1, func(in *exam.SittingInput) { in.Day = "" }, []string{"day"}},
			"a day of another year":        {1, func(in *exam.SittingInput) { in.Day = "2022-07-07" }, []string{"day"}},
			"a time that is none":          {1, func(in *exam.SittingInput) { in.Slots[0].Start = "25:00" }, []string{"slot.0.start"}},
			"start at the hand-out":        {1, func(in *exam.SittingInput) { in.Slots[0].Start = "07:30" }, []string{"slot.0.start"}},
			"hand-out before the call-in":  {1, func(in *exam.SittingInput) { in.CallIn = "07:30" }, []string{"slot.0.handout"}},
			"an afternoon called at seven": {2, func(in *exam.SittingInput) { in.CallIn = "07:00" }, []string{"call_in"}},
			"the half-day of another": {2, func(in *exam.SittingInput) {
				in.Half = exam.Morning
				in.CallIn = "06:00"
				in.Slots[0] = early(in.Slots[0])
			}, []string{"half"}},
			"less time than the paper takes": {1, func(in *exam.SittingInput) { in.Slots[0].Minutes = 119 }, []string{"slot.0.minutes"}},
			"components that overlap":        {3, func(in *exam.SittingInput) { in.Slots[1].Handout = "08:20" }, []string{"slot.1.handout"}},
			"a paper of another sitting": {1, func(in *exam.SittingInput) {
				in.Slots[0].Components = components(r.Sittings[2])
				in.Slots[0].Minutes = 120
			}, []string{"slot.0.components"}},
			"a component twice":           {3, func(in *exam.SittingInput) { in.Slots[1].Components = in.Slots[0].Components }, []string{"slot.1.components"}},
			"no paper":                    {1, func(in *exam.SittingInput) { in.Slots = nil }, []string{"slot.0.components"}},
			"a stranger's paper":          {1, func(in *exam.SittingInput) { in.Slots[0].Components = []exam.ComponentID{"x"} }, []string{"slot.0.components"}},
			"running into the afternoon":  {3, func(in *exam.SittingInput) { in.Slots[2].Start = "13:05" }, []string{"call_in"}},
			"a procedure without a name":  {0, func(in *exam.SittingInput) { in.Name = "" }, []string{"name"}},
			"a procedure that ends early": {0, func(in *exam.SittingInput) { in.End = "13:00" }, []string{"end"}},
		} {
			s := r.Sittings[c.sitting]
			in := input(s)
			c.spoil(&in)
			_, err := b.SaveSitting(office(t), e.ID, r.ID, s.ID, s.Version, in)
			t.Log(name)
			wantFields(t, err, c.fields...)
		}
		if keys := b.touched.take(); len(keys) != 0 {
			t.Errorf("refused, and yet touched %v", keys)
		}
		if after, err := b.Exam(office(t), e.ID); err != nil || after.Rounds[0].Sittings[3].Sequence != 0 {
			t.Errorf("a refused sitting was changed: %v", err)
		}
	})
}

func early(s exam.SlotInput) exam.SlotInput {
	s.Handout, s.Start = "06:10", "06:20"
	return s
}

func components(s exam.Sitting) []exam.ComponentID {
	var ids []exam.ComponentID
	for _, slot := range s.Slots {
		for _, p := range slot.Parts {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func TestASavedSittingRaisesItsSequenceAndTouchesTheTimetable(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		r := e.Rounds[0]
		s := r.Sittings[1]
		b.touched.take()
		in := input(s)
		in.Slots[0].Start, in.Confirmed, in.Source = "07:40", exam.Official, "Công văn 999"
		_, err := b.SaveSitting(office(t), e.ID, r.ID, s.ID, s.Version, in)
		must(t, err)
		if keys := b.touched.take(); !slices.Equal(keys, []string{"2021/lich-thi", "lich-thi"}) {
			t.Errorf("touched %v", keys)
		}
		after, err := b.Exam(office(t), e.ID)
		must(t, err)
		saved := after.Rounds[0].Sittings[1]
		if saved.Sequence != 1 || saved.Version != 2 || saved.StartsAt() != ms(t, "2021-07-07 07:40:00") || saved.EndsAt() != ms(t, "2021-07-07 09:40:00") {
			t.Errorf("%+v", saved)
		}
		if _, err := b.SaveSitting(office(t), e.ID, r.ID, s.ID, s.Version, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale save gave %v", err)
		}
	})
}

func TestACancelledSittingMakesRoomForAnother(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		r := e.Rounds[0]
		s := r.Sittings[4] // foreign languages
		if err := b.RemoveSitting(office(t), e.ID, r.ID, s.ID, s.Version); !fault.Is(err, fault.Invalid) {
			t.Errorf("a public sitting was removed: %v", err)
		}
		must(t, b.CancelSitting(office(t), e.ID, r.ID, s.ID, s.Version, "Bão số 2"))
		in := input(s)
		in.Day = "2021-07-09"
		_, err := b.SaveSitting(office(t), e.ID, r.ID, "", 0, in)
		must(t, err)
		after, err := b.Exam(office(t), e.ID)
		must(t, err)
		if m := after.Rounds[0].Sittings[4].At(s.StartsAt()); m.Stage != exam.Cancelled {
			t.Errorf("the cancelled sitting is %s", m.Stage)
		}
		if got := after.PhaseAt(ms(t, "2021-07-09 15:00:00")); got != exam.During {
			t.Errorf("on the spare day the phase is %s", got)
		}
		// Held after all, the paper would be written twice.
		wantFields(t, b.CancelSitting(office(t), e.ID, r.ID, s.ID, s.Version+1, ""), "slot.0.components")
	})
}

func TestRoundsAndPapersAreMadeWithoutABuild(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2025)
		must(t, b.SaveSubject(office(t), e.ID, exam.Subject{Code: "tin_hoc_2", Name: "Trí tuệ nhân tạo", Form: exam.Choice}))
		paper, err := b.SavePaper(office(t), e.ID, e.Schemes[0].ID, "", 0, exam.PaperInput{Code: "ai", Name: "Trí tuệ nhân tạo", Kind: exam.Elective,
			Components: []exam.ComponentInput{{Subject: "tin_hoc_2", Minutes: 50}}})
		must(t, err)
		round, err := b.SaveRound(office(t), e.ID, "", 0, exam.RoundInput{Number: 2, Name: "Đợt 2", SpareDay: "2025-08-01"})
		must(t, err)
		_, err = b.SaveRound(office(t), e.ID, "", 0, exam.RoundInput{Number: 2, Name: "Đợt 2 nữa"})
		wantFields(t, err, "number")
		e, err = b.Exam(office(t), e.ID)
		must(t, err)
		p, ok := e.Paper(paper)
		if !ok {
			t.Fatal("the paper is not there")
		}
		_, err = b.SaveSitting(office(t), e.ID, round, "", 0, exam.SittingInput{Day: "2025-07-30", Half: exam.Morning, Kind: exam.Papers, CallIn: "07:00",
			Confirmed: exam.Planned, Slots: []exam.SlotInput{{Turn: 1, Handout: "07:30", Start: "07:35", Components: []exam.ComponentID{p.Components[0].ID}}}})
		must(t, err)
		in := exam.PaperInput{Code: "ai", Name: "Trí tuệ nhân tạo", Kind: exam.Elective, Components: []exam.ComponentInput{{Subject: "tin_hoc_2", Minutes: 60}}}
		_, err = b.SavePaper(office(t), e.ID, e.Schemes[0].ID, paper, p.Version, in)
		wantFields(t, err, "component.0.minutes") // the sitting gives 50
		in.Components[0] = exam.ComponentInput{Subject: "tin_hoc", Minutes: 50}
		if _, err = b.SavePaper(office(t), e.ID, e.Schemes[0].ID, paper, p.Version, in); !fault.Is(err, fault.Invalid) {
			t.Errorf("a component in use was taken away: %v", err)
		}
	})
}

func TestWhatIsNewIsEditedAndCompared(t *testing.T) { // R-II.2-b
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		before := load(t, b, 2021)
		e := load(t, b, 2025)
		b.touched.take()
		id, err := b.SaveNews(office(t), e.ID, "", 0, exam.News{Title: "Thêm", Now: "Mới"})
		must(t, err)
		must(t, b.RaiseNews(office(t), e.ID, id))
		list, err := b.News(t.Context(), e)
		must(t, err)
		if n := len(list); list[n-2].ID != id {
			t.Errorf("the item raised stands at the wrong place: %+v", list)
		}
		if keys := b.touched.take(); !slices.Equal(keys, []string{"2025/diem-moi"}) {
			t.Errorf("touched %v", keys) // 2025 is not the current exam
		}
		must(t, b.RemoveNews(office(t), e.ID, id, 1))
		_, err = b.SaveNews(office(t), e.ID, "", 0, exam.News{Title: "", Now: ""})
		wantFields(t, err, "title", "now")

		old, err := b.YearBefore(t.Context(), e)
		must(t, err)
		if old.ID != before.ID {
			t.Errorf("the year before 2025 is %d", old.Year)
		}
		found := map[string]exam.Difference{}
		for _, d := range e.Differences(old) {
			found[d.What] = d
		}
		if d := found["Ngày thi"]; d.Before != "7/7/2021–8/7/2021; 6/8/2021–7/8/2021" || d.Now != "26/6/2025–27/6/2025" {
			t.Errorf("days: %+v", d)
		}
		if d := found["Tin học"]; d.Before != "" || d.Now != "50 phút, môn tự chọn" {
			t.Errorf("informatics: %+v", d)
		}
		if _, same := found["Ngữ văn"]; same {
			t.Error("Literature did not change")
		}
	})
}

func TestTheFrontFollowsTheCurrentExam(t *testing.T) { // R-II.1-a
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		old := load(t, b, 2021)
		_, err := b.SaveSite(office(t), old.Rounds[0].ID, "", 0, someSite("01", "A"))
		must(t, err)
		id, err := b.Copy(office(t), old.ID, exam.CopyInput{Year: 2027, FirstDay: "2027-06-10"})
		must(t, err)
		if err := b.MakeCurrent(office(t), id, 1); !fault.Is(err, fault.Invalid) {
			t.Errorf("a draft became the current exam: %v", err)
		}
		if _, err := b.Archive(t.Context(), 2027); !fault.Is(err, fault.NotFound) {
			t.Errorf("the public found a draft: %v", err)
		}
		must(t, b.Publish(office(t), id, 1))
		b.touched.take()
		must(t, b.MakeCurrent(office(t), id, 2))
		now, err := b.Now(t.Context())
		must(t, err)
		if now.Exam.Title() != "Thông tin về Kỳ thi tốt nghiệp THPT năm 2027" {
			t.Errorf("the front shows %q", now.Exam.Title())
		}
		if archived, err := b.Archive(t.Context(), 2021); err != nil || archived.Current || len(archived.Rounds[0].Sittings) != 5 {
			t.Errorf("2021: %v", err)
		}
		for _, key := range []string{"lich-thi", "diem-thi", "diem-moi", "2021/diem-thi/a", "diem-thi/a", "2027/lich-thi"} {
			if !slices.Contains(b.touched.keys, key) {
				t.Errorf("%s was not rendered again", key)
			}
		}
	})
}

func TestTheTickAnnouncesOnlyWhatChanged(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		must(t, b.Tick(t.Context())) // no exam yet
		load(t, b, 2021)
		announced := func(kind string) (n int) {
			must(t, b.DB.Read().QueryRowContext(t.Context(), "SELECT COUNT(*) FROM event WHERE kind = $1", kind).Scan(&n))
			return n
		}
		for _, c := range []struct {
			to             string
			clocks, phases int
		}{
			{"2021-06-01 09:00:30", 1, 1},
			{"2021-06-01 23:59:59", 1, 1},
			{"2021-06-02 00:00:00", 2, 1}, // a day less to go
			{"2021-06-02 00:00:00", 2, 1},
			{"2021-07-06 14:00:00", 3, 2},
			{"2021-07-07 07:35:00", 4, 2},
			{"2021-07-07 07:50:00", 4, 2},
			{"2021-07-07 07:50:01", 5, 2},
			{"2021-07-08 15:30:00", 6, 3},
		} {
			before := announced(exam.ClockMoved.Name())
			now, err := b.Now(t.Context())
			must(t, err)
			b.clock.Advance(local(t, c.to).Sub(b.clock.Now()))
			must(t, b.Tick(t.Context()))
			clocks, phases := announced(exam.ClockMoved.Name()), announced(exam.PhaseChanged.Name())
			if clocks != c.clocks || phases != c.phases {
				t.Errorf("at %s: clock announced %d times, phase %d; want %d, %d", c.to, clocks, phases, c.clocks, c.phases)
			}
			if clocks > before && b.clock.Millis() < now.Until() {
				t.Errorf("at %s the clock moved, %d ms before the pages expected it", c.to, now.Until()-b.clock.Millis())
			}
		}
	})
}

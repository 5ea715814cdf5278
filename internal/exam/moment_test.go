package exam_test

import (
	"testing"

	"bangvang/internal/exam"
)

func TestASittingsStagesToTheSecond(t *testing.T) { // domain.md 3.2; V-08
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		essay, combined := e.Rounds[0].Sittings[1], e.Rounds[0].Sittings[3]
		for _, c := range []struct {
			sitting exam.Sitting
			at      string
			want    exam.Stage
		}{
			{essay, "2021-07-07 06:59:59", exam.Ahead},
			{essay, "2021-07-07 07:00:00", exam.CallIn},
			{essay, "2021-07-07 07:29:59", exam.CallIn},
			{essay, "2021-07-07 07:30:00", exam.Handout},
			{essay, "2021-07-07 07:34:59", exam.Handout},
			{essay, "2021-07-07 07:35:00", exam.Writing},
			{essay, "2021-07-07 07:50:00", exam.Writing}, // not yet later than 15 minutes
			{essay, "2021-07-07 07:50:01", exam.Closed},
			{essay, "2021-07-07 09:34:59", exam.Closed},
			{essay, "2021-07-07 09:35:00", exam.Over},
			{combined, "2021-07-08 08:24:59", exam.Closed},
			{combined, "2021-07-08 08:25:00", exam.Between},
			{combined, "2021-07-08 08:29:59", exam.Between},
			{combined, "2021-07-08 08:30:00", exam.Handout},
			{combined, "2021-07-08 10:24:59", exam.Closed},
			{combined, "2021-07-08 10:25:00", exam.Over},
		} {
			m := c.sitting.At(ms(t, c.at))
			if m.Stage != c.want {
				t.Errorf("%s at %s is %s, want %s", c.sitting.Title(), c.at, m.Stage, c.want)
			}
			if m.Until != 0 && c.sitting.At(m.Until).Stage == m.Stage {
				t.Errorf("%s at %s should end at %d and does not", c.sitting.Title(), c.at, m.Until)
			}
		}
		slot := essay.Slots[0]
		if line := ms(t, "2021-07-07 07:50:00"); !slot.Admits(line) || slot.Admits(line+1) || !slot.AttendanceFinal(line) || slot.AttendanceFinal(line-1) {
			t.Error("the fifteen-minute line is not where it should be")
		}
		if got := slot.LeaveAt(); got != ms(t, "2021-07-07 08:55:00") { // ⅔ of 120 minutes
			t.Errorf("an essay may be left from %d", got)
		}
		if math := e.Rounds[0].Sittings[2].Slots[0]; math.LeaveAt() != math.EndAt() {
			t.Error("a multiple-choice paper may be left early")
		}
	})
}

func TestThePhaseFollowsTheClockAndTheOverride(t *testing.T) { // R-I.2-a
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		for at, want := range map[string]exam.Phase{
			"2021-06-01 00:00:00": exam.Before,
			"2021-07-06 13:59:59": exam.Before,
			"2021-07-06 14:00:00": exam.During, // procedures
			"2021-07-07 00:00:00": exam.During,
			"2021-07-07 23:00:00": exam.During,
			"2021-07-08 15:29:59": exam.During,
			"2021-07-08 15:30:00": exam.After, // between the rounds results are looked up
			"2021-07-09 09:00:00": exam.After, // the spare day, not used
			"2021-08-05 23:59:59": exam.After,
			"2021-08-06 00:00:00": exam.During, // a day with papers is one from its first second
			"2021-08-06 07:00:00": exam.During,
			"2021-08-07 15:30:00": exam.After,
			"2030-01-01 00:00:00": exam.After,
		} {
			if got := e.PhaseAt(ms(t, at)); got != want {
				t.Errorf("at %s the phase is %s, want %s", at, got, want)
			}
		}
		must(t, b.FixPhase(office(t), e.ID, e.Version, exam.After, "Diễn tập"))
		now, err := b.Now(t.Context())
		must(t, err)
		if now.Phase != exam.After {
			t.Errorf("fixed by hand, the phase is %s", now.Phase)
		}
		wantFields(t, b.FixPhase(office(t), e.ID, e.Version+1, exam.After, ""), "note")
		wantFields(t, b.FixPhase(office(t), e.ID, e.Version+1, "soon", "vì"), "phase")
		must(t, b.FixPhase(office(t), e.ID, e.Version+1, "", ""))
		if now, err = b.Now(t.Context()); err != nil || now.Phase != exam.Before {
			t.Errorf("left to the clock again, the phase is %s, %v", now.Phase, err)
		}
	})
}

func TestNowTellsTheSittingAtHandAndTheNext(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		load(t, b, 2021)
		for _, c := range []struct {
			at, sitting, next string
			days              int
		}{
			{"2021-06-27 23:59:59", "", "Làm thủ tục dự thi", 10},
			{"2021-06-28 00:00:00", "", "Làm thủ tục dự thi", 9},
			{"2021-07-06 15:00:00", "Làm thủ tục dự thi", "Ngữ văn", 1},
			{"2021-07-07 06:00:00", "", "Ngữ văn", 0},
			{"2021-07-07 08:00:00", "Ngữ văn", "Toán", 0},
			{"2021-07-08 15:00:00", "Ngoại ngữ", "Ngữ văn", 29},
			{"2021-08-07 15:00:00", "Ngoại ngữ", "", -1},
			{"2021-08-07 16:00:00", "", "", -1},
		} {
			b.clock.Advance(local(t, c.at).Sub(b.clock.Now()))
			now, err := b.Now(t.Context())
			must(t, err)
			if title(now.Sitting) != c.sitting || title(now.Next) != c.next || now.DaysToGo != c.days {
				t.Errorf("at %s: sitting %q, next %q, %d days; want %q, %q, %d", c.at,
					title(now.Sitting), title(now.Next), now.DaysToGo, c.sitting, c.next, c.days)
			}
		}
	})
}

func title(m *exam.SittingMoment) string {
	if m == nil {
		return ""
	}
	return m.Title()
}

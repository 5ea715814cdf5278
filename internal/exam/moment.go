package exam

import (
	"cmp"
	"slices"
	"time"

	"bangvang/internal/base/clock"
)

// lateLimit is how long after the start a late candidate is still admitted, and when attendance
// becomes final [TT15 Điều 14.3, 22.2g].
const lateLimit = 15 * time.Minute

// EndAt gives when working time ends, ms UTC.
func (s Slot) EndAt() int64 { return s.StartAt + int64(s.Minutes)*60_000 }

// LateAt gives the fifteen-minute line: who comes later than this instant is not admitted, and
// from this instant attendance may be final.
//
// Source: TT15 Điều 14.3; V-08.
func (s Slot) LateAt() int64 { return s.StartAt + lateLimit.Milliseconds() }

// Admits tells whether a candidate who arrives now is still let in: up to the fifteen-minute line
// itself, which is not yet "later than 15 minutes".
func (s Slot) Admits(now int64) bool { return now <= s.LateAt() }

// AttendanceFinal tells whether who is present may be counted as final.
//
// Source: V-08.
func (s Slot) AttendanceFinal(now int64) bool { return now >= s.LateAt() }

// LeaveAt gives from when a candidate who has finished may leave the room: after two thirds of an
// essay, at the end of everything else [TT15 Điều 14.4đ].
func (s Slot) LeaveAt() int64 {
	essay := len(s.Parts) > 0 && !slices.ContainsFunc(s.Parts, func(p Part) bool { return p.Subject.Form != Essay })
	if !essay {
		return s.EndAt()
	}
	return s.StartAt + int64(s.Minutes)*60_000*2/3
}

// StartsAt gives when the sitting's first working time starts; for a sitting without papers, when
// candidates are called.
func (s Sitting) StartsAt() int64 {
	if len(s.Slots) == 0 {
		return s.CallInAt
	}
	return s.Slots[0].StartAt
}

// EndsAt gives when the sitting is over: the end of its last slot.
func (s Sitting) EndsAt() int64 {
	end := max(s.EndAt, s.CallInAt)
	for _, slot := range s.Slots {
		end = max(end, slot.EndAt())
	}
	return end
}

// Held tells whether the sitting takes place.
func (s Sitting) Held() bool { return s.CancelledFor == "" }

// A Stage is where a sitting stands at an instant.
type Stage string

// The stages of a sitting in their order. Between and Handout may come several times.
const (
	Ahead     Stage = "ahead"     // before candidates are called
	CallIn    Stage = "callin"    // gọi thí sinh vào phòng thi
	Handout   Stage = "handout"   // đã phát đề, chưa tính giờ
	Writing   Stage = "writing"   // đang làm bài, người đến muộn còn được vào
	Closed    Stage = "closed"    // đang làm bài, quá 15 phút
	Between   Stage = "between"   // between two components or turns
	Over      Stage = "over"      // hết giờ
	Cancelled Stage = "cancelled" // không tổ chức
)

// Label gives the stage's Vietnamese words, as on every screen.
func (s Stage) Label() string {
	return map[Stage]string{
		Ahead:     "Chưa đến giờ",
		CallIn:    "Đang gọi thí sinh vào phòng thi",
		Handout:   "Đã phát đề thi",
		Writing:   "Đang làm bài",
		Closed:    "Đang làm bài (quá 15 phút, không nhận thí sinh đến muộn)",
		Between:   "Chuyển sang môn tiếp theo",
		Over:      "Đã kết thúc",
		Cancelled: "Không tổ chức",
	}[s]
}

// Running tells whether the sitting is going on: candidates are called and not yet dismissed.
func (s Stage) Running() bool {
	return s == CallIn || s == Handout || s == Writing || s == Closed || s == Between
}

// A Moment is a sitting seen at an instant.
type Moment struct {
	Stage Stage
	Slots []Slot // those handed out and not over; two when two schemes write side by side
	Until int64  // when the stage ends, ms UTC; 0 when it does not
}

// At tells where the sitting stands at now, ms UTC. Every stage holds from its first millisecond up
// to the next one's first, but for the fifteen-minute line, whose own instant still admits.
func (s Sitting) At(now int64) Moment {
	if !s.Held() {
		return Moment{Stage: Cancelled}
	}
	m := Moment{Stage: Over}
	switch {
	case now < s.CallInAt:
		return Moment{Stage: Ahead, Until: s.CallInAt}
	case now >= s.EndsAt():
		return m
	case len(s.Slots) == 0:
		return Moment{Stage: CallIn, Until: s.EndsAt()}
	}
	m.Stage = CallIn
	for _, slot := range s.Slots {
		if slot.EndAt() <= now {
			m.Stage = Between
		}
	}
	for _, slot := range s.Slots {
		if slot.HandoutAt <= now && now < slot.EndAt() {
			m.Slots = append(m.Slots, slot)
			m.Stage = further(m.Stage, slot.stage(now))
		}
	}
	m.Until = s.nextEdge(now)
	return m
}

func (s Slot) stage(now int64) Stage {
	switch {
	case now < s.StartAt:
		return Handout
	case s.Admits(now):
		return Writing
	}
	return Closed
}

// further gives the stage to show when slots stand differently: working time counts more than the
// hand-out of another scheme, an open door more than a closed one.
func further(a, b Stage) Stage {
	order := []Stage{CallIn, Between, Handout, Closed, Writing}
	if slices.Index(order, b) > slices.Index(order, a) {
		return b
	}
	return a
}

// nextEdge gives the next instant at which the stage may change.
func (s Sitting) nextEdge(now int64) int64 {
	next := s.EndsAt()
	for _, slot := range s.Slots {
		for _, edge := range []int64{slot.HandoutAt, slot.StartAt, slot.LateAt() + 1, slot.EndAt()} {
			if edge > now && edge < next {
				next = edge
			}
		}
	}
	return next
}

// A Phase says where the exam as a whole stands.
//
// Source: R-I.2-a ("trước, trong và sau kỳ thi").
type Phase string

// The phases.
const (
	Before Phase = "before"
	During Phase = "during"
	After  Phase = "after"
)

// Label gives the phase's Vietnamese words.
func (p Phase) Label() string {
	return map[Phase]string{Before: "Trước kỳ thi", During: "Trong kỳ thi", After: "Sau kỳ thi"}[p]
}

// Span gives the round's first call-in and the end of its last sitting, ms UTC; zeroes when no
// sitting is held.
func (r Round) Span() (from, until int64) {
	for _, s := range r.Sittings {
		if !s.Held() {
			continue
		}
		if from == 0 || s.CallInAt < from {
			from = s.CallInAt
		}
		until = max(until, s.EndsAt())
	}
	return from, until
}

// Days gives the round's first and last day with papers; "" when there is none.
func (r Round) Days() (first, last string) {
	for _, s := range r.Sittings {
		if s.Kind != Papers || !s.Held() {
			continue
		}
		if first == "" || s.Day < first {
			first = s.Day
		}
		last = max(last, s.Day)
	}
	return first, last
}

// PhaseAt gives the exam's phase at now, ms UTC: the override if there is one; else During from a
// round's first call-in, at the latest from the midnight that begins its first day with papers, until
// the end of its last sitting; Before ahead of the first round, and After behind any round, also
// while another round is still to come (results are then out).
//
// Source: R-I.2-a.
func (e Exam) PhaseAt(now int64) Phase {
	if e.Override != "" {
		return e.Override
	}
	phase := Before
	for _, r := range e.Rounds {
		from, until := r.Span()
		if first, _ := r.Days(); first != "" {
			midnight, _ := ClockAt(first, "00:00")
			from = min(from, midnight)
		}
		switch {
		case from == 0 || now < from:
		case now < until:
			return During
		default:
			phase = After
		}
	}
	return phase
}

// OverAt tells whether the exam lies behind at now, ms UTC: its last sitting has ended, held or not.
// An exam without a timetable does not.
func (e Exam) OverAt(now int64) bool {
	last := e.EndsAt()
	return last > 0 && last <= now
}

// EndsAt gives when the last sitting ends, held or not, ms UTC; 0 without one.
func (e Exam) EndsAt() int64 {
	var last int64
	for _, r := range e.Rounds {
		for _, s := range r.Sittings {
			last = max(last, s.EndsAt())
		}
	}
	return last
}

// A SittingMoment is a sitting with its round, seen at an instant.
type SittingMoment struct {
	Sitting
	Round  Round
	Moment Moment
}

// Schedule gives every sitting of the exam at now, in order of time.
func (e Exam) Schedule(now int64) []SittingMoment {
	var all []SittingMoment
	for _, r := range e.Rounds {
		for _, s := range r.Sittings {
			all = append(all, SittingMoment{s, r, s.At(now)})
		}
	}
	slices.SortStableFunc(all, func(a, b SittingMoment) int { return cmp.Compare(a.CallInAt, b.CallInAt) })
	return all
}

// DaysUntil counts the calendar days in Vietnam from now to at: 0 today, 1 tomorrow.
func DaysUntil(now, at int64) int {
	day := func(ms int64) int64 { return (ms + 7*3_600_000) / 86_400_000 }
	return int(day(at) - day(now))
}

// ClockAt gives the instant, ms UTC, of a Vietnamese day "2021-07-07" and time "07:35"; false when
// either is not one.
func ClockAt(day, hhmm string) (int64, bool) {
	t, err := time.ParseInLocation("2006-01-02 15:04", day+" "+hhmm, clock.Zone)
	return t.UnixMilli(), err == nil
}

package exam

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A SittingInput is a sitting as a form or a data set gives it. Times are Vietnamese clock times
// "07:35" on Day.
type SittingInput struct {
	Day       string // "2021-07-07"
	Half      Half
	Kind      SittingKind
	Name      string // needed for a procedure
	Note      string
	CallIn    string
	End       string // only for a procedure
	Confirmed Confirmed
	Source    string
	Slots     []SlotInput
}

// A SlotInput is one stretch of working time as a form gives it.
type SlotInput struct {
	Turn       int
	Handout    string
	Start      string
	Minutes    int // 0: as long as its longest component
	Components []ComponentID
}

// checker gathers the wrong fields of a form.
type checker struct{ fields []fault.Field }

func (c *checker) fail(field, format string, args ...any) {
	c.fields = append(c.fields, fault.Field{Name: field, Message: fmt.Sprintf(format, args...)})
}

func (c *checker) err() error { return fault.Fields(c.fields...) }

// clock reads a time of day on a day; the field is failed when it is none.
func (c *checker) clock(field, what, day, hhmm string) int64 {
	if hhmm == "" {
		c.fail(field, "Chưa có %s. Hãy ghi giờ và phút, ví dụ 07:35.", what)
		return 0
	}
	at, ok := ClockAt(day, hhmm)
	if !ok {
		c.fail(field, "Không đọc được %s “%s”. Hãy ghi giờ và phút, ví dụ 07:35.", what, text.Excerpt(hhmm, 20))
		return 0
	}
	return at
}

// makeSitting turns in into a sitting of the round, keeping old's identity, or says by field name
// what is wrong: the order call-in, hand-out, start; a slot shorter than its paper; two slots of
// one scheme, or two sittings of the round, at the same time; a component written twice.
func (e Exam) makeSitting(r Round, old Sitting, in SittingInput) (Sitting, error) {
	var c checker
	s := old
	s.Day, s.Half, s.Kind, s.Confirmed = in.Day, in.Half, in.Kind, in.Confirmed
	s.Name, s.Note, s.Source = in.Name, in.Note, in.Source
	s.EndAt, s.Slots = 0, nil
	if _, err := time.Parse(time.DateOnly, in.Day); err != nil {
		c.fail("day", "Chưa có ngày thi. Hãy ghi theo mẫu ngày/tháng/năm, ví dụ 7/7/2021.")
		return s, c.err() // without a day no time has a meaning
	}
	if year := in.Day[:4]; year != fmt.Sprint(e.Year) {
		c.fail("day", "Ngày thi %s không thuộc năm %d của kỳ thi.", text.FormatDay(in.Day), e.Year)
	}
	if in.Half != Morning && in.Half != Afternoon {
		c.fail("half", "Hãy chọn buổi sáng hoặc buổi chiều.")
	}
	if !slices.Contains([]Confirmed{Planned, DayOnly, Official}, in.Confirmed) {
		c.fail("confirmed", "Hãy chọn mức độ chắc chắn của lịch.")
	}
	s.CallInAt = c.clock("call_in", "giờ gọi thí sinh", in.Day, in.CallIn)
	if noon, _ := ClockAt(in.Day, "12:00"); s.CallInAt != 0 {
		if s.Half == Morning && s.CallInAt >= noon {
			c.fail("call_in", "Buổi sáng phải gọi thí sinh trước 12:00. Nếu là buổi chiều, hãy chọn lại ô Buổi.")
		} else if s.Half == Afternoon && s.CallInAt < noon {
			c.fail("call_in", "Buổi chiều phải gọi thí sinh từ 12:00. Nếu là buổi sáng, hãy chọn lại ô Buổi.")
		}
	}
	switch in.Kind {
	case Procedure:
		e.checkProcedure(&c, &s, in)
	case Papers:
		e.checkSlots(&c, &s, in)
		e.checkOnce(&c, r, s)
	default:
		c.fail("kind", "Hãy chọn loại buổi: có bài thi, hoặc làm thủ tục.")
	}
	checkNeighbours(&c, r, s)
	slices.SortStableFunc(s.Slots, func(a, b Slot) int { return cmp.Compare(a.StartAt, b.StartAt) })
	return s, c.err()
}

func (e Exam) checkProcedure(c *checker, s *Sitting, in SittingInput) {
	if in.Name == "" {
		c.fail("name", "Buổi không có bài thi phải có tên, ví dụ “Làm thủ tục dự thi”.")
	}
	if len(in.Slots) > 0 {
		c.fail("kind", "Buổi làm thủ tục không có môn thi. Hãy bỏ các môn hoặc chọn lại loại buổi.")
	}
	s.EndAt = c.clock("end", "giờ kết thúc", in.Day, in.End)
	if s.EndAt != 0 && s.EndAt <= s.CallInAt {
		c.fail("end", "Giờ kết thúc phải sau giờ gọi thí sinh (%s).", text.FormatClock(s.CallInAt))
	}
}

// checkSlots reads the slots and holds them against each other. Fields are "slot.0.start" and so on.
func (e Exam) checkSlots(c *checker, s *Sitting, in SittingInput) {
	if len(in.Slots) == 0 {
		c.fail("slot.0.components", "Chưa chọn môn thi nào cho buổi này.")
	}
	parts := e.parts()
	for i, si := range in.Slots {
		field := fmt.Sprintf("slot.%d.", i)
		slot := Slot{ID: SlotID(db.NewID()), Turn: si.Turn, Minutes: si.Minutes}
		slot.HandoutAt = c.clock(field+"handout", "giờ phát đề", in.Day, si.Handout)
		slot.StartAt = c.clock(field+"start", "giờ bắt đầu làm bài", in.Day, si.Start)
		if slot.HandoutAt != 0 && slot.StartAt != 0 && slot.StartAt <= slot.HandoutAt {
			c.fail(field+"start", "Giờ bắt đầu làm bài (%s) phải sau giờ phát đề (%s).", si.Start, si.Handout)
		}
		if slot.HandoutAt != 0 && s.CallInAt != 0 && slot.HandoutAt <= s.CallInAt {
			c.fail(field+"handout", "Giờ phát đề (%s) phải sau giờ gọi thí sinh (%s).", si.Handout, in.CallIn)
		}
		if si.Turn < 0 || si.Turn > 4 {
			c.fail(field+"turn", "Số ca phải từ 1 đến 4; để trống khi không chia ca.")
		}
		longest := 0
		for _, id := range si.Components {
			part, ok := parts[id]
			if !ok {
				c.fail(field+"components", "Có môn không thuộc kỳ thi này. Hãy chọn lại.")
				continue
			}
			longest = max(longest, part.Minutes)
			slot.Parts = append(slot.Parts, part)
		}
		if len(si.Components) == 0 {
			c.fail(field+"components", "Chưa chọn môn thi.")
		}
		if slot.Minutes == 0 {
			slot.Minutes = longest
		}
		if slot.Minutes < longest || slot.Minutes > 300 {
			c.fail(field+"minutes", "Thời gian làm bài phải từ %d (thời gian của môn) đến 300 phút.", longest)
		}
		s.Slots = append(s.Slots, slot)
	}
	checkOverlap(c, s.Slots)
}

// checkOverlap refuses two slots of one scheme at the same time; two schemes may write side by side.
func checkOverlap(c *checker, slots []Slot) {
	for i, a := range slots {
		for j, b := range slots[i+1:] {
			if a.HandoutAt == 0 || b.HandoutAt == 0 || b.HandoutAt >= a.EndAt() || a.HandoutAt >= b.EndAt() {
				continue
			}
			if slices.ContainsFunc(a.Parts, func(p Part) bool {
				return slices.ContainsFunc(b.Parts, func(q Part) bool { return p.Scheme == q.Scheme })
			}) {
				c.fail(fmt.Sprintf("slot.%d.handout", i+1+j), "Phát đề %s lúc %s khi %s chưa hết giờ (%s). Hãy dời giờ.",
					b.Name(), text.FormatClock(b.HandoutAt), a.Name(), text.FormatClock(a.EndAt()))
			}
		}
	}
}

// checkOnce refuses a component that the round writes twice (electives: twice in one turn), and a
// combined paper torn over two sittings.
func (e Exam) checkOnce(c *checker, r Round, s Sitting) {
	type key struct {
		component ComponentID
		turn      int
	}
	where := map[key]Sitting{}
	combined := map[PaperID]Sitting{}
	for _, other := range r.Sittings {
		if other.ID == s.ID || !other.Held() {
			continue
		}
		for _, slot := range other.Slots {
			for _, p := range slot.Parts {
				where[key{p.ID, slot.Turn}] = other
				if p.PaperKind == Combined {
					combined[p.Paper] = other
				}
			}
		}
	}
	for i, slot := range s.Slots {
		field := fmt.Sprintf("slot.%d.components", i)
		for _, p := range slot.Parts {
			k := key{p.ID, slot.Turn}
			if other, ok := where[k]; ok && other.ID == s.ID {
				c.fail(field, "%s đã có trong buổi này.", p.Subject.Name)
			} else if ok {
				c.fail(field, "%s đã thi ở %s %s của %s.", p.Subject.Name, other.HalfName(), text.FormatDay(other.Day), r.Name)
			} else if other, torn := combined[p.Paper]; torn {
				c.fail(field, "Bài thi tổ hợp %s phải thi trọn trong một buổi; các môn khác của bài đang ở %s %s.",
					p.PaperName, other.HalfName(), text.FormatDay(other.Day))
			}
			where[k] = s
		}
	}
}

// checkNeighbours refuses two sittings of a round in the same half-day or at the same time.
func checkNeighbours(c *checker, r Round, s Sitting) {
	for _, other := range r.Sittings {
		if other.ID == s.ID {
			continue
		}
		if other.Day == s.Day && other.Half == s.Half {
			c.fail("half", "%s đã có một buổi thi vào %s %s (%s).", r.Name, s.HalfName(), text.FormatDay(s.Day), other.Title())
		} else if other.Held() && s.CallInAt < other.EndsAt() && other.CallInAt < s.EndsAt() && s.CallInAt != 0 {
			c.fail("call_in", "Buổi này chồng giờ với buổi %s (%s–%s).", other.Title(),
				text.FormatClock(other.CallInAt), text.FormatClock(other.EndsAt()))
		}
	}
}

// required fails the field when the value is empty or longer than limit characters.
func (c *checker) required(field, what, value string, limit int) {
	if strings.TrimSpace(value) == "" {
		c.fail(field, "Chưa có %s.", what)
	}
	c.short(field, what, value, limit)
}

func (c *checker) short(field, what, value string, limit int) {
	if n := len([]rune(value)); n > limit {
		c.fail(field, "%s dài %d ký tự, nhiều nhất là %d. Hãy rút gọn.", capital(what), n, limit)
	}
}

func capital(s string) string {
	r := []rune(s)
	return strings.ToUpper(string(r[:1])) + string(r[1:])
}

// day fails the field when the value is neither empty nor a calendar day.
func (c *checker) day(field, what, value string) {
	if value == "" {
		return
	}
	if _, err := time.Parse(time.DateOnly, value); err != nil {
		c.fail(field, "Không đọc được %s. Hãy ghi theo mẫu ngày/tháng/năm, ví dụ 7/7/2021.", what)
	}
}

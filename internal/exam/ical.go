package exam

import (
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/text"
)

// Calendar gives the exam's sittings as an iCalendar object that calendar programs subscribe to:
// CRLF, lines folded at 75 octets, one event a sitting with a UID that lasts, a SEQUENCE that grows
// with every change, and an alarm the evening before. base is the installation's address without a
// final slash, page the path of the timetable the events link to.
//
// The same timetable gives the same bytes.
//
// Source: RFC 5545, RFC 7986.
func (e Exam) Calendar(base, page string) []byte {
	var c calendar
	c.line("BEGIN", "VCALENDAR")
	c.line("VERSION", "2.0")
	c.line("PRODID", "-//Bang Vang//Lich thi//VI")
	c.line("CALSCALE", "GREGORIAN")
	c.line("METHOD", "PUBLISH")
	c.text("NAME", "Lịch thi – "+e.FullName())
	c.text("X-WR-CALNAME", "Lịch thi – "+e.FullName())
	c.line("X-WR-TIMEZONE", zoneName)
	if base != "" {
		c.line("URL", base+page)
	}
	c.line("REFRESH-INTERVAL;VALUE=DURATION", "PT1H")
	c.line("X-PUBLISHED-TTL", "PT1H")
	c.zone()
	for _, r := range e.Rounds {
		for _, s := range r.Sittings {
			c.sitting(e, r, s, base, page)
		}
		c.spareDay(e, r)
	}
	c.line("END", "VCALENDAR")
	return []byte(c.String())
}

const zoneName = "Asia/Ho_Chi_Minh"

// A calendar is an iCalendar object being written.
type calendar struct{ strings.Builder }

// line writes one content line, folded so that no line has more than 75 octets and no character is
// torn (RFC 5545 §3.1).
func (c *calendar) line(name, value string) {
	rest := name + ":" + value
	limit := 75
	for len(rest) > limit {
		cut := limit
		for !utf8.RuneStart(rest[cut]) {
			cut--
		}
		c.WriteString(rest[:cut] + "\r\n ")
		rest = rest[cut:]
		limit = 74 // the space of the continuation counts
	}
	c.WriteString(rest + "\r\n")
}

var escapeText = strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\r", `\n`, "\n", `\n`)

// text writes a line whose value is TEXT, without the control characters that it may not hold
// (RFC 5545 §3.3.11).
func (c *calendar) text(name, value string) {
	c.line(name, strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, escapeText.Replace(strings.ToValidUTF8(value, "?"))))
}

// utc and local write an instant, ms UTC.
func (c *calendar) utc(name string, ms int64) {
	c.line(name, clock.FromMillis(ms).Format("20060102T150405Z"))
}

func (c *calendar) local(name string, ms int64) {
	c.line(name+";TZID="+zoneName, clock.Local(clock.FromMillis(ms)).Format("20060102T150405"))
}

// zone writes the zone's rules: Vietnam keeps +07:00 all year.
func (c *calendar) zone() {
	for _, l := range [][2]string{{"BEGIN", "VTIMEZONE"}, {"TZID", zoneName}, {"BEGIN", "STANDARD"}, {"DTSTART", "19750613T000000"},
		{"TZOFFSETFROM", "+0700"}, {"TZOFFSETTO", "+0700"}, {"TZNAME", "+07"}, {"END", "STANDARD"}, {"END", "VTIMEZONE"}} {
		c.line(l[0], l[1])
	}
}

func (c *calendar) sitting(e Exam, r Round, s Sitting, base, page string) {
	summary := s.Title()
	if s.Kind == Papers {
		summary = "Thi " + summary
	}
	if !s.Held() {
		summary = "Không tổ chức: " + s.Title()
	}
	c.line("BEGIN", "VEVENT")
	c.line("UID", string(s.ID)+"@bang-vang")
	c.utc("DTSTAMP", s.ChangedAt)
	c.utc("LAST-MODIFIED", s.ChangedAt)
	c.line("SEQUENCE", fmt.Sprint(s.Sequence))
	c.local("DTSTART", s.CallInAt)
	c.local("DTEND", max(s.EndsAt(), s.CallInAt+60_000))
	c.text("SUMMARY", summary)
	c.text("DESCRIPTION", s.describe(e, r))
	c.line("STATUS", s.status())
	c.text("CATEGORIES", "Kỳ thi")
	if base != "" {
		c.line("URL", base+page+"#"+s.Anchor())
	}
	if s.Held() {
		for _, l := range [][2]string{{"BEGIN", "VALARM"}, {"ACTION", "DISPLAY"}, {"TRIGGER", s.eveningBefore()}} {
			c.line(l[0], l[1])
		}
		c.text("DESCRIPTION", summary+" lúc "+text.FormatDayTime(s.CallInAt))
		c.line("END", "VALARM")
	}
	c.line("END", "VEVENT")
}

// eveningBefore gives the alarm at seven in the evening of the day before, as a time before call-in.
func (s Sitting) eveningBefore() string {
	evening, _ := ClockAt(addDays(s.Day, -1), "19:00")
	return fmt.Sprintf("-PT%dM", (s.CallInAt-evening)/60_000)
}

// Anchor gives the sitting's place on the timetable page: "ngay-2021-07-07-sang".
func (s Sitting) Anchor() string {
	if s.Half == Morning {
		return "ngay-" + s.Day + "-sang"
	}
	return "ngay-" + s.Day + "-chieu"
}

func (s Sitting) status() string {
	switch {
	case !s.Held():
		return "CANCELLED"
	case s.Confirmed != Official:
		return "TENTATIVE"
	}
	return "CONFIRMED"
}

// describe says in plain lines what the event's page says.
func (s Sitting) describe(e Exam, r Round) string {
	lines := []string{e.FullName() + ", " + r.Name}
	if !s.Held() {
		lines = append(lines, "Buổi này không tổ chức: "+s.CancelledFor)
	}
	if s.Confirmed != Official {
		lines = append(lines, "Thời gian theo kế hoạch, có thể thay đổi.")
	}
	lines = append(lines, text.FormatClock(s.CallInAt)+" gọi thí sinh vào phòng thi")
	for _, slot := range s.Slots {
		lines = append(lines, fmt.Sprintf("%s: phát đề %s, làm bài %s–%s (%d phút)", slot.Name(), text.FormatClock(slot.HandoutAt),
			text.FormatClock(slot.StartAt), text.FormatClock(slot.EndAt()), slot.Minutes))
	}
	if len(s.Slots) > 0 {
		lines = append(lines, "Thí sinh đến muộn quá 15 phút sau giờ bắt đầu không được dự thi buổi đó.")
	}
	if s.Note != "" {
		lines = append(lines, s.Note)
	}
	return strings.Join(lines, "\n")
}

// spareDay writes the round's spare day as a day that does not block the calendar.
func (c *calendar) spareDay(e Exam, r Round) {
	day, err := time.Parse(time.DateOnly, r.SpareDay)
	if err != nil || len(r.Sittings) == 0 {
		return
	}
	var changed int64
	for _, s := range r.Sittings {
		changed = max(changed, s.ChangedAt)
	}
	c.line("BEGIN", "VEVENT")
	c.line("UID", string(r.ID)+"-du-phong@bang-vang")
	c.utc("DTSTAMP", changed)
	c.line("SEQUENCE", fmt.Sprint(r.Version-1))
	c.line("DTSTART;VALUE=DATE", day.Format("20060102"))
	c.line("DTEND;VALUE=DATE", day.AddDate(0, 0, 1).Format("20060102"))
	c.text("SUMMARY", "Ngày thi dự phòng")
	c.text("DESCRIPTION", e.FullName()+", "+r.Name+". Chỉ dùng khi phải lùi một buổi thi.")
	c.line("STATUS", "TENTATIVE")
	c.line("TRANSP", "TRANSPARENT")
	c.line("END", "VEVENT")
}

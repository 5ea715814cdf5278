package text

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
)

var weekdays = [...]string{"Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"}

var (
	dayFirst  = regexp.MustCompile(`^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d+)$`)
	yearFirst = regexp.MustCompile(`^(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[t ]00:00(?::00(?:\.0+)?)?z?)?$`)
	inWords   = regexp.MustCompile(`^(?:ngay\s+)?(\d{1,2})\s+thang\s+(\d{1,2})\s*,?\s+nam\s+(\d+)$`)
)

// ParseDay reads a calendar day as people write it and gives it as "2006-01-02": "7/7/2021",
// "07-07-2021", "7.7.2021", "2021-07-07" (also with a time of midnight, as exports write it) and
// "ngày 05 tháng 6 năm 2021". The day comes before the month.
//
// It returns fault.Invalid, with what to do, for anything else: a day the calendar does not have,
// a year of two digits, a year outside 1900–2199.
func ParseDay(s string) (string, error) {
	folded := strings.TrimSpace(Fold(s))
	var y, m, d string
	if p := dayFirst.FindStringSubmatch(folded); p != nil {
		d, m, y = p[1], p[2], p[3]
	} else if p := inWords.FindStringSubmatch(folded); p != nil {
		d, m, y = p[1], p[2], p[3]
	} else if p := yearFirst.FindStringSubmatch(folded); p != nil {
		y, m, d = p[1], p[2], p[3]
	} else if folded == "" {
		return "", fault.New(fault.Invalid, "Chưa có ngày. Hãy ghi theo mẫu ngày/tháng/năm, ví dụ 7/7/2021.")
	} else {
		return "", fault.New(fault.Invalid, "Không đọc được ngày “%s”. Hãy ghi theo mẫu ngày/tháng/năm, ví dụ 7/7/2021.", Excerpt(s, 40))
	}
	if len(y) != 4 {
		return "", fault.New(fault.Invalid, "Năm “%s” chưa rõ. Hãy ghi đủ bốn chữ số, ví dụ 7/7/2021.", Excerpt(y, 10))
	}
	year, _ := strconv.Atoi(y) // the patterns let only digits through
	month, _ := strconv.Atoi(m)
	day, _ := strconv.Atoi(d)
	return makeDay(year, month, day)
}

func makeDay(year, month, day int) (string, error) {
	if year < 1900 || year > 2199 {
		return "", fault.New(fault.Invalid, "Năm %d không hợp lý. Hãy kiểm tra lại năm.", year)
	}
	if month < 1 || month > 12 {
		return "", fault.New(fault.Invalid, "Không có tháng %d. Hãy ghi ngày trước, tháng sau, ví dụ 7/7/2021.", month)
	}
	t := time.Date(year, time.Month(month), day, 0, 0, 0, 0, time.UTC)
	if day < 1 || t.Day() != day {
		return "", fault.New(fault.Invalid, "Tháng %d năm %d không có ngày %d. Hãy kiểm tra lại ngày.", month, year, day)
	}
	return t.Format(time.DateOnly), nil
}

// DayFromSerial gives the day an Excel cell means by its serial number; date1904 is the workbook's
// own flag. Only a caller that knows the cell is a date may ask: 44384 is a plain number otherwise.
// It returns fault.Invalid outside 1/3/1900–31/12/2199 (Excel counts a 29/2/1900 that never was).
func DayFromSerial(serial float64, date1904 bool) (string, error) {
	if math.IsNaN(serial) || serial < 0 || serial > 110_000 || (!date1904 && serial < 61) {
		return "", fault.New(fault.Invalid, "Ô ngày có giá trị %v, không phải một ngày. Hãy định dạng lại ô theo kiểu ngày.", serial)
	}
	epoch := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if date1904 {
		epoch = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	t := epoch.AddDate(0, 0, int(serial))
	return makeDay(t.Year(), int(t.Month()), t.Day())
}

// parseStored reads a stored day; the Format functions give back unchanged what is none, so that a page
// shows the odd value instead of failing.
func parseStored(day string) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, day)
	return t, err == nil
}

// FormatDay gives a stored day the short way: "2021-07-07" is "7/7/2021".
func FormatDay(day string) string {
	t, ok := parseStored(day)
	if !ok {
		return day
	}
	return fmt.Sprintf("%d/%d/%d", t.Day(), t.Month(), t.Year())
}

// FormatDayLong gives a stored day as official documents write it: "ngày 05 tháng 6 năm 2021". Days
// under 10 and months 1 and 2 are padded (Decree 30/2020 annex I, domain.md 4.2).
func FormatDayLong(day string) string {
	t, ok := parseStored(day)
	if !ok {
		return day
	}
	month := strconv.Itoa(int(t.Month()))
	if t.Month() <= 2 {
		month = "0" + month
	}
	return fmt.Sprintf("ngày %02d tháng %s năm %d", t.Day(), month, t.Year())
}

// FormatWeekday gives the weekday of a stored day, "Thứ Tư"; "" when day is none.
func FormatWeekday(day string) string {
	t, ok := parseStored(day)
	if !ok {
		return ""
	}
	return weekdays[t.Weekday()]
}

// FormatDayTime gives an instant (ms UTC) in full, in Vietnamese time: "Thứ Tư, 7/7/2021, 07:35".
func FormatDayTime(ms int64) string {
	t := clock.Local(clock.FromMillis(ms))
	return fmt.Sprintf("%s, %d/%d/%d, %s", weekdays[t.Weekday()], t.Day(), t.Month(), t.Year(), t.Format("15:04"))
}

// FormatClock gives the time of day of an instant (ms UTC) in Vietnamese time: "07:35".
func FormatClock(ms int64) string { return clock.Local(clock.FromMillis(ms)).Format("15:04") }

// FormatDuration gives a length of time by its two largest parts: "2 giờ 10 phút", "3 ngày 4 giờ",
// "45 giây". Parts that are zero are left out; less than a second, or negative, is "0 giây".
func FormatDuration(d time.Duration) string {
	units := [...]struct {
		size time.Duration
		name string
	}{{24 * time.Hour, "ngày"}, {time.Hour, "giờ"}, {time.Minute, "phút"}, {time.Second, "giây"}}
	for i, u := range units {
		if d < u.size {
			continue
		}
		s := fmt.Sprintf("%d %s", d/u.size, u.name)
		if i+1 < len(units) {
			if n := d % u.size / units[i+1].size; n > 0 {
				s += fmt.Sprintf(" %d %s", n, units[i+1].name)
			}
		}
		return s
	}
	return "0 giây"
}

// FormatRelative says how far at is from now (both ms UTC): "còn 2 giờ 10 phút" before it,
// "2 giờ 10 phút trước" after it, "vừa xong" or "sắp đến" within a minute. Show it only beside the
// absolute time (design.md).
func FormatRelative(now, at int64) string {
	d := time.Duration(at-now) * time.Millisecond
	switch {
	case d >= time.Minute:
		return "còn " + FormatDuration(d)
	case d > 0:
		return "sắp đến"
	case d > -time.Minute:
		return "vừa xong"
	}
	return FormatDuration(-d) + " trước"
}

var clockForm = regexp.MustCompile(`^(\d{1,2})\s*(?:[:hg]|gio)\s*(\d{0,2})\s*(?:phut|')?(?::00)?$`)

// ParseClock reads a time of day as people write it, "07:35", "7h35", "7 giờ 35 phút", "14h", and
// gives it as "15:04". It returns fault.Invalid for anything else.
func ParseClock(s string) (string, error) {
	p := clockForm.FindStringSubmatch(strings.TrimSpace(Fold(s)))
	if p == nil || (p[2] == "" && strings.Contains(s, ":")) {
		return "", fault.New(fault.Invalid, "Không đọc được giờ “%s”. Hãy ghi theo mẫu giờ:phút, ví dụ 07:35.", Excerpt(s, 40))
	}
	hour, _ := strconv.Atoi(p[1]) // the pattern lets only digits through
	minute, _ := strconv.Atoi(p[2])
	if hour > 23 || minute > 59 {
		return "", fault.New(fault.Invalid, "Không có giờ “%s”. Hãy ghi theo mẫu giờ:phút, ví dụ 07:35.", Excerpt(s, 40))
	}
	return fmt.Sprintf("%02d:%02d", hour, minute), nil
}

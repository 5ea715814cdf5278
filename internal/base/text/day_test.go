package text_test

import (
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

func TestParseDayReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"7/7/2021": "2021-07-07", "07-07-2021": "2021-07-07", "7.7.2021": "2021-07-07", " 07 / 07 / 2021 ": "2021-07-07",
		"2021-07-07": "2021-07-07", "2021-07-07 00:00:00": "2021-07-07", "2021-07-07T00:00:00Z": "2021-07-07",
		"ngày 05 tháng 6 năm 2021": "2021-06-05", "NGÀY 5 THÁNG 6, NĂM 2021": "2021-06-05", "5 tháng 6 năm 2021": "2021-06-05",
		"29/2/2024": "2024-02-29", "1-12-2021": "2021-12-01",
	} {
		got, err := text.ParseDay(in)
		if err != nil || got != want {
			t.Errorf("ParseDay(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestParseDayRefusesAndSaysWhy(t *testing.T) {
	t.Parallel()
	for in, says := range map[string]string{
		"":                      "Chưa có ngày",
		"31/6/2021":             "Tháng 6 năm 2021 không có ngày 31",
		"29/2/2021":             "không có ngày 29",
		"7/13/2021":             "Không có tháng 13",
		"0/7/2021":              "không có ngày 0",
		"7/7/21":                "bốn chữ số",
		"7/7/20210":             "bốn chữ số",
		"1/1/1021":              "Năm 1021",
		"44384":                 "Không đọc được ngày",
		"2021-07-07 07:35:00":   "Không đọc được ngày",
		"hôm nay":               "Không đọc được ngày",
		"ngày tháng 6 năm 2021": "Không đọc được ngày",
	} {
		got, err := text.ParseDay(in)
		if !fault.Is(err, fault.Invalid) || !strings.Contains(fault.Message(err), says) {
			t.Errorf("ParseDay(%q) = %q, %v; want a refusal saying %q", in, got, err, says)
		}
	}
}

func TestParseClock(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"07:35": "07:35", "7h35": "07:35", "7 giờ 35 phút": "07:35", "14h": "14:00", "14g30": "14:30", "7:35:00": "07:35", " 0:5 ": "00:05"} {
		if got, err := text.ParseClock(in); err != nil || got != want {
			t.Errorf("ParseClock(%q) = %q, %v; want %q", in, got, err, want)
		}
	}
	for _, bad := range []string{"", "7", "24:00", "7:60", "7:", "sáng", "123:00"} {
		if got, err := text.ParseClock(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("ParseClock(%q) = %q, %v; want a refusal", bad, got, err)
		}
	}
}

func TestDayFromSerial(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		serial   float64
		date1904 bool
		want     string
	}{{44384, false, "2021-07-07"}, {44384.35, false, "2021-07-07"}, {61, false, "1900-03-01"}, {42922, true, "2021-07-07"}} {
		if got, err := text.DayFromSerial(c.serial, c.date1904); err != nil || got != c.want {
			t.Errorf("DayFromSerial(%v) = %q, %v; want %q", c.serial, got, err, c.want)
		}
	}
	for _, bad := range []float64{-1, 0, 60, 1e9} {
		if _, err := text.DayFromSerial(bad, false); !fault.Is(err, fault.Invalid) {
			t.Errorf("DayFromSerial(%v) gave %v", bad, err)
		}
	}
}

func TestDaysAreWrittenTheVietnameseWay(t *testing.T) {
	t.Parallel()
	ms := time.Date(2021, 7, 7, 0, 35, 0, 0, time.UTC).UnixMilli()
	for _, c := range [][2]string{
		{text.FormatDay("2021-07-07"), "7/7/2021"},
		{text.FormatDay("sớm"), "sớm"},
		{text.FormatDayLong("2021-06-05"), "ngày 05 tháng 6 năm 2021"},
		{text.FormatDayLong("2021-02-15"), "ngày 15 tháng 02 năm 2021"},
		{text.FormatDayLong("2021-03-10"), "ngày 10 tháng 3 năm 2021"},
		{text.FormatDayLong("2021-12-01"), "ngày 01 tháng 12 năm 2021"},
		{text.FormatWeekday("2021-07-07"), "Thứ Tư"},
		{text.FormatWeekday("2021-07-11"), "Chủ nhật"},
		{text.FormatDayTime(ms), "Thứ Tư, 7/7/2021, 07:35"},
		{text.FormatClock(ms), "07:35"},
		{text.FormatRelative(ms, ms+(2*60+10)*60_000), "còn 2 giờ 10 phút"},
		{text.FormatRelative(ms, ms+30_000), "sắp đến"},
		{text.FormatRelative(ms, ms), "vừa xong"},
		{text.FormatRelative(ms, ms-2*24*3600_000), "2 ngày trước"},
		{text.FormatDuration(25 * time.Hour), "1 ngày 1 giờ"},
		{text.FormatDuration(0), "0 giây"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

func FuzzParseDay(f *testing.F) {
	for _, s := range []string{"7/7/2021", "2021-07-07", "ngày 05 tháng 6 năm 2021", "٧/٧/٢٠٢١", "7/7/99999999999999999999", "", "0-0-0"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		day, err := text.ParseDay(s)
		if err != nil {
			if !fault.Is(err, fault.Invalid) {
				t.Fatalf("ParseDay(%q): %v", s, err)
			}
			return
		}
		for _, form := range []string{day, text.FormatDay(day), text.FormatDayLong(day)} {
			if again, err := text.ParseDay(form); err != nil || again != day {
				t.Fatalf("ParseDay(%q) = %q, but its form %q reads as %q, %v", s, day, form, again, err)
			}
		}
	})
}

package exam_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"

	"bangvang/internal/base/clock"
	"bangvang/internal/exam"
)

var update = flag.Bool("update", false, "write golden files anew")

// settled gives an exam whose identifiers and times of change do not differ from run to run.
func settled(e exam.Exam) exam.Exam {
	for i := range e.Rounds {
		r := &e.Rounds[i]
		r.ID = exam.RoundID("round" + string(rune('1'+i)))
		for j := range r.Sittings {
			s := &r.Sittings[j]
			s.ID = exam.SittingID("sitting" + string(rune('1'+i)) + string(rune('1'+j)))
			s.ChangedAt = time.Date(2021, 6, 1, 2, 0, 0, 0, time.UTC).UnixMilli()
		}
	}
	return e
}

func TestTheCalendarIsWhatItWas(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		got := settled(load(t, b, 2021)).Calendar("https://thi.example.vn", "/lich-thi")
		const golden = "testdata/lich-thi-2021.ics"
		if *update {
			must(t, os.WriteFile(golden, got, 0o644))
		}
		want, err := os.ReadFile(golden)
		must(t, err)
		if !bytes.Equal(got, want) {
			t.Errorf("the calendar changed; run with -update and look at the difference:\n%s", got)
		}
	})
}

func TestCalendarLinesAreFoldedWhole(t *testing.T) { // RFC 5545 §3.1
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2025)
		e.Rounds[0].Sittings[1].Note = "Chú ý; mang theo: thẻ dự thi, bút\\mực\n" + strings.Repeat("ẫặỄậữợ ", 40)
		raw := string(e.Calendar("", ""))
		if !strings.HasSuffix(raw, "\r\n") || strings.Contains(strings.ReplaceAll(raw, "\r\n", ""), "\n") {
			t.Error("a line does not end in CRLF")
		}
		for line := range strings.SplitSeq(raw, "\r\n") {
			if len(line) > 75 || !utf8.ValidString(line) {
				t.Errorf("a line of %d octets, valid %v: %q", len(line), utf8.ValidString(line), line)
			}
		}
		whole := strings.ReplaceAll(raw, "\r\n ", "")
		if !strings.Contains(whole, `Chú ý\; mang theo: thẻ dự thi\, bút\\mực\nẫặỄậữợ`) {
			t.Error("the note came out otherwise")
		}
	})
}

func TestTheCalendarReadsInALibraryOfOthers(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		r := e.Rounds[0]
		s := r.Sittings[2]
		must(t, b.CancelSitting(office(t), e.ID, r.ID, s.ID, s.Version, "Bão, lũ"))
		e, err := b.Exam(office(t), e.ID)
		must(t, err)
		cal, err := ics.ParseCalendar(bytes.NewReader(e.Calendar("https://thi.example.vn", "/lich-thi")))
		must(t, err)
		events := cal.Events()
		if len(events) != 10 { // five sittings and a spare day, then four sittings
			t.Fatalf("%d events", len(events))
		}
		seen := map[string]bool{}
		for _, ev := range events {
			if seen[ev.Id()] || ev.Id() == "" {
				t.Errorf("UID %q stands twice", ev.Id())
			}
			seen[ev.Id()] = true
		}
		essay := events[1]
		start, err := essay.GetStartAt()
		must(t, err)
		end, err := essay.GetEndAt()
		must(t, err)
		if got := start.In(clock.Zone).Format(time.DateTime) + " " + end.In(clock.Zone).Format(time.TimeOnly); got != "2021-07-07 07:00:00 09:35:00" {
			t.Errorf("the essay is from %s", got)
		}
		value := func(ev *ics.VEvent, p ics.ComponentProperty) string {
			if v := ev.GetProperty(p); v != nil {
				return v.Value
			}
			return ""
		}
		if v := value(essay, ics.ComponentPropertyStatus); v != "TENTATIVE" { // its times rest on no document
			t.Errorf("status %q", v)
		}
		if v := value(events[2], ics.ComponentPropertyStatus) + " " + value(events[2], ics.ComponentPropertySequence); v != "CANCELLED 1" {
			t.Errorf("the cancelled sitting: %q", v)
		}
		if v := value(events[3], ics.ComponentPropertyDescription); !strings.Contains(v, "Hóa học · Địa lí: phát đề 08:30") || !strings.Contains(v, "theo kế hoạch") {
			t.Errorf("description %q", v)
		}
		if len(essay.Alarms()) != 1 || len(events[2].Alarms()) != 0 {
			t.Error("alarms stand where they should not")
		}
	})
}

func FuzzCalendarText(f *testing.F) {
	for _, seed := range []string{"", "Ngữ văn", "a;b,c\\d\ne", "\r\nBEGIN:VEVENT", strings.Repeat("ẫ", 200), "x\rEND:VCALENDAR", "\x00\x07", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, note string) {
		e := exam.Exam{Year: 2021, Name: "Kỳ thi", Rounds: []exam.Round{{ID: "r", Name: "Đợt 1", Sittings: []exam.Sitting{{ID: "s", Day: "2021-07-07",
			Half: exam.Morning, Kind: exam.Procedure, Name: note, Note: note, CallInAt: 1625616000000, EndAt: 1625619600000, ChangedAt: 1}}}}}
		raw := string(e.Calendar("", ""))
		for line := range strings.SplitSeq(raw, "\r\n") {
			if len(line) > 75 || strings.ContainsAny(line, "\r\n") {
				t.Errorf("line %q", line)
			}
		}
		cal, err := ics.ParseCalendar(strings.NewReader(raw))
		if err != nil || len(cal.Events()) != 1 {
			t.Errorf("%q reads as %v", note, err)
		}
	})
}

package exam_test

import (
	"reflect"
	"strings"
	"testing"

	"bangvang/internal/base/audit"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/people"

	"bangvang/internal/base/access"
)

func TestTheExamOf2021HasTwoRoundsAndCombinedPapers(t *testing.T) { // domain.md 3.1–3.3
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		if got := e.Title(); got != "Thông tin về Kỳ thi tốt nghiệp THPT năm 2021" { // R-II.1-a
			t.Errorf("title %q", got)
		}
		if e.Council.Code != "07" || !e.Current || !e.Public {
			t.Errorf("council %q, current %v, public %v", e.Council.Code, e.Current, e.Public)
		}
		if len(e.Rounds) != 2 {
			t.Fatalf("%d rounds", len(e.Rounds))
		}
		for i, want := range [][2]string{{"2021-07-07", "2021-07-08"}, {"2021-08-06", "2021-08-07"}} {
			if first, last := e.Rounds[i].Days(); [2]string{first, last} != want {
				t.Errorf("round %d: %s–%s", i+1, first, last)
			}
		}
		third := e.Rounds[0].Sittings[3]
		if third.Title() != "Khoa học tự nhiên · Khoa học xã hội" || len(third.Slots) != 3 {
			t.Fatalf("%q with %d slots", third.Title(), len(third.Slots))
		}
		for i, want := range []string{"Vật lí · Lịch sử", "Hóa học · Địa lí", "Sinh học · Giáo dục công dân"} {
			if got := third.Slots[i].Name(); got != want {
				t.Errorf("slot %d is %q, want %q", i, got, want)
			}
		}
		minutes := map[string]int{}
		for _, s := range e.Rounds[0].Sittings {
			for _, slot := range s.Slots {
				minutes[slot.Name()] = slot.Minutes
			}
		}
		for name, want := range map[string]int{"Ngữ văn": 120, "Toán": 90, "Ngoại ngữ": 60, "Vật lí · Lịch sử": 50} {
			if minutes[name] != want {
				t.Errorf("%s takes %d minutes, want %d", name, minutes[name], want)
			}
		}
	})
}

func TestTimesThatRestOnNoDocumentAreMarked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		for _, year := range exam.SetYears() {
			for _, r := range load(t, b, year).Rounds {
				for _, s := range r.Sittings {
					if s.Confirmed == exam.Official || s.Source == "" {
						t.Errorf("%d %s %s says %q, source %q", year, s.Day, s.Half, s.Confirmed, s.Source)
					}
				}
			}
		}
	})
}

func TestTheExamOf2025HasElectivesInTwoTurnsBesideTheOldProgramme(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2025)
		if len(e.Schemes) != 2 || e.Schemes[0].Code != "2018" || e.Council.Code != "07" {
			t.Fatalf("schemes %v, council %v", e.Schemes, e.Council)
		}
		electives := 0
		for _, p := range e.Schemes[0].Papers {
			if p.Kind == exam.Elective {
				electives++
			}
		}
		if electives != 10 {
			t.Errorf("%d electives", electives)
		}
		turns := 0
		for _, l := range e.Lines(e.Rounds[0].ID) {
			if l.PaperCode == "tin_hoc" {
				turns++
				if want := []string{"", "Tin học (ca 1)", "Tin học (ca 2)"}[turns]; l.Name() != want {
					t.Errorf("line %q, want %q", l.Name(), want)
				}
			}
		}
		if turns != 2 {
			t.Errorf("an elective has %d lines, one for each turn wanted", turns)
		}
	})
}

func TestGDTXCandidatesNeverStandOnCivicEducation(t *testing.T) { // V-11
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		for _, year := range exam.SetYears() {
			found := false
			for _, l := range load(t, b, year).Lines(firstRound(t, b, year)) {
				if l.Subject.Code == "gdcd" {
					found = true
				}
				if l.GeneralOnly != (l.Subject.Code == "gdcd") {
					t.Errorf("%d: %s closed to GDTX: %v", year, l.Name(), l.GeneralOnly)
				}
			}
			if !found {
				t.Errorf("%d has no civic education", year)
			}
		}
	})
}

func firstRound(t *testing.T, b bench, year int) exam.RoundID {
	t.Helper()
	e, err := b.ExamOf(office(t), year)
	must(t, err)
	return e.Rounds[0].ID
}

func TestADataSetIsLoadedOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		load(t, b, 2021)
		if _, err := b.Load(office(t), 2021, "Lai Châu"); !fault.Is(err, fault.Conflict) {
			t.Errorf("the second time gave %v", err)
		}
		if _, err := b.Load(office(t), 1999, "Lai Châu"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a year without a data set gave %v", err)
		}
		if _, err := b.Load(as(t, people.RoleUnitEditor, access.Scope{Kind: access.Unit, ID: "u"}), 2025, "Lai Châu"); !fault.Is(err, fault.Denied) {
			t.Errorf("a school's editor got %v", err)
		}
		if e := load(t, b, 2025); e.Current {
			t.Error("a second exam became the current one by itself")
		}
	})
}

func TestCouncilCodesFollowTheProvinces(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{2021: "07", 2025: "07", 2026: "12", 2027: "12"} {
		c, err := exam.CouncilOf("Lai Châu", year)
		if err != nil || c.Code != want {
			t.Errorf("%d: code %q, %v; want %s", year, c.Code, err, want)
		}
	}
	if c, err := exam.CouncilOf("Sơn La", 2021); err != nil || c.Code != "" || !strings.Contains(c.Name, "Sơn La") {
		t.Errorf("a province not in the data: %+v, %v", c, err)
	}
}

func TestCopyingShiftsEverythingAndLeavesTheOldExamAlone(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		old := load(t, b, 2021)
		_, err := b.SaveSite(office(t), old.Rounds[0].ID, "", 0, someSite("03", "THPT Than Uyên"))
		must(t, err)
		oldNews, err := b.News(office(t), old)
		must(t, err)
		b.touched.take()

		id, err := b.Copy(office(t), old.ID, exam.CopyInput{Year: 2027, FirstDay: "2027-06-10", Sites: true})
		must(t, err)
		e, err := b.Exam(office(t), id)
		must(t, err)
		if e.Public || e.Current || e.Council.Code != "12" || e.From != "2027-06-01" || e.Until != "2027-08-31" {
			t.Errorf("public %v, current %v, council %v, %s–%s", e.Public, e.Current, e.Council, e.From, e.Until)
		}
		if keys := b.touched.take(); len(keys) != 0 {
			t.Errorf("a draft touched public pages: %v", keys)
		}
		shift := ms(t, "2027-06-10 00:00:00") - ms(t, "2021-07-07 00:00:00")
		for i, r := range e.Rounds {
			for j, s := range r.Sittings {
				was := old.Rounds[i].Sittings[j]
				if s.ID == was.ID || s.CallInAt != was.CallInAt+shift || s.EndsAt() != was.EndsAt()+shift || s.Confirmed != exam.Planned {
					t.Errorf("round %d sitting %d: %+v", i+1, j+1, s)
				}
				if s.Title() != was.Title() || s.Half != was.Half || len(s.Slots) != len(was.Slots) {
					t.Errorf("round %d sitting %d became %q", i+1, j+1, s.Title())
				}
				for k, slot := range s.Slots {
					if slot.ID == was.Slots[k].ID || slot.Parts[0].ID == was.Slots[k].Parts[0].ID || slot.StartAt != was.Slots[k].StartAt+shift {
						t.Errorf("round %d sitting %d slot %d shares something with 2021", i+1, j+1, k+1)
					}
				}
			}
		}
		if e.Rounds[0].SpareDay != "2027-06-12" {
			t.Errorf("spare day %s", e.Rounds[0].SpareDay)
		}
		sites, err := b.Sites(office(t), e.Rounds[0].ID)
		must(t, err)
		if len(sites) != 1 || sites[0].HeadName != "" || sites[0].Slug != "thpt-than-uyen" {
			t.Errorf("sites %+v", sites)
		}

		same, err := b.Exam(office(t), old.ID)
		must(t, err)
		if !reflect.DeepEqual(same, old) {
			t.Errorf("2021 changed:\n%+v\n%+v", old, same)
		}
		news, err := b.News(office(t), old)
		must(t, err)
		if !reflect.DeepEqual(news, oldNews) {
			t.Error("the news of 2021 changed")
		}
		if _, err := b.Copy(office(t), old.ID, exam.CopyInput{Year: 2027, FirstDay: "2027-06-10"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second 2027 gave %v", err)
		}
	})
}

func TestACopyNeedsAYearAndADayThatFit(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		old := load(t, b, 2021)
		for name, c := range map[string]struct {
			in    exam.CopyInput
			field string
		}{
			"no year":                     {exam.CopyInput{FirstDay: "2027-06-10"}, "year"},
			"no day":                      {exam.CopyInput{Year: 2027}, "first_day"},
			"a day of another year":       {exam.CopyInput{Year: 2027, FirstDay: "2026-06-10"}, "first_day"},
			"the second round in January": {exam.CopyInput{Year: 2027, FirstDay: "2027-12-20"}, "first_day"},
			"no round":                    {exam.CopyInput{Year: 2027, FirstDay: "2027-06-10", Rounds: []int{7}}, "rounds"},
		} {
			_, err := b.Copy(office(t), old.ID, c.in)
			t.Log(name)
			wantFields(t, err, c.field)
		}
		id, err := b.Copy(office(t), old.ID, exam.CopyInput{Year: 2027, FirstDay: "2027-12-20", Rounds: []int{1}})
		must(t, err)
		e, err := b.Exam(office(t), id)
		must(t, err)
		if len(e.Rounds) != 1 {
			t.Errorf("%d rounds were taken", len(e.Rounds))
		}
		lines, err := audit.List(t.Context(), b.DB.Read(), audit.Query{Kind: "exam", Object: string(id)})
		if err != nil || len(lines) != 1 || lines[0].Action != "exam.copy" {
			t.Errorf("audit %+v, %v", lines, err)
		}
	})
}

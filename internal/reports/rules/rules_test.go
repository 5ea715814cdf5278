package rules_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"bangvang/internal/reports/rules"
)

func at(hhmm string) int64 {
	t, err := time.Parse("2006-01-02 15:04 -0700", "2021-07-07 "+hhmm+" +0700")
	if err != nil {
		panic(err)
	}
	return t.UnixMilli()
}

var reasons = []rules.Word{{Code: "sick", Name: "Ốm, tai nạn"}, {Code: "late", Name: "Đến muộn"}, {Code: "dropped", Name: "Bỏ thi"},
	{Code: "barred", Name: "Bị đình chỉ từ buổi trước"}, {Code: "unknown", Name: "Chưa rõ lý do"}}

// literature is the worked example of domain.md 3.6: site 3, Ngữ văn, part 1.
func literature() (rules.Report, rules.Basis) {
	r := rules.Report{ID: "3-nguvan-1", Site: "s3", Sitting: "van", Part: rules.Attendance, Lines: []rules.Line{{
		Key: "van..0", Registered: "241", Present: "238", Absent: "3", Rooms: "11",
		Why: map[string]rules.Count{"sick": "1", "dropped": "1", "unknown": "1"},
	}}}
	b := rules.Basis{
		Site: "s3", Sitting: "van", Held: true, StartAt: at("07:35"), EndAt: at("09:35"), Now: at("07:52"),
		Lines: []rules.Base{{Key: "van..0", Name: "Ngữ văn", Registered: 241, Continuing: 20}}, RoomMax: 24, Rise: 5, Records: -1,
		AbsenceReasons:     reasons,
		StaffKinds:         []rules.Word{{Code: "reprimand", Name: "Khiển trách"}, {Code: "warning", Name: "Cảnh cáo"}},
		IncidentCategories: []rules.Word{{Code: "paper", Name: "Đề thi"}, {Code: "weather", Name: "Thời tiết"}},
	}
	return r, b
}

// closed is part 2 of the same sitting, with one candidate suspended.
func closed() (rules.Report, rules.Basis) {
	r, b := literature()
	b.First = slices.Clone(r.Lines)
	b.Now = at("10:10")
	r.Part, r.NoIncident = rules.Closing, true
	r.Head, r.Witness, r.OnlineAt, r.OfflineAt = "Lò Văn Pâng", "Đào Thị Én", "10:05", "10:12"
	l := &r.Lines[0]
	l.Reprimanded, l.Warned, l.Suspended = "0", "0", "1"
	return r, b
}

// mathematics is the worked example's next sitting.
func mathematics() (rules.Report, rules.Basis) {
	earlier, _ := closed()
	earlier.Lines[0].Why = map[string]rules.Count{"sick": "1", "dropped": "2"} // found out since
	r, b := literature()
	r.ID, r.Sitting, b.Sitting = "3-toan-1", "toan", "toan"
	r.Lines = []rules.Line{{Key: "toan..0", Registered: "241", Present: "236", Absent: "5", Rooms: "11",
		Why: map[string]rules.Count{"sick": "1", "dropped": "2", "unknown": "1", "barred": "1"}}}
	b.Lines = []rules.Base{{Key: "toan..0", Name: "Toán", Registered: 241, Continuing: 20}}
	b.StartAt, b.EndAt, b.Now = at("14:30"), at("16:00"), at("14:50")
	b.Before = []rules.Earlier{{Sitting: "van", Name: "Ngữ văn, sáng 7/7", Lines: earlier.Lines}}
	return r, b
}

// combined is a sitting of both combined papers: 150 candidates of KHTN, 91 of KHXH, 20 of those GDTX.
func combined() (rules.Report, rules.Basis) {
	r, b := literature()
	r.ID, r.Sitting, b.Sitting = "3-tohop-1", "tohop", "tohop"
	r.Lines, b.Lines = nil, nil
	b.Groups = []rules.Group{{Key: "khtn", Name: "Khoa học tự nhiên", Registered: 150}, {Key: "khxh", Name: "Khoa học xã hội", Registered: 91, Continuing: 20}}
	for _, c := range []struct {
		group, name string
		n, gdtx     int
	}{{"khtn", "Vật lí", 150, 0}, {"khtn", "Hóa học", 149, 0}, {"khtn", "Sinh học", 149, 0}, {"khxh", "Lịch sử", 91, 20}, {"khxh", "Địa lí", 91, 20}, {"khxh", "Giáo dục công dân", 71, 0}} {
		key := c.group + "." + c.name + ".0"
		b.Lines = append(b.Lines, rules.Base{Key: key, Name: c.name, Registered: c.n, Continuing: c.gdtx, Group: c.group, GeneralOnly: c.name == "Giáo dục công dân"})
		r.Lines = append(r.Lines, rules.Line{Key: key, Registered: rules.N(c.n), Present: rules.N(c.n - 1), Absent: "1", Why: map[string]rules.Count{"sick": "1"}, Rooms: "7"})
	}
	return r, b
}

// rulesOf gives the ids of the rules found, each with its field.
func rulesOf(found []rules.Finding) []string {
	ids := []string{}
	for _, f := range found {
		ids = append(ids, strings.TrimSuffix(f.Rule+" "+f.Field, " "))
	}
	return ids
}

func TestTheWorkedExampleIsRight(t *testing.T) {
	t.Parallel()
	r, b := literature()
	if found := rules.Check(r, b); len(found) > 0 {
		t.Errorf("Ngữ văn: %v", found)
	}
	if got := rules.Running(r, b)["van..0"]; got != "238 + 3 = 241 ✓" {
		t.Errorf("under the line stands %q", got)
	}
	r, b = closed()
	if found := rules.Check(r, b); len(found) > 0 {
		t.Errorf("Ngữ văn, part 2: %v", found)
	}
	// V-07: 11 × 24 = 264 ≥ 241; V-06: 1 ≥ 1.
	r, b = mathematics()
	if found := rules.Check(r, b); len(found) > 0 {
		t.Errorf("Toán: %v", found)
	}
	// Word for word, "chưa rõ" of Ngữ văn is still open when Toán is reported, which asks for a word (V-13).
	before, _ := closed()
	b.Before[0].Lines = before.Lines
	if got := rulesOf(rules.Check(r, b)); !slices.Equal(got, []string{"V-13 before"}) {
		t.Errorf("Toán after an unresolved absence: %v", got)
	}
	r, b = combined()
	if found := rules.Check(r, b); len(found) > 0 {
		t.Errorf("KHTN, KHXH: %v", found)
	}
}

type change func(*rules.Report, *rules.Basis)

type world func() (rules.Report, rules.Basis)

// line gives a change of the report's first line.
func line(f func(*rules.Line)) change {
	return func(r *rules.Report, _ *rules.Basis) { f(&r.Lines[0]) }
}

func incident(f func(*rules.Incident)) change {
	return func(r *rules.Report, _ *rules.Basis) {
		x := rules.Incident{Category: "weather", Severity: "minor", At: "08:10", What: "Mất điện mười phút", Action: "Chạy máy phát"}
		f(&x)
		r.NoIncident, r.Incidents = false, []rules.Incident{x}
	}
}

func TestEveryRuleBothWays(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		world world
		do    change
		want  string // rules and fields, separated by ", "
	}{
		{"V-01: nothing typed is not zero", literature, line(func(l *rules.Line) { l.Rooms = "" }), "V-01 lines.van..0.rooms"},
		{"V-01: blanks alone are nothing typed", literature, line(func(l *rules.Line) { l.Present = " \u00a0" }), "V-01 lines.van..0.present"},
		{"V-01: a number with a blank inside", literature, line(func(l *rules.Line) { l.Present = "23 8" }), "V-01 lines.van..0.present"},
		{"V-01: a negative number", literature, line(func(l *rules.Line) { l.Absent = "-3" }), "V-01 lines.van..0.absent"},
		{"V-01: a number too large for any site", literature, line(func(l *rules.Line) { l.Registered = "100000" }), "V-01 lines.van..0.registered"},
		{"V-01: letters, points, exponents", literature, line(func(l *rules.Line) { l.Registered, l.Present, l.Absent, l.Rooms = "24l", "2.38", "3e0", "0x0b" }),
			"V-01 lines.van..0.registered, V-01 lines.van..0.present, V-01 lines.van..0.absent, V-01 lines.van..0.rooms"},
		{"V-01: a reason that is no number", literature, line(func(l *rules.Line) { l.Why["sick"] = "một" }), "V-01 lines.van..0.why.sick"},
		{"V-01: an empty reason counts nobody", literature, line(func(l *rules.Line) { l.Why["late"] = "" }), ""},
		{"V-01: a pasted number with blanks around it and full-width digits", literature, line(func(l *rules.Line) { l.Present, l.Absent, l.Rooms = "\u00a0238\t", "３", "011" }), ""},
		{"V-01: violations may wait for part 2", literature, line(func(l *rules.Line) { l.Warned = "" }), ""},
		{"V-01: in part 2 violations are typed, also none", closed, line(func(l *rules.Line) { l.Warned = "" }), "V-01 lines.van..0.warned"},
		{"V-01: collected sheets need not be counted", closed, line(func(l *rules.Line) { l.Sheets = new(rules.Count) }), ""},
		{"V-01: collected sheets, once typed, are a number", closed, line(func(l *rules.Line) { n := rules.Count("~237"); l.Sheets = &n }), "V-01 lines.van..0.sheets"},
		{"V-01: how many staff is a number", closed, func(r *rules.Report, _ *rules.Basis) {
			r.Staff = []rules.StaffViolation{{Kind: "warning", Count: "1 người"}}
		}, "V-01 staff.0.count"},
		{"V-01: one member of staff", closed, func(r *rules.Report, _ *rules.Basis) { r.Staff = []rules.StaffViolation{{Kind: "warning", Count: "1"}} }, ""},

		{"V-02: present and absent are one too many", literature, line(func(l *rules.Line) { l.Present = "239" }), "V-02 lines.van..0.absent"},
		{"V-02: one moves from present to absent", literature, line(func(l *rules.Line) { l.Present, l.Absent, l.Why["sick"] = "237", "4", "2" }), ""},
		{"V-03: one absent without a reason", literature, line(func(l *rules.Line) { delete(l.Why, "sick") }), "V-03 lines.van..0.why"},
		{"V-03: one reason too many", literature, line(func(l *rules.Line) { l.Why["late"] = "1" }), "V-03 lines.van..0.why"},
		{"V-03: nobody absent needs no reason", literature, line(func(l *rules.Line) { l.Present, l.Absent, l.Why = "241", "0", nil }), ""},
		{"V-04: a site cannot differ from its roster", literature, line(func(l *rules.Line) { l.Registered, l.Present = "242", "239" }), "V-04 lines.van..0.registered"},
		{"V-04: the Council can, with a reason", literature, func(r *rules.Report, b *rules.Basis) {
			b.Authority, r.Lines[0].Registered, r.Lines[0].Present = true, "242", "239"
		}, "V-04 lines.van..0.registered"},
		{"V-04: the Council says the same as the roster", literature, func(_ *rules.Report, b *rules.Basis) { b.Authority = true }, ""},
		{"V-05: more violations than candidates present", closed, line(func(l *rules.Line) { l.Reprimanded = "238" }), "V-05 lines.van..0.suspended"},
		{"V-05: everybody present reprimanded or suspended", closed, line(func(l *rules.Line) { l.Reprimanded = "237" }), ""},
		{"V-05: in part 1 what is typed counts too", literature, line(func(l *rules.Line) { l.Suspended = "239" }), "V-05 lines.van..0.suspended"},
		{"V-06: who was suspended in the morning is not marked in the afternoon", mathematics, line(func(l *rules.Line) { l.Why["barred"], l.Why["sick"] = "0", "2" }), "V-06 lines.toan..0.why.barred"},
		{"V-06: more barred than suspended is nobody's mistake here", mathematics, line(func(l *rules.Line) { l.Why["barred"], l.Why["sick"] = "2", "0" }), ""},
		{"V-06: no more can be barred than are registered", mathematics, func(r *rules.Report, b *rules.Basis) {
			b.Before[0].Lines[0].Suspended, b.Lines[0].Registered = "3", 1
			r.Lines[0] = rules.Line{Key: "toan..0", Registered: "1", Present: "0", Absent: "1", Why: map[string]rules.Count{"barred": "1"}, Rooms: "1"}
		}, ""},
		{"V-06: in a combined paper a candidate is barred on every component and counts once", combined, func(r *rules.Report, b *rules.Basis) {
			b.Before = []rules.Earlier{{Sitting: "van", Name: "Ngữ văn", Lines: []rules.Line{{Key: "van..0", Registered: "241", Present: "241", Absent: "0", Suspended: "2"}}}}
			for i := range 3 {
				r.Lines[i].Why = map[string]rules.Count{"barred": "1"}
			}
		}, "V-06 lines.khtn.Vật lí.0.why.barred"},
		{"V-06: one barred from each combined paper makes two", combined, func(r *rules.Report, b *rules.Basis) {
			b.Before = []rules.Earlier{{Sitting: "van", Name: "Ngữ văn", Lines: []rules.Line{{Key: "van..0", Registered: "241", Present: "241", Absent: "0", Suspended: "2"}}}}
			for i := range r.Lines {
				r.Lines[i].Why = map[string]rules.Count{"barred": "1"}
			}
		}, ""},
		{"V-07: ten rooms do not hold 241", literature, line(func(l *rules.Line) { l.Rooms = "10" }), "V-07 lines.van..0.rooms"},
		{"V-07: one room more than needed", literature, line(func(l *rules.Line) { l.Rooms = "12" }), ""},
		{"V-07: ten rooms hold exactly 240", literature, func(r *rules.Report, b *rules.Basis) {
			b.Lines[0].Registered, r.Lines[0].Registered, r.Lines[0].Present, r.Lines[0].Rooms = 240, "240", "237", "10"
		}, ""},
		{"V-08: a millisecond before start + 15 minutes", literature, func(_ *rules.Report, b *rules.Basis) { b.Now = at("07:50") - 1 }, "V-08"},
		{"V-08: at start + 15 minutes", literature, func(_ *rules.Report, b *rules.Basis) { b.Now = at("07:50") }, ""},
		{"V-08: the sender's clock moves nothing", literature, func(r *rules.Report, b *rules.Basis) { b.Now, r.FilledAt = at("07:49"), at("12:00") }, "V-08"},
		{"V-08: papers that began late", literature, func(r *rules.Report, _ *rules.Basis) { r.StartedAt = "07:40" }, "V-08 startedAt"},
		{"V-08: papers that began late, waited for", literature, func(r *rules.Report, b *rules.Basis) { r.StartedAt, b.Now = "07:40", at("07:55") }, ""},
		{"V-08: papers that began early do not open the door", literature, func(r *rules.Report, b *rules.Basis) { r.StartedAt, b.Now = "07:20", at("07:49") }, "V-08"},
		{"V-09: part 2 says another attendance", closed, line(func(l *rules.Line) { l.Present, l.Absent, l.Why["late"] = "237", "4", "1" }), "V-09 lines.van..0.present"},
		{"V-09: part 2 knows a reason better", closed, func(r *rules.Report, _ *rules.Basis) {
			r.Lines[0].Why = map[string]rules.Count{"sick": "2", "dropped": "1"}
		}, ""},
		{"V-09: part 1 has nothing to repeat", literature, func(_ *rules.Report, b *rules.Basis) {
			b.First = []rules.Line{{Key: "van..0", Registered: "241", Present: "200", Absent: "41"}}
		}, ""},
		{"V-10: no component reaches the paper's number, nor do all together", combined, func(_ *rules.Report, b *rules.Basis) { b.Groups[0].Registered = 449 }, "V-10 lines.khtn.Vật lí.0.registered"},
		{"V-10: all components together are just enough", combined, func(_ *rules.Report, b *rules.Basis) { b.Groups[0].Registered = 448 }, ""},
		{"V-10: a component larger than its paper", combined, func(_ *rules.Report, b *rules.Basis) { b.Groups[0].Registered = 149 }, "V-10 lines.khtn.Vật lí.0.registered"},
		{"V-11: civic education counts a GDTX candidate", combined, func(r *rules.Report, b *rules.Basis) {
			b.Lines[5].Registered, r.Lines[5].Registered, r.Lines[5].Present = 72, "72", "71"
		}, "V-11 lines.khxh.Giáo dục công dân.0.registered"},
		{"V-11: the components tell of GDTX candidates that the paper's number leaves out", combined, func(r *rules.Report, b *rules.Basis) {
			b.Groups[1].Continuing, b.Lines[5].Registered, r.Lines[5].Registered, r.Lines[5].Present = 0, 72, "72", "71"
		}, "V-11 lines.khxh.Giáo dục công dân.0.registered"},
		{"V-11: everybody else sits civic education", combined, func(*rules.Report, *rules.Basis) {}, ""},
		{"V-12: more candidates than in the first sitting", mathematics, func(r *rules.Report, _ *rules.Basis) {
			r.Lines[0].Present, r.Lines[0].Absent, r.Lines[0].Why = "240", "1", map[string]rules.Count{"barred": "1"}
		}, "V-12 lines.toan..0.present"},
		{"V-12: more, but not by more than x per mille", mathematics, func(r *rules.Report, _ *rules.Basis) {
			r.Lines[0].Present, r.Lines[0].Absent, r.Lines[0].Why = "239", "2", map[string]rules.Count{"barred": "1", "sick": "1"}
		}, ""},
		{"V-12: more, because more are registered", mathematics, func(r *rules.Report, b *rules.Basis) {
			b.Lines[0].Registered, r.Lines[0].Registered, r.Lines[0].Present = 246, "246", "241"
		}, ""},
		{"V-12: part 2 does not ask again", mathematics, func(r *rules.Report, b *rules.Basis) {
			c, cb := closed()
			c.Sitting, c.Lines, b.Now = "toan", r.Lines, cb.Now+6*3_600_000
			l := &c.Lines[0]
			l.Present, l.Absent, l.Why, l.Reprimanded, l.Warned, l.Suspended = "240", "1", map[string]rules.Count{"barred": "1"}, "0", "0", "0"
			b.First = slices.Clone(c.Lines)
			*r = c
		}, ""},
		{"V-13: the sitting before has an absence nobody explained", mathematics, func(_ *rules.Report, b *rules.Basis) {
			b.Before[0].Lines[0].Why = map[string]rules.Count{"sick": "2", "unknown": "1"}
		}, "V-13 before"},
		{"V-13: an older one was asked about already", mathematics, func(_ *rules.Report, b *rules.Basis) {
			old := b.Before[0]
			l := old.Lines[0]
			l.Why, l.Suspended = map[string]rules.Count{"sick": "2", "unknown": "1"}, "0"
			b.Before = []rules.Earlier{{Sitting: "ngoai_ngu", Name: "Ngoại ngữ", Lines: []rules.Line{l}}, old}
		}, ""},
		{"V-14: the same figures as in the sitting before", mathematics, func(r *rules.Report, b *rules.Basis) {
			r.Lines[0] = b.Before[0].Lines[0]
			r.Lines[0].Key, r.Lines[0].Suspended = "toan..0", ""
			b.Before[0].Lines[0].Suspended = "0"
		}, "V-14 lines.toan..0.present"},
		{"V-14: the same numbers for other reasons", mathematics, func(r *rules.Report, b *rules.Basis) {
			r.Lines[0] = b.Before[0].Lines[0]
			r.Lines[0].Key, r.Lines[0].Suspended, r.Lines[0].Why = "toan..0", "", map[string]rules.Count{"sick": "2", "dropped": "1"}
			b.Before[0].Lines[0].Suspended = "0"
		}, ""},
		{"V-15: an open severe incident in the report", closed, func(r *rules.Report, b *rules.Basis) {
			incident(func(x *rules.Incident) { x.Severity, x.Open = "severe", true })(r, b)
			r.NoIncident = true
		}, "V-15 noIncident, F-10 noIncident"},
		{"V-15: an open severe incident told before", closed, func(_ *rules.Report, b *rules.Basis) { b.SevereOpen = 1 }, "V-15 noIncident"},
		{"V-15: an open severe incident, and the report does not deny it", closed, incident(func(x *rules.Incident) { x.Severity, x.Open = "severe", true }), ""},
		{"V-20: a reason nobody can read", literature, func(r *rules.Report, _ *rules.Basis) { r.NotHeld, r.Lines = "lũ \u200b", nil }, "V-20 notHeld"},
		{"V-20: not held, and yet counted", literature, func(r *rules.Report, _ *rules.Basis) { r.NotHeld = "Lũ quét cuốn cầu" }, "V-20 notHeld"},
		{"V-20: held, and not counted", literature, func(r *rules.Report, _ *rules.Basis) { r.Lines = nil }, "V-20 lines.van..0"},
		{"V-20: held, and one line missing", combined, func(r *rules.Report, _ *rules.Basis) { r.Lines = r.Lines[1:] }, "V-20 lines.khtn.Vật lí.0"},
		{"V-20: not held, with a reason and no lines, also before the hour", literature, func(r *rules.Report, b *rules.Basis) {
			r.NotHeld, r.Lines, b.Now = "Lũ quét cuốn cầu", nil, at("06:00")
		}, ""},
		{"V-21: the sitting is not of the site's scheme and round", literature, func(_ *rules.Report, b *rules.Basis) { b.Held = false }, "V-21 sitting"},
		{"V-21: another site's report", literature, func(r *rules.Report, _ *rules.Basis) { r.Site = "s4" }, "V-21 sitting"},
		{"V-21: another sitting's report", literature, func(r *rules.Report, _ *rules.Basis) { r.Sitting = "toan" }, "V-21 sitting"},
		{"V-22: a suspended candidate is not on record", closed, func(_ *rules.Report, b *rules.Basis) { b.Records = 0 }, "V-22 lines.van..0.suspended"},
		{"V-22: the suspended candidate is on record", closed, func(_ *rules.Report, b *rules.Basis) { b.Records = 1 }, ""},
		{"V-22: no records are kept", closed, func(_ *rules.Report, b *rules.Basis) { b.Records = -1 }, ""},

		{"F-01: more than anybody types", literature, func(r *rules.Report, _ *rules.Basis) { r.Lines = make([]rules.Line, 101) }, "F-01"},
		{"F-01: a note as long as a novel", literature, func(r *rules.Report, _ *rules.Basis) { r.Note = strings.Repeat("ả", 2001) }, "F-01"},
		{"F-01: a long note", literature, func(r *rules.Report, _ *rules.Basis) { r.Note = strings.Repeat("ả", 2000) }, ""},
		{"F-01: a hundred and one reasons", literature, func(r *rules.Report, _ *rules.Basis) {
			r.Reasons = map[string]string{}
			for i := range 101 {
				r.Reasons[string(rune('a'+i))] = "x"
			}
		}, "F-01"},
		{"F-02: no id", literature, func(r *rules.Report, _ *rules.Basis) { r.ID = "" }, "F-02 id"},
		{"F-02: an id with what does not belong there", literature, func(r *rules.Report, _ *rules.Basis) { r.ID = "a'; DROP TABLE" }, "F-02 id"},
		{"F-02: an id of 65 letters", literature, func(r *rules.Report, _ *rules.Basis) { r.ID = strings.Repeat("a", 65) }, "F-02 id"},
		{"F-02: an id of 64 letters", literature, func(r *rules.Report, _ *rules.Basis) { r.ID = strings.Repeat("a", 64) }, ""},
		{"F-03: a part that does not exist", literature, func(r *rules.Report, _ *rules.Basis) { r.Part = 0 }, "F-03 part"},
		{"F-04: a line of another sitting", literature, func(r *rules.Report, _ *rules.Basis) { r.Lines = append(r.Lines, rules.Line{Key: "__proto__"}) }, "F-04 lines"},
		{"F-04: a line twice", literature, func(r *rules.Report, _ *rules.Basis) { r.Lines = append(r.Lines, r.Lines[0]) }, "F-04 lines"},
		{"F-05: a reason of absence nobody knows", literature, line(func(l *rules.Line) { l.Why["toString"] = "0" }), "F-05 lines.van..0.why"},
		{"F-06: a kind nobody knows", closed, func(r *rules.Report, _ *rules.Basis) { r.Staff = []rules.StaffViolation{{Kind: "sacked", Count: "1"}} }, "F-06 staff.0.kind"},
		{"F-06: a kind twice", closed, func(r *rules.Report, _ *rules.Basis) {
			r.Staff = []rules.StaffViolation{{Kind: "warning", Count: "1"}, {Kind: "warning", Count: "1"}}
		}, "F-06 staff.0.kind, F-06 staff.1.kind"},
		{"F-07: an incident of no known category", closed, incident(func(x *rules.Incident) { x.Category = "" }), "F-07 incidents.0.category"},
		{"F-07: an incident of no known severity", closed, incident(func(x *rules.Incident) { x.Severity = "nghiêm trọng" }), "F-07 incidents.0.category"},
		{"F-07: an incident at no time", closed, incident(func(x *rules.Incident) { x.At = "8:10" }), "F-07 incidents.0.at"},
		{"F-07: an incident of which nothing is said", closed, incident(func(x *rules.Incident) { x.What = "…" }), "F-07 incidents.0.what"},
		{"F-07: an incident told in full", closed, incident(func(*rules.Incident) {}), ""},
		{"F-08: no time of day", literature, func(r *rules.Report, _ *rules.Basis) { r.StartedAt = "24:00" }, "F-08 startedAt"},
		{"F-08: part 2 without the computer's times", closed, func(r *rules.Report, _ *rules.Basis) { r.OnlineAt, r.OfflineAt = "", "" }, "F-08 onlineAt, F-08 offlineAt"},
		{"F-08: disconnected before connected", closed, func(r *rules.Report, _ *rules.Basis) { r.OnlineAt, r.OfflineAt = "10:12", "10:11" }, "F-08 offlineAt"},
		{"F-08: disconnected in the same minute", closed, func(r *rules.Report, _ *rules.Basis) { r.OfflineAt = r.OnlineAt }, ""},
		{"F-09: part 2 without head and witness", closed, func(r *rules.Report, _ *rules.Basis) { r.Head, r.Witness = "", " " }, "F-09 head, F-09 witness"},
		{"F-09: a dictated report has a head, and no computer was used", closed, func(r *rules.Report, b *rules.Basis) {
			b.Phone, r.Witness, r.OnlineAt, r.OfflineAt = true, "", "", ""
		}, ""},
		{"F-10: part 2 says nothing of incidents", closed, func(r *rules.Report, _ *rules.Basis) { r.NoIncident = false }, "F-10 noIncident"},
		{"F-10: no incident, and one all the same", closed, func(r *rules.Report, b *rules.Basis) {
			incident(func(*rules.Incident) {})(r, b)
			r.NoIncident = true
		}, "F-10 noIncident"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r, b := c.world()
			c.do(&r, &b)
			found := rules.Check(r, b)
			if got := strings.Join(rulesOf(found), ", "); got != c.want {
				t.Errorf("found %q, want %q: %v", got, c.want, found)
			}
			for _, f := range found {
				if strings.ContainsAny(f.Message, "{}") || strings.Contains(f.Message, "NaN") || strings.Contains(f.Message, "Inf") || !strings.Contains(f.Message, "Hãy ") {
					t.Errorf("%s says %q", f.Rule, f.Message)
				}
				if (f.Level == rules.Warning) != (f.Key != "") {
					t.Errorf("%s of level %s has the key %q", f.Rule, f.Level, f.Key)
				}
			}
		})
	}
}

func TestMessagesQuoteWhatWasTypedAndSayWhatToDo(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		world world
		do    change
		want  string
	}{
		{literature, line(func(l *rules.Line) { l.Present = "239" }), "Ô “Có mặt” (239) cộng “Vắng” (3) phải bằng “Đăng ký” (241). Hãy kiểm tra lại hai ô này."},
		{literature, line(func(l *rules.Line) { l.Present = "23\u00a08" }), "Ô “Có mặt” có chữ “23 8”. Hãy nhập một số nguyên từ 0 đến 99999, ví dụ 238."},
		{literature, line(func(l *rules.Line) { l.Rooms = "mười một phòng thi và một phòng chờ" }), "Ô “Phòng thi” có chữ “mười một phòng thi v…”. Hãy nhập một số nguyên từ 0 đến 99999, ví dụ 238."},
		{literature, line(func(l *rules.Line) { l.Rooms = "" }), "Ô “Phòng thi” chưa có số. Hãy nhập một số nguyên; nếu không có thì nhập 0."},
		{literature, line(func(l *rules.Line) { l.Rooms = "10" }), "10 phòng thi không đủ cho 241 thí sinh, mỗi phòng nhiều nhất 24: cần ít nhất 11 phòng. Hãy kiểm tra lại ô “Phòng thi”, hoặc ghi lý do."},
		{literature, func(_ *rules.Report, b *rules.Basis) { b.Now = b.StartAt }, "Số có mặt chỉ chốt được từ 07:50, 15 phút sau giờ bắt đầu làm bài. Hãy gửi sau giờ đó."},
		{combined, func(r *rules.Report, _ *rules.Basis) { r.Lines[3].Absent = "2" }, "Lịch sử: Ô “Có mặt” (90) cộng “Vắng” (2) phải bằng “Đăng ký” (91). Hãy kiểm tra lại hai ô này."},
		{closed, line(func(l *rules.Line) { l.Present, l.Absent, l.Why["late"] = "237", "4", "1" }), "Phần 1 đã báo có mặt 238, vắng 3; phần này ghi 237, 4. Hãy kiểm tra lại, hoặc ghi lý do."},
	} {
		r, b := c.world()
		c.do(&r, &b)
		if found := rules.Check(r, b); len(found) == 0 || found[0].Message != c.want {
			t.Errorf("found %v, want %q", found, c.want)
		}
	}
}

func TestTheRunningCheckSaysHowMuchIsMissing(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ present, want string }{
		{"238", "238 + 3 = 241 ✓"},
		{"237", "237 + 3 = 240, thiếu 1 so với 241"},
		{" 240", "240 + 3 = 243, thừa 2 so với 241"},
		{"", ""},
		{"23 8", ""},
	} {
		r, b := literature()
		r.Lines[0].Present = rules.Count(c.present)
		if got := rules.Running(r, b)["van..0"]; got != c.want {
			t.Errorf("%q present: %q, want %q", c.present, got, c.want)
		}
	}
}

func TestAWarningIsAnsweredByAReasonOfFiveLetters(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		reason string
		ok     bool
	}{{"", false}, {"ok", false}, {"o  k  a  y", false}, {"a\u200b\u200b\u200b\u200bb", false}, {"ghép phòng", true}} {
		r, b := literature()
		r.Lines[0].Rooms = "10"
		found := rules.Check(r, b)
		r.Reasons = map[string]string{found[0].Key: c.reason}
		v := rules.Judge(r, b)
		if v.OK() != c.ok || len(v.Answered) == 1 != c.ok || len(v.Open) == 0 != c.ok || len(v.Errors) > 0 {
			t.Errorf("answered with %q: %+v", c.reason, v)
		}
	}
	r, b := literature()
	r.Lines[0].Present = "239"
	r.Reasons = map[string]string{"V-02:lines.van..0.absent": "đúng như vậy", "": "đúng như vậy"}
	if v := rules.Judge(r, b); v.OK() || len(v.Errors) != 1 {
		t.Errorf("an error is no question: %+v", v)
	}
}

package exam_test

import (
	"slices"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/people"
)

func someSite(code, name string) exam.SiteInput {
	return exam.SiteInput{Code: code, Name: name, Address: "Thị trấn Than Uyên", LocalityName: "Huyện Than Uyên",
		Phone: "0213 3784 000", HeadName: "Nguyễn Văn A", HeadPhone: "0912000000", Lat: "21,9631", Lon: "103.8932"}
}

func TestASiteIsKeptAndShownWithoutWhatIsInternal(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		id, err := b.SaveSite(office(t), e.Rounds[0].ID, "", 0, someSite("03", "Điểm thi THPT Than Uyên"))
		must(t, err)
		site, err := b.Site(office(t), id)
		must(t, err)
		if site.Slug != "diem-thi-thpt-than-uyen" || site.Place == nil || site.Place.Lat() != "21.963100" || site.Place.Lon() != "103.893200" || site.HeadName == "" {
			t.Errorf("%+v", site)
		}
		public, err := b.PublicSites(t.Context(), e)
		must(t, err)
		if len(public) != 1 || public[0].HeadName != "" || public[0].HeadPhone != "" || public[0].Phone == "" {
			t.Errorf("public: %+v", public)
		}
		in := someSite("03", "Điểm thi Trường THPT Than Uyên")
		_, err = b.SaveSite(office(t), e.Rounds[0].ID, id, site.Version, in)
		must(t, err)
		if again, err := b.Site(office(t), id); err != nil || again.Slug != site.Slug || again.Name != in.Name {
			t.Errorf("renamed: %+v, %v", again, err) // the address stays
		}
		if _, err = b.SaveSite(office(t), e.Rounds[0].ID, id, site.Version, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("a stale save gave %v", err)
		}
		// The same school serves in the second round under an address of its own.
		second, err := b.SaveSite(office(t), e.Rounds[1].ID, "", 0, someSite("03", "Điểm thi THPT Than Uyên"))
		must(t, err)
		if site, err := b.Site(office(t), second); err != nil || site.Slug != "diem-thi-thpt-than-uyen-dot-2" {
			t.Errorf("second round: %q, %v", site.Slug, err)
		}
	})
}

func TestWrongSitesAreRefusedByField(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		round := e.Rounds[0].ID
		_, err := b.SaveSite(office(t), round, "", 0, someSite("03", "A"))
		must(t, err)
		for field, spoil := range map[string]func(*exam.SiteInput){
			"code":       func(in *exam.SiteInput) { in.Code = "03" },
			"name":       func(in *exam.SiteInput) { in.Name = " " },
			"locality":   func(in *exam.SiteInput) { in.LocalityName = "" },
			"phone":      func(in *exam.SiteInput) { in.Phone = "gọi anh Ba" },
			"head_phone": func(in *exam.SiteInput) { in.HeadPhone = "x" },
			"lat":        func(in *exam.SiteInput) { in.Lat = "91" },
			"lon":        func(in *exam.SiteInput) { in.Lon = "" },
		} {
			in := someSite("04", "B")
			spoil(&in)
			_, err := b.SaveSite(office(t), round, "", 0, in)
			wantFields(t, err, field)
		}
	})
}

func TestAHaltedSiteSaysWhyAndAMovedOneWhereTo(t *testing.T) { // domain.md 3.3
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		here, err := b.SaveSite(office(t), e.Rounds[0].ID, "", 0, someSite("01", "A"))
		must(t, err)
		there, err := b.SaveSite(office(t), e.Rounds[0].ID, "", 0, someSite("02", "B"))
		must(t, err)
		other, err := b.SaveSite(office(t), e.Rounds[1].ID, "", 0, someSite("01", "C"))
		must(t, err)
		b.touched.take()
		chair := as(t, people.RoleCouncilChair, access.Scope{Kind: access.Council})
		wantFields(t, b.SetSiteStatus(chair, here, 1, exam.Halted, "", ""), "reason")
		wantFields(t, b.SetSiteStatus(chair, here, 1, exam.Moved, "Lũ quét", ""), "successor")
		wantFields(t, b.SetSiteStatus(chair, here, 1, exam.Moved, "Lũ quét", here), "successor")
		wantFields(t, b.SetSiteStatus(chair, here, 1, exam.Moved, "Lũ quét", other), "successor")
		if keys := b.touched.take(); len(keys) != 0 {
			t.Errorf("refused, and yet touched %v", keys)
		}
		must(t, b.SetSiteStatus(chair, here, 1, exam.Moved, "Lũ quét", there))
		site, err := b.Site(office(t), here)
		must(t, err)
		if site.Status != exam.Moved || site.Successor != there || site.StatusAt != b.clock.Millis() {
			t.Errorf("%+v", site)
		}
		if keys := b.touched.take(); len(keys) != 5 || !slices.Contains(keys, exam.KeyTimetable) {
			t.Errorf("touched %v", keys) // list and page, under the front and the year; and the timetable, where everybody looks
		}
		if err := b.SetSiteStatus(as(t, people.RoleSiteHead, access.Scope{Kind: access.Site, ID: string(here)}), here, 2, exam.Open, "", ""); !fault.Is(err, fault.Denied) {
			t.Errorf("a site's head reopened it: %v", err)
		}
	})
}

func TestARoomHoldsAtMostTwentyFour(t *testing.T) { // TT15 Điều 9.2b
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		one, err := b.SaveSite(office(t), e.Rounds[0].ID, "", 0, someSite("01", "A"))
		must(t, err)
		two, err := b.SaveSite(office(t), e.Rounds[0].ID, "", 0, someSite("02", "B"))
		must(t, err)
		must(t, b.SetRooms(office(t), one, 1, []exam.Room{{Number: 1, Capacity: 24}, {Number: 2, Capacity: 12}}))
		wantFields(t, b.SetRooms(office(t), two, 1, []exam.Room{{Number: 3, Capacity: 25}}), "room.0.capacity")
		wantFields(t, b.SetRooms(office(t), two, 1, []exam.Room{{Number: 3, Capacity: 0}}), "room.0.capacity")
		wantFields(t, b.SetRooms(office(t), two, 1, []exam.Room{{Number: 3, Capacity: 24}, {Number: 3, Capacity: 24}}), "room.1.number")
		wantFields(t, b.SetRooms(office(t), two, 1, []exam.Room{{Number: 2, Capacity: 24}}), "room.0.number")
		must(t, b.SetRooms(office(t), two, 1, []exam.Room{{Number: 3, Capacity: 24, Note: "tầng 2"}}))
		rooms, err := b.Rooms(office(t), two)
		if err != nil || len(rooms) != 1 || rooms[0].Note != "tầng 2" {
			t.Errorf("%v, %v", rooms, err)
		}
		for n, want := range map[int]int{0: 0, 1: 1, 24: 1, 25: 2, 241: 11} {
			if got := exam.RoomsNeeded(n); got != want {
				t.Errorf("%d candidates need %d rooms, want %d", n, got, want)
			}
		}
	})
}

func TestRosterSumsOfACombinedPaper(t *testing.T) { // V-10, V-11
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		round := e.Rounds[0].ID
		site, err := b.SaveSite(office(t), round, "", 0, someSite("03", "A"))
		must(t, err)
		keys := map[string]exam.LineKey{}
		for _, l := range e.Lines(round) {
			keys[l.Name()] = l.LineKey
		}
		const whole, history, geography, civics = "Khoa học xã hội", "Khoa học xã hội – Lịch sử", "Khoa học xã hội – Địa lí", "Khoa học xã hội – Giáo dục công dân"
		for _, c := range []struct {
			name    string
			counts  map[string]exam.Count
			refused string
		}{
			{"components of the same candidates", map[string]exam.Count{whole: {100, 20}, history: {100, 20}, geography: {100, 20}, civics: {80, 0}}, ""},
			{"single components of different candidates", map[string]exam.Count{whole: {30, 0}, history: {10, 0}, geography: {10, 0}, civics: {10, 0}}, ""},
			{"fewer than the largest component", map[string]exam.Count{whole: {99, 0}, history: {100, 0}}, whole},
			{"more than the sum", map[string]exam.Count{whole: {31, 0}, history: {10, 0}, geography: {10, 0}, civics: {10, 0}}, whole},
			{"GDTX candidates on civic education", map[string]exam.Count{whole: {100, 20}, history: {100, 20}, geography: {100, 20}, civics: {100, 1}}, civics},
			{"GDTX sums of their own", map[string]exam.Count{whole: {100, 10}, history: {100, 20}, geography: {100, 20}, civics: {80, 0}}, whole},
			{"more on civic education than are not GDTX", map[string]exam.Count{whole: {100, 20}, history: {100, 20}, geography: {100, 20}, civics: {81, 0}}, whole},
			{"more GDTX than registered", map[string]exam.Count{"Toán": {10, 11}}, "Toán"},
			{"a negative count", map[string]exam.Count{"Toán": {-1, 0}}, "Toán"},
		} {
			roster := exam.Roster{}
			for name, n := range c.counts {
				roster[keys[name]] = n
			}
			now, err := b.Site(office(t), site)
			must(t, err)
			err = b.SetRosters(office(t), round, []exam.SiteRoster{{Site: site, Version: now.Version, Counts: roster}})
			if c.refused == "" {
				must(t, err)
				kept, err := b.Roster(office(t), site)
				must(t, err)
				for name, want := range c.counts {
					if kept[keys[name]] != want {
						t.Errorf("%s: %s is %v", c.name, name, kept[keys[name]])
					}
				}
				continue
			}
			t.Log(c.name)
			wantFields(t, err, string(site)+"."+keys[c.refused].String())
		}
		own := as(t, people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: string(site)})
		if _, err := b.Roster(own, site); err != nil {
			t.Errorf("the site's secretary may not read its roster: %v", err)
		}
		stranger := as(t, people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: "another"})
		if _, err := b.Roster(stranger, site); err == nil {
			t.Error("another site's secretary read the roster")
		}
	})
}

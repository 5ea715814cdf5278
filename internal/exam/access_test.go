package exam_test

import (
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/exam"
	"bangvang/internal/people"
)

func TestWhoStartsWithWhichAction(t *testing.T) { // domain.md 2.1, 2.4
	t.Parallel()
	// Roles with the action everywhere; an "o" marks their own place only.
	want := map[access.Action]string{
		exam.ActEdit:       "council_secretary exam_office",
		exam.ActSites:      "council_secretary exam_office",
		exam.ActRoster:     "council_secretary exam_office",
		exam.ActImport:     "admin council_secretary exam_office",
		exam.ActSiteStatus: "council_chair council_secretary exam_office",
		exam.ActNews:       "exam_office office publisher",
		exam.ActPhase:      "council_chair council_secretary exam_office leader office publisher",
		exam.ActRosterRead: "auditor council_chair council_secretary exam_office inspector leader office site_head:o site_secretary:o standing",
		exam.ActRead: "admin auditor clerk council_chair council_secretary exam_office inspector leader ministry office publisher site_head " +
			"site_secretary spokesperson standing unit_editor unit_head",
	}
	for _, r := range exam.Rules() {
		var got []string
		for role, level := range r.Roles {
			name := string(role)
			if level == access.Own {
				name += ":o"
			}
			got = append(got, name)
		}
		slices.Sort(got)
		if strings.Join(got, " ") != want[r.Action] {
			t.Errorf("%s: %v, want %s", r.Action, got, want[r.Action])
		}
		if r.Title == "" || r.Source == "" {
			t.Errorf("%s has no title or source", r.Action)
		}
		delete(want, r.Action)
	}
	if len(want) > 0 {
		t.Errorf("not declared: %v", want)
	}
}

func TestEveryVerbRefusesWhoMayNot(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b bench) {
		e := load(t, b, 2021)
		r := e.Rounds[0]
		site, err := b.SaveSite(office(t), r.ID, "", 0, someSite("01", "A"))
		must(t, err)
		b.touched.take()
		stranger := as(t, people.RoleUnitHead, access.Scope{Kind: access.Unit, ID: "u"})
		verbs := map[string]func() error{
			"Load": func() error { _, err := b.Load(stranger, 2025, "x"); return err },
			"Copy": func() error {
				_, err := b.Copy(stranger, e.ID, exam.CopyInput{Year: 2027, FirstDay: "2027-06-10"})
				return err
			},
			"Save":        func() error { return b.Save(stranger, e.ID, 1, exam.ExamInput{Name: "A", CouncilName: "B"}) },
			"Publish":     func() error { return b.Publish(stranger, e.ID, 1) },
			"Remove":      func() error { return b.Remove(stranger, e.ID, 1) },
			"MakeCurrent": func() error { return b.MakeCurrent(stranger, e.ID, 1) },
			"FixPhase":    func() error { return b.FixPhase(stranger, e.ID, 1, exam.After, "x") },
			"SaveRound": func() error {
				_, err := b.SaveRound(stranger, e.ID, r.ID, 1, exam.RoundInput{Number: 1, Name: "x"})
				return err
			},
			"SaveSitting": func() error {
				_, err := b.SaveSitting(stranger, e.ID, r.ID, r.Sittings[0].ID, 1, input(r.Sittings[0]))
				return err
			},
			"CancelSitting": func() error { return b.CancelSitting(stranger, e.ID, r.ID, r.Sittings[0].ID, 1, "x") },
			"RemoveSitting": func() error { return b.RemoveSitting(stranger, e.ID, r.ID, r.Sittings[0].ID, 1) },
			"SaveScheme": func() error {
				_, err := b.SaveScheme(stranger, e.ID, "", exam.Scheme{Code: "x", Name: "x"})
				return err
			},
			"SaveSubject": func() error {
				return b.SaveSubject(stranger, e.ID, exam.Subject{Code: "x", Name: "x", Form: exam.Essay})
			},
			"SavePaper": func() error {
				_, err := b.SavePaper(stranger, e.ID, e.Schemes[0].ID, "", 0, exam.PaperInput{Code: "x", Name: "x", Kind: exam.Single})
				return err
			},
			"SaveLanguage":   func() error { return b.SaveLanguage(stranger, e.ID, exam.Language{Code: "N7", Name: "x"}) },
			"RemoveLanguage": func() error { return b.RemoveLanguage(stranger, e.ID, "N1") },
			"RemoveSubject":  func() error { return b.RemoveSubject(stranger, e.ID, "toan") },
			"RemovePaper":    func() error { return b.RemovePaper(stranger, e.ID, e.Papers()[0].ID, 1) },
			"RemoveScheme":   func() error { return b.RemoveScheme(stranger, e.ID, e.Schemes[0].ID) },
			"SaveSite":       func() error { _, err := b.SaveSite(stranger, r.ID, "", 0, someSite("02", "B")); return err },
			"SetSiteStatus":  func() error { return b.SetSiteStatus(stranger, site, 1, exam.Halted, "x", "") },
			"SetRooms":       func() error { return b.SetRooms(stranger, site, 1, nil) },
			"SetRosters":     func() error { return b.SetRosters(stranger, r.ID, nil) },
			"Rosters":        func() error { _, err := b.Rosters(stranger, r.ID); return err },
			"ReadList": func() error {
				_, err := b.ReadList(stranger, r.ID, exam.SiteList, table(t, "Mã\tTên điểm thi\tHuyện", "09\tA\tB"), true)
				return err
			},
			"SaveNews":   func() error { _, err := b.SaveNews(stranger, e.ID, "", 0, exam.News{Title: "x", Now: "x"}); return err },
			"RemoveNews": func() error { return b.RemoveNews(stranger, e.ID, "x", 1) },
			"RaiseNews":  func() error { return b.RaiseNews(stranger, e.ID, "x") },
		}
		for name, verb := range verbs {
			if err := verb(); !refused(err) {
				t.Errorf("%s gave %v", name, err)
			}
		}
		if keys := b.touched.take(); len(keys) > 0 {
			t.Errorf("refused, and yet touched %v", keys)
		}
	})
}

package reports

import (
	"context"
	"slices"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
)

// An Unresolved is an earlier sitting of the round with absences whose reason nobody knows yet.
type Unresolved struct {
	Sitting exam.Sitting
	Name    string // "Ngữ văn, buổi sáng 7/7/2021"
	Key     string // under which [Service.Compile] wants the reason
	N       int64
}

// Unresolved gives the earlier sittings of the round that must be answered for before the sitting's
// figures are compiled, oldest first.
//
// It returns fault.NotFound to who may not read all sites' reports.
//
// Source: V-13.
func (s *Service) Unresolved(ctx context.Context, sitting exam.SittingID) ([]Unresolved, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return nil, err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return nil, err
	}
	return s.unknownBefore(ctx, sc)
}

func (s *Service) unknownBefore(ctx context.Context, sc scene) ([]Unresolved, error) {
	var all []Unresolved
	for _, x := range sc.round.Sittings { // ordered by time
		if x.ID == sc.sitting.ID {
			break
		}
		if x.Kind != exam.Papers {
			continue
		}
		n, err := unknownIn(ctx, s.DB.Read(), x.ID)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			all = append(all, Unresolved{x, sittingName(x), "V-13." + string(x.ID), n})
		}
	}
	return all, nil
}

// A Hand is a person who had a part in a version's figures and so does not approve it.
type Hand struct {
	Person string
	Name   string
	Did    []string // "tổng hợp số liệu", "tiếp nhận 12 báo cáo"
}

// Said says it in one line.
func (h Hand) Said() string { return h.Name + " (" + strings.Join(h.Did, ", ") + ")" }

// Hands gives who may not approve a version and why, the compiler first.
//
// Source: domain.md 2.4 (2).
func (s *Service) Hands(ctx context.Context, id ProvinceID) ([]Hand, error) {
	p, err := s.Province(ctx, id)
	if err != nil {
		return nil, err
	}
	var all []Hand
	add := func(person, name, did string) {
		if person == "" || person == "system" {
			return
		}
		i := slices.IndexFunc(all, func(h Hand) bool { return h.Person == person })
		if i < 0 {
			all, i = append(all, Hand{Person: person, Name: name}), len(all)
		}
		all[i].Did = append(all[i].Did, did)
	}
	add(p.CompiledBy, p.CompiledName, "tổng hợp số liệu")
	parts, err := db.All(ctx, s.DB.Read(), scanPart, `SELECT 'tiếp nhận', r.accepted_by, r.accepted_name, COUNT(*) FROM report_province_item AS i JOIN report_site AS r ON r.id = i.report
		WHERE i.province = $1 GROUP BY r.accepted_by, r.accepted_name
		UNION ALL SELECT 'nhập', r.entered_by, r.entered_name, COUNT(*) FROM report_province_item AS i JOIN report_site AS r ON r.id = i.report
		WHERE i.province = $1 AND r.behalf GROUP BY r.entered_by, r.entered_name ORDER BY 1 DESC, 3`, string(id))
	for _, part := range parts {
		add(part.person, part.name, part.words())
	}
	return all, err
}

// Incident gives one incident.
func (s *Service) Incident(ctx context.Context, id IncidentID) (Incident, error) {
	i, err := readIncident(ctx, s.DB.Read(), id)
	if err != nil {
		return i, err
	}
	return i, s.Policy.Check(ctx, ActIncidentRead, place(i.Site))
}

// Contacts gives who is called at each site for which somebody has been entered.
func (s *Service) Contacts(ctx context.Context) (map[exam.SiteID]Contact, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return nil, err
	}
	return readContacts(ctx, s.DB.Read(), "1 = 1")
}

// A part is how often a person did something for a version.
type part struct {
	did, person, name string
	n                 int64
}

func (p part) words() string { return p.did + " " + text.FormatNumber(p.n) + " báo cáo" }

func scanPart(row db.Scanner) (p part, err error) {
	err = row.Scan(&p.did, &p.person, &p.name, &p.n)
	return p, err
}

// Running gives the call that goes on with a site. fault.NotFound when there is none.
func (s *Service) Running(ctx context.Context, slot Slot) (Call, error) {
	if err := s.Policy.Check(ctx, ActAccept, access.Place{}); err != nil {
		return Call{}, err
	}
	return runningCall(ctx, s.DB.Read(), slot)
}

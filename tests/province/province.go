// Package province makes installations of any size for stories and benchmarks: an exam whose sittings are
// over, with its sites, and what the sites report. What it makes is invented; it goes through the
// capabilities' own verbs.
package province

import (
	"context"
	"fmt"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports/rules"
)

// Acting gives a context in which somebody acts in a role for the whole province.
func Acting(ctx context.Context, role access.Role) context.Context {
	info, _ := people.RoleOf(role)
	return access.With(ctx, access.Actor{Person: "province-" + string(role), Name: "Người giả định", Grants: []access.Grant{{Role: role, Scope: access.Scope{Kind: info.Scopes[0]}}}})
}

// Sites makes this year's exam the current one: the first round of 2021, begun so many days ago, at as many
// sites, each with a roster. It gives the sites, and the sittings with papers in their order.
func Sites(ctx context.Context, a *app.App, daysAgo, sites int) (ids []exam.SiteID, sittings []exam.SittingID, err error) {
	office := Acting(ctx, people.RoleExamOffice)
	id, err := a.Exam.Load(office, 2021, "Lai Châu")
	if err != nil {
		return nil, nil, err
	}
	now := time.Now().In(clock.Zone)
	if id, err = a.Exam.Copy(office, id, exam.CopyInput{Year: now.Year(), FirstDay: now.AddDate(0, 0, -daysAgo).Format(time.DateOnly), Rounds: []int{1}}); err != nil {
		return nil, nil, err
	}
	e, err := a.Exam.Exam(office, id)
	if err != nil {
		return nil, nil, err
	}
	round := e.Rounds[0]
	var rosters []exam.SiteRoster
	for i := range sites {
		site, err := a.Exam.SaveSite(office, round.ID, "", 0, exam.SiteInput{Code: fmt.Sprintf("%04d", i+1), Name: fmt.Sprintf("Điểm thi %d", i+1), LocalityName: fmt.Sprintf("Huyện giả định %d", i%40)})
		if err != nil {
			return nil, nil, err
		}
		counts := exam.Roster{}
		for _, l := range e.Lines(round.ID) {
			n := 48 + i%400
			if l.Combined {
				n /= 2
			}
			counts[l.LineKey] = exam.Count{Registered: n}
		}
		ids = append(ids, site)
		rosters = append(rosters, exam.SiteRoster{Site: site, Version: 1, Counts: counts})
	}
	if err := a.Exam.SetRosters(office, round.ID, rosters); err != nil {
		return nil, nil, err
	}
	if err := a.Exam.Publish(office, id, e.Version); err != nil {
		return nil, nil, err
	}
	if e, err = a.Exam.Exam(office, id); err != nil {
		return nil, nil, err
	}
	for _, s := range round.Sittings {
		if s.Kind == exam.Papers {
			sittings = append(sittings, s.ID)
		}
	}
	return ids, sittings, a.Exam.MakeCurrent(office, id, e.Version)
}

// Attendance is a site's first report of a sitting: absent candidates on each line, all ill.
func Attendance(ctx context.Context, a *app.App, site exam.SiteID, sitting exam.SittingID, id string, absent int) (rules.Report, error) {
	form, err := a.Reports.Form(Acting(ctx, people.RoleCouncilSecretary), site, sitting)
	if err != nil {
		return rules.Report{}, err
	}
	b := form.Basis
	r := rules.Report{ID: id, Site: b.Site, Sitting: b.Sitting, Part: rules.Attendance, Reporter: "Thư ký điểm thi"}
	for _, l := range b.Lines {
		r.Lines = append(r.Lines, rules.Line{
			Key: l.Key, Registered: rules.N(l.Registered), Present: rules.N(l.Registered - absent), Absent: rules.N(absent),
			Why: map[string]rules.Count{"sick": rules.N(absent)}, Rooms: rules.N(exam.RoomsNeeded(l.Registered)),
		})
	}
	return r, nil
}

package rehearse

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// mark is what everything of a rehearsal says of itself.
const mark = "DIỄN TẬP"

// A post is one simulated person with an account of the copy.
type post struct {
	name  string
	actor access.Actor
	token string // of the machine interface; only at sites
}

func (p post) in(ctx context.Context) context.Context { return access.With(ctx, p.actor) }

// A site is one exam site with its people.
type site struct {
	exam.Site
	secretary, head post
	barred          int // candidates suspended so far
}

// A sitting is one sitting with what will happen at each site.
type sitting struct {
	exam.Sitting
	key      string // "2021-07-07-am", the same in every copy
	due      [3]int64
	province int64
	acts     []*act
}

// A player plays all the parts.
type player struct {
	Options
	app    *app.App
	clock  *clock.Clock
	chance *rand.Rand
	door   door
	from   original

	exam     exam.Exam
	round    exam.Round
	began    int64 // the copy's clock at the start
	sites    []*site
	invented int // sites that the installation does not have
	sittings []*sitting
	acts     map[reports.Slot]*act

	secretaries           [2]post // of the Council
	chair, clerk, keepers post    // keepers: the exam office
	queue                 queue
	done, dealt           int
	problems              []string  // what went wrong in background work
	since, told           time.Time // of the play; of the last line of progress
	ledger
}

// prepare makes the copy's people and decides what happens at which site.
func prepare(ctx context.Context, o Options, a *app.App, clk *clock.Clock, address string, from original) (*player, error) {
	p := &player{Options: o, app: a, clock: clk, from: from, chance: rand.New(rand.NewPCG(o.Seed, 0)), began: clk.Millis(), acts: map[reports.Slot]*act{},
		door: door{base: address, http: &http.Client{Timeout: time.Minute, Transport: &http.Transport{MaxIdleConnsPerHost: 4}}}, ledger: newLedger()}
	p.say("copied %d rows of %s in %s", from.rows, from.where, from.took.Round(time.Millisecond))
	for _, step := range []func(context.Context) error{p.marked, p.opened, p.peopled, p.sited, p.planned} {
		if err := step(program(ctx)); err != nil { // in this order: each stands on the one before
			return nil, fmt.Errorf("prepare the copy: %w", err)
		}
	}
	return p, nil
}

// marked has every page of the copy say what it is.
func (p *player) marked(ctx context.Context) error {
	s, err := p.app.Portal.Settings(ctx)
	if err != nil {
		return err
	}
	s.Invented = mark + ". Đây là bản sao để diễn tập: số liệu, người dùng, giờ giấc đều là giả định."
	return p.app.Portal.SaveSettings(ctx, s)
}

// opened makes the exam the current one, as it is on its days.
func (p *player) opened(ctx context.Context) error {
	reload := func() (err error) {
		if p.exam, err = p.app.Exam.Exam(ctx, p.from.exam); err == nil {
			p.round, _ = p.exam.Round(p.from.round)
		}
		return err
	}
	if err := reload(); err != nil {
		return err
	}
	e := p.exam
	err := p.app.Exam.Save(ctx, e.ID, e.Version, exam.ExamInput{Name: e.Name + " (" + mark + ")", CouncilCode: e.Council.Code, CouncilName: e.Council.Name, From: e.From, Until: e.Until, Source: e.Source})
	if err != nil {
		return err
	}
	for _, step := range []func() error{
		func() error { return p.app.Exam.Publish(ctx, p.exam.ID, p.exam.Version) },
		func() error { return p.app.Exam.MakeCurrent(ctx, p.exam.ID, p.exam.Version) },
	} {
		if err := reload(); err != nil {
			return err
		}
		if err := step(); err != nil && !fault.Is(err, fault.Conflict) { // it is already
			return err
		}
	}
	return reload()
}

// peopled makes the Council's people.
func (p *player) peopled(ctx context.Context) error {
	for _, c := range []struct {
		to   *post
		user string
		name string
		role access.Role
	}{
		{&p.secretaries[0], "dt-thu-ky-1", "Thư ký Hội đồng thi thứ nhất", people.RoleCouncilSecretary},
		{&p.secretaries[1], "dt-thu-ky-2", "Thư ký Hội đồng thi thứ hai", people.RoleCouncilSecretary},
		{&p.chair, "dt-chu-tich", "Chủ tịch Hội đồng thi", people.RoleCouncilChair},
		{&p.clerk, "dt-van-phong", "Văn phòng Sở", people.RoleOffice},
		{&p.keepers, "dt-khao-thi", "Phòng Khảo thí", people.RoleExamOffice},
	} {
		info, _ := people.RoleOf(c.role)
		var err error
		if *c.to, err = p.engage(ctx, c.user, c.name, c.role, access.Scope{Kind: info.Scopes[0]}); err != nil {
			return err
		}
	}
	return nil
}

// engage makes an account with one role.
func (p *player) engage(ctx context.Context, user, name string, role access.Role, scope access.Scope) (post, error) {
	name += " (" + mark + ")"
	id, err := p.app.People.CreateAccount(ctx, people.AccountForm{Username: user, Name: name})
	if err != nil {
		return post{}, err
	}
	if _, err := p.app.People.GrantRole(ctx, people.GrantForm{Account: id, Role: role, Scope: scope, Note: mark}); err != nil {
		return post{}, err
	}
	out := post{name: name}
	if scope.Kind == access.Site {
		if _, out.token, err = p.app.People.CreateToken(ctx, id, mark, []string{reports.Scope}, ""); err != nil {
			return post{}, err
		}
	}
	out.actor, err = p.app.People.ActorOf(ctx, id)
	return out, err
}

// sited invents the sites and rosters that the installation lacks, and engages the people of all sites
// that have something to report.
func (p *player) sited(ctx context.Context) error {
	if err := p.invent(ctx); err != nil {
		return err
	}
	all, err := p.app.Exam.Sites(ctx, p.round.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b exam.Site) int { return strings.Compare(a.Code, b.Code) })
	for i, s := range all {
		x := &site{Site: s}
		scope := access.Scope{Kind: access.Site, ID: string(s.ID)}
		if x.secretary, err = p.engage(ctx, fmt.Sprintf("dt-ss-%05d", i+1), "Thư ký điểm thi "+s.Code, people.RoleSiteSecretary, scope); err != nil {
			return err
		}
		if x.head, err = p.engage(ctx, fmt.Sprintf("dt-sh-%05d", i+1), "Trưởng điểm thi "+s.Code, people.RoleSiteHead, scope); err != nil {
			return err
		}
		p.sites = append(p.sites, x)
		if i%20 == 19 || i == len(all)-1 {
			p.say("engaged the people of %d of %d sites", i+1, len(all))
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return nil
}

// invent adds sites up to the number asked for, and a roster to those without one.
func (p *player) invent(ctx context.Context) error {
	sites, err := p.app.Exam.Sites(ctx, p.round.ID)
	if err != nil {
		return err
	}
	taken := map[string]bool{}
	for _, s := range sites {
		taken[s.Code] = true
	}
	for n := 1; len(sites)+p.invented < p.Sites; n++ {
		code := fmt.Sprintf("DT%03d", n)
		if taken[code] {
			continue
		}
		_, err := p.app.Exam.SaveSite(ctx, p.round.ID, "", 0, exam.SiteInput{Code: code, Name: fmt.Sprintf("Điểm thi %s số %d", mark, n), LocalityName: "Giả định"})
		if err != nil {
			return err
		}
		p.invented++
	}
	if sites, err = p.app.Exam.Sites(ctx, p.round.ID); err != nil {
		return err
	}
	rosters, err := p.app.Exam.Rosters(ctx, p.round.ID)
	if err != nil {
		return err
	}
	slices.SortFunc(sites, func(a, b exam.Site) int { return strings.Compare(a.Code, b.Code) })
	var missing []exam.SiteRoster
	for _, s := range sites {
		if len(rosters[s.ID]) == 0 && s.Status == exam.Open {
			missing = append(missing, exam.SiteRoster{Site: s.ID, Version: s.Version, Counts: p.roster()})
		}
	}
	return p.app.Exam.SetRosters(ctx, p.round.ID, missing)
}

// roster invents a site's candidates: a third of them sits the first combined paper, the rest the next.
func (p *player) roster() exam.Roster {
	n := 120 + p.chance.IntN(240)
	counts := exam.Roster{}
	combined := map[exam.PaperID]int{}
	for _, l := range p.exam.Lines(p.round.ID) {
		if !l.Combined {
			counts[l.LineKey] = exam.Count{Registered: n}
			continue
		}
		if _, known := combined[l.Paper]; !known {
			combined[l.Paper] = n / 3
			if len(combined) > 1 {
				combined[l.Paper] = n - n/3
			}
		}
		counts[l.LineKey] = exam.Count{Registered: combined[l.Paper]}
	}
	return counts
}

// planned reads what each site owes of each sitting and draws what will happen there.
func (p *player) planned(ctx context.Context) error {
	for i, x := range sittingsOf(p.round) {
		settings, err := p.app.Reports.SettingsOf(ctx, p.exam.ID, x.ID)
		if err != nil {
			return err
		}
		s := &sitting{Sitting: x, key: x.Day + "-" + string(x.Half), province: settings.ProvinceDueAt(x)}
		s.due[rules.Attendance], s.due[rules.Closing] = settings.DueAt(x, rules.Attendance), settings.DueAt(x, rules.Closing)
		p.sittings = append(p.sittings, s)
		duties, err := p.app.Reports.Expected(ctx, x.ID)
		if err != nil {
			return err
		}
		words, err := p.app.Reports.WordsOf(ctx, p.exam.ID)
		if err != nil {
			return err
		}
		p.cast(s, duties, words.Absence, i > 0 && i == len(sittingsOf(p.round))-1)
		p.schedule(s, settings)
	}
	if len(p.acts) == 0 {
		return fmt.Errorf("no site owes a report: its sites are closed, or have no candidates")
	}
	return nil
}

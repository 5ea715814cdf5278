package reports

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"bangvang/internal/base/access"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/exam"
)

// A Duty is what a site owes of a sitting: derived from timetable, sites and rosters.
type Duty struct {
	Site   exam.Site
	Lines  []exam.Line // those it has candidates for, in the order of writing
	Roster exam.Roster // its own candidates, and those of sites that came to it
	From   []exam.Site // the sites whose candidates came to it
	Due    bool        // a report is expected
	Why    string      // why none is, in words; "" when one is
	// Gap is a site that is open and has no candidate in the whole round: nobody may have entered its
	// roster, and a site nobody waits for would be silently missing.
	Gap bool
}

// Registered gives the candidates of all lines of the sitting, one who sits three components counted
// three times.
func (d Duty) Registered() int {
	n := 0
	for _, l := range d.Lines {
		n += d.Roster[l.LineKey].Registered
	}
	return n
}

// A roundData is what was read of a round's sites; it is never changed.
type roundData struct {
	stamp   string
	sites   []exam.Site // by locality and name
	at      map[exam.SiteID]int
	rosters map[exam.SiteID]exam.Roster
}

func (r *roundData) site(id exam.SiteID) (exam.Site, bool) {
	i, ok := r.at[id]
	if !ok {
		return exam.Site{}, false
	}
	return r.sites[i], true
}

// A roundCache keeps the sites of rounds: 2,500 of them with their rosters are too much to read for
// every report.
type roundCache struct {
	mu sync.Mutex
	of map[exam.RoundID]*roundData
}

// program acts as the program itself: what a site owes depends on others' rosters, which it may not read.
func program(ctx context.Context) context.Context {
	return access.System(ctx, "Hệ thống (báo cáo)")
}

// round gives a round's sites and rosters as they are now.
func (s *Service) round(ctx context.Context, id exam.RoundID) (*roundData, error) {
	ctx = program(ctx)
	stamp, err := s.Exams.SitesStamp(ctx, id)
	if err != nil {
		return nil, err
	}
	s.rounds.mu.Lock()
	defer s.rounds.mu.Unlock()
	if known := s.rounds.of[id]; known != nil && known.stamp == stamp {
		return known, nil
	}
	r := &roundData{stamp: stamp, at: map[exam.SiteID]int{}}
	if r.sites, err = s.Exams.Sites(ctx, id); err != nil {
		return nil, err
	}
	if r.rosters, err = s.Exams.Rosters(ctx, id); err != nil {
		return nil, err
	}
	for i, site := range r.sites {
		r.at[site.ID] = i
	}
	if s.rounds.of == nil {
		s.rounds.of = map[exam.RoundID]*roundData{}
	}
	s.rounds.of[id] = r
	return r, nil
}

// A scene is a sitting with everything that decides what is due in it.
type scene struct {
	exam     exam.Exam
	round    exam.Round
	sitting  exam.Sitting
	sites    *roundData
	settings Settings
	words    Words3
}

// scene reads a sitting. fault.NotFound when there is none, and for one without papers.
func (s *Service) scene(ctx context.Context, id exam.SittingID) (scene, error) {
	e, err := s.Exams.OfSitting(program(ctx), id)
	if err != nil {
		return scene{}, err
	}
	return s.sceneOf(ctx, e, id)
}

func (s *Service) sceneOf(ctx context.Context, e exam.Exam, id exam.SittingID) (scene, error) {
	sc := scene{exam: e}
	var ok bool
	if sc.sitting, sc.round, ok = e.Sitting(id); !ok || sc.sitting.Kind != exam.Papers {
		return sc, fault.New(fault.NotFound, "Không có buổi thi này.")
	}
	var err error
	if sc.sites, err = s.round(ctx, sc.round.ID); err != nil {
		return sc, err
	}
	if sc.settings, err = readSettings(ctx, s.DB.Read(), e.ID, id); err != nil {
		return sc, err
	}
	sc.words, err = readWords(ctx, s.DB.Read(), e.ID)
	return sc, err
}

// away tells whether a site did not work any more when the sitting began.
func (sc scene) away(site exam.Site) bool {
	return site.Status != exam.Open && site.StatusAt <= sc.sitting.StartsAt()
}

// heir gives the site where a site's candidates sit: itself, or the one it was merged into or moved to,
// which may have moved too; false when they sit nowhere.
func (sc scene) heir(site exam.Site) (exam.SiteID, bool) {
	for range len(sc.sites.sites) {
		if !sc.away(site) {
			return site.ID, true
		}
		next, ok := sc.sites.site(site.Successor)
		if !ok || site.Status == exam.Halted {
			return "", false
		}
		site = next
	}
	return "", false
}

// duties gives what each site of the round owes, in the sites' order.
func (sc scene) duties() []Duty {
	lines := sc.exam.SittingLines(sc.sitting.ID)
	from := map[exam.SiteID][]exam.Site{}
	for _, site := range sc.sites.sites {
		if !sc.away(site) {
			continue
		}
		if heir, ok := sc.heir(site); ok {
			from[heir] = append(from[heir], site)
		}
	}
	all := make([]Duty, 0, len(sc.sites.sites))
	for _, site := range sc.sites.sites {
		all = append(all, sc.duty(site, from[site.ID], lines))
	}
	return all
}

// dutyOf gives what one site owes; false when it is no site of the round.
func (sc scene) dutyOf(id exam.SiteID) (Duty, bool) {
	site, ok := sc.sites.site(id)
	if !ok {
		return Duty{}, false
	}
	var from []exam.Site
	for _, other := range sc.sites.sites {
		if !sc.away(other) {
			continue
		}
		if heir, ok := sc.heir(other); ok && heir == id {
			from = append(from, other)
		}
	}
	return sc.duty(site, from, sc.exam.SittingLines(sc.sitting.ID)), true
}

func (sc scene) duty(site exam.Site, from []exam.Site, lines []exam.Line) Duty {
	d := Duty{Site: site, Roster: sc.sites.rosters[site.ID]}
	for _, other := range from {
		other.HeadName, other.HeadPhone = "", "" // one site does not read another's people
		d.From = append(d.From, other)
	}
	if len(from) > 0 {
		d.Roster = exam.Roster{}
		for _, s := range append(slices.Clone(from), site) {
			for key, n := range sc.sites.rosters[s.ID] {
				sum := d.Roster[key]
				d.Roster[key] = exam.Count{Registered: sum.Registered + n.Registered, Continuing: sum.Continuing + n.Continuing}
			}
		}
	}
	for _, l := range lines {
		if d.Roster[l.LineKey].Registered > 0 && !slices.ContainsFunc(d.Lines, func(o exam.Line) bool { return o.LineKey == l.LineKey }) {
			d.Lines = append(d.Lines, l)
		}
	}
	switch {
	case !sc.sitting.Held():
		d.Why = "Buổi thi không tổ chức: " + sc.sitting.CancelledFor
	case sc.away(site):
		d.Why = fmt.Sprintf("%s từ %s: %s", site.Status.Label(), text.FormatDayTime(site.StatusAt), site.StatusNote)
		if next, ok := sc.sites.site(site.Successor); ok {
			d.Why += " Thí sinh thi tại " + next.Name + "."
		}
	case len(d.Roster) == 0:
		d.Why, d.Gap = "Chưa có số thí sinh đăng ký", true
	case len(d.Lines) == 0:
		d.Why = "Không có thí sinh thi buổi này"
	default:
		d.Due = true
	}
	return d
}

// Expected gives what each site of the sitting's round owes, in the sites' order.
//
// It returns fault.NotFound to who may not read all sites' reports.
func (s *Service) Expected(ctx context.Context, sitting exam.SittingID) ([]Duty, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return nil, err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return nil, err
	}
	return sc.duties(), nil
}

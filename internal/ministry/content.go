package ministry

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A Content is everything a paper knows of numbers: approved figures, copied when the paper is made and
// never computed again, and the same by site.
type Content struct {
	Province string    `json:"province"` // "Lai Châu"
	Exam     string    `json:"exam"`     // "Kỳ thi tốt nghiệp THPT năm 2021"
	Year     int       `json:"year"`
	Round    string    `json:"round"` // "Đợt 1"; "" when the exam has one
	Sittings []Sitting `json:"sittings"`
	// Unheard are sittings of the round without approved figures, in a paper about the round.
	Unheard []string `json:"unheard,omitempty"`
}

// A Sitting is one sitting's version of figures in a paper.
type Sitting struct {
	ID         exam.SittingID     `json:"id"`
	Version    reports.ProvinceID `json:"version"`
	Number     int                `json:"number"` // "bản số 2"
	ApprovedBy string             `json:"approvedBy"`
	ApprovedAt int64              `json:"approvedAt"` // ms UTC
	Figures    reports.Figures    `json:"figures"`
	Sites      []Site             `json:"sites"` // in the order of their codes
}

// A Site is what one site said.
type Site struct {
	Code    string            `json:"code"`
	Name    string            `json:"name"`
	NotHeld string            `json:"notHeld,omitempty"`
	Lines   []Line            `json:"lines,omitempty"`
	Staff   []reports.WordSum `json:"staff,omitempty"`
}

// A Line is one site's counts. A count that nobody was asked for is nil, not zero.
type Line struct {
	Key         string           `json:"key"`
	Name        string           `json:"name"`
	Registered  int64            `json:"registered"`
	Present     int64            `json:"present"`
	Absent      int64            `json:"absent"`
	Why         map[string]int64 `json:"why,omitempty"` // by the code of the reason
	Rooms       int64            `json:"rooms"`
	Sheets      *int64           `json:"sheets,omitempty"`
	Reprimanded *int64           `json:"reprimanded,omitempty"`
	Warned      *int64           `json:"warned,omitempty"`
	Suspended   *int64           `json:"suspended,omitempty"`
}

// Versions names the versions of figures a content is made of.
func (c Content) Versions() []reports.ProvinceID {
	ids := make([]reports.ProvinceID, len(c.Sittings))
	for i, s := range c.Sittings {
		ids[i] = s.Version
	}
	return ids
}

// Missing counts the sites whose figures are not in it.
func (c Content) Missing() int {
	n := 0
	for _, s := range c.Sittings {
		n += len(s.Figures.Missing)
	}
	return n
}

// gather freezes the approved figures that a paper is about.
//
// It returns fault.Conflict while no version is approved.
func (s *Service) gather(ctx context.Context, e exam.Exam, a About) (Content, error) {
	ctx = program(ctx)
	province, err := s.Province(ctx)
	if err != nil {
		return Content{}, err
	}
	c := Content{Province: province, Exam: e.FullName(), Year: e.Year}
	round, ok := e.Round(a.Round)
	if !ok {
		return c, &fault.Error{Kind: fault.NotFound}
	}
	if len(e.Rounds) > 1 {
		c.Round = round.Name
	}
	for _, x := range round.Sittings {
		if x.Kind != exam.Papers || !x.Held() || a.Sitting != "" && x.ID != a.Sitting {
			continue
		}
		p, err := s.Figures.Approved(ctx, x.ID, rules.Closing)
		if fault.Is(err, fault.NotFound) {
			c.Unheard = append(c.Unheard, sittingTitle(x))
			continue
		}
		if err != nil {
			return c, err
		}
		sitting, err := s.bySite(ctx, e, p)
		if err != nil {
			return c, err
		}
		c.Sittings = append(c.Sittings, sitting)
	}
	if len(c.Sittings) == 0 {
		return c, fault.New(fault.Conflict, "Chưa có số liệu buổi thi được duyệt nên chưa lập được báo cáo. Chủ tịch Hội đồng thi duyệt số liệu trước.")
	}
	return c, nil
}

// bySite reads the reports a version is the sum of and proves that they add up to it.
func (s *Service) bySite(ctx context.Context, e exam.Exam, p reports.Province) (Sitting, error) {
	out := Sitting{ID: p.Sitting, Version: p.ID, Number: p.Number, ApprovedBy: p.ApprovedName, ApprovedAt: p.ApprovedAt, Figures: p.Figures}
	sources, err := s.Figures.Sources(ctx, p.ID)
	if err != nil {
		return out, err
	}
	words, err := s.Figures.WordsOf(ctx, e.ID)
	if err != nil {
		return out, err
	}
	names := map[string]string{}
	for _, l := range e.SittingLines(p.Sitting) {
		names[l.String()] = l.Name()
	}
	sites, err := s.Exams.Sites(ctx, p.Round)
	if err != nil {
		return out, err
	}
	byID := map[exam.SiteID]exam.Site{}
	for _, x := range sites {
		byID[x.ID] = x
	}
	for _, r := range sources {
		site := Site{Code: byID[r.Site].Code, Name: byID[r.Site].Name, NotHeld: r.Said.NotHeld}
		for _, l := range r.Said.Lines {
			site.Lines = append(site.Lines, lineOf(l, names))
		}
		for _, v := range r.Said.Staff {
			if n := count(v.Count); n != nil && *n > 0 {
				site.Staff = append(site.Staff, reports.WordSum{Code: v.Kind, Name: wordName(words.Staff, v.Kind), N: *n})
			}
		}
		out.Sites = append(out.Sites, site)
	}
	slices.SortFunc(out.Sites, func(a, b Site) int { return cmpCodes(a.Code, b.Code) })
	return out, out.prove()
}

func lineOf(l rules.Line, names map[string]string) Line {
	out := Line{Key: l.Key, Name: names[l.Key], Registered: whole(l.Registered), Present: whole(l.Present), Absent: whole(l.Absent), Rooms: whole(l.Rooms),
		Reprimanded: count(l.Reprimanded), Warned: count(l.Warned), Suspended: count(l.Suspended)}
	if out.Name == "" {
		out.Name = l.Key
	}
	if l.Sheets != nil {
		out.Sheets = count(*l.Sheets)
	}
	for code, n := range l.Why {
		if v := whole(n); v > 0 {
			if out.Why == nil {
				out.Why = map[string]int64{}
			}
			out.Why[code] = v
		}
	}
	return out
}

func count(c rules.Count) *int64 {
	n, ok := c.Int()
	if !ok {
		return nil
	}
	v := int64(n)
	return &v
}

func whole(c rules.Count) int64 {
	if n := count(c); n != nil {
		return *n
	}
	return 0
}

func wordName(words []rules.Word, code string) string {
	for _, w := range words {
		if w.Code == code {
			return w.Name
		}
	}
	return code
}

// prove holds the sites' counts against the figures: the workbook shows the sites, the paper the sums,
// and they are one thing.
//
// Source: V-16.
func (s Sitting) prove() error {
	sums := map[string]reports.LineSum{}
	add := func(to *int64, asked *int64, n *int64) {
		if n != nil {
			*to += *n
			*asked++
		}
	}
	for _, site := range s.Sites {
		for _, l := range site.Lines {
			v := sums[l.Key]
			v.Key, v.Sites = l.Key, v.Sites+1
			v.Registered, v.Present, v.Absent, v.Rooms = v.Registered+l.Registered, v.Present+l.Present, v.Absent+l.Absent, v.Rooms+l.Rooms
			var asked int64
			add(&v.Sheets, &v.SheetSites, l.Sheets)
			add(&v.Reprimanded, &v.JudgedSites, l.Reprimanded)
			add(&v.Warned, &asked, l.Warned)
			add(&v.Suspended, &asked, l.Suspended)
			sums[l.Key] = v
		}
	}
	for _, l := range s.Figures.Lines {
		v := sums[l.Key]
		if v.Sites != l.Sites || v.Registered != l.Registered || v.Present != l.Present || v.Absent != l.Absent || v.Rooms != l.Rooms || v.Sheets != l.Sheets ||
			v.Reprimanded != l.Reprimanded || v.Warned != l.Warned || v.Suspended != l.Suspended {
			return fmt.Errorf("version %s, line %s: the sites do not add up to the figures", s.Version, l.Key)
		}
		delete(sums, l.Key)
	}
	if len(sums) > 0 {
		return fmt.Errorf("version %s has no sums for %v", s.Version, slices.Sorted(maps.Keys(sums)))
	}
	if len(s.Sites) != s.Figures.Accepted {
		return fmt.Errorf("version %s counts %d reports and has %d", s.Version, s.Figures.Accepted, len(s.Sites))
	}
	return nil
}

// severeOpen gives the severe incidents of the sittings that nobody has settled: as the figures have
// them, and those that came since.
//
// Source: V-15.
func (s *Service) severeOpen(ctx context.Context, c Content) (int64, error) {
	var n int64
	for _, x := range c.Sittings {
		var frozen, now int64
		for _, i := range x.Figures.Incident {
			if i.Severity == "severe" {
				frozen += i.Open
			}
		}
		found, err := s.Figures.Incidents(program(ctx), x.ID)
		if err != nil {
			return 0, err
		}
		for _, i := range found {
			if i.Severity == "severe" && i.Open {
				now++
			}
		}
		n += max(frozen, now)
	}
	return n, nil
}

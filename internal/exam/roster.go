package exam

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A LineKey names one line of a roster or a report: a paper as a whole (Component ""), or one
// component of a combined paper; electives by turn.
type LineKey struct {
	Paper     PaperID
	Component ComponentID
	Turn      int
}

// String gives the key as form fields and sheets use it.
func (k LineKey) String() string { return fmt.Sprintf("%s.%s.%d", k.Paper, k.Component, k.Turn) }

// A Line is one line with its names.
type Line struct {
	LineKey
	Scheme    string // the scheme's code
	PaperCode string
	PaperName string
	Subject   Subject // of the component; the zero Subject for a combined paper as a whole
	Combined  bool    // the paper is a combined one
	// GeneralOnly marks a line on which continuing-education candidates never stand (V-11).
	GeneralOnly bool
}

// Name gives what the line is called: "Toán", "Khoa học xã hội", "Khoa học xã hội – Địa lí",
// "Tin học (ca 2)".
func (l Line) Name() string {
	name := l.PaperName
	if l.Component != "" {
		name += " – " + l.Subject.Name
	}
	if l.Turn > 0 {
		name += fmt.Sprintf(" (ca %d)", l.Turn)
	}
	return name
}

// Lines gives the lines a site's roster has in a round, in the order of the papers: a combined
// paper as a whole before its components, an elective once for each turn of the round's timetable.
func (e Exam) Lines(round RoundID) []Line {
	r, _ := e.Round(round)
	turns := r.turns()
	var lines []Line
	for _, s := range e.Schemes {
		for _, p := range s.Papers {
			line := Line{LineKey: LineKey{Paper: p.ID}, Scheme: s.Code, PaperCode: p.Code, PaperName: p.Name, Combined: p.Kind == Combined}
			if p.Kind != Combined && len(p.Components) == 1 {
				line.Subject, line.GeneralOnly = p.Components[0].Subject, p.Components[0].GeneralOnly
			}
			if p.Kind != Elective || len(turns[p.ID]) == 0 {
				lines = append(lines, line)
			}
			for _, turn := range turns[p.ID] {
				if p.Kind == Elective {
					line.Turn = turn
					lines = append(lines, line)
				}
			}
			if p.Kind != Combined {
				continue
			}
			for _, c := range p.Components {
				part := line
				part.Component, part.Subject, part.GeneralOnly = c.ID, c.Subject, c.GeneralOnly
				lines = append(lines, part)
			}
		}
	}
	return lines
}

// turns gives, by paper, in which turns the round writes it.
func (r Round) turns() map[PaperID][]int {
	turns := map[PaperID][]int{}
	for _, s := range r.Sittings {
		for _, slot := range s.Slots {
			for _, p := range slot.Parts {
				if slot.Turn > 0 && !slices.Contains(turns[p.Paper], slot.Turn) {
					turns[p.Paper] = append(turns[p.Paper], slot.Turn)
				}
			}
		}
	}
	for _, t := range turns {
		slices.Sort(t)
	}
	return turns
}

// SittingLines gives the lines that a site's report of the sitting has, in the order of writing:
// components of combined papers each, everything else as a paper.
//
// Source: domain.md 3.5; V-10, V-21.
func (e Exam) SittingLines(id SittingID) []Line {
	sitting, round, ok := e.Sitting(id)
	if !ok {
		return nil
	}
	all := e.Lines(round.ID)
	var lines []Line
	for _, slot := range sitting.Slots {
		for _, p := range slot.Parts {
			key := LineKey{Paper: p.Paper, Turn: slot.Turn}
			if p.PaperKind == Combined {
				key = LineKey{Paper: p.Paper, Component: p.ID}
			}
			if i := slices.IndexFunc(all, func(l Line) bool { return l.LineKey == key }); i >= 0 {
				lines = append(lines, all[i])
			}
		}
	}
	return lines
}

// A Count is how many candidates are registered on a line at a site.
type Count struct {
	Registered int
	Continuing int // of them continuing-education candidates (GDTX)
}

// A Roster is a site's counts by line. A line that is not there counts nobody.
type Roster map[LineKey]Count

// Roster gives a site's roster. fault.NotFound when the actor may not read it.
func (s *Service) Roster(ctx context.Context, site SiteID) (Roster, error) {
	if err := s.Policy.Check(ctx, ActRosterRead, access.Place{Site: string(site)}); err != nil {
		return nil, err
	}
	all, err := readRosters(ctx, s.DB.Read(), "site = $1", site)
	return all[site], err
}

// Rosters gives the rosters of a round's sites. fault.NotFound when the actor may not read all.
func (s *Service) Rosters(ctx context.Context, round RoundID) (map[SiteID]Roster, error) {
	if err := s.Policy.Check(ctx, ActRosterRead, access.Place{}); err != nil {
		return nil, err
	}
	return readRosters(ctx, s.DB.Read(), "site IN (SELECT id FROM exam_site WHERE round = $1)", round)
}

// A SiteRoster is a site's whole roster as a grid or a sheet gives it.
type SiteRoster struct {
	Site    SiteID
	Version int // the site's, as read
	Counts  Roster
}

// SetRosters replaces the rosters of the sites given, all or none. Sites whose counts are what they
// were stay untouched.
//
// It returns fault.Invalid with fields named "<site>.<line>", for V-10 (a combined paper counts at
// least its largest component and at most their sum), V-11 (no continuing-education candidates on a
// line that is not theirs, and enough others for it) and negative numbers; fault.Conflict when a site
// was changed since its version.
func (s *Service) SetRosters(ctx context.Context, round RoundID, rosters []SiteRoster) error {
	ctx, err := s.Policy.Enter(ctx, ActRoster, access.Place{})
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := examOfRound(ctx, tx, round)
		if err != nil {
			return err
		}
		return s.setRosters(ctx, tx, e, round, rosters)
	})
}

func (s *Service) setRosters(ctx context.Context, tx *db.Tx, e Exam, round RoundID, rosters []SiteRoster) error {
	before, err := readRosters(ctx, tx, "site IN (SELECT id FROM exam_site WHERE round = $1)", round)
	if err != nil {
		return err
	}
	lines := e.Lines(round)
	var c checker
	for _, r := range rosters {
		checkRoster(&c, lines, r)
	}
	if err := c.err(); err != nil {
		return err
	}
	for _, r := range rosters {
		r.Counts = r.Counts.counted()
		if equal(before[r.Site], r.Counts) {
			continue
		}
		site, err := readSite(ctx, tx, r.Site)
		if err != nil {
			return err
		}
		if site.Round != round {
			return fault.New(fault.NotFound, "Điểm thi này không thuộc đợt thi đang mở.")
		}
		if err := replaceRoster(ctx, tx, r); err != nil {
			return err
		}
		if err := updateSite(ctx, tx, site, r.Version); err != nil {
			return err
		}
		if err := write(ctx, tx, "exam.roster", "exam.site", string(site.ID), site.Code+" "+site.Name, "", changes(lines, before[r.Site], r.Counts)); err != nil {
			return err
		}
	}
	return nil
}

// checkRoster holds one site's counts against V-10 and V-11.
func checkRoster(c *checker, lines []Line, r SiteRoster) {
	known := map[LineKey]bool{}
	sums, largest := map[PaperID]Count{}, map[PaperID]Count{}
	general := map[PaperID]int{} // the largest component that no continuing-education candidate sits
	for _, l := range lines {
		known[l.LineKey] = true
		field, n := string(r.Site)+"."+l.String(), r.Counts[l.LineKey]
		switch {
		case n.Registered < 0 || n.Continuing < 0:
			c.fail(field, "%s: số thí sinh không được âm.", l.Name())
		case n.Registered > 100_000:
			c.fail(field, "%s: %s thí sinh là quá nhiều cho một điểm thi. Hãy kiểm tra lại.", l.Name(), text.FormatNumber(int64(n.Registered)))
		case n.Continuing > n.Registered:
			c.fail(field, "%s: số thí sinh GDTX (%d) không thể lớn hơn số đăng ký (%d).", l.Name(), n.Continuing, n.Registered)
		case l.GeneralOnly && n.Continuing > 0:
			c.fail(field, "%s: thí sinh GDTX không thi môn này. Hãy ghi 0 ở phần GDTX.", l.Name())
		}
		if l.Component != "" {
			sum, top := sums[l.Paper], largest[l.Paper]
			sums[l.Paper] = Count{sum.Registered + n.Registered, sum.Continuing + n.Continuing}
			largest[l.Paper] = Count{max(top.Registered, n.Registered), max(top.Continuing, n.Continuing)}
			if l.GeneralOnly && n.Continuing == 0 { // otherwise refused above
				general[l.Paper] = max(general[l.Paper], n.Registered)
			}
		}
	}
	for _, l := range lines {
		if !l.Combined || l.Component != "" {
			continue
		}
		field, n, sum, top := string(r.Site)+"."+l.String(), r.Counts[l.LineKey], sums[l.Paper], largest[l.Paper]
		fine := len(c.fields)
		if n.Registered < top.Registered || n.Registered > sum.Registered {
			c.fail(field, "%s ghi %d thí sinh, phải từ %d (môn thành phần đông nhất) đến %d (tổng các môn). Hãy kiểm tra lại các ô của bài này.",
				l.Name(), n.Registered, top.Registered, sum.Registered)
		}
		if n.Continuing < top.Continuing || n.Continuing > sum.Continuing {
			c.fail(field, "%s ghi %d thí sinh GDTX, phải từ %d (môn thành phần đông nhất) đến %d (tổng các môn).",
				l.Name(), n.Continuing, top.Continuing, sum.Continuing)
		}
		if most := n.Registered - n.Continuing; general[l.Paper] > most && len(c.fields) == fine {
			c.fail(field, "%s có %d thí sinh không phải GDTX, ít hơn môn mà chỉ các thí sinh này thi (%d). Hãy kiểm tra lại các ô của bài này.",
				l.Name(), most, general[l.Paper])
		}
	}
	for k := range r.Counts {
		if !known[k] {
			c.fail(string(r.Site)+"."+k.String(), "Bài thi này không có trong đợt thi. Hãy tải lại trang.")
		}
	}
}

// counted gives the roster without its empty lines.
func (r Roster) counted() Roster {
	out := Roster{}
	for k, n := range r {
		if n != (Count{}) {
			out[k] = n
		}
	}
	return out
}

func equal(a, b Roster) bool {
	if len(a) != len(b) {
		return false
	}
	for k, n := range a {
		if b[k] != n {
			return false
		}
	}
	return true
}

// changes says for the audit line which counts became which.
func changes(lines []Line, before, after Roster) map[string]string {
	data := map[string]string{}
	for _, l := range lines {
		if a, b := before[l.LineKey], after[l.LineKey]; a != b {
			data[l.Scheme+" "+l.Name()] = fmt.Sprintf("%d/%d → %d/%d", a.Registered, a.Continuing, b.Registered, b.Continuing)
		}
	}
	return data
}

func readRosters(ctx context.Context, q db.Queryer, where string, arg any) (map[SiteID]Roster, error) {
	all := map[SiteID]Roster{}
	_, err := db.All(ctx, q, func(s db.Scanner) (n Count, err error) {
		var site SiteID
		var k LineKey
		if err := s.Scan(&site, &k.Paper, &k.Component, &k.Turn, &n.Registered, &n.Continuing); err != nil {
			return n, err
		}
		if all[site] == nil {
			all[site] = Roster{}
		}
		all[site][k] = n
		return n, nil
	}, "SELECT site, paper, component, turn, registered, continuing FROM exam_roster WHERE "+where, arg)
	return all, err
}

func replaceRoster(ctx context.Context, tx *db.Tx, r SiteRoster) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM exam_roster WHERE site = $1", r.Site); err != nil {
		return err
	}
	keys := make([]LineKey, 0, len(r.Counts))
	for k := range r.Counts {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b LineKey) int { return cmp.Compare(a.String(), b.String()) })
	for _, k := range keys {
		n := r.Counts[k]
		_, err := tx.ExecContext(ctx, "INSERT INTO exam_roster (site, paper, component, turn, registered, continuing) VALUES ($1, $2, $3, $4, $5, $6)",
			r.Site, k.Paper, k.Component, k.Turn, n.Registered, n.Continuing)
		if err != nil {
			return err
		}
	}
	return nil
}

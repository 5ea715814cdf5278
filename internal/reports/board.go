package reports

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/reports/rules"
)

// Progress says where a slot stands, as the board shows it.
type Progress string

// The states of a slot in the order of urgency to who looks at the board. The first two need no report:
// they are derived.
const (
	NotDue    Progress = "not_due"  // no report is expected
	Awaited   Progress = "expected" // expected, nothing heard
	Drafting  Progress = "drafting" // the form was opened
	SavedOff  Progress = "offline_saved"
	Sent      Progress = "submitted"
	Confirmed Progress = "confirmed"
	Returned  Progress = "returned"
	Conflicts Progress = "conflict"
	Accepted  Progress = "accepted"
	Locked    Progress = "locked"
)

// Label gives the state's Vietnamese words.
func (p Progress) Label() string {
	return map[Progress]string{NotDue: "Không phải báo cáo", Awaited: "Chưa báo cáo", Drafting: "Đang nhập", SavedOff: "Đã lưu, chưa gửi", Sent: "Đã gửi",
		Confirmed: "Trưởng điểm đã xác nhận", Returned: "Đã trả lại", Conflicts: "Hai số liệu khác nhau", Accepted: "Đã tiếp nhận", Locked: "Đã khóa"}[p]
}

// Heard tells whether the site has sent what is due: a report returned to it was not what was due.
func (p Progress) Heard() bool {
	switch p {
	case Sent, Confirmed, Conflicts, Accepted, Locked:
		return true
	}
	return false
}

// A Cell is one slot on the board.
type Cell struct {
	Slot
	Progress Progress
	DueAt    int64   // ms UTC; 0 when none is expected
	Late     int64   // ms after the deadline: of the first report, or until now while nothing is heard; 0 = in time
	Accepted *Report // in the totals; nil when none is
	Waiting  *Report // sent and not accepted yet; beside an accepted one it is an amendment
	Back     *Report // returned and not sent again
	Life     *Life   // the last sign of life before the report; nil when there was none
	Conflict ConflictID
}

// Shown gives the report that the cell is about; nil when there is none.
func (c Cell) Shown() *Report { return cmp.Or(c.Waiting, c.Accepted, c.Back) }

// A Row is one site on the board.
type Row struct {
	Duty
	Attendance Cell
	Closing    Cell
}

// Cell gives the row's cell for a part.
func (r Row) Cell(part rules.Part) Cell {
	if part == rules.Attendance {
		return r.Attendance
	}
	return r.Closing
}

// A PartState is a part of the sitting as a whole.
type PartState struct {
	DueAt   int64
	Figures Figures // the totals so far, over accepted reports
	Counts  map[Progress]int
	Late    int // sites that are late and silent
	Ready   int // reports that can be accepted
	// AllPresent tells that every candidate of every site was present, which no sitting of a province ever
	// saw (V-14).
	AllPresent bool
	// Pending and Standing are the provincial versions that wait and that stand; nil when there is none.
	Pending, Standing *Province
}

// A Warning is a finding that a site answered with a reason, for the desk to read.
type Warning struct {
	Report ReportID
	Site   exam.SiteID
	Part   rules.Part
	rules.Finding
	Reason string
}

// A Board is everything the Council's desk sees of a sitting.
type Board struct {
	Exam          exam.Exam
	Round         exam.Round
	Sitting       exam.Sitting
	Settings      Settings
	Words         Words3
	Now           int64
	Tick          int64 // see [Service.Tick]
	ProvinceDueAt int64

	Rows       []Row // by locality and name
	Attendance PartState
	Closing    PartState
	Warnings   []Warning
	Incidents  []Incident // open ones
	Conflicts  []Conflict
	Gaps       []exam.Site // open sites for which nobody has entered a roster
}

// Part gives the state of a part.
func (b Board) Part(part rules.Part) PartState {
	if part == rules.Attendance {
		return b.Attendance
	}
	return b.Closing
}

// Row finds a site's row.
func (b Board) Row(site exam.SiteID) (Row, bool) {
	i := slices.IndexFunc(b.Rows, func(r Row) bool { return r.Site.ID == site })
	if i < 0 {
		return Row{}, false
	}
	return b.Rows[i], true
}

// Board gives the state of every site in a sitting, the totals so far and all that waits for somebody.
//
// It returns fault.NotFound to who may not read all sites' reports.
func (s *Service) Board(ctx context.Context, sitting exam.SittingID) (Board, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return Board{}, err
	}
	tick, err := readTick(ctx, s.DB.Read(), sitting) // before what it counts: a board is never newer than it says
	if err != nil {
		return Board{}, err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return Board{}, err
	}
	b := Board{Exam: sc.exam, Round: sc.round, Sitting: sc.sitting, Settings: sc.settings, Words: sc.words, Now: s.Clock.Millis(), Tick: tick,
		ProvinceDueAt: sc.settings.ProvinceDueAt(sc.sitting)}
	duties := sc.duties()
	if err := s.rows(ctx, sc, duties, &b); err != nil {
		return Board{}, err
	}
	for part, state := range map[rules.Part]*PartState{rules.Attendance: &b.Attendance, rules.Closing: &b.Closing} {
		if *state, err = s.partState(ctx, sc, duties, b.Rows, part); err != nil {
			return Board{}, err
		}
	}
	all, err := incidentsIn(ctx, s.DB.Read(), sitting)
	b.Incidents = slices.DeleteFunc(all, func(i Incident) bool { return !i.Open })
	return b, err
}

// rows fills in the sites with what they sent.
func (s *Service) rows(ctx context.Context, sc scene, duties []Duty, b *Board) error {
	q, sitting := s.DB.Read(), sc.sitting.ID
	standing, err := standingIn(ctx, q, sitting)
	if err != nil {
		return err
	}
	lives, err := livesIn(ctx, q, sitting)
	if err != nil {
		return err
	}
	if b.Conflicts, err = openConflicts(ctx, q, sitting); err != nil {
		return err
	}
	conflicts := map[Slot]ConflictID{}
	for _, c := range b.Conflicts {
		conflicts[c.Slot] = c.ID
	}
	firsts, err := firstsIn(ctx, q, sitting)
	if err != nil {
		return err
	}
	said := map[Slot][]*Report{}
	for i := range standing {
		r := &standing[i]
		said[r.Slot] = append(said[r.Slot], r)
		for _, f := range r.Warnings {
			b.Warnings = append(b.Warnings, Warning{r.ID, r.Site, r.Part, f, r.Said.Reasons[f.Key]})
		}
	}
	for _, d := range duties {
		row := Row{Duty: d}
		for part, cell := range map[rules.Part]*Cell{rules.Attendance: &row.Attendance, rules.Closing: &row.Closing} {
			slot := Slot{sitting, d.Site.ID, part}
			*cell = s.cell(sc, d, slot, said[slot], firsts[slot], conflicts[slot])
			if life, ok := lives[slot]; ok {
				cell.live(life)
			}
		}
		if d.Gap {
			b.Gaps = append(b.Gaps, d.Site)
		}
		b.Rows = append(b.Rows, row)
	}
	return nil
}

// cell makes the cell of a slot; first is when the site first sent a report of it, 0 when it never did.
func (s *Service) cell(sc scene, d Duty, slot Slot, said []*Report, first int64, conflict ConflictID) Cell {
	c := Cell{Slot: slot, Progress: Awaited, Conflict: conflict}
	for _, r := range said {
		switch r.State {
		case StateAccepted:
			c.Accepted = r
		case StateSubmitted, StateConfirmed:
			c.Waiting = r
		case StateReturned:
			c.Back = r
		}
	}
	switch {
	case conflict != "":
		c.Progress = Conflicts
	case c.Waiting != nil && c.Waiting.State == StateConfirmed && c.Accepted == nil:
		c.Progress = Confirmed
	case c.Waiting != nil && c.Accepted == nil:
		c.Progress = Sent
	case c.Accepted != nil && c.Accepted.Locked != "":
		c.Progress = Locked
	case c.Accepted != nil:
		c.Progress = Accepted
	case c.Back != nil:
		c.Progress = Returned
	case !d.Due:
		c.Progress = NotDue
	}
	if d.Due {
		c.DueAt = sc.settings.DueAt(sc.sitting, slot.Part)
		if !c.Progress.Heard() {
			first = s.Clock.Millis()
		}
		c.Late = max(0, first-c.DueAt)
	}
	return c
}

// live adds a sign of life to a cell of which nothing else is heard.
func (c *Cell) live(l Life) {
	c.Life = &l
	if c.Progress != Awaited {
		return
	}
	if c.Progress = Drafting; l.Sign == OfflineSaved {
		c.Progress = SavedOff
	}
}

func (s *Service) partState(ctx context.Context, sc scene, duties []Duty, rows []Row, part rules.Part) (PartState, error) {
	p := PartState{DueAt: sc.settings.DueAt(sc.sitting, part), Counts: map[Progress]int{}}
	var err error
	if p.Figures, err = s.figures(ctx, s.DB.Read(), sc, duties, part); err != nil {
		return p, err
	}
	for _, r := range rows {
		c := r.Cell(part)
		p.Counts[c.Progress]++
		if c.Late > 0 && !c.Progress.Heard() {
			p.Late++
		}
		if w := c.Waiting; w != nil && c.Conflict == "" && (part == rules.Attendance || w.State == StateConfirmed) {
			p.Ready++
		}
	}
	p.AllPresent = len(p.Figures.Lines) > 0 && p.Figures.Accepted > 1
	for _, l := range p.Figures.Lines {
		p.AllPresent = p.AllPresent && l.Absent == 0
	}
	versions, err := provincesOf(ctx, s.DB.Read(), sc.sitting.ID, part)
	for i, v := range versions {
		switch v.State {
		case StateComplete, StateProvisional:
			p.Pending = &versions[i]
		case StateApproved, StateSent, StateReceived:
			p.Standing = &versions[i]
		}
	}
	return p, err
}

// Tick counts the changes of a sitting's board: a page whose board has another tick is old. It is cheap.
func (s *Service) Tick(ctx context.Context, sitting exam.SittingID) (int64, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return 0, err
	}
	return readTick(ctx, s.DB.Read(), sitting)
}

// watchers are the pages that wait for a change.
type watchers struct {
	mu   sync.Mutex
	next chan struct{} // closed at the next change
}

// fold is how long a change waits for others: in a busy minute a board is drawn a few times a second, and
// not for each of forty reports.
const fold = 200 * time.Millisecond

// Wait returns when a sitting's board has another tick than the one given, on this node or another, or
// when ctx ends, whichever is first; it gives the tick then. Time that moves a state (a deadline that
// passes) is no change: show it by the clock.
func (s *Service) Wait(ctx context.Context, sitting exam.SittingID, tick int64) (int64, error) {
	s.following.Do(func() { go s.follow(s.DB.Listen(changedTopic)) })
	for {
		changed := s.watch.wait() // before it is looked at: no change falls in between
		now, err := s.Tick(ctx, sitting)
		if err != nil || now != tick {
			return now, err
		}
		again := time.NewTimer(5 * time.Second) // in case a call was missed
		select {
		case <-changed:
			time.Sleep(fold)
		case <-again.C:
		case <-ctx.Done():
			again.Stop()
			return now, nil
		}
		again.Stop()
	}
}

// follow wakes all who wait; one listener serves them for the life of the process.
func (s *Service) follow(called <-chan struct{}) {
	for range called {
		s.watch.wake()
	}
}

func (w *watchers) wait() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next == nil {
		w.next = make(chan struct{})
	}
	return w.next
}

func (w *watchers) wake() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.next != nil {
		close(w.next)
		w.next = nil
	}
}

// A Form is everything a site's page needs to be filled in, offline too.
type Form struct {
	Exam     exam.Exam
	Round    exam.Round
	Sitting  exam.Sitting
	Site     exam.Site
	Duty     Duty
	Settings Settings
	Basis    rules.Basis
	Version  string // of the form; goes into rules.Report.Form
	OpensAt  int64  // attendance is final from here on (V-08), ms UTC
	DueAt    [2]int64
	Said     [2][]Report // what was said of each part, oldest first
	Life     [2]*Life    // the site's last sign of life for each part; nil when there was none
}

// Form gives what a site fills in for a sitting.
//
// It returns fault.NotFound for a site the actor may not read and for a sitting not of its round.
func (s *Service) Form(ctx context.Context, site exam.SiteID, sitting exam.SittingID) (Form, error) {
	if err := s.Policy.Check(ctx, ActRead, place(site)); err != nil {
		return Form{}, err
	}
	sc, err := s.scene(ctx, sitting)
	if err != nil {
		return Form{}, err
	}
	d, ok := sc.dutyOf(site)
	if !ok {
		return Form{}, fault.New(fault.NotFound, "Buổi thi này không thuộc đợt thi của điểm thi.")
	}
	f := Form{Exam: sc.exam, Round: sc.round, Sitting: sc.sitting, Site: d.Site, Duty: d, Settings: sc.settings}
	authority := s.Policy.Can(ctx, ActDictate, access.Place{})
	if f.Basis, err = s.basis(ctx, s.DB.Read(), sc, d, authority); err != nil {
		return Form{}, err
	}
	f.Version = formVersion(f.Basis)
	if len(sc.sitting.Slots) > 0 {
		f.OpensAt = sc.sitting.Slots[0].LateAt()
	}
	for i, part := range []rules.Part{rules.Attendance, rules.Closing} {
		f.DueAt[i] = sc.settings.DueAt(sc.sitting, part)
		slot := Slot{sitting, site, part}
		if f.Said[i], err = reportsOf(ctx, s.DB.Read(), slot); err != nil {
			return Form{}, err
		}
		if f.Life[i], err = lifeOf(ctx, s.DB.Read(), slot); err != nil {
			return Form{}, err
		}
	}
	return f, nil
}

// An Owed is one sitting of a site, as its people see it.
type Owed struct {
	Exam    exam.Exam
	Round   exam.Round
	Sitting exam.Sitting
	Row
}

// Mine gives the sittings that the actor's sites owe reports of, or sent them for, in order of time.
func (s *Service) Mine(ctx context.Context) ([]Owed, error) {
	var all []Owed
	for _, id := range grantsFor(ctx, s.Clock.Millis()) {
		if err := s.Policy.Check(ctx, ActRead, place(id)); err != nil {
			return nil, err
		}
		site, err := s.Exams.Site(program(ctx), id)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		e, err := s.Exams.OfRound(program(ctx), site.Round)
		if err != nil {
			return nil, err
		}
		r, _ := e.Round(site.Round)
		for _, x := range r.Sittings {
			if x.Kind != exam.Papers {
				continue
			}
			owed, err := s.owed(ctx, e, x, id)
			if err != nil {
				return nil, err
			}
			if owed.Due || owed.Attendance.Shown() != nil || owed.Closing.Shown() != nil {
				all = append(all, owed)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Owed) int { return cmp.Compare(a.Sitting.StartsAt(), b.Sitting.StartsAt()) })
	return all, nil
}

// Owing gives what the actor may report of: the sittings of their sites ([Service.Mine]), or, for who
// acts for the Council, every site's of the current exam.
func (s *Service) Owing(ctx context.Context) ([]Owed, error) {
	mine, err := s.Mine(ctx)
	if err != nil || len(mine) > 0 || !s.Policy.Can(ctx, ActRead, access.Place{}) {
		return mine, err
	}
	e, err := s.Exams.Current(ctx)
	if err != nil {
		return nil, err
	}
	var all []Owed
	for _, m := range e.Schedule(s.Clock.Millis()) {
		if m.Kind != exam.Papers {
			continue
		}
		sc, err := s.sceneOf(ctx, e, m.ID)
		if err != nil {
			return nil, err
		}
		var b Board
		if err := s.rows(ctx, sc, sc.duties(), &b); err != nil {
			return nil, err
		}
		for _, row := range b.Rows {
			if row.Due {
				all = append(all, Owed{e, m.Round, m.Sitting, row})
			}
		}
	}
	return all, nil
}

func (s *Service) owed(ctx context.Context, e exam.Exam, x exam.Sitting, site exam.SiteID) (Owed, error) {
	sc, err := s.sceneOf(ctx, e, x.ID)
	if err != nil {
		return Owed{}, err
	}
	d, _ := sc.dutyOf(site)
	o := Owed{Exam: e, Round: sc.round, Sitting: x, Row: Row{Duty: d}}
	for part, cell := range map[rules.Part]*Cell{rules.Attendance: &o.Attendance, rules.Closing: &o.Closing} {
		slot := Slot{x.ID, site, part}
		said, err := reportsOf(ctx, s.DB.Read(), slot)
		if err != nil {
			return o, err
		}
		var first int64
		if len(said) > 0 {
			first = said[0].ReceivedAt
		}
		var standing []*Report
		for i := range said {
			if stands(said[i].State) || said[i].State == StateReturned {
				standing = append(standing, &said[i])
			}
		}
		var conflict ConflictID
		if n, err := conflictsOpenIn(ctx, s.DB.Read(), slot); err != nil {
			return o, err
		} else if n > 0 {
			conflict = "open" // which one is the desk's to know
		}
		*cell = s.cell(sc, d, slot, standing, first, conflict)
	}
	return o, nil
}

// Life is a sign of life of a site before its report.
type Life struct {
	Sign Sign
	At   int64 // ms UTC
	Name string
}

// Sign says what a site's form was seen doing.
type Sign string

// The signs.
const (
	FormOpened   Sign = "opened"
	DraftKept    Sign = "draft"
	OfflineSaved Sign = "offline"
)

// Label gives the sign's Vietnamese words.
func (g Sign) Label() string {
	return map[Sign]string{FormOpened: "Đã mở biểu mẫu", DraftKept: "Đã lưu nháp", OfflineSaved: "Đã lưu trên máy, chưa gửi"}[g]
}

// Seen records a sign of life of a site, for who wonders whether to call it. A form opened again hides
// no draft that was seen before: a machine that lost it is told when it was there.
func (s *Service) Seen(ctx context.Context, slot Slot, sign Sign) error {
	ctx, err := s.Policy.Enter(ctx, ActEnter, place(slot.Site))
	if err != nil {
		return err
	}
	if sign.Label() == "" || slot.Part != rules.Attendance && slot.Part != rules.Closing || !ofSite(ctx, slot.Site, s.Clock.Millis()) {
		return nil // who looks at a site's form for the Council is no sign of the site's life
	}
	if _, err := s.Exams.OfSitting(program(ctx), slot.Sitting); err != nil {
		return err
	}
	return s.write(ctx, slot.Sitting, func(ctx context.Context, tx *db.Tx) error {
		return saveLife(ctx, tx, slot, Life{Sign: sign, Name: access.From(ctx).Name})
	})
}

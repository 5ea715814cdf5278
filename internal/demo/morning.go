package demo

import (
	"context"
	"fmt"
	"time"

	"bangvang/internal/app"
	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/exam"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// The morning of the first sitting, as it is replayed in a demonstration that begins after it: the forms
// are final from 07:50, due at 08:05.
const (
	replayOpen  = 16 * time.Minute // after the papers began: the first sites send
	replayEnd   = 42 * time.Minute // the last thing that happens
	replaySites = 8                // fewer sites tell no story
)

// rewind gives how far back the first sites of the first sitting of 2021 send, for a demonstration that
// begins between that and the sitting's end; 0 for any other.
func rewind(ctx context.Context, a *app.App, first exam.Sitting) time.Duration {
	now, at := a.Clock.Now(), clock.FromMillis(first.StartsAt())
	if now.Before(at.Add(replayEnd)) || now.After(clock.FromMillis(first.EndsAt())) {
		return 0
	}
	return now.Sub(at.Add(replayOpen))
}

// fillMorning plays the first sitting's attendance through the verbs: most sites send and are accepted;
// one is late, one is silent with a draft, two figures of one differ, one is read out by telephone, one is
// returned, one answers a warning, one tells of an incident. All of it is invented.
func fillMorning(ctx context.Context, a *app.App) error {
	x, err := a.Exam.ExamOf(program(ctx), 2021)
	if err != nil {
		return err
	}
	sitting := firstSitting(x.Rounds[0])
	back := rewind(ctx, a, sitting)
	if back == 0 {
		return nil
	}
	sites, err := a.Exam.Sites(program(ctx), x.Rounds[0].ID)
	if err != nil || len(sites) < replaySites {
		return err
	}
	m := morning{ctx: ctx, app: a, sitting: sitting.ID, sites: sites}
	a.Clock.Advance(-back)
	defer func() { a.Clock.Advance(back - m.passed) }()
	return m.play()
}

func firstSitting(r exam.Round) exam.Sitting {
	for _, x := range r.Sittings {
		if x.Kind == exam.Papers {
			return x
		}
	}
	return exam.Sitting{}
}

// A morning is the replay of the sitting.
type morning struct {
	ctx     context.Context
	app     *app.App
	sitting exam.SittingID
	sites   []exam.Site
	passed  time.Duration
}

// later lets time pass.
func (m *morning) later(minutes int) {
	d := time.Duration(minutes) * time.Minute
	m.app.Clock.Advance(d)
	m.passed += d
}

// secretary acts for a site; nobody has that account.
func (m *morning) secretary(i int) context.Context {
	s := m.sites[i]
	return access.With(m.ctx, access.Actor{Person: "demo-" + string(s.ID), Name: "Thư ký điểm thi " + s.Code + " (giả định)",
		Grants: []access.Grant{{Role: people.RoleSiteSecretary, Scope: access.Scope{Kind: access.Site, ID: string(s.ID)}}}})
}

// account acts as one of the demonstration's accounts.
func (m *morning) account(username string) (context.Context, error) {
	found, err := m.app.People.AccountByUsername(program(m.ctx), username)
	if err != nil {
		return nil, err
	}
	actor, err := m.app.People.ActorOf(program(m.ctx), found.ID)
	return access.With(m.ctx, actor), err
}

// said fills in a site's form: a few candidates are absent, never the same few.
func (m *morning) said(i int) (rules.Report, error) {
	form, err := m.app.Reports.Form(program(m.ctx), m.sites[i].ID, m.sitting)
	if err != nil {
		return rules.Report{}, err
	}
	b := form.Basis
	r := rules.Report{ID: "demo-" + m.sites[i].Code, Site: b.Site, Sitting: b.Sitting, Part: rules.Attendance, Form: form.Version, Reporter: "Thư ký (giả định)"}
	reasons := []string{"sick", "dropped", "unknown"}
	for _, l := range b.Lines {
		gone := (i*5 + 1) % 4
		line := rules.Line{Key: l.Key, Registered: rules.N(l.Registered), Present: rules.N(l.Registered - gone), Absent: rules.N(gone), Rooms: rules.N(exam.RoomsNeeded(l.Registered))}
		if gone > 0 {
			line.Why = map[string]rules.Count{}
			for n := range gone {
				line.Why[reasons[n]] = "1"
			}
		}
		r.Lines = append(r.Lines, line)
	}
	return r, nil
}

// send sends a site's report, changed by the change if there is one.
func (m *morning) send(i int, change func(*reports.Submission)) (reports.Receipt, error) {
	r, err := m.said(i)
	if err != nil {
		return reports.Receipt{}, err
	}
	in := reports.Submission{Report: r}
	if change != nil {
		change(&in)
	}
	given, err := m.app.Reports.Submit(m.secretary(i), in)
	if err != nil {
		return given, fmt.Errorf("report of site %s: %w", m.sites[i].Code, err)
	}
	return given, nil
}

// The parts that single sites have in the story, by their place in the list.
const (
	roleConflict = iota + 2
	roleReturned
	roleWarning
	roleDictated
	roleIncident
)

func (m *morning) play() error {
	first, err := m.account("thu-ky-hd")
	if err != nil {
		return err
	}
	second, err := m.account("thu-ky-hd-2")
	if err != nil {
		return err
	}
	n := len(m.sites)
	silent, drafting, late, waiting := n-1, n-2, n-3, n-4 // the last four have not been accepted
	var returned reports.Receipt
	for i := range waiting {
		given, err := m.sendAs(i)
		if err != nil {
			return err
		}
		if i == roleReturned {
			returned = given
		}
	}
	m.later(8) // 07:59
	if err := m.dictate(first); err != nil {
		return err
	}
	if err := m.app.Reports.Return(second, returned.Report, 1, "Số phòng thi không khớp biên bản. Đếm lại rồi gửi lại."); err != nil {
		return err
	}
	if _, err := m.app.Reports.AcceptClean(second, m.sitting, rules.Attendance); err != nil {
		return err
	}
	if _, err := m.send(waiting, nil); err != nil {
		return err
	}
	m.later(4) // 08:03
	if err := m.app.Reports.Seen(m.secretary(drafting), m.slot(drafting), reports.DraftKept); err != nil {
		return err
	}
	m.later(9) // 08:12
	if _, err := m.send(late, nil); err != nil {
		return err
	}
	m.later(3)
	_, err = m.app.Reports.Calling(first, m.slot(silent))
	return err
}

func (m *morning) slot(i int) reports.Slot {
	return reports.Slot{Sitting: m.sitting, Site: m.sites[i].ID, Part: rules.Attendance}
}

// sendAs sends what the site's part in the story is; the one that reads out its figures sends nothing.
func (m *morning) sendAs(i int) (reports.Receipt, error) {
	switch i {
	case roleDictated:
		return reports.Receipt{}, nil
	case roleConflict:
		if given, err := m.send(i, nil); err != nil {
			return given, err
		}
		return m.send(i, func(in *reports.Submission) {
			l := &in.Lines[0]
			present, _ := l.Present.Int()
			absent, _ := l.Absent.Int()
			in.ID += "-2"
			l.Present, l.Absent = rules.N(present-1), rules.N(absent+1)
			l.Why = map[string]rules.Count{"unknown": l.Absent}
		})
	case roleWarning:
		return m.send(i, func(in *reports.Submission) {
			l := &in.Lines[0]
			rooms, _ := l.Rooms.Int()
			l.Rooms = rules.N(rooms - 1)
			in.Reasons = map[string]string{"V-07:lines." + l.Key + ".rooms": "Một phòng 25 thí sinh, Hội đồng thi đã đồng ý"}
		})
	case roleIncident:
		return m.send(i, func(in *reports.Submission) {
			in.Incidents = []rules.Incident{{Category: "facility", Severity: "major", At: "07:20", What: "Mất điện ở dãy nhà B, máy nổ chạy sau 5 phút (giả định)", Action: "Đã báo điện lực", Open: true}}
		})
	}
	return m.send(i, nil)
}

// dictate reads a site's figures out to the Council's secretary.
func (m *morning) dictate(clerk context.Context) error {
	r, err := m.said(roleDictated)
	if err != nil {
		return err
	}
	r.Reporter = ""
	_, err = m.app.Reports.Dictate(clerk, reports.Dictation{Report: r, Speaker: "Thư ký điểm thi " + m.sites[roleDictated].Code + " (giả định)", ReadBack: true})
	if err != nil {
		return fmt.Errorf("report read out by site %s: %w", m.sites[roleDictated].Code, err)
	}
	return nil
}

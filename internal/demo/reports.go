package demo

import (
	"context"
	"fmt"
	"strings"

	"bangvang/internal/app"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// recent is how long after a sitting's end one site is still missing in its figures: the page that a
// demonstration of the exam days shows then is the one the public sees in life.
const recent = 2 * 3_600_000

// fillReports enters what the sites would have said of the sittings that are over by the clock, and
// takes the figures up to the public page as the Council and the office do. In the first sitting one
// site is corrected afterwards. All counts are invented.
//
// Source: domain.md 6.5, 9 (9).
func fillReports(ctx context.Context, a *app.App) error {
	e, err := a.Exam.ExamOf(program(ctx), 2021)
	if err != nil {
		return err
	}
	now := a.Clock.Millis()
	if opening := firstSitting(e.Rounds[0]); now <= opening.EndsAt() {
		return fillMorning(ctx, a)
	}
	d := desk{people: a.People, docs: a.Documents}
	first := true
	for _, x := range e.Schedule(now) {
		if x.Kind != exam.Papers || !x.Held() || x.EndsAt() >= now {
			continue
		}
		if err := d.report(ctx, a.Reports, x, first, now-x.EndsAt() < recent); err != nil {
			return fmt.Errorf("reports of %s: %w", x.Title(), err)
		}
		first = false
	}
	return nil
}

// report takes one sitting from its sites' reports to the public page.
func (d desk) report(ctx context.Context, s *reports.Service, x exam.SittingMoment, corrected, lacking bool) error {
	typist, err := d.as(ctx, "thu-ky-hd")
	if err != nil {
		return err
	}
	taker, err := d.as(ctx, "thu-ky-hd-2")
	if err != nil {
		return err
	}
	duties, err := s.Expected(typist, x.ID)
	if err != nil {
		return err
	}
	var one reports.ReportID
	for i, duty := range duties {
		if !duty.Due || lacking && len(duties) > 2 && i == len(duties)-1 {
			continue
		}
		r := said(duty, x.ID, i)
		receipt, err := insist(r, func(r rules.Report) (reports.Receipt, error) {
			return s.Dictate(typist, reports.Dictation{Report: r, Speaker: "Trưởng điểm thi (giả định)", HeadSpoke: true, ReadBack: true})
		})
		if err != nil {
			return err
		}
		got, err := s.Report(taker, receipt.Report)
		if err != nil {
			return err
		}
		if err := s.Accept(taker, got.ID, got.Version); err != nil {
			return err
		}
		if i == 1 {
			one = got.ID
		}
	}
	if err := d.publish(ctx, s, x.ID); err != nil || !corrected || one == "" {
		return err
	}
	r := said(duties[1], x.ID, 2)
	receipt, err := insist(r, func(r rules.Report) (reports.Receipt, error) {
		return s.Correct(typist, one, r, "Trưởng điểm gọi lại: một phòng đếm thiếu (giả định để trình diễn)")
	})
	if err != nil {
		return err
	}
	got, err := s.Report(taker, receipt.Report)
	if err != nil {
		return err
	}
	if err := s.ConfirmByPhone(typist, got.ID, got.Version, "Trưởng điểm thi (giả định)"); err != nil {
		return err
	}
	if err := s.Accept(taker, got.ID, got.Version+1); err != nil {
		return err
	}
	return d.publish(ctx, s, x.ID)
}

// publish compiles, approves and publishes a sitting's figures.
func (d desk) publish(ctx context.Context, s *reports.Service, sitting exam.SittingID) error {
	typist, err := d.as(ctx, "thu-ky-hd")
	if err != nil {
		return err
	}
	chair, err := d.as(ctx, "chu-tich-hd")
	if err != nil {
		return err
	}
	office, err := d.as(ctx, "van-phong")
	if err != nil {
		return err
	}
	p, err := s.Compile(typist, sitting, rules.Closing, nil)
	if err != nil {
		return err
	}
	if err := s.Approve(chair, p.ID, p.Version, p.Figures.Provisional()); err != nil {
		return err
	}
	return s.Publish(office, p.ID, p.Version+1)
}

// insist sends a report again with a reason for each warning it gets.
func insist(r rules.Report, send func(rules.Report) (reports.Receipt, error)) (reports.Receipt, error) {
	receipt, err := send(r)
	if !fault.Is(err, fault.Invalid) {
		return receipt, err
	}
	r.Reasons = map[string]string{}
	for _, f := range fault.FieldsOf(err) {
		if key, ok := strings.CutPrefix(f.Name, "reasons."); ok {
			r.Reasons[key] = "Số liệu giả định để trình diễn"
		}
	}
	return send(r)
}

// said is what a site says at the close of a sitting: a few absent, as many as its place in the list
// makes them.
func said(d reports.Duty, sitting exam.SittingID, n int) rules.Report {
	r := rules.Report{ID: fmt.Sprintf("trinh-dien-%s-%d", sitting, n), Site: string(d.Site.ID), Sitting: string(sitting), Part: rules.Closing, Reporter: "Thư ký Điểm thi (giả định)",
		NoIncident: true, Head: "Trưởng Điểm thi (giả định)", Witness: "Phó Trưởng điểm (giả định)", OnlineAt: "10:05", OfflineAt: "10:10", Note: "Số liệu giả định để trình diễn."}
	for i, l := range d.Lines {
		registered := d.Roster[l.LineKey].Registered
		absent := min(registered, (n*3+i)%4)
		line := rules.Line{Key: l.LineKey.String(), Registered: rules.N(registered), Present: rules.N(registered - absent), Absent: rules.N(absent), Rooms: rules.N(exam.RoomsNeeded(registered)),
			Reprimanded: "0", Warned: "0", Suspended: "0"}
		if absent > 0 {
			line.Why = map[string]rules.Count{"sick": rules.N(absent)}
		}
		r.Lines = append(r.Lines, line)
	}
	return r
}

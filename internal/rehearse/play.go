package rehearse

import (
	"container/heap"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// A deed is something that somebody does at an instant.
type deed struct {
	at    int64 // ms UTC
	order int   // among deeds of one instant: the clock's before people's, then as they were planned
	do    func(context.Context) error
}

// A queue gives deeds in order.
type queue struct {
	list []deed
	next int
}

func (q *queue) Len() int { return len(q.list) }
func (q *queue) Less(i, k int) bool {
	a, b := q.list[i], q.list[k]
	return a.at < b.at || a.at == b.at && a.order < b.order
}
func (q *queue) Swap(i, k int) { q.list[i], q.list[k] = q.list[k], q.list[i] }
func (q *queue) Push(x any)    { q.list = append(q.list, x.(deed)) }
func (q *queue) Pop() any {
	last := q.list[len(q.list)-1]
	q.list = q.list[:len(q.list)-1]
	return last
}

const peoplesTurn = 1 << 30

// at plans a deed of a person.
func (p *player) at(when int64, do func(context.Context) error) {
	p.queue.next++
	heap.Push(&p.queue, deed{when, peoplesTurn + p.queue.next, do})
}

// after plans one for some time from now, drawn between two bounds.
func (p *player) after(from, until time.Duration, do func(context.Context) error) {
	p.at(p.between(p.clock.Millis()+from.Milliseconds(), p.clock.Millis()+until.Milliseconds()), do)
}

// clockwork plans what must be looked at exactly then, before anybody does anything.
func (p *player) clockwork(when int64, do func(context.Context) error) {
	p.queue.next++
	heap.Push(&p.queue, deed{when, p.queue.next, do})
}

// between draws an instant.
func (p *player) between(from, until int64) int64 {
	if until <= from {
		return from
	}
	return from + p.chance.Int64N(until-from)/1000*1000
}

// settleEvery is how long the copy's clock may go on before its background work is done: at full speed
// the hours pass faster than the five seconds of the program's own turn.
const settleEvery = 2 * time.Minute

// play does everything that was planned and what follows from it. It ends early when ctx ends.
func (p *player) play(ctx context.Context) error {
	p.since, p.told = time.Now(), time.Now()
	settled := int64(0)
	for p.queue.Len() > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		d := heap.Pop(&p.queue).(deed)
		if err := p.until(ctx, d.at); err != nil {
			return err
		}
		if d.order < peoplesTurn || p.clock.Millis()-settled >= settleEvery.Milliseconds() {
			settled = p.clock.Millis()
			p.settle(ctx)
		}
		if err := d.do(ctx); err != nil {
			return err
		}
		p.done++
		p.tell()
	}
	p.settle(ctx)
	p.progress()
	return ctx.Err()
}

// idle is the longest pause in which nobody does anything that is waited for at a given speed; nights
// and noons are passed over.
const idle = 30 * time.Minute

// beat is how often the clock moves at a given speed.
const beat = 100 * time.Millisecond

// until moves the clock to an instant: at once, or at the speed that is wanted.
func (p *player) until(ctx context.Context, at int64) error {
	left := time.Duration(at-p.clock.Millis()) * time.Millisecond
	if left <= 0 {
		return nil
	}
	if p.Speed > 0 {
		if left > idle {
			p.clock.Advance(left - idle)
			left = idle
		}
		step := time.Duration(float64(beat) * p.Speed)
		for left > 0 {
			pause := beat
			if step > left {
				pause, step = time.Duration(float64(left)/p.Speed), left
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(pause):
			}
			p.clock.Advance(step)
			left -= step
			p.tell()
			if left > 0 && step >= 5*time.Second {
				p.settle(ctx)
			}
		}
		return nil
	}
	p.clock.Advance(left)
	return nil
}

// settle does the copy's background work.
func (p *player) settle(ctx context.Context) {
	if err := p.app.Runner.Settle(ctx); err != nil && ctx.Err() == nil {
		p.problems = append(p.problems, err.Error())
		slog.ErrorContext(ctx, "background work of the copy", "error", err)
	}
}

// say writes a line of progress.
func (p *player) say(format string, args ...any) {
	if p.Progress != nil {
		fmt.Fprintf(p.Progress, "rehearse: "+format+"\n", args...)
	}
}

// tell reports progress once a second.
func (p *player) tell() {
	if time.Since(p.told) >= time.Second {
		p.told = time.Now()
		p.progress()
	}
}

// progress tells where the rehearsal is, how fast it goes and when it will be over.
func (p *player) progress() {
	past := time.Since(p.since)
	rate := float64(p.done) / max(past.Seconds(), 0.001)
	left := "done"
	switch n := p.queue.Len(); {
	case n > 0 && p.Speed > 0:
		end := int64(0)
		for _, d := range p.queue.list {
			end = max(end, d.at)
		}
		left = "at most " + time.Duration(float64(time.Duration(end-p.clock.Millis())*time.Millisecond)/p.Speed).Round(time.Second).String() + " left"
	case n > 0:
		left = "about " + time.Duration(float64(n)/max(rate, 0.1)*float64(time.Second)).Round(time.Second).String() + " left"
	}
	p.say("%s, %d of %d deeds, %.0f/s, %s", clock.Local(p.clock.Now()).Format("02/01 15:04"), p.done, p.done+p.queue.Len(), rate, left)
}

// schedule plans a sitting: the clock's moments, the Council's round, and each site's reports.
func (p *player) schedule(s *sitting, settings reports.Settings) {
	minute := func(n int) int64 { return int64(n) * 60_000 }
	for _, part := range parts {
		for _, t := range []struct {
			kind reports.TimerKind
			at   int64
		}{{reports.Remind, s.due[part] - minute(settings.Remind)}, {reports.SheetBefore, s.due[part] - minute(settings.Sheet)},
			{reports.SheetDue, s.due[part]}, {reports.TellChair, s.due[part] + minute(settings.Chair)}} {
			p.clockwork(t.at, func(ctx context.Context) error { return p.silenceAt(ctx, s, part, t.kind) })
		}
	}
	p.clockwork(s.province, func(ctx context.Context) error { return p.provinceAt(ctx, s) })

	first := s.due[rules.Closing] + minute(2) // when the figures go up for the first time
	if s.province-minute(10) > s.due[rules.Closing]+minute(1) {
		first = s.province - minute(10)
	}
	p.at(first, func(ctx context.Context) error { return p.compile(ctx, s, "") })
	p.at(first+minute(75), func(ctx context.Context) error {
		return p.compile(ctx, s, "sau khi điểm thi còn thiếu báo cáo")
	})
	p.at(s.EndsAt()+minute(1), func(ctx context.Context) error { return p.tryOthers(ctx, s) })

	open := s.StartsAt() + 15*60_000
	for _, a := range s.acts {
		in := p.between(open+20_000, s.due[rules.Attendance]-10_000)
		out := p.between(s.EndsAt()+minute(3), s.due[rules.Closing]-30_000)
		switch a.kind {
		case halted:
			p.at(s.StartsAt()-minute(40), func(ctx context.Context) error { return p.haltSite(ctx, a) })
			continue
		case flooded:
			in, out = s.StartsAt()-minute(5+p.chance.IntN(30)), p.between(s.EndsAt(), s.EndsAt()+minute(10))
		case late, offline:
			in, out = s.due[rules.Attendance]+p.between(60_000, minute(14)), s.due[rules.Closing]+p.between(60_000, minute(14))
			if a.kind == offline {
				p.at(open+minute(1), func(ctx context.Context) error { return p.seen(ctx, a, reports.FormOpened) })
				p.at(open+minute(6), func(ctx context.Context) error { return p.seen(ctx, a, reports.OfflineSaved) })
			}
		case silent:
			in = p.between(first+minute(30), first+minute(55))
			out = in + minute(2)
		case corrected:
			p.at(first+minute(85), func(ctx context.Context) error { return p.correct(ctx, a) })
		}
		p.at(in, func(ctx context.Context) error { return p.reportOf(ctx, a, rules.Attendance) })
		p.at(out, func(ctx context.Context) error { return p.reportOf(ctx, a, rules.Closing) })
	}
}

// reportOf is a site's reporting of one part, in its way.
func (p *player) reportOf(ctx context.Context, a *act, part rules.Part) error {
	here := a.part == part
	switch {
	case a.kind == dictated:
		return p.dictate(ctx, a, part, here && a.first)
	case a.kind == refused && here:
		if err := p.sendRefused(ctx, a, part); err != nil {
			return err
		}
	case a.kind == returned && here:
		return p.sendTo(ctx, a, a.wrong(part), "1", func(ctx context.Context, s *sending) error { return p.sendBack(ctx, a, s) })
	case a.kind == corrected && part == rules.Closing:
		return p.send(ctx, a, a.wrong(part), "1")
	case a.kind == disputed && here:
		return p.disagree(ctx, a, part)
	}
	return p.send(ctx, a, a.report(part), "1")
}

// send sends a report and has it confirmed and accepted.
func (p *player) send(ctx context.Context, a *act, r rules.Report, try string) error {
	return p.sendTo(ctx, a, r, try, func(_ context.Context, s *sending) error {
		p.follow(a, s, -1)
		return nil
	})
}

// sendTo sends a report through the door and does then what follows.
func (p *player) sendTo(ctx context.Context, a *act, r rules.Report, try string, then func(context.Context, *sending) error) error {
	s, body, err := p.deliver(ctx, a, r, try, reports.Received)
	if err != nil || s == nil {
		return err
	}
	if a.kind == twice {
		again := func(ctx context.Context) error { return p.sendAgain(ctx, a, s, body) }
		if err := again(ctx); err != nil {
			return err
		}
		p.after(8*time.Minute, 12*time.Minute, again) // once more, when it is accepted
	}
	return then(ctx, s)
}

// stamp gives a report its id and what only the moment of sending knows.
func (p *player) stamp(r *rules.Report, a *act, try string) {
	r.ID = fmt.Sprintf("dt-%s-%s-%d-%s", a.Code, a.sitting.key, r.Part, try)
	now := clock.Local(p.clock.Now())
	r.FilledAt = p.clock.Millis()
	if r.Part == rules.Closing {
		r.OnlineAt, r.OfflineAt = now.Format("15:04"), now.Format("15:04")
	}
}

// deliver sends a report until the door takes it: it types reasons where warnings want them, and nothing
// else is corrected. nil is a report that was not taken, which is a mistake.
func (p *player) deliver(ctx context.Context, a *act, r rules.Report, try string, want reports.Outcome) (*sending, []byte, error) {
	slot := a.slot(r.Part)
	p.stamp(&r, a, try)
	version, status, err := p.door.form(ctx, a.secretary.token, slot)
	if err != nil {
		return nil, nil, err
	}
	if status != http.StatusOK {
		p.mistake(a.sitting, a.Code, "không mở được mẫu báo cáo (HTTP %d)", status)
	}
	r.Form = version
	var body []byte
	var got answer
	for range 4 {
		if body, err = json.Marshal(r); err != nil {
			return nil, nil, err
		}
		if got, err = p.door.post(ctx, a.secretary.token, body); err != nil {
			return nil, nil, err
		}
		keys, only := reasonsOnly(got.fields)
		if !only {
			break
		}
		r.Reasons = answered(r.Reasons, keys)
	}
	if got.status != http.StatusOK || got.receipt.Outcome != want {
		p.mistake(a.sitting, a.Code, "gửi báo cáo phần %d: HTTP %d %s, cần %s; %s", r.Part, got.status, got.receipt.Outcome, want, strings.Join(got.fields, ", "))
		return nil, nil, nil
	}
	s, err := p.kept(ctx, a, r, got.receipt.Code)
	return s, body, err
}

// answered adds a typed reason for each warning.
func answered(reasons map[string]string, keys []string) map[string]string {
	out := map[string]string{}
	for k, v := range reasons {
		out[k] = v
	}
	for _, k := range keys {
		out[k] = "Đã kiểm tra lại, đúng như vậy (" + mark + ")"
	}
	return out
}

// kept enters a report that was taken, and finds it by its receipt as the Council's desk does.
func (p *player) kept(ctx context.Context, a *act, r rules.Report, receipt string) (*sending, error) {
	slot := a.slot(r.Part)
	if !p.everHeard[slot] && p.clock.Millis() > a.sitting.due[r.Part] {
		p.lateFirst[slot] = true
	}
	p.heard[slot], p.everHeard[slot] = true, true
	s := &sending{slot: slot, site: a.Code, said: r, receipt: receipt}
	p.sent = append(p.sent, s)
	p.note(a.sitting, a.Code, fmt.Sprintf("gửi phần %d (%s) %s", r.Part, a.kind, figures(r)))
	proof, err := p.app.Reports.Prove(p.secretaries[0].in(ctx), receipt)
	if err != nil {
		p.mistake(a.sitting, a.Code, "biên nhận %s không tra được: %v", receipt, err)
		return nil, nil
	}
	s.id = proof.Report.ID
	return s, nil
}

// figures names a report's figures in the record of deeds.
func figures(r rules.Report) string {
	if r.NotHeld != "" {
		return "không tổ chức"
	}
	var all []string
	for _, l := range r.Lines {
		all = append(all, string(l.Present)+"/"+string(l.Registered))
	}
	return strings.Join(all, " ")
}

// sendAgain sends the very same once more.
func (p *player) sendAgain(ctx context.Context, a *act, s *sending, body []byte) error {
	got, err := p.door.post(ctx, a.secretary.token, body)
	if err != nil {
		return err
	}
	p.repeated++
	if got.status == http.StatusOK && got.receipt.Code == s.receipt && got.receipt.Outcome == reports.Received {
		p.sameReceipt++
	}
	p.note(a.sitting, a.Code, fmt.Sprintf("gửi lại phần %d: HTTP %d %s", s.slot.Part, got.status, got.receipt.Outcome))
	return nil
}

// sendRefused sends what the rules must refuse: figures that do not add up, and attendance too early.
func (p *player) sendRefused(ctx context.Context, a *act, part rules.Part) error {
	r := a.report(part)
	p.stamp(&r, a, "0")
	n, _ := r.Lines[0].Present.Int()
	r.Lines[0].Present = rules.N(n - 1)
	body, err := json.Marshal(r)
	if err != nil {
		return err
	}
	got, err := p.door.post(ctx, a.secretary.token, body)
	if err != nil {
		return err
	}
	p.refusals++
	if got.status == http.StatusUnprocessableEntity && slices.Contains(got.fields, "lines."+r.Lines[0].Key+".absent") {
		p.refusedRight++
	}
	p.note(a.sitting, a.Code, fmt.Sprintf("phần %d cộng sai: HTTP %d", part, got.status))
	return nil
}

// follow has a report confirmed where it must be, and accepted. typist is the Council's secretary who
// typed it, -1 for none: another one accepts it.
func (p *player) follow(a *act, s *sending, typist int) {
	accept := func(ctx context.Context) error { return p.accept(ctx, a, s, typist) }
	if s.slot.Part == rules.Attendance || typist >= 0 {
		p.after(20*time.Second, 3*time.Minute, accept)
		return
	}
	p.after(15*time.Second, 2*time.Minute, func(ctx context.Context) error {
		r, err := p.app.Reports.Report(a.head.in(ctx), s.id)
		if err == nil {
			err = p.app.Reports.Confirm(a.head.in(ctx), s.id, r.Version)
		}
		if err != nil {
			p.mistake(a.sitting, a.Code, "Trưởng điểm xác nhận: %v", err)
			return ctx.Err()
		}
		p.after(20*time.Second, 3*time.Minute, accept)
		return nil
	})
}

// accept takes a report into the totals.
func (p *player) accept(ctx context.Context, a *act, s *sending, typist int) error {
	who := p.secretaries[p.chance.IntN(2)]
	if typist >= 0 {
		who = p.secretaries[1-typist]
	}
	r, err := p.app.Reports.Report(who.in(ctx), s.id)
	if err == nil && typist >= 0 { // who typed it must not accept it
		p.probe(p.app.Reports.Accept(p.secretaries[typist].in(ctx), s.id, r.Version), fault.Denied)
	}
	if err == nil {
		err = p.app.Reports.Accept(who.in(ctx), s.id, r.Version)
	}
	if err != nil {
		p.mistake(a.sitting, a.Code, "tiếp nhận: %v", err)
		return ctx.Err()
	}
	p.accepted[s.slot] = s.said
	p.note(a.sitting, a.Code, fmt.Sprintf("tiếp nhận phần %d", s.slot.Part))
	return nil
}

// probe tries what must not be possible.
func (p *player) probe(err error, kinds ...fault.Kind) {
	p.probes++
	if slices.ContainsFunc(kinds, func(k fault.Kind) bool { return fault.Is(err, k) }) {
		p.withstood++
	}
}

// sendBack is the secretary's returning of a report whose figures are wrong, and the site's new one.
func (p *player) sendBack(ctx context.Context, a *act, s *sending) error {
	p.after(30*time.Second, 2*time.Minute, func(ctx context.Context) error {
		secretary := p.secretaries[p.chance.IntN(2)].in(ctx)
		r, err := p.app.Reports.Report(secretary, s.id)
		if err == nil {
			err = p.app.Reports.Return(secretary, s.id, r.Version, "Số có mặt lệch với biên bản phòng thi, đề nghị đếm lại ("+mark+")")
		}
		if err != nil {
			p.mistake(a.sitting, a.Code, "trả lại: %v", err)
			return ctx.Err()
		}
		p.returns++
		p.heard[s.slot] = false
		p.note(a.sitting, a.Code, fmt.Sprintf("trả lại phần %d", s.slot.Part))
		p.after(time.Minute, 4*time.Minute, func(ctx context.Context) error { return p.send(ctx, a, a.report(s.slot.Part), "2") })
		return nil
	})
	return nil
}

// disagree is two computers of one site that report other figures, and the Council's decision.
func (p *player) disagree(ctx context.Context, a *act, part rules.Part) error {
	one, other := a.report(part), a.wrong(part)
	if !a.first {
		one, other = other, one
	}
	first, _, err := p.deliver(ctx, a, one, "may-1", reports.Received)
	if err != nil || first == nil {
		return err
	}
	p.after(20*time.Second, 90*time.Second, func(ctx context.Context) error {
		second, _, err := p.deliver(ctx, a, other, "may-2", reports.Disputed)
		if err != nil || second == nil {
			return err
		}
		p.conflicts[first.slot] = true
		secretary := p.secretaries[p.chance.IntN(2)]
		if r, err := p.app.Reports.Report(secretary.in(ctx), first.id); err == nil { // nothing is accepted while two differ
			p.probe(p.app.Reports.Accept(secretary.in(ctx), first.id, r.Version), fault.Conflict, fault.Denied, fault.Invalid)
		}
		p.after(time.Minute, 4*time.Minute, func(ctx context.Context) error { return p.resolve(ctx, a, secretary, first, second) })
		return nil
	})
	return nil
}

// resolve decides for the right one of two reports.
func (p *player) resolve(ctx context.Context, a *act, secretary post, first, second *sending) error {
	right := first
	if !a.first {
		right = second
	}
	open, err := p.app.Reports.Conflicts(secretary.in(ctx), a.sitting.ID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(open, func(c reports.Conflict) bool { return c.Slot == first.slot })
	if i < 0 {
		p.mistake(a.sitting, a.Code, "hai máy báo khác nhau mà không có mâu thuẫn nào chờ quyết định")
		return nil
	}
	err = p.app.Reports.Resolve(secretary.in(ctx), open[i].ID, open[i].Version, right.id, "Đã gọi Trưởng điểm, đối chiếu biên bản ("+mark+")")
	if err != nil {
		p.mistake(a.sitting, a.Code, "quyết định mâu thuẫn: %v", err)
		return ctx.Err()
	}
	p.note(a.sitting, a.Code, fmt.Sprintf("quyết định mâu thuẫn phần %d", first.slot.Part))
	p.follow(a, right, -1)
	return nil
}

// dictate is a report read out on the telephone: one secretary types it and reads it back, the other
// accepts it. echo has the site send the same when its computer works again.
func (p *player) dictate(ctx context.Context, a *act, part rules.Part, echo bool) error {
	typist := p.chance.IntN(2)
	r := a.report(part)
	p.stamp(&r, a, "dien-thoai")
	r.OnlineAt, r.OfflineAt, r.Witness = "", "", ""
	var receipt reports.Receipt
	var err error
	for range 4 {
		receipt, err = p.app.Reports.Dictate(p.secretaries[typist].in(ctx), reports.Dictation{Report: r, Speaker: "Trưởng điểm " + a.head.name, HeadSpoke: true, ReadBack: true})
		keys, only := reasonsOnly(fieldNames(err))
		if !only {
			break
		}
		r.Reasons = answered(r.Reasons, keys)
	}
	if err != nil {
		p.mistake(a.sitting, a.Code, "đọc qua điện thoại phần %d: %v %v", part, err, fault.FieldsOf(err))
		return ctx.Err()
	}
	p.dictations++
	s, err := p.kept(ctx, a, r, receipt.Code)
	if err != nil || s == nil {
		return err
	}
	p.follow(a, s, typist)
	if echo {
		p.after(10*time.Minute, 20*time.Minute, func(ctx context.Context) error {
			again, _, err := p.deliver(ctx, a, a.report(part), "1", reports.Duplicate)
			if again != nil {
				p.echoes++
			}
			return err
		})
	}
	return nil
}

func fieldNames(err error) []string {
	var names []string
	for _, f := range fault.FieldsOf(err) {
		names = append(names, f.Name)
	}
	return names
}

// seen is a sign of life of a site that has no network.
func (p *player) seen(ctx context.Context, a *act, sign reports.Sign) error {
	if err := p.app.Reports.Seen(a.secretary.in(ctx), a.slot(rules.Attendance), sign); err != nil {
		p.mistake(a.sitting, a.Code, "ghi dấu hiệu của mẫu: %v", err)
	}
	return ctx.Err()
}

// haltSite closes a site before the sitting: nothing is expected of it.
func (p *player) haltSite(ctx context.Context, a *act) error {
	office := p.keepers.in(ctx)
	now, err := p.app.Exam.Site(office, a.ID)
	if err == nil {
		err = p.app.Exam.SetSiteStatus(office, a.ID, now.Version, exam.Halted, mark+": khu vực bị ngập", "")
	}
	if err != nil {
		p.mistake(a.sitting, a.Code, "cho điểm thi dừng: %v", err)
		return ctx.Err()
	}
	p.note(a.sitting, a.Code, "dừng")
	return nil
}

// silenceAt keeps which sites are silent when a timer must fire, lets it fire, and reads the call sheet.
func (p *player) silenceAt(ctx context.Context, s *sitting, part rules.Part, kind reports.TimerKind) error {
	var sites []string
	for _, a := range s.dueActs() {
		if !p.heard[a.slot(part)] {
			sites = append(sites, a.Code)
		}
	}
	slices.Sort(sites)
	if len(sites) > 0 {
		p.silence = append(p.silence, silence{s.ID, part, kind, sites})
	}
	if err := p.app.Reports.FireTimers(ctx); err != nil { // the periodic work looks every five seconds
		p.problems = append(p.problems, err.Error())
	}
	p.note(s, "-", fmt.Sprintf("%s phần %d: %s", kind, part, strings.Join(sites, " ")))
	if kind != reports.SheetBefore && kind != reports.SheetDue {
		return ctx.Err()
	}
	return p.readSheet(ctx, s, part, kind, sites)
}

// readSheet reads the call sheet and, at the deadline, calls who is on it.
func (p *player) readSheet(ctx context.Context, s *sitting, part rules.Part, kind reports.TimerKind, silentSites []string) error {
	sheet, err := p.app.Reports.CallSheet(p.secretaries[0].in(ctx), s.ID, part)
	if err != nil {
		return err
	}
	p.sheets++
	var on []string
	for _, x := range sheet.Sites {
		on = append(on, x.Site.Code)
	}
	slices.Sort(on)
	if !slices.Equal(on, silentSites) {
		p.sheetsBad = append(p.sheetsBad, fmt.Sprintf("%s phần %d: danh sách gọi có %s, phải có %s", s.Title(), part, orNone(on), orNone(silentSites)))
	}
	if kind != reports.SheetDue {
		return nil
	}
	for i, x := range sheet.Sites {
		slot := reports.Slot{Sitting: s.ID, Site: x.Site.ID, Part: part}
		p.listed[slot] = true
		p.at(p.clock.Millis()+int64(i/2+1)*40_000, func(ctx context.Context) error { return p.call(ctx, s, slot, x.Site.Code, i%2) })
	}
	return nil
}

func orNone(codes []string) string {
	if len(codes) == 0 {
		return "không điểm nào"
	}
	return strings.Join(codes, ", ")
}

// call is a telephone call to a site on the sheet, unless it has reported meanwhile.
func (p *player) call(ctx context.Context, s *sitting, slot reports.Slot, code string, secretary int) error {
	if p.heard[slot] {
		return nil
	}
	who := p.secretaries[secretary].in(ctx)
	id, err := p.app.Reports.Calling(who, slot)
	if err != nil {
		p.mistake(s, code, "gọi điểm thi: %v", err)
		return ctx.Err()
	}
	p.after(30*time.Second, time.Minute, func(ctx context.Context) error {
		if err := p.app.Reports.Called(p.secretaries[secretary].in(ctx), s.ID, id, "Không nhấc máy ("+mark+")"); err != nil {
			p.mistake(s, code, "ghi kết quả cuộc gọi: %v", err)
		}
		return ctx.Err()
	})
	return nil
}

// provinceAt keeps whether a version stood when the provincial report was due.
func (p *player) provinceAt(ctx context.Context, s *sitting) error {
	if len(p.versions[s.ID]) == 0 {
		p.lagging[s.ID] = true
	}
	if err := p.app.Reports.FireTimers(ctx); err != nil {
		p.problems = append(p.problems, err.Error())
	}
	return ctx.Err()
}

// tryOthers has one site's secretary ask for another's form, and a secretary of the Council approve.
func (p *player) tryOthers(ctx context.Context, s *sitting) error {
	due := s.dueActs()
	if len(due) < 2 {
		return nil
	}
	_, status, err := p.door.form(ctx, due[0].secretary.token, due[1].slot(rules.Closing))
	p.probes++
	if status == http.StatusNotFound {
		p.withstood++
	}
	return err
}

// compile freezes the province's figures and sends them to the chair. again is why, after the first time;
// nothing is compiled again when nothing changed.
func (p *player) compile(ctx context.Context, s *sitting, again string) error {
	want := p.standing(s)
	if before := p.versions[s.ID]; again != "" && len(before) > 0 && same(before[len(before)-1], want) {
		return nil
	}
	secretary := p.secretaries[0].in(ctx)
	reasons := map[string]string{}
	var v reports.Province
	var err error
	for range 2 {
		v, err = p.app.Reports.Compile(secretary, s.ID, rules.Closing, reasons)
		keys, only := reasonsOnly(fieldNames(err))
		if !only {
			break
		}
		reasons = answered(reasons, keys)
	}
	if err != nil {
		p.mistake(s, "–", "tổng hợp: %v %v", err, fault.FieldsOf(err))
		return ctx.Err()
	}
	p.probe(p.app.Reports.Approve(secretary, v.ID, v.Version, v.Figures.Provisional()), fault.Denied, fault.NotFound)
	p.after(30*time.Second, 3*time.Minute, func(ctx context.Context) error { return p.approve(ctx, s, v.ID, want, again) })
	return nil
}

func same(a, b version) bool {
	if !slices.Equal(a.missing, b.missing) || len(a.sums) != len(b.sums) {
		return false
	}
	for key, s := range a.sums {
		if b.sums[key] != s {
			return false
		}
	}
	return true
}

// approve is the chair's word for a version. Where reports were accepted meanwhile it is compiled anew.
func (p *player) approve(ctx context.Context, s *sitting, id reports.ProvinceID, want version, note string) error {
	chair := p.chair.in(ctx)
	v, err := p.app.Reports.Province(chair, id)
	if err == nil && v.Figures.Provisional() { // never as if it were complete
		p.probe(p.app.Reports.Approve(chair, id, v.Version, false), fault.Invalid)
	}
	if err == nil {
		err = p.app.Reports.Approve(chair, id, v.Version, v.Figures.Provisional())
	}
	if fault.Is(err, fault.Conflict) && !same(want, p.standing(s)) {
		p.recompiled++
		return p.compile(ctx, s, note)
	}
	if err != nil {
		p.mistake(s, "–", "duyệt bản tổng hợp: %v", err)
		return ctx.Err()
	}
	want.id, want.number, want.note = id, v.Number, note
	p.versions[s.ID] = append(p.versions[s.ID], want)
	p.note(s, "-", fmt.Sprintf("duyệt bản số %d, thiếu %s", v.Number, strings.Join(want.missing, " ")))
	p.after(30*time.Second, time.Minute, func(ctx context.Context) error { return p.forward(ctx, s, id) })
	return nil
}

// forward is what the office does with an approved version. Sending is a record in the copy and nothing
// else: the copy has no way out.
func (p *player) forward(ctx context.Context, s *sitting, id reports.ProvinceID) error {
	office := p.clerk.in(ctx)
	for _, step := range []func(reports.Province) error{
		func(v reports.Province) error {
			return p.app.Reports.Send(office, id, v.Version, "Văn phòng Bộ ("+mark+", không gửi đi)")
		},
		func(v reports.Province) error { return p.app.Reports.Receive(office, id, v.Version, mark) },
		func(v reports.Province) error { return p.app.Reports.Publish(office, id, v.Version) },
	} {
		v, err := p.app.Reports.Province(office, id)
		if err == nil {
			err = step(v)
		}
		if err != nil {
			p.mistake(s, "–", "gửi, công bố bản tổng hợp: %v", err)
			return ctx.Err()
		}
	}
	return nil
}

// correct is what follows when a wrong figure is found in an approved version: the desk corrects it on
// the site's behalf, another accepts it, and the version that then waits is approved.
func (p *player) correct(ctx context.Context, a *act) error {
	desk := p.secretaries[0].in(ctx)
	all, err := p.app.Reports.Slot(desk, a.slot(rules.Closing))
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(r reports.Report) bool { return r.State == reports.StateAccepted })
	if i < 0 {
		p.mistake(a.sitting, a.Code, "không có báo cáo nào để đính chính")
		return nil
	}
	r := a.report(rules.Closing)
	p.stamp(&r, a, "sua")
	var receipt reports.Receipt
	for range 4 {
		receipt, err = p.app.Reports.Correct(desk, all[i].ID, r, "Trưởng điểm báo đếm lại được số khác ("+mark+")")
		keys, only := reasonsOnly(fieldNames(err))
		if !only {
			break
		}
		r.Reasons = answered(r.Reasons, keys)
	}
	if err != nil {
		p.mistake(a.sitting, a.Code, "đính chính: %v %v", err, fault.FieldsOf(err))
		return ctx.Err()
	}
	r.ID = receipt.ID
	s, err := p.kept(ctx, a, r, receipt.Code)
	if err != nil || s == nil {
		return err
	}
	now, err := p.app.Reports.Report(desk, s.id)
	if err == nil {
		err = p.app.Reports.ConfirmByPhone(desk, s.id, now.Version, "Trưởng điểm "+a.head.name)
	}
	if err != nil {
		p.mistake(a.sitting, a.Code, "ghi xác nhận qua điện thoại: %v", err)
		return ctx.Err()
	}
	p.corrections++
	p.after(time.Minute, 2*time.Minute, func(ctx context.Context) error {
		if err := p.accept(ctx, a, s, 0); err != nil {
			return err
		}
		p.after(time.Minute, 3*time.Minute, func(ctx context.Context) error { return p.approveWaiting(ctx, a.sitting) })
		return nil
	})
	return nil
}

// approveWaiting approves the version that a correction made.
func (p *player) approveWaiting(ctx context.Context, s *sitting) error {
	all, err := p.app.Reports.Versions(p.chair.in(ctx), s.ID, rules.Closing)
	if err != nil {
		return err
	}
	for _, v := range all {
		if v.State == reports.StateComplete || v.State == reports.StateProvisional {
			return p.approve(ctx, s, v.ID, p.standing(s), "đính chính")
		}
	}
	if standing := p.versions[s.ID]; len(standing) == 0 || !same(standing[len(standing)-1], p.standing(s)) {
		p.mistake(s, "–", "đã đính chính mà không có bản tổng hợp mới nào chờ duyệt")
	}
	return nil
}

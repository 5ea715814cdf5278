package ministry_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/ministry"
	"bangvang/internal/people"
)

// R-II.4-c, R-III.1.a-5: requests of the Ministry's Office are recorded with their answers.
func TestARequestIsRecordedAdvisedAndAnswered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		now := h.clock.Millis()
		in := ministry.Request{Exam: h.exam.ID, ReceivedAt: now - 60_000, Way: "Điện thoại", AskedBy: "Trực ban Văn phòng Bộ", Subject: "Số thí sinh vắng vì dịch bệnh", DueAt: now + 3_600_000}
		_, err := h.RecordRequest(h.leader(), in)
		want(t, err, fault.Denied, "a request recorded by a leader")
		_, err = h.RecordRequest(h.reader(), in)
		want(t, err, fault.NotFound, "a request recorded by the Ministry's reader")
		bad := in
		bad.Way, bad.AskedBy, bad.Subject, bad.ReceivedAt, bad.DueAt = "", "", "", now+60_000, now
		_, err = h.RecordRequest(h.office(), bad)
		for _, field := range []string{"way", "asked_by", "subject", "received", "due"} {
			wantField(t, err, field, "")
		}
		id, err := h.RecordRequest(h.office(), in)
		h.must(err)
		wantField(t, h.Assign(h.office(), id, 1, people.RolePress, ""), "assigned", "danh sách")
		h.must(h.Assign(h.office(), id, 1, people.RoleExamOffice, "Trước 10:30"))
		want(t, h.Advise(as(t, "Thanh", "tt", people.RoleInspector, ""), id, 2, "Không rõ"), fault.Denied, "advice by who was not asked")
		wantField(t, h.Advise(h.examOffice(), id, 2, " "), "advice", "ý kiến")
		h.must(h.Advise(h.examOffice(), id, 2, "Có 3 thí sinh."))
		r, err := h.Request(h.office(), id)
		h.must(err)
		if r.State != ministry.RequestAdvised || r.Advice != "Có 3 thí sinh." || r.Overdue(now) || !r.Overdue(now+3_600_001) {
			t.Errorf("the request is %+v", r)
		}
		wantField(t, h.Answer(h.office(), id, 3, "", "", now+60_000), "answer", "")
		want(t, h.Answer(h.examOffice(), id, 3, "Có 3", "Thư", 0), fault.Denied, "an answer by who advises")
		h.must(h.Answer(h.office(), id, 3, "Có 3 thí sinh vắng vì dịch bệnh.", "Thư điện tử", now))
		want(t, h.Answer(h.office(), id, 4, "Có 4", "Thư", 0), fault.Conflict, "a second answer")
		if r, err = h.Request(h.office(), id); err != nil || r.Overdue(now+9e9) || r.AnsweredName != "Cô Văn" || r.AnsweredAt != now {
			t.Errorf("the request is %+v, %v", r, err)
		}
		want(t, h.Close(h.office(), id, 4, "Thừa"), fault.Conflict, "closing what was answered")
		wantField(t, h.Reopen(h.office(), id, 4, ""), "note", "")
		h.must(h.Reopen(h.office(), id, 4, "Bộ hỏi thêm"))
		h.must(h.Close(h.office(), id, 5, "Bộ rút yêu cầu"))
		history, err := h.RequestHistory(h.office(), r)
		h.must(err)
		if len(history) != 6 {
			t.Errorf("history %+v", history)
		}
	})
}

// R-II.4-b: a missing or late report raises an alarm, once, however many nodes look at the clock.
func TestALateReportAlarmsOnce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		owed := func() ministry.Due {
			all, err := h.Owed(h.office(), h.exam)
			h.must(err)
			return all[0]
		}
		fired := func() int { return h.count("SELECT COUNT(*) FROM event WHERE kind = 'ministry.paper_late'") }
		tick := func() {
			t.Helper()
			var wg sync.WaitGroup
			for range 4 { // as four nodes would
				wg.Go(func() {
					if err := h.Tick(t.Context()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		tick()
		if d := owed(); d.Late || d.Paper != nil || d.Figures != 0 || fired() != 0 {
			t.Errorf("before anything is due: %+v", d)
		}
		h.clock.Advance(90 * time.Minute) // 11:30
		tick()
		if d := owed(); !d.Late || fired() != 1 {
			t.Errorf("at the deadline %+v, %d alarms", d, fired())
		}
		h.whole()
		p := h.issued(h.made().ID)
		tick()
		if d := owed(); !d.Late || d.Stands == nil || d.Figures != 1 || fired() != 1 {
			t.Errorf("issued and not sent: %+v, %d alarms", d, fired())
		}
		h.must(h.Send(h.office(), p.ID, p.Version, nil))
		main := h.deliveries(p.ID)[0]
		h.must(h.MarkSent(h.office(), main.ID, main.Version, "Trục liên thông", 0))
		if d := owed(); d.Late || d.Stands.State != ministry.StateSent {
			t.Errorf("sent: %+v", d)
		}
		h.clock.Advance(6 * time.Hour) // 17:30, past the afternoon's deadline
		tick()
		tick()
		if n := fired(); n != 2 {
			t.Errorf("%d alarms after the afternoon", n)
		}
	})
}

// Killed between a paper's record and the reports', the clock finishes it.
func TestTheReportsHearOfASendingThatWasCutOff(t *testing.T) {
	t.Parallel()
	dbtest.EachAt(t, func() *clock.Clock { return afterFirst(t) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		h := open(t, d, clk, nil)
		v := h.whole()
		p := h.issued(h.made().ID)
		h.must(h.Send(h.office(), p.ID, p.Version, nil))
		// What a killed program leaves: the delivery and the paper are recorded, the reports know nothing.
		main := h.deliveries(p.ID)[0]
		h.must(h.db.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.ExecContext(ctx, "UPDATE ministry_delivery SET state = 'sent', sent_at = $2 WHERE id = $1", string(main.ID), tx.Now()); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, "UPDATE ministry_paper SET state = 'sent', sent_at = $2, version = version + 1 WHERE id = $1", string(p.ID), tx.Now())
			return err
		}))
		h.must(h.Tick(t.Context()))
		h.must(h.Tick(t.Context()))
		got, err := h.reports.Province(h.secretary(), v.ID)
		h.must(err)
		if got.SentAt == 0 || got.State != "sent" {
			t.Errorf("the figures are %s", got.State)
		}
	})
}

// The report at the end of invigilation sums the sittings and names what it lacks.
func TestTheReportOfARound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, h *house) {
		h.whole()
		h.clock.Advance(7 * time.Hour) // after Toán
		for i := range h.sites {
			h.accepted("second-"+string(rune('a'+i)), i, h.sitting(1), 9+i)
		}
		h.approved(h.sitting(1))
		id, err := h.Make(h.office(), ministry.About{Kind: ministry.Final, Round: h.exam.Rounds[0].ID}, h.draft(3))
		h.must(err)
		p := h.get(id)
		pdf, docx := inPDF(t, h.file(p, ministry.PDF)), inDOCX(t, h.file(p, ministry.DOCX))
		for _, words := range []string{pdf, docx} {
			if got := lineWith(t, words, "Toán", 3); got[0] != "3.600" || got[1] != "3.570" || got[2] != "30" {
				t.Errorf("Toán: %v", got)
			}
			if got := lineWith(t, words, "Tổng cộng (lượt)", 3); got[0] != "7.200" || got[1] != "7.146" || got[2] != "54" {
				t.Errorf("in all: %v", got)
			}
		}
		if len(p.Content.Unheard) != 2 {
			t.Errorf("unheard are %v", p.Content.Unheard)
		}
	})
}

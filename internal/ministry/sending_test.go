package ministry_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/mail"
	"bangvang/internal/ministry"
	"bangvang/internal/reports"
)

// A postOffice is a real mail server that answers RCPT as it is told.
type postOffice struct {
	mu     sync.Mutex
	answer func(to string) error
	mails  map[string][]string // by recipient: the Message-IDs that came
	tries  int
}

func (o *postOffice) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &delivery{postOffice: o}, nil
}

type delivery struct {
	*postOffice
	to string
}

func (s *delivery) Reset()                               {}
func (s *delivery) Logout() error                        { return nil }
func (s *delivery) Mail(string, *smtp.MailOptions) error { return nil }
func (s *delivery) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.to, s.tries = to, s.tries+1
	if s.answer == nil {
		return nil
	}
	return s.answer(to)
}
func (s *delivery) Data(r io.Reader) error {
	b, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	m, err := netmail.ReadMessage(bytes.NewReader(b))
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails[s.to] = append(s.mails[s.to], m.Header.Get("Message-ID"))
	return nil
}

func (o *postOffice) set(fn func(*postOffice)) {
	o.mu.Lock()
	defer o.mu.Unlock()
	fn(o)
}

func (o *postOffice) got(to string) []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.mails[to])
}

type quiet struct{}

func (quiet) Printf(string, ...any) {}
func (quiet) Println(...any)        {}

// posted is a house with a mail server, and addresses for the first two recipients of its book.
func posted(t *testing.T, exercise func(t *testing.T, h *house, o *postOffice)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return afterFirst(t) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		o := &postOffice{mails: map[string][]string{}}
		h := open(t, d, clk, o.sender(t))
		for i, address := range []string{"vp@bo.example.vn", "cuc@bo.example.vn"} {
			h.address(i, address)
		}
		h.whole()
		exercise(t, h, o)
	})
}

func (o *postOffice) sender(t *testing.T) *mail.Sender {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(o)
	server.Domain, server.ErrorLog = "thu.example.vn", quiet{}
	go server.Serve(l)
	t.Cleanup(func() { server.Close() })
	s, err := mail.New("smtp+plain://"+l.Addr().String(), "Sở GDĐT Lai Châu <vp@sgddt.example.vn>")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// address gives a recipient of the book an address.
func (h *house) address(i int, email string) {
	h.t.Helper()
	book, err := h.Recipients(h.office(), h.exam.ID)
	h.must(err)
	r := book[i]
	r.Email = email
	_, err = h.SaveRecipient(h.office(), r)
	h.must(err)
}

// sent issues the paper of the first sitting and sends it.
func (h *house) sent() ministry.Paper {
	h.t.Helper()
	p := h.issued(h.made().ID)
	h.must(h.Send(h.office(), p.ID, p.Version, nil))
	return h.get(p.ID)
}

// to finds the delivery to an address, or to one that has none by its place.
func (h *house) to(id ministry.PaperID, email string) ministry.Delivery {
	h.t.Helper()
	for _, d := range h.deliveries(id) {
		if d.Email == email {
			return d
		}
	}
	h.t.Fatalf("nothing goes to %q", email)
	return ministry.Delivery{}
}

// advance moves the clock and wakes the runner, which else looks once a second.
func (h *house) advance(d time.Duration) {
	h.clock.Advance(d)
	h.must(h.db.Write(h.t.Context(), func(ctx context.Context, tx *db.Tx) error { return tx.Wake(ctx, "jobs") }))
}

// R-II.4-b: a report goes to each recipient once, and its way back is recorded.
func TestAReportIsSentToEachOnceAndItsReceiptRecorded(t *testing.T) {
	t.Parallel()
	posted(t, func(t *testing.T, h *house, o *postOffice) {
		draft := h.made()
		want(t, h.Send(h.office(), draft.ID, draft.Version, nil), fault.Conflict, "sending a draft")
		p := h.issued(draft.ID)
		for _, who := range []func() error{
			func() error { return h.Send(h.leader(), p.ID, p.Version, nil) },
			func() error { return h.Send(h.reader(), p.ID, p.Version, nil) },
		} {
			want(t, who(), fault.Denied, "sending by who may only read")
		}
		h.must(h.Send(h.office(), p.ID, p.Version, nil))
		h.must(h.Send(h.office(), p.ID, p.Version, nil)) // a second press adds nobody
		h.work("both mails arrive", func() bool {
			return h.to(p.ID, "vp@bo.example.vn").State == ministry.Delivered && h.to(p.ID, "cuc@bo.example.vn").State == ministry.Delivered && h.get(p.ID).State == ministry.StateSent
		})
		for _, to := range []string{"vp@bo.example.vn", "cuc@bo.example.vn"} {
			if ids := o.got(to); len(ids) != 1 || ids[0] != "<"+h.to(p.ID, to).MessageID+">" {
				t.Errorf("%s got %v", to, ids)
			}
		}
		other := h.to(p.ID, "")
		if other.State != ministry.Planned || !strings.Contains(other.WhatToDo(), "Trục liên thông") {
			t.Errorf("the third is %+v", other)
		}
		wantField(t, h.MarkSent(h.office(), other.ID, other.Version, " ", 0), "way", "bằng cách nào")
		wantField(t, h.MarkSent(h.office(), other.ID, other.Version, "Fax", h.clock.Millis()+60_000), "at", "phía trước")
		h.must(h.MarkSent(h.office(), other.ID, other.Version, "Trục liên thông, 10:20", 0))
		want(t, h.MarkSent(h.office(), other.ID, other.Version+1, "Fax", 0), fault.Conflict, "marking what was sent")

		v, err := h.reports.Province(h.secretary(), p.Content.Sittings[0].Version)
		h.must(err)
		if v.State != reports.StateSent || !strings.Contains(v.SentTo, "01/BC-SGDĐT") {
			t.Errorf("the figures are %s, sent to %q", v.State, v.SentTo)
		}
		main := h.to(p.ID, "vp@bo.example.vn")
		want(t, h.Confirm(h.leader(), main.ID, main.Version, "Anh Nam", "Điện thoại", 0), fault.Denied, "a leader's receipt")
		want(t, h.Confirm(h.reader(), other.ID, other.Version+1, "Anh Nam", "Điện thoại", 0), fault.Denied, "the Ministry's receipt for somebody else")
		wantField(t, h.Confirm(h.reader(), main.ID, main.Version, "", "", 0), "by", "Hãy ghi ai")
		h.must(h.Confirm(h.reader(), main.ID, main.Version, "Anh Nam, trực ban", "Trên trang", 0))
		want(t, h.Confirm(h.office(), main.ID, main.Version+1, "Anh Nam", "Điện thoại", 0), fault.Conflict, "a second receipt")
		if got := h.get(p.ID); got.State != ministry.StateReceived || got.ReceivedAt == 0 {
			t.Errorf("the paper is %s", got.State)
		}
		if v, err = h.reports.Province(h.secretary(), v.ID); err != nil || v.State != reports.StateReceived {
			t.Errorf("the figures are %s, %v", v.State, err)
		}
	})
}

// Bad input, named: an e-mail server that refuses for four hours.
func TestAServerThatRefusesForFourHours(t *testing.T) {
	t.Parallel()
	posted(t, func(t *testing.T, h *house, o *postOffice) {
		o.set(func(o *postOffice) {
			o.answer = func(string) error {
				return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "system not accepting network messages"}
			}
		})
		p := h.sent()
		began := h.clock.Now()
		tries := func() int { return h.to(p.ID, "vp@bo.example.vn").Attempts }
		h.work("four hours of refusals", func() bool {
			d := h.to(p.ID, "vp@bo.example.vn")
			if d.State == ministry.Trying && d.NextAt > h.clock.Millis() {
				h.advance(time.Duration(d.NextAt-h.clock.Millis()+1) * time.Millisecond)
			}
			return h.clock.Now().Sub(began) > 4*time.Hour
		})
		d := h.to(p.ID, "vp@bo.example.vn")
		if d.State != ministry.Trying || !strings.Contains(d.Said, "not accepting") || !strings.Contains(d.WhatToDo(), "tự gửi lại") {
			t.Errorf("after four hours it is %+v", d)
		}
		if n := tries(); n < 20 || n > 60 {
			t.Errorf("it was tried %d times in four hours", n)
		}
		o.set(func(o *postOffice) { o.answer = nil })
		back := h.clock.Now()
		h.work("the mail arrives when the server is back", func() bool {
			d := h.to(p.ID, "vp@bo.example.vn")
			if d.State == ministry.Trying && d.NextAt > h.clock.Millis() {
				h.advance(time.Duration(d.NextAt-h.clock.Millis()+1) * time.Millisecond)
			}
			return d.State == ministry.Delivered
		})
		if late := h.clock.Now().Sub(back); late > 11*time.Minute {
			t.Errorf("it took %v after the server was back", late)
		}
		if got := o.got("vp@bo.example.vn"); len(got) != 1 {
			t.Errorf("%v arrived", got)
		}
	})
}

// Bad input, named: a recipient that bounces. The Office sees it, with what to do, and mends it.
func TestARecipientThatBounces(t *testing.T) {
	t.Parallel()
	posted(t, func(t *testing.T, h *house, o *postOffice) {
		o.answer = func(to string) error {
			if to == "vp@bo.example.vn" {
				return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox"}
			}
			return nil
		}
		p := h.sent()
		h.work("the answer comes", func() bool {
			return h.to(p.ID, "vp@bo.example.vn").State == ministry.Bounces && h.to(p.ID, "cuc@bo.example.vn").State == ministry.Delivered
		})
		d := h.to(p.ID, "vp@bo.example.vn")
		if !strings.Contains(d.Said, "no such mailbox") || !strings.Contains(d.WhatToDo(), "sửa") || h.get(p.ID).State != ministry.StateIssued {
			t.Errorf("it is %+v, the paper %s", d, h.get(p.ID).State)
		}
		if w, err := h.Waiting(h.office(), h.exam.ID); err != nil || w.Undelivered != 1 {
			t.Errorf("waiting: %+v, %v", w, err)
		}
		wantField(t, h.Resend(h.office(), d.ID, d.Version, "không phải địa chỉ"), "email", "địa chỉ thư")
		wantField(t, h.Resend(h.office(), d.ID, d.Version, "CUC@bo.example.vn"), "email", "đã nhận báo cáo này")
		h.must(h.Resend(h.office(), d.ID, d.Version, "vanphong@bo.example.vn"))
		h.work("the mended address gets it", func() bool { return h.get(p.ID).State == ministry.StateSent })
		if got := o.got("vanphong@bo.example.vn"); len(got) != 1 {
			t.Errorf("%v arrived", got)
		}
		if got := o.got("cuc@bo.example.vn"); len(got) != 1 {
			t.Errorf("the other one got %v", got)
		}
	})
}

// Killed between the server's word and the record, the mail goes out again under the same Message-ID.
func TestAMailWhoseRecordWasCutOffKeepsItsName(t *testing.T) {
	t.Parallel()
	posted(t, func(t *testing.T, h *house, o *postOffice) {
		p := h.sent()
		h.work("the mails arrive", func() bool {
			return h.to(p.ID, "vp@bo.example.vn").State == ministry.Delivered && h.get(p.ID).State == ministry.StateSent
		})
		// What a killed program leaves: the try is marked, the mail is out, its job waits, nothing is recorded.
		d := h.to(p.ID, "vp@bo.example.vn")
		h.must(h.db.Write(t.Context(), func(ctx context.Context, tx *db.Tx) error {
			if _, err := tx.ExecContext(ctx, "UPDATE ministry_delivery SET state = 'trying', sent_at = 0 WHERE id = $1", string(d.ID)); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "UPDATE ministry_paper SET state = 'issued', sent_at = 0 WHERE id = $1", string(p.ID)); err != nil {
				return err
			}
			_, err := tx.ExecContext(ctx, "INSERT INTO job (id, kind, payload, unique_key, state, run_at, created_at) VALUES ($1, 'ministry.mail', $2, NULL, 'ready', $3, $3)",
				db.NewID(), fmt.Sprintf(`{"delivery":%q}`, d.ID), tx.Now())
			return err
		}))
		h.work("it is recorded", func() bool { return h.to(p.ID, "vp@bo.example.vn").State == ministry.Delivered })
		got := o.got("vp@bo.example.vn")
		if len(got) != 2 || got[0] != got[1] {
			t.Errorf("the mails were called %v", got)
		}
		if n := h.count("SELECT COUNT(*) FROM ministry_delivery WHERE paper = $1", string(p.ID)); n != 3 {
			t.Errorf("there are %d deliveries", n)
		}
	})
}

// V-18: a correction marks the paper, stops what is not out yet, and proposes an erratum to each who has it.
func TestACorrectionReachesWhoHasTheOldFigures(t *testing.T) {
	t.Parallel()
	posted(t, func(t *testing.T, h *house, o *postOffice) {
		o.answer = func(to string) error {
			if to == "cuc@bo.example.vn" {
				return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "try later"}
			}
			return nil
		}
		p := h.sent()
		h.work("one has it, one does not", func() bool {
			return h.get(p.ID).State == ministry.StateSent && h.to(p.ID, "cuc@bo.example.vn").Said != ""
		})
		v := h.corrected(2, 20)
		h.work("the paper is marked", func() bool { return h.get(p.ID).OutdatedBy == v.ID })
		got := h.get(p.ID)
		if got.State != ministry.StateSent || len(got.Changed) == 0 {
			t.Errorf("marked as %s, changed %v", got.State, got.Changed)
		}
		errata, err := h.Errata(h.office(), got)
		h.must(err)
		if len(errata) != 1 || errata[0].SettledAt != 0 {
			t.Errorf("errata %+v", errata)
		}
		if d := h.to(p.ID, "cuc@bo.example.vn"); d.State != ministry.Cancelled {
			t.Errorf("the old figures still go out: %s", d.State)
		}
		want(t, h.Send(h.office(), p.ID, got.Version, nil), fault.Conflict, "sending outdated figures")

		o.set(func(o *postOffice) { o.answer = nil })
		id, err := h.Make(h.office(), h.about(0), h.draft(3))
		h.must(err)
		q := h.issued(id)
		if old := h.get(p.ID); old.State != ministry.StateReplaced || q.Replaces != p.ID {
			t.Errorf("the old paper is %s, the new one replaces %q", old.State, q.Replaces)
		}
		doc, err := h.docs.Document(h.office(), p.Document)
		h.must(err)
		if doc.State != "replaced" {
			t.Errorf("in the register the old one is %s", doc.State)
		}
		h.must(h.Send(h.office(), q.ID, q.Version, nil))
		h.work("the new one arrives", func() bool {
			errata, err = h.Errata(h.office(), h.get(p.ID))
			h.must(err)
			return h.get(q.ID).State == ministry.StateSent && errata[0].SettledAt > 0 && h.to(q.ID, "cuc@bo.example.vn").State == ministry.Delivered
		})
		if errata[0].SettledBy != q.Reference {
			t.Errorf("settled by %q", errata[0].SettledBy)
		}
		want(t, h.SettleErratum(h.office(), errata[0].Delivery, "Đã gọi điện"), fault.Conflict, "settling twice")
	})
}

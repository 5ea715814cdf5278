package ministry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/mail"
	"bangvang/internal/base/text"
	"bangvang/internal/reports"
)

// A DeliveryState says how far a paper is on its way to one recipient.
type DeliveryState string

// The states of a delivery.
const (
	Planned   DeliveryState = "planned"   // to be sent another way by a person
	Queued    DeliveryState = "queued"    // a mail that waits for its first try
	Trying    DeliveryState = "trying"    // the server did not take it yet, or is taking it now
	Delivered DeliveryState = "sent"      // the mail server took it, or a person says how it went
	Bounces   DeliveryState = "bounced"   // the server does not take mail for this address
	Failed    DeliveryState = "failed"    // given up
	Cancelled DeliveryState = "cancelled" // not to be sent any more
)

// Label gives the state's Vietnamese words.
func (d DeliveryState) Label() string {
	return map[DeliveryState]string{Planned: "Chờ gửi cách khác", Queued: "Chờ gửi thư", Trying: "Đang gửi lại", Delivered: "Đã gửi", Bounces: "Thư bị từ chối",
		Failed: "Không gửi được", Cancelled: "Đã dừng gửi"}[d]
}

// A Delivery is one paper on its way to one recipient. There is one for each, so there is one mail.
type Delivery struct {
	ID        DeliveryID
	Version   int
	Paper     PaperID
	Recipient RecipientID
	Name      string
	Role      string
	Principal bool
	Position  int    // as the paper names them
	Email     string // "" = another way
	State     DeliveryState
	Way       string // how, when not by mail
	MessageID string
	Attempts  int
	FirstAt   int64 // ms UTC of the first try; 0 = none
	TriedAt   int64
	NextAt    int64  // of the next try; 0 = none
	Said      string // by the mail server, last
	SentAt    int64
	SentBy    string

	ReceivedAt  int64
	ReceivedBy  string // who there has it
	ReceivedHow string
}

// WhatToDo tells the Office what a delivery waits for; "" when for nothing.
func (d Delivery) WhatToDo() string {
	switch d.State {
	case Planned:
		return "Gửi qua “" + d.Way + "” rồi bấm “Ghi đã gửi cách khác”."
	case Trying:
		if d.Said == "" {
			return ""
		}
		return "Máy chủ thư chưa nhận; chương trình tự gửi lại lúc " + text.FormatDayTime(d.NextAt) + ". Nếu gấp, hãy gửi cách khác và ghi lại."
	case Bounces:
		return "Nơi nhận không có địa chỉ này hoặc không nhận thư. Hãy hỏi lại địa chỉ, sửa rồi bấm “Gửi lại”, hoặc gửi cách khác và ghi lại."
	case Failed:
		return "Hãy nhờ người quản trị xem máy chủ thư, rồi bấm “Gửi lại”, hoặc gửi cách khác và ghi lại."
	}
	return ""
}

const (
	mailJob = "ministry.mail"
	// patience is how long a server may refuse before a mail is given up. It refuses for hours at times;
	// after two days a report is no news.
	patience  = 48 * time.Hour
	firstWait = 15 * time.Second
	longest   = 10 * time.Minute // a quick report must not wait for hours when the server is back
)

type mailOrder struct {
	Delivery DeliveryID `json:"delivery"`
}

// Send sends an issued paper to its recipients: a mail to each that has an address and is not named in
// otherwise, and a line for each of the others, for a person to send it. Sent again, it adds nobody twice.
//
// It returns fault.Conflict for a paper that is not issued, whose figures were corrected, or that denies
// an incident that is open.
//
// Source: R-II.4-b; domain.md 2.5.
func (s *Service) Send(ctx context.Context, id PaperID, version int, otherwise []RecipientID) error {
	ctx, err := s.may(ctx, ActSend)
	if err != nil {
		return err
	}
	p, err := s.Paper(ctx, id)
	if err != nil {
		return err
	}
	if p.Version != version || p.State != StateIssued && p.State != StateSent && p.State != StateReceived {
		return fault.New(fault.Conflict, "Báo cáo đang ở bước “%s”. Chỉ gửi báo cáo đã phát hành.", p.StateLabel())
	}
	if p.OutdatedBy != "" {
		return fault.New(fault.Conflict, "Số liệu của báo cáo đã được đính chính. Hãy lập báo cáo thay thế rồi gửi.")
	}
	doc, err := s.registeredDoc(ctx, p)
	if err != nil {
		return err
	}
	d, err := s.compose(ctx, p, &doc.Content)
	if err != nil {
		return err
	}
	if err := s.soundAsIs(ctx, p, d); err != nil {
		return err
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		have, err := deliveriesOf(ctx, tx, id)
		if err != nil {
			return err
		}
		book, err := recipientsOf(ctx, tx, p.Exam)
		if err != nil {
			return err
		}
		for position, r := range p.Recipients {
			if slices.ContainsFunc(have, func(d Delivery) bool { return d.Recipient == r.ID }) {
				continue
			}
			if i := slices.IndexFunc(book, func(b Recipient) bool { return b.ID == r.ID }); i >= 0 {
				r.Email, r.Way = book[i].Email, book[i].Way // an address mended since the paper was made
			}
			if err := s.plan(ctx, tx, p, r, position, slices.Contains(otherwise, r.ID)); err != nil {
				return err
			}
		}
		return s.wrote(ctx, tx, "ministry.send", p)
	})
}

// plan makes the delivery to one recipient.
func (s *Service) plan(ctx context.Context, tx *db.Tx, p Paper, r Recipient, position int, otherwise bool) error {
	d := Delivery{ID: DeliveryID(db.NewID()), Paper: p.ID, Recipient: r.ID, Name: r.Name, Role: r.Role, Principal: r.Principal, Position: position, Email: r.Email, Way: r.Way, State: Planned}
	if d.Way == "" {
		d.Way = "cách khác"
	}
	if s.ByMail() && r.Email != "" && !otherwise {
		d.State, d.Way, d.MessageID = Queued, "", string(d.ID)+"."+string(p.ID)+"@"+s.Mail.Domain()
	} else {
		d.Email = ""
	}
	if err := insertDelivery(ctx, tx, d); err != nil {
		if db.IsUnique(err) {
			return fault.New(fault.Conflict, "Vừa có người khác gửi báo cáo này.")
		}
		return err
	}
	if d.State != Queued {
		return nil
	}
	return queueMail(ctx, tx, d.ID, 0)
}

// queueMail queues the try of one delivery; at 0 is now.
func queueMail(ctx context.Context, tx *db.Tx, id DeliveryID, at int64) error {
	opts := []jobs.Option{jobs.Unique(mailJob + ":" + string(id))}
	if at > 0 {
		opts = append(opts, jobs.At(clock.FromMillis(at)))
	}
	return jobs.Queue(ctx, tx, mailJob, mailOrder{id}, opts...)
}

// deliver tries one mail once. It may run twice: a mail that the server took and that was not recorded,
// because the program was killed in between, goes out again with the same Message-ID, by which the
// recipient's server knows it.
func (s *Service) deliver(ctx context.Context, payload json.RawMessage) error {
	var order mailOrder
	if err := json.Unmarshal(payload, &order); err != nil {
		return err
	}
	d, p, err := s.begin(ctx, order.Delivery)
	if err != nil || d.ID == "" {
		return err
	}
	m, err := s.letter(ctx, p, d)
	if err != nil {
		return err
	}
	answer := s.Mail.Send(ctx, m)
	if answer != nil {
		slog.WarnContext(ctx, "a report was not taken by the mail server", "paper", p.ID, "delivery", d.ID, "attempt", d.Attempts)
	}
	if err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return s.answered(ctx, tx, p, d.ID, answer) }); err != nil {
		return err
	}
	return s.tellReports(ctx, p.ID)
}

// answered records what the mail server said to one try. In the meantime a person may have sent the paper
// another way, or its figures may have been corrected.
func (s *Service) answered(ctx context.Context, tx *db.Tx, p Paper, id DeliveryID, answer error) error {
	d, err := readDelivery(ctx, tx, id)
	if err != nil || d.State == Delivered {
		return err
	}
	stopped := d.State == Cancelled
	if stopped && answer != nil {
		return nil
	}
	now := tx.Now()
	d.NextAt = 0
	switch {
	case answer == nil:
		d.State, d.SentAt, d.SentBy, d.Said = Delivered, now, "thư điện tử", ""
	case errors.Is(answer, mail.ErrBounced):
		d.State, d.Said = Bounces, said(answer)
	case errors.Is(answer, mail.ErrRefused), now-d.FirstAt > patience.Milliseconds():
		d.State, d.Said = Failed, said(answer)
	default:
		d.Said, d.NextAt = said(answer), now+wait(d.Attempts).Milliseconds()
		if err := queueMail(ctx, tx, d.ID, d.NextAt); err != nil {
			return err
		}
		return updateDelivery(ctx, tx, d)
	}
	if err := updateDelivery(ctx, tx, d); err != nil {
		return err
	}
	err = audit.Write(ctx, tx, audit.Entry{Action: "ministry.mail", Kind: kindPaper, ID: string(p.ID), Label: p.Label(), Data: map[string]string{"recipient": d.Name, "delivery": string(d.State)}})
	switch {
	case err != nil:
		return err
	case d.State != Delivered:
		return DeliveryFailed.Emit(ctx, tx, DeliveryFact{Paper: p.ID, Delivery: d.ID})
	case stopped:
		if err := propose(ctx, tx, d); err != nil {
			return err
		}
	}
	return s.arrived(ctx, tx, p.ID, d)
}

// said keeps what a server said short enough for a row.
func said(err error) string { return text.Excerpt(text.CleanInput(err.Error()), 500) }

// wait grows from fifteen seconds to ten minutes.
func wait(attempts int) time.Duration {
	return min(firstWait<<min(max(attempts-1, 0), 10), longest)
}

// begin marks that a try begins. It gives no delivery when there is nothing to be sent any more.
func (s *Service) begin(ctx context.Context, id DeliveryID) (d Delivery, p Paper, err error) {
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if d, err = readDelivery(ctx, tx, id); err != nil {
			return err
		}
		if p, err = readPaper(ctx, tx, d.Paper); err != nil {
			return err
		}
		if s.Mail == nil || d.State != Queued && d.State != Trying {
			d = Delivery{}
			return nil
		}
		now := tx.Now()
		if d.FirstAt == 0 {
			d.FirstAt = now
		}
		d.State, d.Attempts, d.TriedAt = Trying, d.Attempts+1, now
		if err := updateDelivery(ctx, tx, d); err != nil {
			return err
		}
		d.Version++
		return nil
	})
	return d, p, err
}

// letter is the mail that carries a paper.
func (s *Service) letter(ctx context.Context, p Paper, d Delivery) (mail.Message, error) {
	files, err := s.FilesOf(ctx, p)
	if err != nil {
		return mail.Message{}, err
	}
	t := s.Clock.Now()
	if d.FirstAt > 0 {
		t = clock.FromMillis(d.FirstAt) // one mail, however often it is tried
	}
	m := mail.Message{ID: d.MessageID, ToName: d.Name, To: d.Email, Subject: fmt.Sprintf("Báo cáo số %s: %s", p.Reference, p.Title), Date: t}
	var list []string
	for _, f := range files {
		b, err := blob.ReadAll(ctx, s.Files, f.Hash, f.Size+1)
		if err != nil {
			return m, fmt.Errorf("read %s of paper %s: %w", f.Format, p.ID, err)
		}
		m.Attachments = append(m.Attachments, mail.Attachment{Name: f.Name, Type: mediaOf(f.Format), Data: b})
		list = append(list, fmt.Sprintf("- %s (%s)", f.Name, map[Format]string{Signed: "bản đã ký, SHA-256 " + f.Hash, DOCX: "bản Word", XLSX: "số liệu theo điểm thi"}[f.Format]))
	}
	m.Text = fmt.Sprintf("Kính gửi %s,\n\nSở Giáo dục và Đào tạo %s gửi Báo cáo số %s %s: %s.\n\nTệp kèm theo:\n%s\n\nĐề nghị xác nhận đã nhận bằng cách trả lời thư này", d.Name, p.Content.Province, p.Reference,
		text.FormatDayLong(p.IssuedOn), p.Title, strings.Join(list, "\n"))
	if s.OfficeURL != "" && d.Principal {
		m.Text += ", hoặc tại trang " + s.OfficeURL + PaperPath(p.ID)
	}
	m.Text += ".\n\nTrân trọng.\n"
	return m, nil
}

func mediaOf(f Format) string {
	switch f {
	case DOCX:
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case XLSX:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/pdf"
}

// arrived is what follows when a paper is with a recipient: the one it is addressed to makes it sent, and
// whoever had the one before it has been told.
func (s *Service) arrived(ctx context.Context, tx *db.Tx, id PaperID, d Delivery) error {
	p, err := readPaper(ctx, tx, id)
	if err != nil {
		return err
	}
	if d.Principal && p.State == StateIssued {
		if _, err := s.steps.Run(ctx, tx, papers, p.subject(), "deliver", "Đến "+d.Name); err != nil {
			return err
		}
		if err := db.Exec1(ctx, tx, "UPDATE ministry_paper SET sent_at = $2 WHERE id = $1", string(p.ID), d.SentAt); err != nil {
			return err
		}
		if err := PaperSent.Emit(ctx, tx, PaperFact{ID: p.ID, Exam: p.Exam, Kind: p.Kind, Round: p.Round, Sitting: p.Sitting}); err != nil {
			return err
		}
	}
	if p.Replaces == "" {
		return nil
	}
	return settleErrata(ctx, tx, p, d.Recipient)
}

// MarkSent records that a person sent a paper to a recipient another way: way is how, at when (ms UTC, 0 = now).
// A mail that waits is not sent any more.
//
// It returns fault.Invalid with fields "way", "at"; fault.Conflict when it was sent already.
func (s *Service) MarkSent(ctx context.Context, id DeliveryID, version int, way string, at int64) error {
	way = text.CleanInput(way)
	return s.change(ctx, ActSend, id, version, func(ctx context.Context, tx *db.Tx, p Paper, d *Delivery) error {
		if d.State == Delivered || d.State == Cancelled {
			return fault.New(fault.Conflict, "Nơi này ở trạng thái “%s” nên không ghi được nữa.", d.State.Label())
		}
		if at == 0 {
			at = tx.Now()
		}
		var wrong []fault.Field
		if way == "" || len([]rune(way)) > 200 {
			wrong = append(wrong, fault.Field{Name: "way", Message: "Hãy ghi đã gửi bằng cách nào, ví dụ “Trục liên thông văn bản, 10:45”."})
		}
		if at > tx.Now() {
			wrong = append(wrong, fault.Field{Name: "at", Message: "Giờ gửi còn ở phía trước. Hãy kiểm tra lại."})
		}
		if err := fault.Fields(wrong...); err != nil {
			return err
		}
		d.State, d.Way, d.SentAt, d.SentBy, d.NextAt, d.Email = Delivered, way, at, access.From(ctx).Name, 0, ""
		return nil
	})
}

// Resend tries a mail again that was refused, at once and to another address if one is given.
//
// It returns fault.Invalid with field "email"; fault.Conflict for what was sent or is to be sent another way.
func (s *Service) Resend(ctx context.Context, id DeliveryID, version int, email string) error {
	email = text.CleanInput(email)
	return s.change(ctx, ActSend, id, version, func(ctx context.Context, tx *db.Tx, p Paper, d *Delivery) error {
		if s.Mail == nil {
			return fault.New(fault.Conflict, "Chưa cấu hình máy chủ thư. Hãy gửi cách khác và ghi lại.")
		}
		if d.State == Delivered || d.State == Cancelled {
			return fault.New(fault.Conflict, "Nơi này ở trạng thái “%s” nên không gửi lại.", d.State.Label())
		}
		if !isAddress(email) {
			return fault.Fields(fault.Field{Name: "email", Message: "Hãy ghi địa chỉ thư, ví dụ vanphong@moet.example.vn."})
		}
		others, err := deliveriesOf(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		for _, o := range others {
			if o.ID != d.ID && strings.EqualFold(o.Email, email) {
				return fault.Fields(fault.Field{Name: "email", Message: "“" + o.Name + "” đã nhận báo cáo này ở địa chỉ đó."})
			}
		}
		if d.MessageID == "" {
			d.MessageID = string(d.ID) + "." + string(p.ID) + "@" + s.Mail.Domain()
		}
		d.State, d.Email, d.Said, d.Way, d.FirstAt, d.Attempts, d.NextAt = Queued, email, "", "", 0, 0, 0
		return queueMail(ctx, tx, d.ID, 0)
	})
}

// Confirm records that a recipient has a paper: who there, how they said so, and when (ms UTC, 0 = now).
// The Ministry's reader confirms for itself.
//
// It returns fault.Invalid with fields "by", "how", "at"; fault.Conflict before it was sent, and when the
// receipt was recorded already.
//
// Source: domain.md 2.4 (K), 6.5 (receipt_confirmed); R-III.1.a-5.
func (s *Service) Confirm(ctx context.Context, id DeliveryID, version int, by, how string, at int64) error {
	by, how = text.CleanInput(by), text.CleanInput(how)
	return s.change(ctx, ActReceive, id, version, func(ctx context.Context, tx *db.Tx, p Paper, d *Delivery) error {
		if !d.Principal {
			if err := known(s.Policy.Check(ctx, ActSend, access.Place{})); err != nil {
				return err // the Ministry's reader speaks for the Ministry's Office alone
			}
		}
		if d.State != Delivered {
			return fault.New(fault.Conflict, "Báo cáo chưa được ghi là đã gửi đến nơi này. Hãy ghi đã gửi trước.")
		}
		if d.ReceivedAt > 0 {
			return fault.New(fault.Conflict, "Đã ghi xác nhận của nơi này lúc %s.", text.FormatDayTime(d.ReceivedAt))
		}
		if at == 0 {
			at = tx.Now()
		}
		var wrong []fault.Field
		if by == "" || len([]rune(by)) > 200 {
			wrong = append(wrong, fault.Field{Name: "by", Message: "Hãy ghi ai ở nơi nhận đã xác nhận."})
		}
		if how == "" || len([]rune(how)) > 200 {
			wrong = append(wrong, fault.Field{Name: "how", Message: "Hãy ghi xác nhận bằng cách nào, ví dụ “Trả lời thư” hoặc “Điện thoại”."})
		}
		if at > tx.Now() || at < d.SentAt-60_000 {
			wrong = append(wrong, fault.Field{Name: "at", Message: "Giờ xác nhận phải sau giờ gửi và không ở phía trước."})
		}
		if err := fault.Fields(wrong...); err != nil {
			return err
		}
		d.ReceivedAt, d.ReceivedBy, d.ReceivedHow = at, by, how
		return nil
	})
}

// change changes a delivery as the actor and does what follows.
func (s *Service) change(ctx context.Context, action access.Action, id DeliveryID, version int, fn func(context.Context, *db.Tx, Paper, *Delivery) error) error {
	ctx, err := s.may(ctx, action)
	if err != nil {
		return err
	}
	var paper PaperID
	err = s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		d, err := readDelivery(ctx, tx, id)
		if err != nil {
			return err
		}
		p, err := readPaper(ctx, tx, d.Paper)
		if err != nil {
			return err
		}
		paper = p.ID
		if d.Version != version {
			return fault.New(fault.Conflict, "Trạng thái gửi vừa thay đổi (“%s”). Hãy xem lại rồi ghi.", d.State.Label())
		}
		sent, received := d.SentAt, d.ReceivedAt
		if err := fn(ctx, tx, p, &d); err != nil {
			return err
		}
		if err := updateDelivery(ctx, tx, d); err != nil {
			return err
		}
		do := "ministry.resend"
		switch {
		case d.ReceivedAt != received:
			do = "ministry.confirm"
		case d.SentAt != sent:
			do = "ministry.sent"
		}
		if err := audit.Write(ctx, tx, audit.Entry{Action: do, Kind: kindPaper, ID: string(p.ID), Label: p.Label(), Data: map[string]string{"recipient": d.Name, "way": d.Way, "by": d.ReceivedBy, "how": d.ReceivedHow}}); err != nil {
			return err
		}
		if d.SentAt != sent {
			if err := s.arrived(ctx, tx, p.ID, d); err != nil {
				return err
			}
		}
		if d.Principal && d.ReceivedAt != received {
			return s.received(ctx, tx, p.ID, d)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.tellReports(ctx, paper)
}

// received is what follows from the receipt of the one a paper is addressed to.
func (s *Service) received(ctx context.Context, tx *db.Tx, id PaperID, d Delivery) error {
	p, err := readPaper(ctx, tx, id)
	if err != nil || p.State != StateSent {
		return err
	}
	if _, err := s.steps.Run(ctx, tx, papers, p.subject(), "receive", d.ReceivedBy+", "+d.ReceivedHow); err != nil {
		return err
	}
	return db.Exec1(ctx, tx, "UPDATE ministry_paper SET received_at = $2 WHERE id = $1", string(p.ID), d.ReceivedAt)
}

// tellReports tells the reports that the version a quick report quotes went out and arrived. It is done
// after the paper's own record, and again by the clock when it was cut off (see [Service.Tick]).
func (s *Service) tellReports(ctx context.Context, id PaperID) error {
	ctx = program(ctx)
	p, err := readPaper(ctx, s.DB.Read(), id)
	if err != nil || p.Kind != Quick || p.SentAt == 0 || len(p.Content.Sittings) == 0 {
		return err
	}
	v, err := s.Figures.Province(ctx, p.Content.Sittings[0].Version)
	if err != nil {
		return err
	}
	if v.State == reports.StateApproved {
		names := make([]string, len(p.Recipients))
		for i, r := range p.Recipients {
			names[i] = r.Name
		}
		if err := s.Figures.Send(ctx, v.ID, v.Version, text.Excerpt("Báo cáo số "+p.Reference+": "+strings.Join(names, "; "), 900)); err != nil {
			return passing(err)
		}
		if v, err = s.Figures.Province(ctx, v.ID); err != nil {
			return err
		}
	}
	if v.State == reports.StateSent && p.ReceivedAt > 0 {
		return passing(s.Figures.Receive(ctx, v.ID, v.Version, "Báo cáo số "+p.Reference))
	}
	return nil
}

// passing lets a version pass that moved on in the meantime: the clock looks again.
func passing(err error) error {
	if fault.Is(err, fault.Conflict) {
		return nil
	}
	return err
}

// Deliveries gives a paper's deliveries, the one it is addressed to first.
func (s *Service) Deliveries(ctx context.Context, p Paper) ([]Delivery, error) {
	if err := s.mayRead(ctx, p); err != nil {
		return nil, err
	}
	all, err := deliveriesOf(ctx, s.DB.Read(), p.ID)
	if s.Policy.Check(ctx, ActRead, access.Place{}) != nil { // the Ministry's reader sees its own line
		all = slices.DeleteFunc(all, func(d Delivery) bool { return !d.Principal })
	}
	return all, err
}

// Delivery gives one delivery with its paper.
func (s *Service) Delivery(ctx context.Context, id DeliveryID) (Delivery, Paper, error) {
	d, err := readDelivery(ctx, s.DB.Read(), id)
	if err != nil {
		return d, Paper{}, err
	}
	p, err := s.Paper(ctx, d.Paper)
	if err != nil {
		return Delivery{}, p, err
	}
	seen, err := s.Deliveries(ctx, p)
	if err == nil && !slices.ContainsFunc(seen, func(o Delivery) bool { return o.ID == id }) {
		err = &fault.Error{Kind: fault.NotFound}
	}
	return d, p, err
}

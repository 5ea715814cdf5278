package documents

import (
	"cmp"
	"context"
	"time"

	"bangvang/internal/base/db"
	"bangvang/internal/base/web/ui"
)

// Status is whether a document is in force; it follows from its days and from what newer
// documents say of it.
//
// Source: domain.md 6.2; F-47.
type Status string

// The states of force. A document that is not issued yet has none.
const (
	NoStatus        Status = ""
	NotYet          Status = "not_yet"
	InForce         Status = "in_force"
	Amended         Status = "amended"
	StatusReplaced  Status = "replaced"
	Expired         Status = "expired"
	Recalled        Status = "recalled"  // its issuer took the paper back
	StatusWithdrawn Status = "withdrawn" // its page was taken down here and is still read, under a notice
)

// Title is the status in words.
func (s Status) Title() string {
	switch s {
	case NotYet:
		return "Chưa có hiệu lực"
	case InForce:
		return "Còn hiệu lực"
	case Amended:
		return "Còn hiệu lực, đã được sửa đổi"
	case StatusReplaced:
		return "Đã được thay thế"
	case Expired:
		return "Hết hiệu lực"
	case Recalled:
		return "Đã thu hồi"
	case StatusWithdrawn:
		return EndWithdrawn.Word()
	}
	return "Chưa ban hành"
}

// Holds tells whether a document of this status is to be followed now.
func (s Status) Holds() bool { return s == InForce || s == Amended }

// Tag is the status as one word with its mark.
func (s Status) Tag() ui.Tag {
	tone := ui.Plain
	switch s {
	case InForce, Amended:
		tone = ui.OK
	case NotYet:
		tone = ui.Info
	case StatusReplaced, Expired:
		tone = ui.Warn
	case Recalled, StatusWithdrawn:
		tone = ui.Bad
	}
	return ui.Tag{Tone: tone, Word: s.Title()}
}

// statusOf computes the status. touched are the live relations of other documents with this one
// whose own documents are in the public eye, with the day each takes effect.
func statusOf(d Document, touched []effect, today string) Status {
	c := d.Content
	replaced, amended := d.State == StateReplaced, false
	for _, e := range touched {
		if e.from > today {
			continue
		}
		replaced = replaced || e.kind == Replaces
		amended = amended || e.kind == Amends
	}
	switch {
	case d.State == StateRecalled:
		return Recalled
	case d.Ending == EndWithdrawn:
		return StatusWithdrawn
	case replaced:
		return StatusReplaced
	case c.ExpiresOn != "" && c.ExpiresOn <= today:
		return Expired
	case d.Kind == Own && c.Number.Blank():
		return NoStatus
	case cmp.Or(c.EffectiveOn, c.IssuedOn) > today:
		return NotYet
	case amended:
		return Amended
	}
	return InForce
}

// An effect is what a newer document does to this one, and from which day.
type effect struct {
	kind RelationKind
	from string
}

// refreshStatus computes a document's status anew. When it changed, every page that shows it is
// drawn again: its own, those that cite it, the lists.
func (s *Service) refreshStatus(ctx context.Context, tx *db.Tx, id DocID) error {
	d, err := readDocument(ctx, tx, id)
	if err != nil {
		return err
	}
	effects, err := effectsOn(ctx, tx, id)
	if err != nil {
		return err
	}
	now := statusOf(d, effects, s.today())
	if now == d.Status {
		return s.touchDocuments(ctx, tx, id)
	}
	if err := setStatus(ctx, tx, id, now); err != nil {
		return err
	}
	if d.Visible() && now == StatusReplaced {
		if err := Replaced.Emit(ctx, tx, PageFact{ID: id, Path: d.Path(), Label: d.Label()}); err != nil {
			return err
		}
	}
	return s.touchAround(ctx, tx, d)
}

// RefreshStatuses computes the status of every document whose days have come; it runs with the
// calendar. Source: domain.md 6.2 (expired).
func (s *Service) RefreshStatuses(ctx context.Context) error {
	ids, err := statusDue(ctx, s.DB.Read(), s.today())
	if err != nil {
		return err
	}
	for _, id := range ids {
		err := s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return s.refreshStatus(ctx, tx, id) })
		if err != nil {
			return err
		}
	}
	return nil
}

// statusPeriod is how often days are looked at: a document in force from today says so soon after
// midnight.
const statusPeriod = 10 * time.Minute

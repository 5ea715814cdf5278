package ministry

import (
	"context"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/event"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/reports"
)

// An Erratum is proposed to one recipient of a paper whose figures were corrected: it has the old ones and
// must be told (V-18).
type Erratum struct {
	Delivery  DeliveryID // of the outdated paper
	Paper     PaperID
	Name      string // the recipient
	Recipient RecipientID
	OpenedAt  int64
	SettledAt int64  // 0 = not told yet
	SettledBy string // the number of the paper that told, or a person's name
	Note      string
}

// Subscribe marks papers when figures they quote are corrected.
func (s *Service) Subscribe(b *event.Bus) {
	reports.FiguresOutdated.On(b, "ministry.correcting", s.correcting)
	reports.FiguresReplaced.On(b, "ministry.outdated", s.outdated)
}

// correcting notes on papers that a new version of what they quote waits for approval.
func (s *Service) correcting(ctx context.Context, f reports.ProvinceFact) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE ministry_paper SET correcting = $2 WHERE outdated_by = '' AND state NOT IN ('replaced', 'dropped')
			AND id IN (SELECT paper FROM ministry_quote WHERE province = $1)`, string(f.Replaces), string(f.ID))
		return err
	})
}

// outdated marks every paper that quotes a version which another one took the place of, stops its mails
// that are not out yet, and proposes an erratum to each who has it. It may run twice.
//
// Source: V-18; architecture.md 4 ("a correction makes a new version and marks every text that quotes the
// old one").
func (s *Service) outdated(ctx context.Context, f reports.ProvinceFact) error {
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		quote, err := quoting(ctx, tx, f.Replaces)
		if err != nil {
			return err
		}
		for _, p := range quote {
			if p.OutdatedBy != "" || p.State == StateReplaced || p.State == StateDropped {
				continue
			}
			if err := s.mark(ctx, tx, p, f); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) mark(ctx context.Context, tx *db.Tx, p Paper, f reports.ProvinceFact) error {
	err := db.Exec1(ctx, tx, "UPDATE ministry_paper SET outdated_by = $2, outdated_at = $3, changed = $4, correcting = '', version = version + 1 WHERE id = $1 AND outdated_by = ''",
		string(p.ID), string(f.ID), tx.Now(), asJSON(f.Changed))
	if err != nil {
		return err
	}
	deliveries, err := deliveriesOf(ctx, tx, p.ID)
	if err != nil {
		return err
	}
	for _, d := range deliveries {
		switch d.State {
		case Delivered:
			if err := propose(ctx, tx, d); err != nil {
				return err
			}
		case Planned, Queued, Trying:
			d.State, d.NextAt, d.Said = Cancelled, 0, "Số liệu đã được đính chính trước khi gửi"
			if err := updateDelivery(ctx, tx, d); err != nil {
				return err
			}
		}
	}
	if err := audit.Write(ctx, tx, audit.Entry{Action: "ministry.outdated", Kind: kindPaper, ID: string(p.ID), Label: p.Label()}); err != nil {
		return err
	}
	return PaperOutdated.Emit(ctx, tx, PaperFact{ID: p.ID, Exam: p.Exam, Kind: p.Kind, Round: p.Round, Sitting: p.Sitting})
}

// propose opens the erratum of one delivery.
func propose(ctx context.Context, tx *db.Tx, d Delivery) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO ministry_erratum (delivery, paper, opened_at, settled_at, settled_by, note) VALUES ($1, $2, $3, 0, '', '')", string(d.ID), string(d.Paper), tx.Now())
	return err
}

// settleErrata records that a recipient of outdated papers got the one in their place.
func settleErrata(ctx context.Context, tx *db.Tx, p Paper, to RecipientID) error {
	for id := p.Replaces; id != ""; {
		old, err := readPaper(ctx, tx, id)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE ministry_erratum SET settled_at = $3, settled_by = $4 WHERE paper = $1 AND settled_at = 0 AND delivery IN (SELECT id FROM ministry_delivery WHERE paper = $1 AND recipient = $2)",
			string(old.ID), string(to), tx.Now(), p.Reference)
		if err != nil {
			return err
		}
		id = old.Replaces
	}
	return nil
}

// Errata gives the errata proposed for a paper.
func (s *Service) Errata(ctx context.Context, p Paper) ([]Erratum, error) {
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return nil, err
	}
	return errataOf(ctx, s.DB.Read(), p.ID)
}

// SettleErratum records that a recipient was told another way that a paper's figures were corrected, or
// need not be; note says which.
//
// It returns fault.Invalid with field "note"; fault.Conflict when it was settled already.
func (s *Service) SettleErratum(ctx context.Context, id DeliveryID, note string) error {
	ctx, err := s.may(ctx, ActSend)
	if err != nil {
		return err
	}
	note = text.CleanInput(note)
	if note == "" || len([]rune(note)) > 300 {
		return fault.Fields(fault.Field{Name: "note", Message: "Hãy ghi đã báo nơi nhận bằng cách nào, hoặc vì sao không cần báo."})
	}
	return s.DB.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		e, err := readErratum(ctx, tx, id)
		if err != nil {
			return err
		}
		if e.SettledAt > 0 {
			return fault.New(fault.Conflict, "Việc báo đính chính cho %s đã được ghi.", e.Name)
		}
		p, err := readPaper(ctx, tx, e.Paper)
		if err != nil {
			return err
		}
		if err := db.Exec1(ctx, tx, "UPDATE ministry_erratum SET settled_at = $2, settled_by = $3, note = $4 WHERE delivery = $1 AND settled_at = 0", string(id), tx.Now(), access.From(ctx).Name, note); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "ministry.erratum", Kind: kindPaper, ID: string(p.ID), Label: p.Label(), Note: note, Data: map[string]string{"recipient": e.Name}})
	})
}

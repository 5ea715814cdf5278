package documents

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// Numbering is what the records clerk decides when a signed document gets its number.
type Numbering struct {
	IssuedOn string // the day of the number; "" = today
	Ordinal  int    // 0 = the next of its series
	Gap      string // why numbers between are left out; needed when any are
}

// Next gives the number that a document of this symbol would get now: its series runs from 01 on
// 1 January to 31 December (Decree 30/2020 article 15).
func (s *Service) Next(ctx context.Context, d Document) (int, error) {
	if err := s.Policy.Check(ctx, readingAction(d), d.Place()); err != nil {
		return 0, err
	}
	last, err := lastOrdinal(ctx, s.DB.Read(), d.Content.Issuer, d.Content.Number.Symbol, yearOf(s.today()))
	return last + 1, err
}

// Number gives a signed document its number and day. A number is never given twice; one that is
// passed over is recorded with its reason and not given later.
//
// It returns fault.Invalid with the wrong field.
//
// Source: domain.md 4.3, 6.2 ("never reuse or skip a number (gaps explained)").
func (s *Service) Number(ctx context.Context, id DocID, version int, n Numbering) error {
	n.Gap = text.CleanInput(n.Gap)
	err := s.step(ctx, id, version, "number", "", func(ctx context.Context, tx *db.Tx, d *Document) error {
		return s.number(ctx, tx, d, n)
	}, func(ctx context.Context, tx *db.Tx, d *Document) error {
		if err := updateDocument(ctx, tx, *d); err != nil {
			return twinOf(err, d.Content)
		}
		d.Version++
		return nil
	})
	return s.twin(ctx, err)
}

// number finds the ordinal and puts it into the document.
func (s *Service) number(ctx context.Context, tx *db.Tx, d *Document, n Numbering) error {
	c := &d.Content
	day := cmp.Or(n.IssuedOn, s.today())
	if day > s.today() {
		return fault.Fields(fault.Field{Name: "issued_on", Message: "Ngày ban hành còn ở phía trước. Hãy ghi ngày ký."})
	}
	if c.Number.Symbol == "" {
		return fault.Fields(fault.Field{Name: "number", Message: "Văn bản chưa có ký hiệu. Công văn cần ký hiệu dạng /SGDĐT-VP; hãy trả lại người soạn để ghi."})
	}
	c.IssuedOn, c.Year = day, yearOf(day)
	last, err := lastOrdinal(ctx, tx, c.Issuer, c.Number.Symbol, c.Year)
	if err != nil {
		return err
	}
	c.Number.Ordinal = cmp.Or(n.Ordinal, last+1)
	switch {
	case c.Number.Ordinal < 1 || c.Number.Ordinal > maxOrdinal:
		return fault.Fields(fault.Field{Name: "ordinal", Message: "Số phải là số nguyên dương."})
	case c.Number.Ordinal <= last:
		return fault.Fields(fault.Field{Name: "ordinal", Message: fmt.Sprintf("Số %02d đã được cấp hoặc đã bỏ qua trong năm %d. Số tiếp theo là %02d.", c.Number.Ordinal, c.Year, last+1)})
	case c.Number.Ordinal > last+1 && n.Gap == "":
		return fault.Fields(fault.Field{Name: "gap", Message: fmt.Sprintf("Số tiếp theo là %02d. Bỏ qua số cần ghi lý do.", last+1)})
	}
	for ordinal := last + 1; ordinal < c.Number.Ordinal; ordinal++ {
		if ordinal > last+100 {
			return fault.Fields(fault.Field{Name: "ordinal", Message: "Không bỏ qua quá 100 số một lần. Hãy kiểm tra lại số vừa nhập."})
		}
		if err := insertGap(ctx, tx, *c, ordinal, n.Gap); err != nil {
			return err
		}
	}
	return audit.Write(ctx, tx, audit.Entry{Action: "document.numbered", Kind: kindName, ID: string(d.ID), Label: c.Label(), Note: n.Gap,
		Data: map[string]string{"number": c.Number.String(), "day": c.IssuedOn, "after": strconv.Itoa(last)}})
}

// lastOrdinal gives the highest number of a series that was given or passed over.
func lastOrdinal(ctx context.Context, q db.Queryer, issuer IssuerID, symbol string, year int) (int, error) {
	numbers, err := db.All(ctx, q, func(s db.Scanner) (n string, err error) { return n, s.Scan(&n) },
		"SELECT number FROM document WHERE issuer = $1 AND year = $2 AND kind = 'own' AND number_key <> ''", string(issuer), year)
	if err != nil {
		return 0, err
	}
	last := 0
	for _, written := range numbers {
		if n, err := ParseNumber(written); err == nil && n.Symbol == symbol {
			last = max(last, n.Ordinal)
		}
	}
	var gap int
	err = q.QueryRowContext(ctx, "SELECT COALESCE(MAX(ordinal), 0) FROM document_gap WHERE issuer = $1 AND symbol = $2 AND year = $3",
		string(issuer), symbol, year).Scan(&gap)
	return max(last, gap), err
}

func insertGap(ctx context.Context, tx *db.Tx, c Content, ordinal int, note string) error {
	actor := access.From(ctx)
	_, err := tx.ExecContext(ctx, "INSERT INTO document_gap (issuer, symbol, year, ordinal, note, person, name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		string(c.Issuer), c.Number.Symbol, c.Year, ordinal, note, actor.Person, actor.Name, tx.Now())
	return err
}

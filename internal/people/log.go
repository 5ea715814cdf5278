package people

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
)

// A LogQuery chooses audit lines. Zero fields choose everything.
type LogQuery struct {
	Kind, Object, Action string
	Person               string // account id
	FirstDay, LastDay    string // Vietnamese days, both included
	Before               int64  // only lines with a smaller Seq
	Limit                int    // 0 = 100
}

// AuditLog gives audit lines, newest first. Leaders and auditors see all of them, the inspectorate
// those of its own acts; an administrator none (domain.md 2.4: audit log).
//
// It returns fault.Invalid with fields "first_day", "last_day".
func (s *Service) AuditLog(ctx context.Context, w LogQuery) ([]audit.Line, error) {
	if err := s.policy.Check(ctx, ActAuditReadOwn, access.Place{Owner: access.From(ctx).Person}); err != nil {
		return nil, err
	}
	if !s.policy.Can(ctx, ActAuditRead, access.Place{}) {
		w.Person = access.From(ctx).Person
	}
	q, err := w.query()
	if err != nil {
		return nil, err
	}
	return audit.List(ctx, s.db.Read(), q)
}

func (w LogQuery) query() (audit.Query, error) {
	var wrong []fault.Field
	q := audit.Query{Kind: w.Kind, Object: w.Object, Action: w.Action, Person: w.Person, Before: w.Before, Limit: w.Limit}
	if w.FirstDay != "" {
		if q.From = dayStart(w.FirstDay); q.From == 0 {
			wrong = append(wrong, fault.Field{Name: "first_day", Message: "Ngày chưa đúng. Ví dụ: 06/7/2021."})
		}
	}
	if w.LastDay != "" {
		if q.Until = dayEnd(w.LastDay); q.Until == 0 {
			wrong = append(wrong, fault.Field{Name: "last_day", Message: "Ngày chưa đúng. Ví dụ: 08/7/2021."})
		}
	}
	return q, fault.Fields(wrong...)
}

// ExportAuditLog writes the chosen lines as CSV that Vietnamese spreadsheets open (semicolons, BOM),
// newest first, with the hashes that [audit.Verify] checks. The export is itself a line of the log.
func (s *Service) ExportAuditLog(ctx context.Context, w LogQuery, out io.Writer) error {
	ctx, err := s.policy.Enter(ctx, ActAuditReadOwn, access.Place{Owner: access.From(ctx).Person})
	if err != nil {
		return err
	}
	w.Limit = 1000
	lines, err := s.AuditLog(ctx, w)
	if err != nil {
		return err
	}
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		return audit.Write(ctx, tx, audit.Entry{Action: "people.audit.export", Kind: "audit", Label: "Nhật ký",
			Data: map[string]string{"kind": w.Kind, "action": w.Action, "from": w.FirstDay, "to": w.LastDay}})
	})
	if err != nil {
		return err
	}
	if _, err := io.WriteString(out, "\ufeff"); err != nil {
		return err
	}
	c := csv.NewWriter(out)
	c.Comma, c.UseCRLF = ';', true
	if err := c.Write([]string{"Số", "Thời điểm", "Người", "Vai trò", "Phạm vi", "Việc", "Loại", "Mã", "Tên", "Ghi chú", "Thay đổi", "Băm trước", "Băm"}); err != nil {
		return err
	}
	for len(lines) > 0 {
		for _, l := range lines {
			at := clock.Local(clock.FromMillis(l.At)).Format("2006-01-02 15:04:05")
			err := c.Write([]string{strconv.FormatInt(l.Seq, 10), at, inert(l.Name), string(l.Role), l.Scope.String(), l.Action, l.Kind, l.Object, inert(l.Label), inert(l.Note), inert(l.Data), l.Prev, l.Hash})
			if err != nil {
				return err
			}
		}
		w.Before = lines[len(lines)-1].Seq
		if lines, err = s.AuditLog(ctx, w); err != nil {
			return err
		}
	}
	c.Flush()
	return c.Error()
}

// inert keeps a spreadsheet from taking a text for a formula.
func inert(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

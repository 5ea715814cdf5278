package documents

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
	"bangvang/internal/base/workflow"
)

// A Filter narrows the office's list. Zero fields narrow nothing.
type Filter struct {
	Kind   Kind
	State  workflow.State
	Class  Class
	Issuer IssuerID
	Type   TypeID
	Year   int
	Text   string // words that must all occur, in any order, with or without marks
	Edited bool   // only those whose page is up while a changed working copy waits to be posted
	Others bool   // leaves out what the actor entered or edited since it was last posted, and so may not post
	Page   int    // from 1
}

// PageSize is how many documents a page of a list has.
const PageSize = 50

// A Listing is one page of the office's list.
type Listing struct {
	Documents []Document
	Total     int
	Pages     int
}

// List gives the documents the actor may know of, the latest first.
//
// It returns fault.NotFound when the actor may see neither register.
func (s *Service) List(ctx context.Context, f Filter) (Listing, error) {
	where, args, err := s.listFilter(ctx, f)
	if err != nil {
		return Listing{}, err
	}
	var l Listing
	q := s.DB.Read()
	if err := q.QueryRowContext(ctx, "SELECT COUNT(*) FROM document AS d"+where, args...).Scan(&l.Total); err != nil {
		return l, err
	}
	l.Pages = max(1, (l.Total+PageSize-1)/PageSize)
	n := len(args)
	args = append(args, PageSize, (max(1, f.Page)-1)*PageSize)
	l.Documents, err = db.All(ctx, q, scanDocument, "SELECT "+documentColumns+documentFrom+where+
		fmt.Sprintf(" ORDER BY d.year DESC, d.issued_on DESC, d.number_sort DESC, d.id DESC LIMIT $%d OFFSET $%d", n+1, n+2), args...)
	return l, err
}

// FirstDue gives the earliest day by which one of the documents found must be dealt with
// (Handling.DueOn), as "2021-07-05"; "" when none has such a day.
//
// It reads every document found: ask it for those that wait for somebody, which are few.
func (s *Service) FirstDue(ctx context.Context, f Filter) (string, error) {
	where, args, err := s.listFilter(ctx, f)
	if err != nil {
		return "", err
	}
	all, err := db.All(ctx, s.DB.Read(), func(r db.Scanner) (h Handling, err error) {
		var text string
		if err = r.Scan(&text); err != nil {
			return h, err
		}
		return h, json.Unmarshal([]byte(text), &h)
	}, "SELECT d.handling FROM document AS d"+where, args...)
	first := ""
	for _, h := range all {
		if h.DueOn != "" && (first == "" || h.DueOn < first) {
			first = h.DueOn
		}
	}
	return first, err
}

// conditions collects what rows must fulfil, with its arguments.
type conditions struct {
	all  []string
	args []any
}

// bind gives the placeholder of a value.
func (c *conditions) bind(v any) string {
	c.args = append(c.args, v)
	return fmt.Sprintf("$%d", len(c.args))
}

func (c *conditions) add(condition string) { c.all = append(c.all, condition) }

// listFilter turns a filter and what the actor may see into a condition.
func (s *Service) listFilter(ctx context.Context, f Filter) (where string, args []any, err error) {
	c := &conditions{}
	if err := s.visible(ctx, c); err != nil {
		return "", nil, err
	}
	for _, w := range []struct{ column, value string }{{"kind", string(f.Kind)}, {"state", string(f.State)}, {"issuer", string(f.Issuer)},
		{"type", string(f.Type)}, {"class", string(f.Class)}} {
		if w.value != "" {
			c.add("d." + w.column + " = " + c.bind(w.value))
		}
	}
	if f.Edited {
		c.add("d.live > 0 AND d.dirty AND d.ending = ''")
	}
	if f.Others {
		c.add("NOT EXISTS (SELECT 1 FROM document_hand AS h WHERE h.document = d.id AND h.person = " + c.bind(access.From(ctx).Person) + ")")
	}
	if f.Year != 0 {
		c.add("d.year = " + c.bind(f.Year))
	}
	for i, w := range text.Words(firstBytes(f.Text, 500)) {
		if i == 12 {
			break // a dozen words are enough to find a document by
		}
		c.add("d.fold LIKE " + c.bind("%"+w.Folded+"%")) // words hold letters and digits only
	}
	return " WHERE " + strings.Join(c.all, " AND "), c.args, nil
}

// visible adds the condition for the documents the actor may know of: all incoming ones for those
// of the registry; own ones all, or those that were issued, or those of one's own units and those one
// entered.
func (s *Service) visible(ctx context.Context, c *conditions) error {
	var parts []string
	if s.Policy.Can(ctx, ActRead, access.Place{}) {
		parts = append(parts, "d.kind = 'incoming'")
	}
	if s.Policy.Can(ctx, ActReadOwn, access.Place{}) {
		parts = append(parts, "d.kind = 'own'")
	} else if s.Policy.Can(ctx, ActReadIssued, access.Place{}) {
		var hidden []string
		for _, state := range slices.Sorted(maps.Keys(inside)) {
			hidden = append(hidden, c.bind(string(state)))
		}
		parts = append(parts, "(d.kind = 'own' AND d.state NOT IN ("+strings.Join(hidden, ", ")+"))")
	}
	if !s.Policy.Can(ctx, ActReadOwn, access.Place{}) && s.Policy.Anywhere(ctx, ActReadOwn) {
		actor := access.From(ctx)
		parts = append(parts, "(d.kind = 'own' AND d.entered_by = "+c.bind(actor.Person)+")")
		for _, g := range actor.Grants {
			if s.Policy.Can(ctx, ActReadOwn, access.Place{Units: []string{g.Scope.ID}}) {
				parts = append(parts, "(d.kind = 'own' AND '/' || d.unit_path || '/' LIKE "+c.bind("%/"+g.Scope.ID+"/%")+")")
			}
		}
	}
	if len(parts) == 0 {
		return &fault.Error{Kind: fault.NotFound}
	}
	c.add("(" + strings.Join(parts, " OR ") + ")")
	return nil
}

// FindByNumber gives the document a person means by its number, among those the actor may know of.
// year 0 is any.
//
// It returns fault.Invalid for the field "target" when there is none, or more than one.
func (s *Service) FindByNumber(ctx context.Context, typed string, year int) (DocID, error) {
	wrong := func(format string, args ...any) error {
		return fault.Fields(fault.Field{Name: "target", Message: fmt.Sprintf(format, args...)})
	}
	n, err := ParseNumber(typed)
	if err != nil {
		return "", wrong("%s", fault.Message(err))
	}
	if n.Blank() {
		return "", wrong("%s chưa có số. Hãy ghi đủ số và ký hiệu.", n)
	}
	c := &conditions{}
	if err := s.visible(ctx, c); err != nil {
		return "", err
	}
	c.add("d.number_key = " + c.bind(n.Key()))
	if year = cmp.Or(n.Year, year); year != 0 {
		c.add("d.year = " + c.bind(year))
	}
	ids, err := db.All(ctx, s.DB.Read(), scanID, "SELECT d.id FROM document AS d WHERE "+strings.Join(c.all, " AND ")+" ORDER BY d.id LIMIT 2", c.args...)
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", wrong("Không thấy %s trong sổ. Hãy kiểm tra lại số, hoặc nhập văn bản đó trước.", n)
	case len(ids) > 1:
		return "", wrong("Có nhiều văn bản mang số %s. Hãy ghi thêm năm.", n)
	}
	return ids[0], nil
}

// A Timeliness says how long documents took from entry to the public page (R-II.1-c, "kịp thời").
type Timeliness struct {
	Posted  int   // documents posted since the day asked for
	Median  int64 // milliseconds from entry to first publication
	Ninth   int64 // nine of ten took no longer
	Waiting int   // public ones that are entered and not posted yet
	Oldest  int64 // when the oldest of those was entered, ms; 0 = none
}

// Timeliness measures the time from entry to publication of incoming documents posted since an
// instant.
func (s *Service) Timeliness(ctx context.Context, since time.Time) (Timeliness, error) {
	var t Timeliness
	if err := s.Policy.Check(ctx, ActRead, access.Place{}); err != nil {
		return t, err
	}
	took, err := db.All(ctx, s.DB.Read(), func(r db.Scanner) (ms int64, err error) { return ms, r.Scan(&ms) },
		"SELECT posted_at - entered_at FROM document WHERE kind = 'incoming' AND posted_at >= $1", since.UnixMilli())
	if err != nil {
		return t, err
	}
	slices.Sort(took)
	if t.Posted = len(took); t.Posted > 0 {
		t.Median, t.Ninth = took[(len(took)-1)/2], took[(len(took)*9+9)/10-1]
	}
	err = s.DB.Read().QueryRowContext(ctx, `SELECT COUNT(*), COALESCE(MIN(entered_at), 0) FROM document
		WHERE kind = 'incoming' AND posted_at = 0 AND class <> 'internal'`).Scan(&t.Waiting, &t.Oldest)
	return t, err
}

// Signers are who signed lately and in what position, each once, the latest first: what a clerk is
// offered when entering the next document.
type Signers struct{ Names, Positions []string }

// signersFrom is how many of the latest documents are looked at for their signers.
const signersFrom = 300

// Signers gives those who signed the documents entered last, of the documents the actor may know
// of; none when those are none.
func (s *Service) Signers(ctx context.Context) (Signers, error) {
	var c conditions
	if err := s.visible(ctx, &c); fault.Is(err, fault.NotFound) {
		return Signers{}, nil
	} else if err != nil {
		return Signers{}, err
	}
	all, err := db.All(ctx, s.DB.Read(), func(row db.Scanner) (Content, error) {
		var content string
		var k Content
		if err := row.Scan(&content); err != nil {
			return k, err
		}
		return k, json.Unmarshal([]byte(content), &k)
	}, "SELECT d.content FROM document AS d WHERE "+strings.Join(c.all, " AND ")+fmt.Sprintf(" ORDER BY d.entered_at DESC, d.id LIMIT %d", signersFrom), c.args...)
	var out Signers
	add := func(list *[]string, word string) {
		if word != "" && !slices.Contains(*list, word) {
			*list = append(*list, word)
		}
	}
	for _, k := range all {
		add(&out.Names, k.Signer.Name)
		add(&out.Positions, k.Signer.Position)
	}
	return out, err
}

// Package privacy looks through the text and tables of a document for what looks like a list of
// persons: identity numbers, names with birth dates, candidate numbers, telephone numbers. Whoever
// is about to publish such a document is asked for a second approval.
//
// It is a smoke alarm, not a judge. It knows forms and headings, not people, and its thresholds let
// pass what every official document has: its own number, dates of laws, a signature, a contact. What
// it finds it shows masked; no [Finding] holds a value that could be stored or logged by mistake.
//
// Start reading at [Scan].
//
// Source: P-16, L-4, L-6, L-8.
package privacy

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

// A Kind is what sort of personal data a finding is. It is stored, so values do not change.
type Kind string

// The kinds, in the order findings are given.
const (
	CitizenID  Kind = "citizen-id"  // căn cước, 12 digits
	IdentityNo Kind = "identity-no" // chứng minh nhân dân, 9 digits
	BirthDates Kind = "birth-dates" // names with birth dates
	Results    Kind = "results"     // names with marks
	Sensitive  Kind = "sensitive"   // names with ethnicity, health, priority
	Candidates Kind = "candidates"  // candidate numbers
	Addresses  Kind = "addresses"   // names with home addresses
	Phones     Kind = "phones"      // mobile telephone numbers
	Emails     Kind = "emails"      // private e-mail addresses
)

var kinds = []struct {
	kind Kind
	name string
}{
	{CitizenID, "Số căn cước công dân"},
	{IdentityNo, "Số chứng minh nhân dân"},
	{BirthDates, "Danh sách họ tên kèm ngày sinh"},
	{Results, "Danh sách họ tên kèm điểm"},
	{Sensitive, "Danh sách họ tên kèm dân tộc, tôn giáo, sức khỏe hoặc diện ưu tiên"},
	{Candidates, "Danh sách số báo danh"},
	{Addresses, "Danh sách họ tên kèm địa chỉ"},
	{Phones, "Danh sách số điện thoại di động"},
	{Emails, "Danh sách địa chỉ thư điện tử cá nhân"},
}

// Name gives the kind in Vietnamese, as a heading of what was found.
func (k Kind) Name() string {
	for _, n := range kinds {
		if n.kind == k {
			return n.name
		}
	}
	return string(k)
}

// A Finding is one kind of personal data in one document.
type Finding struct {
	Kind   Kind
	Where  string // Vietnamese, the first place: "bảng 2, cột “SBD”" or "trang 3"
	Sample string // the first one, masked: "01••••••••34", "N.V.A."
	Count  int    // how many different ones, or rows of a table
}

// String says the finding in one Vietnamese line.
func (f Finding) String() string {
	return fmt.Sprintf("%s: %d mục (%s; ví dụ %s)", f.Kind.Name(), f.Count, f.Where, f.Sample)
}

// A Table is rows of cells as they read; the header is among the first rows, or missing.
type Table struct {
	Name string // of the sheet; may be empty
	Rows [][]string
}

// Scan gives what looks like personal data in a document's pages (or its one whole text) and
// tables, at most one finding of a kind, tables before text; none when all is well. year is the
// current one: a birth date lies well before it.
func Scan(year int, pages []string, tables []Table) []Finding {
	inTables, inText := map[Kind]*tally{}, map[Kind]*tally{}
	for i, t := range tables {
		scanTable(year, i+1, t, inTables)
	}
	scanText(year, pages, inText)
	var out []Finding
	for _, n := range kinds {
		if t := cmp.Or(inTables[n.kind], inText[n.kind]); t != nil {
			out = append(out, Finding{Kind: n.kind, Where: t.where, Sample: t.sample, Count: len(t.seen)})
		}
	}
	return out
}

// A tally counts different values of one kind and remembers the first, masked.
type tally struct {
	seen          map[string]bool
	where, sample string
}

func (t *tally) add(value, where, sample string) {
	if t.seen == nil {
		t.seen, t.where, t.sample = map[string]bool{}, where, sample
	}
	t.seen[value] = true
}

// report adds what was counted to what was found of the kind before, once it is enough. What was
// found already does not count again.
func (t *tally) report(found map[Kind]*tally, kind Kind, enough int) {
	if len(t.seen) < max(1, enough) {
		return
	}
	if found[kind] == nil {
		found[kind] = &tally{seen: map[string]bool{}, where: t.where, sample: t.sample}
	}
	maps.Copy(found[kind].seen, t.seen)
}

// values gives what was counted, sorted.
func (t *tally) values() []string { return slices.Sorted(maps.Keys(t.seen)) }

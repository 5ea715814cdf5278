package documents

import (
	"context"
	"slices"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/text"
)

// A FieldChange is one field that differs between two states of a document.
type FieldChange struct{ Label, Old, New string }

// Compare tells what differs between two states of a document, field by field, for a person to
// read: the reading copy by its lines, files and relations by name.
func (s *Service) Compare(ctx context.Context, old, new Shown) ([]FieldChange, error) {
	catalog, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	labels := map[DocID]string{}
	for _, r := range append(slices.Clone(old.Relations), new.Relations...) {
		switch other, err := s.Document(ctx, r.Target); {
		case err == nil:
			labels[r.Target] = other.Label()
		case fault.Is(err, fault.NotFound):
			labels[r.Target] = "một văn bản khác" // which this reader may not know of
		default:
			return nil, err
		}
	}
	return compare(catalog, labels, old, new), nil
}

func compare(catalog *Catalog, labels map[DocID]string, old, new Shown) []FieldChange {
	var all []FieldChange
	was, is := old.Content.facts(catalog), new.Content.facts(catalog)
	for i := range was {
		if was[i].value != is[i].value {
			all = append(all, FieldChange{was[i].label, was[i].value, is[i].value})
		}
	}
	if a, b := fileNames(old), fileNames(new); a != b {
		all = append(all, FieldChange{"Tệp", a, b})
	}
	if a, b := relationNames(labels, old), relationNames(labels, new); a != b {
		all = append(all, FieldChange{"Quan hệ", a, b})
	}
	return append(all, textChanges(old.Reading.Text(), new.Reading.Text())...)
}

func fileNames(s Shown) string {
	var names []string
	for _, f := range s.Files {
		names = append(names, f.Name+" ("+f.Hash[:min(8, len(f.Hash))]+")")
	}
	return strings.Join(names, "; ")
}

func relationNames(labels map[DocID]string, s Shown) string {
	var names []string
	for _, r := range s.Relations {
		names = append(names, strings.TrimSpace(r.Kind.Title()+" "+labels[r.Target]+" "+r.Note))
	}
	return strings.Join(names, "; ")
}

// CompareReadings tells in what stretches of lines two reading copies differ.
func CompareReadings(old, new richtext.Doc) []FieldChange { return textChanges(old.Text(), new.Text()) }

// textChanges gives the stretches of lines in which two texts differ, by the longest common
// subsequence of their lines. Texts beyond a few thousand lines are compared as a whole.
func textChanges(old, new string) []FieldChange {
	if old == new {
		return nil
	}
	const label = "Bản đọc"
	a, b := strings.Split(old, "\n"), strings.Split(new, "\n")
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a)*len(b) > 4_000_000 {
		return []FieldChange{{label, text.Excerpt(strings.Join(a, " "), 2000), text.Excerpt(strings.Join(b, " "), 2000)}}
	}
	var all []FieldChange
	var gone, come []string
	flush := func() {
		if len(gone)+len(come) > 0 {
			all = append(all, FieldChange{label, strings.Join(gone, "\n"), strings.Join(come, "\n")})
			gone, come = nil, nil
		}
	}
	common := commonLengths(a, b)
	for i, j := 0, 0; i < len(a) || j < len(b); {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			flush()
			i, j = i+1, j+1
		case j == len(b) || i < len(a) && common[i+1][j] >= common[i][j+1]:
			gone, i = append(gone, a[i]), i+1
		default:
			come, j = append(come, b[j]), j+1
		}
	}
	flush()
	return all
}

// commonLengths gives, for every pair of ends, how many lines they have in common in order.
func commonLengths(a, b []string) [][]int32 {
	n := make([][]int32, len(a)+1)
	for i := range n {
		n[i] = make([]int32, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				n[i][j] = n[i+1][j+1] + 1
			} else {
				n[i][j] = max(n[i+1][j], n[i][j+1])
			}
		}
	}
	return n
}

package rules

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"slices"
)

// Content gives the hash of what the report says. Two reports have the same one exactly when nobody
// could tell their figures and words apart: it does not depend on the order of lines, on spacing, on a
// zero reason being written or left out, on how a number was typed ("07" is 7); nor on ID, Form and
// FilledAt, which are about the sending. So a report sent again after a reload, or filled in once more
// with the same figures, is the same content; a changed note, name, time or reason is another.
//
// Source: architecture.md 8, "same id and content → the same receipt; same id, other content → both kept".
func (r Report) Content() [sha256.Size]byte {
	r.ID, r.Form, r.FilledAt = "", "", 0
	r.Lines = slices.Clone(r.Lines)
	for i := range r.Lines {
		l := &r.Lines[i]
		for _, c := range []*Count{&l.Registered, &l.Present, &l.Absent, &l.Rooms, &l.Reprimanded, &l.Warned, &l.Suspended} {
			*c = c.usual()
		}
		if l.Sheets != nil {
			if n := l.Sheets.usual(); n == "" {
				l.Sheets = nil
			} else {
				l.Sheets = &n
			}
		}
		why := map[string]Count{}
		for code, n := range l.Why {
			if n = n.usual(); n != "" && n != "0" {
				why[code] = n
			}
		}
		l.Why = why
	}
	slices.SortStableFunc(r.Lines, func(a, b Line) int { return cmp.Compare(a.Key, b.Key) })
	r.Staff = slices.Clone(r.Staff)
	for i := range r.Staff {
		r.Staff[i].Count = r.Staff[i].Count.usual()
	}
	reasons := map[string]string{}
	for key, reason := range r.Reasons {
		if letters(reason) > 0 {
			reasons[key] = reason
		}
	}
	r.Reasons = reasons
	text, err := json.Marshal(r) // maps by key
	if err != nil {
		panic(err) // a Report holds nothing that JSON cannot
	}
	return sha256.Sum256(text)
}

// usual gives a count as everybody writes it: no blanks, no leading zeros.
func (c Count) usual() Count {
	if n, ok := c.Int(); ok {
		return N(n)
	}
	if letters(string(c)) == 0 {
		return ""
	}
	return c
}

package search

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// Bounds on the work of a suggestion.
const (
	maxDoubtful   = 4    // words that are corrected
	maxVariants   = 3    // corrections of each
	maxTries      = 4    // queries tried
	longQuery     = 12   // words; above this it was pasted, not mistyped
	frequent      = 1000 // documents; above this one word is as frequent as another
	rareWord      = 2    // documents; a word as rare may be a mistake, in a collection not too small
	smallTotal    = 50
	maxWordEdits  = 2
	editCost      = 3
	accentCost    = 1
	splitCost     = 4
	maxSplitRunes = 24
)

// A yield is how many documents satisfy a whole query, and how many of them as typed.
type yield struct{ all, exact int }

func (m *match) yield() (y yield) {
	for _, t := range m.tallies {
		if int(t.needed) == m.q.needed {
			y.all++
			if t.missed == 0 {
				y.exact++
			}
		}
	}
	return y
}

// suggest gives a query that finds what this one does not, or "". It replaces words the index
// does not know, or does not know with these accents, by near and frequent ones of its own; what
// it gives has been tried.
func (m *match) suggest() string {
	had := m.yield()
	if had.exact > 0 || m.ix.total == 0 || len(m.q.clauses) > longQuery {
		return ""
	}
	doubtful := m.doubtful(had)
	if len(doubtful) == 0 {
		return ""
	}
	choices := make(map[int][]string, len(doubtful))
	for _, ci := range doubtful {
		choices[ci] = m.corrections(ci)
		if len(choices[ci]) == 0 && m.found[ci].all == 0 {
			return "" // a word of which nothing is known spoils every correction of the others
		}
	}
	return m.firstThatFinds(had, doubtful, choices)
}

// firstThatFinds tries the best correction of every word, then other ones of a single word.
func (m *match) firstThatFinds(had yield, doubtful []int, choices map[int][]string) string {
	pick := make(map[int]int, len(doubtful))
	s, tries := m.try(choices, pick, had), 1
	for _, ci := range doubtful {
		for v := 1; v < len(choices[ci]) && s == "" && tries < maxTries; v++ {
			pick[ci] = v
			s = m.try(choices, pick, had)
			tries++
		}
		pick[ci] = 0
	}
	return s
}

// try gives the query with the picked corrections when it finds more than was had.
func (m *match) try(choices map[int][]string, pick map[int]int, had yield) string {
	var b strings.Builder
	at := 0
	for i, w := range m.q.words {
		ci := m.q.of[i]
		if v := choices[ci]; len(v) > 0 {
			b.WriteString(m.q.text[at:w.Start])
			b.WriteString(v[pick[ci]])
			at = w.End
		}
	}
	b.WriteString(m.q.text[at:])
	s := b.String()
	p, reason := parse(s)
	if reason != "" || s == m.q.text {
		return ""
	}
	other := newMatch(m.ix, p)
	defer other.release()
	if got := other.yield(); got.all <= had.all && got.exact == 0 {
		return ""
	}
	for ci, v := range choices {
		if m.found[ci].all > 0 && len(v) > 0 && !other.neighboured(v[pick[ci]]) {
			return ""
		}
	}
	return s
}

// neighboured tells whether a word stands in some document beside a word it stands beside in the
// query. That the index knows a word only with other accents does not make it a mistake: "hỗ trợ"
// for "hổ trợ" is a correction, "sinh vàng" for "sinh vắng" is not.
func (m *match) neighboured(word string) bool {
	f, _ := formOf(word)
	ci := slices.IndexFunc(m.q.clauses, func(c clause) bool { return c.toned == f.toned })
	pairs := slices.DeleteFunc(slices.Clone(m.q.pairs), func(p [2]int) bool { return p[0] != ci && p[1] != ci })
	if len(pairs) == 0 {
		return true
	}
	hits := best(m.collect(Query{}, uint8(m.q.needed), new(Result)), nearCandidates)
	for _, c := range m.locate(hits) {
		for _, p := range pairs {
			if nearest(c.doc, c.places[p[0]], c.places[p[1]]) >= 1 {
				return true
			}
		}
	}
	return false
}

// doubtful gives the clauses whose words may be mistakes.
func (m *match) doubtful(had yield) (out []int) {
	for ci := range m.q.clauses {
		c := &m.q.clauses[ci]
		n := m.found[ci]
		unknown := n.all == 0 || c.respect && n.exact == 0
		rare := had.all == 0 && n.all <= rareWord && m.ix.total >= smallTotal
		if !c.optional && !c.numeral && (unknown || rare) && len(out) < maxDoubtful {
			out = append(out, ci)
		}
	}
	return out
}

// A correction is a word of the index in place of a typed one; worth is how likely it was meant.
type correction struct {
	text  string
	worth float64
}

// corrections gives the likeliest words for a clause, best first.
func (m *match) corrections(ci int) []string {
	c := &m.q.clauses[ci]
	var found []correction
	for folded := range m.foldsNear(c) {
		edits := distance([]rune(c.folded), []rune(folded))
		if edits > maxEdits(c.folded) {
			continue
		}
		found = append(found, m.variants(c, folded, edits)...)
	}
	if m.found[ci].all == 0 {
		found = append(found, m.splits(c)...)
	}
	slices.SortFunc(found, func(a, b correction) int {
		return cmp.Or(cmp.Compare(b.worth, a.worth), strings.Compare(a.text, b.text))
	})
	var out []string
	for _, f := range found {
		if len(out) < maxVariants && !slices.Contains(out, f.text) {
			out = append(out, f.text)
		}
	}
	return out
}

// foldsNear gives the folded words of about the clause's length.
func (m *match) foldsNear(c *clause) map[string]bool {
	near := map[string]bool{}
	for i := range m.ix.parts {
		for folded := range m.ix.parts[i].terms.folds {
			if d := len(folded) - len(c.folded); d <= maxWordEdits && d >= -maxWordEdits && !isNumeral(folded) {
				near[folded] = true
			}
		}
	}
	return near
}

func maxEdits(folded string) int {
	if len(folded) < 5 {
		return 1
	}
	return maxWordEdits
}

// variants gives the words of the index that fold so. A reader who types no accents gets none.
func (m *match) variants(c *clause, folded string, edits int) (out []correction) {
	if m.q.plain {
		if n := m.frequency(m.toned(folded)...); n > 0 && edits > 0 {
			out = append(out, correction{folded, math.Log2(1+float64(n)) - editCost*float64(edits)})
		}
		return out
	}
	for _, toned := range m.toned(folded) {
		n := m.frequency(toned)
		if n == 0 || toned == c.toned {
			continue
		}
		worth := math.Log2(1+float64(n)) - editCost*float64(edits)
		if c.respect {
			worth -= accentCost * float64(distance([]rune(c.toned), []rune(toned)))
		}
		out = append(out, correction{toned, worth})
	}
	return out
}

// splits gives the ways to read the word as two: "diemthi".
func (m *match) splits(c *clause) (out []correction) {
	word := []rune(c.toned)
	if len(word) > maxSplitRunes {
		return nil
	}
	for i := 1; i < len(word); i++ {
		a, okA := formOf(string(word[:i]))
		b, okB := formOf(string(word[i:]))
		if !okA || !okB || isNumeral(a.folded) || isNumeral(b.folded) {
			continue
		}
		n := min(m.frequency(m.toned(a.folded)...), m.frequency(m.toned(b.folded)...))
		if n > 0 {
			out = append(out, correction{string(word[:i]) + " " + string(word[i:]), math.Log2(1+float64(n)) - splitCost})
		}
	}
	return out
}

// toned gives the toned forms of a folded word in all parts, in order.
func (m *match) toned(folded string) (out []string) {
	for i := range m.ix.parts {
		t := m.ix.parts[i].terms
		for _, id := range t.folds[folded] {
			out = append(out, t.names[id])
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// frequency counts the living documents of words, each up to frequent.
func (m *match) frequency(words ...string) (sum int) {
	for _, w := range words {
		n := 0
		for i := range m.ix.parts {
			p := &m.ix.parts[i]
			id, ok := p.terms.ids[w]
			if !ok {
				continue
			}
			for r := p.lists[id].reader(); n < frequent && r.step(); {
				if !p.dead.has(r.doc) {
					n++
				}
			}
		}
		sum += n
	}
	return sum
}

// distance counts the letters to add, drop, change or swap with a neighbour to make a into b.
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row[0] = i + 1
		for j := range b {
			change := 1
			if a[i] == b[j] {
				change = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+change)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last, row = last, row, before
	}
	return last[len(b)]
}

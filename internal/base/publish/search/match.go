package search

import (
	"math"
	"slices"
	"sync"
)

// A match weighs every document of an index against one query. Documents are numbered through
// all parts.
type match struct {
	ix      *Index
	q       parsed
	base    []uint32 // number of each part's first document
	tallies []tally
	cells   []cell
	touched []uint32
	weights []float32 // of each clause: how rare it is
	found   []count   // of each clause
	lists   []list
}

// A tally is what one document has gathered so far.
type tally struct {
	score   float32
	needed  uint8 // needed clauses it satisfies
	title   uint8 // of these, in its title
	number  uint8 // of these, in its number
	numeral uint8 // of these, numerals in its number
	year    uint8 // of these, years that are not in its number
	missed  uint8 // words typed with accents that it has only with others
	whole   bool  // its number stands whole in the query
}

// A cell is what one document offers for the clause at hand.
type cell struct {
	best  float32
	flags uint8
}

const isExact = 1 << flagBits // flag of a cell: the word is there as it was typed

// A count of the living documents that satisfy a clause, and of those that do so as typed.
type count struct{ all, exact int }

// A list is postings that satisfy a clause.
type list struct {
	postings
	weight float32
	exact  bool
}

// How much a word counts that was typed with other accents, and one typed without among others
// that have them.
const (
	otherAccents = .5
	noAccents    = .85
)

var matches = sync.Pool{New: func() any { return new(match) }}

// newMatch weighs all documents; call release when done.
func newMatch(ix *Index, q parsed) *match {
	m := matches.Get().(*match)
	m.ix, m.q = ix, q
	m.base = m.base[:0]
	n := 0
	for _, p := range ix.parts {
		m.base = append(m.base, uint32(n))
		n += len(p.docs)
	}
	m.tallies = zeroed(m.tallies, n)
	m.cells = zeroed(m.cells, n)
	m.weights = zeroed(m.weights, len(q.clauses))
	m.found = zeroed(m.found, len(q.clauses))
	for i := range q.clauses {
		m.weigh(i)
	}
	return m
}

func (m *match) release() {
	m.ix, m.q = nil, parsed{}
	clear(m.lists[:cap(m.lists)])
	matches.Put(m)
}

func zeroed[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	s = s[:n]
	clear(s)
	return s
}

// weigh adds one clause to the tallies. A document is credited with the best it offers, not with
// the sum: a text is not more about "thi" because it also says "thì".
func (m *match) weigh(i int) {
	c := &m.q.clauses[i]
	m.touched = m.touched[:0]
	for pi := range m.ix.parts {
		p := &m.ix.parts[pi]
		for _, l := range m.listsOf(p, c) {
			m.walk(l, p.dead, m.base[pi])
		}
	}
	exact := 0
	for _, d := range m.touched {
		if m.cells[d].flags&isExact != 0 {
			exact++
		}
	}
	m.found[i] = count{all: len(m.touched), exact: exact}
	if len(m.touched) == 0 {
		return
	}
	having := exact
	if having == 0 {
		having = len(m.touched)
	}
	m.weights[i] = float32(math.Log(1 + float64(m.ix.total)/float64(having)))
	for _, d := range m.touched {
		m.tallies[d].credit(c, m.cells[d], m.weights[i])
		m.cells[d] = cell{}
	}
}

func (m *match) walk(l list, dead bitset, base uint32) {
	for r := l.reader(); r.next(); {
		if dead.has(r.doc) {
			continue
		}
		c := &m.cells[base+r.doc]
		if c.best == 0 {
			m.touched = append(m.touched, base+r.doc)
		}
		c.best = max(c.best, l.weight*float32(r.impact))
		c.flags |= r.flags
		if l.exact {
			c.flags |= isExact
		}
	}
}

func (t *tally) credit(c *clause, got cell, weight float32) {
	t.score += weight * got.best / 255
	if !c.isWord() {
		t.whole = got.flags&inNumber != 0
		return
	}
	if c.optional {
		return
	}
	t.needed++
	if got.flags&inTitle != 0 {
		t.title++
	}
	switch {
	case got.flags&inNumber != 0:
		t.number++
		if c.numeral {
			t.numeral++
		}
	case c.year:
		t.year++
	}
	if c.respect && got.flags&isExact == 0 {
		t.missed++
	}
}

// listsOf gives the postings of a part that satisfy a clause.
func (m *match) listsOf(p *part, c *clause) []list {
	m.lists = m.lists[:0]
	if c.isWord() {
		literal, has := p.terms.ids[c.toned]
		if has {
			m.lists = append(m.lists, list{p.lists[literal], 1, true})
		}
		weight, exact := float32(1), true
		switch {
		case c.respect:
			weight, exact = otherAccents, false
		case c.numeral || !m.q.plain:
			weight = noAccents
		}
		for _, id := range p.terms.folds[c.folded] {
			if !has || id != literal {
				m.lists = append(m.lists, list{p.lists[id], weight, exact})
			}
		}
	}
	for _, t := range c.terms {
		if id, ok := p.terms.ids[t.term]; ok {
			m.lists = append(m.lists, list{p.lists[id], t.weight, true})
		}
	}
	return m.lists
}

// part gives the part and the place in it of a document.
func (m *match) locate(d uint32) (*part, uint32) {
	i, ok := slices.BinarySearch(m.base, d)
	if !ok {
		i--
	}
	return &m.ix.parts[i], d - m.base[i]
}

// doc gives the document numbered d.
func (m *match) doc(d uint32) *doc {
	p, n := m.locate(d)
	return &p.docs[n]
}

// A place is a position where a clause is satisfied, shifted left by one; the lowest bit is set
// when the accents differ from those typed.
type place uint32

func (p place) pos() uint32 { return uint32(p >> 1) }
func (p place) other() bool { return p&1 != 0 }

// places gives for each of docs (ascending) and each clause where it is satisfied, ascending;
// where a document has the word as typed, other places are left out.
func (m *match) places(docs []uint32) [][][]place {
	out := make([][][]place, len(docs))
	for i := range out {
		out[i] = make([][]place, len(m.q.clauses))
	}
	var buf []uint32
	for pi := range m.ix.parts {
		p := &m.ix.parts[pi]
		from, _ := slices.BinarySearch(docs, m.base[pi])
		to, _ := slices.BinarySearch(docs, m.base[pi]+uint32(len(p.docs)))
		if from == to {
			continue
		}
		for ci := range m.q.clauses {
			for _, l := range m.listsOf(p, &m.q.clauses[ci]) {
				i := from
				for r := l.reader(); i < to && r.next(); {
					for i < to && docs[i] < m.base[pi]+r.doc {
						i++
					}
					if i < to && docs[i] == m.base[pi]+r.doc {
						buf = r.positions(buf[:0])
						out[i][ci] = appendPlaces(out[i][ci], buf, l.exact)
					}
				}
			}
		}
	}
	for _, clauses := range out {
		for ci := range clauses {
			clauses[ci] = asTyped(clauses[ci])
		}
	}
	return out
}

func appendPlaces(out []place, positions []uint32, exact bool) []place {
	other := place(1)
	if exact {
		other = 0
	}
	for _, pos := range positions {
		out = append(out, place(pos)<<1|other)
	}
	return out
}

func asTyped(ps []place) []place {
	if slices.ContainsFunc(ps, func(p place) bool { return !p.other() }) {
		ps = slices.DeleteFunc(ps, place.other)
	}
	slices.Sort(ps)
	return slices.Compact(ps)
}

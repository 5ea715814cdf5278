package search

import (
	"cmp"
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
	read    map[[2]uint32][]posting // by part and term: what was read of them
	space   []posting               // for read
	hits    []candidate
	room    []place // for places
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

// A posting says that a living document of a part has a term, and where its positions are stored.
type posting struct {
	doc, at, length uint32
	impact, flags   uint8
}

// A list is postings that satisfy a clause.
type list struct {
	found  []posting
	pos    []byte // the term's positions
	weight float32
	exact  bool
}

// maxKeptPostings bounds the memory that waits for the next query.
const maxKeptPostings = 1 << 18

// How much a word counts that was typed with other accents, and one typed without among others
// that have them.
const (
	otherAccents = .5
	noAccents    = .85
)

var matches = sync.Pool{New: func() any { return &match{read: map[[2]uint32][]posting{}} }}

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
	clear(m.lists[:cap(m.lists)]) // do not keep an old index alive
	clear(m.hits[:cap(m.hits)])
	clear(m.read)
	if m.space = m.space[:0]; cap(m.space) > maxKeptPostings {
		m.space = nil
	}
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
		for _, l := range m.listsOf(pi, c) {
			m.walk(l, m.base[pi])
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

func (m *match) walk(l list, base uint32) {
	exact := uint8(0)
	if l.exact {
		exact = isExact
	}
	for _, p := range l.found {
		c := &m.cells[base+p.doc]
		if c.best == 0 {
			m.touched = append(m.touched, base+p.doc)
		}
		c.best = max(c.best, l.weight*float32(p.impact))
		c.flags |= p.flags | exact
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
func (m *match) listsOf(part int, c *clause) []list {
	m.lists = m.lists[:0]
	t := m.ix.parts[part].terms
	add := func(term uint32, weight float32, exact bool) {
		m.lists = append(m.lists, list{m.postings(part, term), m.ix.parts[part].lists[term].pos, weight, exact})
	}
	if c.isWord() {
		literal, has := t.ids[c.toned]
		if has {
			add(literal, 1, true)
		}
		weight, exact := float32(1), true
		switch {
		case c.respect:
			weight, exact = otherAccents, false
		case c.numeral || !m.q.plain:
			weight = noAccents
		}
		for _, term := range t.folds[c.folded] {
			if !has || term != literal {
				add(term, weight, exact)
			}
		}
	}
	for _, w := range c.terms {
		if term, ok := t.ids[w.term]; ok {
			add(term, w.weight, true)
		}
	}
	return m.lists
}

// postings reads those of a term, once: the names of a concept ask for it with each of their
// words, and the best documents are looked at again.
func (m *match) postings(part int, term uint32) []posting {
	key := [2]uint32{uint32(part), term}
	if ps, ok := m.read[key]; ok {
		return ps
	}
	p, from := &m.ix.parts[part], len(m.space)
	for r := p.lists[term].reader(); r.step(); {
		if !p.dead.has(r.doc) {
			m.space = append(m.space, posting{r.doc, r.at, r.length, r.impact, r.flags})
		}
	}
	ps := m.space[from:len(m.space):len(m.space)]
	m.read[key] = ps
	return ps
}

// seek gives the index of the first posting not before doc; it is quick when that is near.
func seek(ps []posting, doc uint32) int {
	lo, hi := 0, 1
	for hi < len(ps) && ps[hi].doc < doc {
		lo, hi = hi, hi*2
	}
	hi = min(hi, len(ps))
	for lo < hi {
		if mid := (lo + hi) / 2; ps[mid].doc < doc {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo
}

// doc gives the document numbered d.
func (m *match) doc(d uint32) *doc {
	i, ok := slices.BinarySearch(m.base, d)
	if !ok {
		i--
	}
	return &m.ix.parts[i].docs[d-m.base[i]]
}

// A place is a position where a clause is satisfied, shifted left by one; the lowest bit is set
// when the accents differ from those typed.
type place uint32

func (p place) pos() uint32 { return uint32(p >> 1) }
func (p place) other() bool { return p&1 != 0 }

// locate finds where each clause is satisfied in candidates, and gives them in the same order.
// Places ascend; where a document has the word as typed, other places are left out.
func (m *match) locate(candidates []candidate) []located {
	out := make([]located, len(candidates))
	byDoc := make([]*located, len(candidates))
	places := make([][]place, len(candidates)*len(m.q.clauses))
	for i := range candidates {
		n := len(m.q.clauses)
		out[i] = located{candidates[i], places[i*n : (i+1)*n]}
		byDoc[i] = &out[i]
	}
	slices.SortFunc(byDoc, func(a, b *located) int { return cmp.Compare(a.d, b.d) })
	for i, rest := 0, byDoc; i < len(m.ix.parts); i++ {
		end := m.base[i] + uint32(len(m.ix.parts[i].docs))
		n, _ := slices.BinarySearchFunc(rest, end, func(c *located, d uint32) int { return cmp.Compare(c.d, d) })
		for ci := range m.q.clauses {
			if n > 0 {
				m.locateIn(i, ci, rest[:n])
			}
		}
		rest = rest[n:]
	}
	for i := range places {
		places[i] = asTyped(places[i])
	}
	return out
}

// locateIn does so for one clause and one part.
func (m *match) locateIn(part, ci int, byDoc []*located) {
	for _, l := range m.listsOf(part, &m.q.clauses[ci]) {
		rest := l.found
		for _, c := range byDoc {
			d := c.d - m.base[part]
			rest = rest[seek(rest, d):]
			if len(rest) == 0 {
				break
			}
			if p := rest[0]; p.doc == d {
				c.places[ci] = m.appendPlaces(c.places[ci], l.pos[p.at:p.at+p.length], l.exact)
			}
		}
	}
}

// appendPlaces appends stored positions; the first ones of a clause get their memory from the
// match.
func (m *match) appendPlaces(out []place, stored []byte, exact bool) []place {
	if n := len(stored); out == nil {
		if len(m.room) < n {
			m.room = make([]place, max(n, 1<<14))
		}
		out, m.room = m.room[:0:n], m.room[n:]
	}
	other := place(1)
	if exact {
		other = 0
	}
	at := uint32(0)
	for i := 0; i < len(stored); {
		gap := uint32(stored[i])
		i++
		if gap >= 0x80 {
			gap, i = uvarint(stored, i-1)
		}
		at += gap
		out = append(out, place(at)<<1|other)
	}
	return out
}

// asTyped leaves out places with other accents where there are some as typed.
func asTyped(ps []place) []place {
	if slices.ContainsFunc(ps, func(p place) bool { return !p.other() }) {
		ps = slices.DeleteFunc(ps, place.other)
	}
	if !slices.IsSorted(ps) {
		slices.Sort(ps)
	}
	return slices.Compact(ps)
}

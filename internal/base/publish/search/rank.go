package search

import (
	"cmp"
	"slices"
	"strings"
)

// Bounds of a page.
const (
	usualLimit = 20
	maxLimit   = 100
	maxOffset  = 10_000
)

// maxBoost bounds Entry.Boost.
const maxBoost = 100

// nearCandidates is how many of the best documents are looked at for words standing together.
const nearCandidates = 200

// A candidate is a document that is a hit, with its place in the order.
type candidate struct {
	d     uint32
	tier  uint8 // what no score makes up for
	score float32
	doc   *doc
}

// A located candidate is one of those looked at closely.
type located struct {
	candidate
	places [][]place // where each clause is satisfied
}

// Search answers a query. It is a pure function of the index and the query; its work is bounded
// whatever is typed.
//
// All words must be found, in any order, in any accents and under any of their names; if no entry
// holds all of them, the entries that hold most are given and Result.Partial is set. First come
// documents whose number was asked for, then entries that have the words with the accents typed;
// within these, rare words, words in the title, words standing together and often repeated ones
// count; what weighs the same is ordered by day, newest first, then by key.
//
// Source: F-65 to F-70.
func (ix *Index) Search(q Query) Result {
	p, reason := parse(q.Text)
	res := Result{Query: p.text, Reason: reason}
	if reason != "" {
		return res
	}
	m := newMatch(ix, p)
	defer m.release()
	need, complete := m.threshold(q)
	hits := m.collect(q, need, &res)
	res.Partial = !complete && need > 0 && len(hits) > 0
	res.Total = len(hits)
	if res.Total == 0 {
		res.Reason = NoMatch
	}
	res.DidYouMean = m.suggest()
	offset := min(max(q.Offset, 0), maxOffset)
	limit := min(q.Limit, maxLimit)
	if limit <= 0 {
		limit = usualLimit
	}
	res.Hits = m.show(m.page(hits, offset, limit))
	return res
}

// threshold gives how many needed clauses a hit must satisfy: all, or as many as the best document
// does if that is half of them, or else 0: nothing is a hit. The kind asked for does not matter
// here, so that its neighbours' counts stay comparable.
func (m *match) threshold(q Query) (need uint8, complete bool) {
	for d := range m.tallies {
		if n := m.tallies[d].needed; n > need && passes(m.doc(uint32(d)), q.Facets) {
			need = n
		}
	}
	if int(need) < m.q.needed/2 {
		return 0, false
	}
	return need, int(need) == m.q.needed
}

func passes(d *doc, facets map[string]string) bool {
	for name, value := range facets {
		if value != "" && d.Facets[name] != value {
			return false
		}
	}
	return true
}

// collect gives the hits in no order and counts their kinds.
func (m *match) collect(q Query, need uint8, res *Result) []candidate {
	hits := m.hits[:0]
	if need == 0 {
		return nil
	}
	for pi := range m.ix.parts {
		p := &m.ix.parts[pi]
		for i, t := range m.tallies[m.base[pi]:][:len(p.docs)] {
			d := &p.docs[i]
			if t.needed != need || !passes(d, q.Facets) {
				continue
			}
			res.countKind(d.Kind)
			if q.Kind == "" || q.Kind == d.Kind {
				hits = append(hits, candidate{m.base[pi] + uint32(i), tier(t), coarse(t.score * d.boost()), d})
			}
		}
	}
	m.hits = hits
	slices.SortFunc(res.Kinds, func(a, b KindCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), strings.Compare(a.Kind, b.Kind))
	})
	return hits
}

// countKind adds one to a kind; there are few.
func (r *Result) countKind(kind string) {
	for i := range r.Kinds {
		if r.Kinds[i].Kind == kind {
			r.Kinds[i].Count++
			return
		}
	}
	r.Kinds = append(r.Kinds, KindCount{kind, 1})
}

// boost gives the entry's boost within reason; 0, negative and impossible ones are 1.
func (d *doc) boost() float32 {
	if d.Boost > 0 {
		return float32(min(d.Boost, maxBoost))
	}
	return 1
}

// tier ranks what was asked for by number before all else, then respects the accents typed.
func tier(t tally) uint8 {
	var number uint8
	switch {
	case t.whole:
		number = 2
	case t.number >= 2 && t.numeral > 0 && t.number+t.year == t.needed:
		number = 1
	}
	return number<<6 | (63 - min(t.missed, 63))
}

// page gives the hits from offset on, at most limit. The best ones, however many are shown, are
// put in order by what only a closer look tells.
func (m *match) page(hits []candidate, offset, limit int) []located {
	hits = best(hits, max(offset+limit, nearCandidates))
	near := m.locate(hits[:min(len(hits), nearCandidates)])
	for i := range near {
		c := &near[i]
		c.score = coarse(c.score + m.nearness(c) + m.titleness(c))
	}
	slices.SortFunc(near, func(a, b located) int { return compare(a.candidate, b.candidate) })
	from, to := min(offset, len(hits)), min(offset+limit, len(hits))
	if to <= len(near) {
		return near[from:to]
	}
	page := slices.Clone(near[min(from, len(near)):])
	return append(page, m.locate(hits[max(from, len(near)):to])...)
}

// coarse makes scores that differ by less than a reader could tell the same, so that the newer
// entry goes first.
func coarse(score float32) float32 { return float32(int(score*8+.5)) / 8 }

// compare gives the order of hits.
func compare(a, b candidate) int {
	switch {
	case a.tier != b.tier:
		return cmp.Compare(b.tier, a.tier)
	case a.score != b.score:
		return cmp.Compare(b.score, a.score)
	case a.doc.Day != b.doc.Day:
		return strings.Compare(b.doc.Day, a.doc.Day)
	}
	return strings.Compare(a.doc.Key, b.doc.Key)
}

// best gives the first n in order.
func best(all []candidate, n int) []candidate {
	kept := make([]candidate, 0, min(len(all), 2*n))
	var last *candidate // the n-th best so far
	for _, c := range all {
		if last != nil && compare(c, *last) > 0 {
			continue
		}
		if len(kept) == 2*n {
			slices.SortFunc(kept, compare)
			kept = kept[:n]
			last = &kept[n-1]
		}
		kept = append(kept, c)
	}
	slices.SortFunc(kept, compare)
	return kept[:min(n, len(kept))]
}

// nearness adds for words that stand in the document as they stand in the query.
func (m *match) nearness(c *located) (sum float32) {
	for _, pair := range m.q.pairs {
		weight := (m.weights[pair[0]] + m.weights[pair[1]]) / 2
		sum += weight * nearest(c.doc, c.places[pair[0]], c.places[pair[1]])
	}
	return sum
}

// nearest gives the best closeness of two words: 1 for neighbours in order, more in the title.
func nearest(d *doc, as, bs []place) (best float32) {
	j := 0
	for _, a := range as {
		for j > 0 && bs[j-1].pos() >= a.pos() {
			j--
		}
		for j < len(bs) && bs[j].pos() < a.pos() {
			j++
		}
		near := float32(0)
		if j < len(bs) { // names of several words stand at one position in two clauses
			near = closeness(bs[j].pos() - a.pos())
		}
		if j+1 < len(bs) && bs[j].pos() == a.pos() {
			near = max(near, closeness(bs[j+1].pos()-a.pos()))
		}
		if j > 0 {
			near = max(near, closeness(a.pos()-bs[j-1].pos())*.4)
		}
		if near > 0 && d.fieldOf(a.pos()) <= fieldTitle {
			near *= 1.5
		}
		best = max(best, near)
	}
	return best
}

func closeness(gap uint32) float32 {
	switch {
	case gap <= 1:
		return 1
	case gap <= 3:
		return .5
	case gap <= 8:
		return .2
	}
	return 0
}

// titleness adds for a title that holds all needed words, the more the less else it holds.
func (m *match) titleness(c *located) float32 {
	t := m.tallies[c.d]
	words := c.doc.first[fieldKeywords] - c.doc.first[fieldTitle] - fieldGap
	if int(t.title) < m.q.needed || words == 0 {
		return 0
	}
	sum := float32(0)
	for i := range m.q.clauses {
		if !m.q.clauses[i].optional {
			sum += m.weights[i]
		}
	}
	return sum * (.3 + .7*min(1, float32(m.q.needed)/float32(words)))
}

package search

import (
	"strings"
	"unicode/utf8"

	"bangvang/internal/base/text"
)

// Bounds on the work a query can ask for. A title pasted whole fits.
const (
	maxQueryBytes = 2000
	maxClauses    = 64
)

// A parsed query: what must be found, and which words stood side by side.
type parsed struct {
	text    string // clean
	words   []text.Word
	of      []int // clause of each word
	clauses []clause
	pairs   [][2]int // clauses of neighbouring words, each once
	needed  int      // clauses that are not optional
	plain   bool     // typed without any accents
}

// A clause is one word of the query with everything that satisfies it. A clause without a word
// is a whole document number, which only adds to the rank.
type clause struct {
	form
	respect  bool // typed with accents
	optional bool
	numeral  bool
	year     bool
	terms    []weighted // concepts and whole numbers
}

type weighted struct {
	term   string
	weight float32
}

// parse reads a query; the reason is empty when there is something to look for.
func parse(s string) (parsed, Reason) {
	if len(s) > maxQueryBytes {
		return parsed{text: text.CleanInput(cut(s, 200))}, TooLong
	}
	p := parsed{text: text.CleanInput(s), plain: true}
	if strings.TrimSpace(s) == "" {
		return p, Empty
	}
	var all []form
	for _, w := range text.Words(p.text) {
		if len(w.Text) > maxWordBytes {
			continue
		}
		f := normal(w)
		p.words = append(p.words, w)
		all = append(all, f)
		p.plain = p.plain && !f.accented()
	}
	if len(all) == 0 {
		return p, NoWords
	}
	byToned := map[string]int{}
	for _, f := range all {
		at, ok := byToned[f.toned]
		if !ok {
			at = len(p.clauses)
			byToned[f.toned] = at
			numeral := isNumeral(f.folded)
			p.clauses = append(p.clauses, clause{form: f, respect: f.accented(), numeral: numeral,
				year: numeral && len(f.folded) == 4 && (f.folded[:2] == "19" || f.folded[:2] == "20")})
		}
		p.of = append(p.of, at)
	}
	if len(p.clauses) > maxClauses {
		return p, TooManyWords
	}
	p.markOptional(all)
	p.pair()
	p.addConcepts(all)
	p.addNumbers(all)
	return p, ""
}

// cut gives at most n bytes of s, whole letters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// markOptional finds the words a document need not hold; when all are such, none is.
func (p *parsed) markOptional(all []form) {
	filler := make([]bool, len(p.clauses))
	for i, f := range all {
		lead := numeralLeads[f.toned] && i+1 < len(all) && p.clauses[p.of[i+1]].numeral
		filler[p.of[i]] = fillers[f.toned] || lead
	}
	for _, f := range filler {
		if !f {
			p.needed++
		}
	}
	if p.needed == 0 {
		p.needed = len(p.clauses)
		return
	}
	for i := range p.clauses {
		p.clauses[i].optional = filler[i]
	}
}

func (p *parsed) pair() {
	seen := map[[2]int]bool{}
	for i := 1; i < len(p.of); i++ {
		pair := [2]int{p.of[i-1], p.of[i]}
		if pair[0] != pair[1] && !seen[pair] && len(p.pairs) < maxClauses {
			seen[pair] = true
			p.pairs = append(p.pairs, pair)
		}
	}
}

// addConcepts lets the other names of what was typed satisfy its words.
func (p *parsed) addConcepts(all []form) {
	for i := range all {
		names := namesByFirst[all[i].folded]
		for k := range names {
			n := &names[k]
			if !n.mayBeMeant(all[i:]) {
				continue
			}
			for j := range n.words {
				p.clauses[p.of[i+j]].addTerm(n.term, n.weight)
			}
		}
	}
}

func (c *clause) addTerm(term string, weight float32) {
	for _, t := range c.terms {
		if t.term == term {
			return
		}
	}
	c.terms = append(c.terms, weighted{term, weight})
}

// addNumbers adds a clause for the document numbers the query may hold whole, however they were
// separated: "8/ct ubnd" may be "#8/ct", which no document has, or "#8/ct/ubnd".
func (p *parsed) addNumbers(all []form) {
	var whole clause
	for i := range all {
		if !isNumeral(all[i].folded) {
			continue
		}
		for n := 2; n <= maxNumberParts && i+n <= len(all) && len(whole.terms) < maxClauses; n++ {
			if t := numberTerm(all[i : i+n]); t != "" {
				whole.addTerm(t, 1)
			}
		}
	}
	if len(whole.terms) > 0 {
		whole.optional = true
		p.clauses = append(p.clauses, whole)
	}
}

// isWord tells whether the clause is a word and not a whole number.
func (c *clause) isWord() bool { return c.toned != "" }

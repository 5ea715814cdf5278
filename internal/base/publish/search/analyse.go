package search

import (
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The fields of an entry, in the order of their positions.
const (
	fieldNumber = iota
	fieldTitle
	fieldKeywords
	fieldSummary
	fieldText
	fields
)

// fieldWeights say how much a word in a field counts beside the same word in the text.
var fieldWeights = [fields]float32{8, 6, 4, 2, 1}

// fieldGap keeps the last word of a field from standing next to the first of the next one.
const fieldGap = 16

// maxTextBytes bounds what one entry can cost; the exam regulation in full is a third of it.
const maxTextBytes = 600_000

// checkpointWords is how many words of the text lie between two noted byte offsets.
const checkpointWords = 64

// A doc is an entry in a segment.
type doc struct {
	Entry
	first       [fields]uint32 // position of each field's first word
	checkpoints []uint32       // byte offset in Text of every checkpointWords-th word
}

// field gives the text of one field as it was indexed.
func (d *doc) field(f int) string {
	switch f {
	case fieldNumber:
		return d.Number
	case fieldTitle:
		return d.Title
	case fieldKeywords:
		return strings.Join(append(d.Keywords[:len(d.Keywords):len(d.Keywords)], d.Day), " | ")
	case fieldSummary:
		return d.Summary
	}
	return d.Text[:min(len(d.Text), maxTextBytes)]
}

// fieldOf gives the field a position lies in.
func (d *doc) fieldOf(pos uint32) int {
	f := fieldText
	for f > 0 && pos < d.first[f] {
		f--
	}
	return f
}

// A word of a document under analysis; known is an index into analyser.known, -1 for what is too
// long to be a word.
type word struct {
	span
	known int32
}

// A spelling is what the analyser knows of a raw word.
type spelling struct {
	form
	term  uint32
	names []name // of concepts, that begin with it
}

// An analyser turns the fields of documents into occurrences of terms. Each spelling is folded
// once; a collection has far fewer spellings than words.
type analyser struct {
	terms *terms
	known []spelling
	byRaw map[string]int32
	spans []span
	words []word
	emit  func(term uint32, pos uint32, counts bool) // counts is false for the 2nd, 3rd … word of a name
	forms []form
}

func newAnalyser(t *terms, emit func(term, pos uint32, counts bool)) *analyser {
	return &analyser{terms: t, byRaw: map[string]int32{}, emit: emit}
}

// read emits the occurrences in s, the first word at position first, and gives the number of words.
func (a *analyser) read(s string, first uint32) (n int) {
	a.spans = spans(s, 0, math.MaxInt, a.spans[:0])
	a.words = a.words[:0]
	for _, sp := range a.spans {
		a.words = append(a.words, word{sp, a.look(s[sp.start:sp.end])})
	}
	numberAt := -1 // where the document number began that is being read
	for i, w := range a.words {
		pos := first + uint32(i)
		if w.known >= 0 {
			a.emit(a.known[w.known].term, pos, true)
		}
		joined := i > 0 && joins(s, a.words[i-1].end, w.start)
		if !joined {
			a.number(first, numberAt, i)
			numberAt = -1
			if w.known >= 0 && isNumeral(a.known[w.known].folded) {
				numberAt = i
			}
		}
		if w.known >= 0 && len(a.known[w.known].names) > 0 {
			a.concepts(pos, i, numberAt >= 0 && i > numberAt)
		}
	}
	a.number(first, numberAt, len(a.words))
	return len(a.words)
}

func (a *analyser) look(raw string) int32 {
	if k, ok := a.byRaw[raw]; ok {
		return k
	}
	f, ok := formOf(raw)
	if !ok {
		return -1
	}
	k := int32(len(a.known))
	a.known = append(a.known, spelling{f, a.terms.word(f), namesByFirst[f.folded]})
	a.byRaw[raw] = k
	return k
}

// concepts emits the concepts named by the words from i on.
func (a *analyser) concepts(pos uint32, i int, inNumber bool) {
	names := a.known[a.words[i].known].names
	for k := range names {
		n := &names[k]
		if n.code && !inNumber || i+len(n.words) > len(a.words) {
			continue
		}
		a.forms = a.forms[:0]
		for _, w := range a.words[i : i+len(n.words)] {
			if w.known < 0 {
				break
			}
			a.forms = append(a.forms, a.known[w.known].form)
		}
		if !n.standsAt(a.forms) {
			continue
		}
		a.emitAll(a.terms.id(n.term), pos, len(n.words))
		for _, t := range n.speaks {
			a.emitAll(a.terms.id(t), pos, len(n.words))
		}
	}
}

// emitAll emits one occurrence of a term that n words make up.
func (a *analyser) emitAll(term, pos uint32, n int) {
	for j := range n {
		a.emit(term, pos+uint32(j), j == 0)
	}
}

// number emits the whole document number that words[from:to] make up, if they do.
func (a *analyser) number(first uint32, from, to int) {
	if from < 0 || to-from < 2 || to-from > maxNumberParts {
		return
	}
	a.forms = a.forms[:0]
	for _, w := range a.words[from:to] {
		if w.known < 0 {
			return
		}
		a.forms = append(a.forms, a.known[w.known].form)
	}
	if t := numberTerm(a.forms); t != "" {
		a.emitAll(a.terms.id(t), first+uint32(from), len(a.forms))
	}
}

// maxNumberParts bounds a document number: "15/2020/TT-BGDĐT" has four parts.
const maxNumberParts = 8

// numberTerm names the document number that parts make up, "15/2020/TT-BGDĐT" as
// "#15/2020/tt/bgddt", or gives "": a number begins with a numeral and has letters, which a date
// has not. No word of a text can begin with "#".
func numberTerm(parts []form) string {
	if len(parts) < 2 || len(parts) > maxNumberParts || !isNumeral(parts[0].folded) {
		return ""
	}
	letters := false
	t := "#"
	for i, p := range parts {
		if i > 0 {
			t += "/"
		}
		t += p.folded
		letters = letters || !isNumeral(p.folded)
	}
	if !letters {
		return ""
	}
	return t
}

// joins tells whether s[from:to] is a single slash or dash, as between the parts of a number.
func joins(s string, from, to int) bool {
	r, size := utf8.DecodeRuneInString(s[from:to])
	return size == to-from && (r == '/' || r == '-' || r == '_' || unicode.Is(unicode.Pd, r))
}

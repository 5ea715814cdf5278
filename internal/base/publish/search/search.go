// Package search finds published things in memory: documents, news, questions, pages.
//
// An [Index] is built from entries and never changes. It travels with the published snapshot, so
// every installation gives the same answers whatever database stands behind it, and a search
// takes no lock and asks nobody. The publisher keeps entries with [Encode] and [Decode], starts
// with [Build], and takes over each change with [Index.With]; the portal calls [Index.Search].
//
// What is promised: words in any order; a query without accents finds all, one with accents shows
// what is written so first; "hoà" is "hòa" and "kì" is "kỳ"; document numbers are found however
// they are typed; the abbreviations of the trade and their long forms are the same thing; the
// order of answers depends on the entries alone, not on how the index came to hold them.
//
// Start reading at [Index.Search]; a document is read in analyse.go, a query in parse.go, the
// table of abbreviations stands in synonyms.go.
//
// Source: F-65 to F-70, F-72, F-73; architecture §2 and §7.
package search

import (
	"html/template"
	"strings"
)

// An Entry is one thing the public can find. Text is plain, not HTML.
type Entry struct {
	Key     string            // unique in the index; an entry with the same key replaces this one
	Path    string            // public address, shown to the reader
	Kind    string            // such as "van-ban", "tin": what results are counted and filtered by
	Title   string            // one line
	Number  string            // number and symbol of a document, "08/CT-UBND"; may be empty
	Summary string            // may be empty
	Text    string            // full text, may be empty; what stands beyond maxTextBytes is shown but not searched
	Day     string            // "2006-01-02" or empty; newer first among equals, its parts can be searched
	Facets  map[string]string // exact values to filter by, such as "co-quan": "so-gddt"; may be nil
	Boost   float64           // 1 is usual and meant by 0; 2 makes the entry weigh twice as much
	// Keywords are searched but not shown: the document type in words ("Công văn"), other names.
	Keywords []string
}

// A Query is one search. The zero Limit means 20; Limit is at most 100, Offset at most 10,000.
type Query struct {
	Text   string            // as typed
	Kind   string            // empty: all kinds
	Facets map[string]string // all must be equal; an empty value does not filter
	Offset int
	Limit  int
}

// A Reason says why a result is empty; it is empty itself when there are hits.
type Reason string

// The reasons, each of which deserves its own words on the page.
const (
	Empty        Reason = "empty"          // nothing was typed
	NoWords      Reason = "no_words"       // only punctuation or invisible characters
	TooLong      Reason = "too_long"       // more than 2,000 bytes
	TooManyWords Reason = "too_many_words" // more than 64 different words
	NoMatch      Reason = "no_match"       // not one word is found, or the filters leave nothing
)

// A Result is the answer to a query.
type Result struct {
	Query string // as understood: one line, composed, without control characters; cut when too long
	Total int    // hits in all pages
	Hits  []Hit  // this page, best first
	// Partial says that nothing holds all the words, and these hits hold most of them. The page
	// must say so.
	Partial bool
	// DidYouMean is another query, made of the index's own words, that finds more; given only
	// when this one found little. It may be empty.
	DidYouMean string
	Kinds      []KindCount // hits of each kind as if Query.Kind were empty; most first
	Reason     Reason
}

// A KindCount is how many hits there are of one kind.
type KindCount struct {
	Kind  string
	Count int
}

// A Hit is one found entry.
type Hit struct {
	Key, Path, Kind, Number, Day string
	Facets                       map[string]string // the entry's own: do not change
	Title                        Parts             // the whole title, found words marked
	Snippet                      Parts             // about 200 characters around what was found; may be empty
}

// A Part is a stretch of text that is marked or not.
type Part struct {
	Text string
	Mark bool
}

// Parts is text in which found words are marked.
type Parts []Part

// String gives the text without marks.
func (p Parts) String() string {
	var b strings.Builder
	for _, part := range p {
		b.WriteString(part.Text)
	}
	return b.String()
}

// HTML gives the text escaped, with marks as <mark> elements.
func (p Parts) HTML() template.HTML {
	var b strings.Builder
	for _, part := range p {
		s := template.HTMLEscapeString(part.Text)
		if part.Mark {
			s = "<mark>" + s + "</mark>"
		}
		b.WriteString(s)
	}
	return template.HTML(b.String()) //nolint:gosec // every part was escaped above
}

// add appends s, joining it to the last part when that has the same mark.
func (p Parts) add(s string, mark bool) Parts {
	if s == "" {
		return p
	}
	if n := len(p); n > 0 && p[n-1].Mark == mark {
		p[n-1].Text += s
		return p
	}
	return append(p, Part{Text: s, Mark: mark})
}

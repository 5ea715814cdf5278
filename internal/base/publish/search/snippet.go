package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A snippet is at most snippetRunes long, not counting the dots; at most leadRunes of them stand
// before the first mark, and its marks lie within windowWords of each other.
const (
	snippetRunes = 190
	leadRunes    = 60
	windowWords  = 30
)

// show makes the hits of a page.
func (m *match) show(page []located) []Hit {
	hits := make([]Hit, len(page))
	for i, c := range page {
		d, found := c.doc, marksIn(c.places)
		hits[i] = Hit{
			Key: d.Key, Path: d.Path, Kind: d.Kind, Number: d.Number, Day: d.Day, Facets: d.Facets,
			Title:   markTitle(d, found),
			Snippet: m.snippet(d, found),
		}
	}
	return hits
}

// A mark is a position to mark and the clause it satisfies.
type mark struct {
	pos    uint32
	clause int
}

// marksIn joins the places of all clauses. Optional words are marked too: they were typed.
func marksIn(places [][]place) []mark {
	var marks []mark
	for ci, ps := range places {
		for _, p := range ps {
			marks = append(marks, mark{p.pos(), ci})
		}
	}
	slices.SortFunc(marks, func(a, b mark) int {
		return cmp.Or(cmp.Compare(a.pos, b.pos), cmp.Compare(a.clause, b.clause))
	})
	return marks
}

// inField gives the marks in a field.
func inField(marks []mark, d *doc, f int) []mark {
	from, _ := slices.BinarySearchFunc(marks, d.first[f], func(m mark, p uint32) int { return cmp.Compare(m.pos, p) })
	to := len(marks)
	if f+1 < fields {
		to, _ = slices.BinarySearchFunc(marks, d.first[f+1], func(m mark, p uint32) int { return cmp.Compare(m.pos, p) })
	}
	return marks[from:to]
}

func markTitle(d *doc, marks []mark) Parts {
	words := spans(d.Title, 0, len(d.Title), nil)
	out := excerpt{s: d.Title, room: unlimited}
	marks = inField(marks, d, fieldTitle)
	for i, w := range words {
		for len(marks) > 0 && marks[0].pos < d.first[fieldTitle]+uint32(i) {
			marks = marks[1:]
		}
		out.word(w, len(marks) > 0 && marks[0].pos == d.first[fieldTitle]+uint32(i))
	}
	out.tail(len(d.Title))
	return out.parts
}

// snippet shows the stretch of summary or text that holds most of what was asked for; the
// beginning where nothing was found.
func (m *match) snippet(d *doc, marks []mark) Parts {
	f, from, score := fieldSummary, 0, float32(0)
	var chosen []mark
	for _, field := range []int{fieldSummary, fieldText} {
		in := inField(marks, d, field)
		if at, s := m.window(in); s > score {
			f, score, chosen = field, s, in
			from = int(in[at].pos - d.first[field])
		}
	}
	if score == 0 && strings.TrimSpace(d.Summary) == "" {
		f = fieldText
	}
	if d.field(f) == "" {
		return nil
	}
	return excerptAt(d, f, from, chosen)
}

// window gives the index of the first mark of the best stretch: the one with the most weight of
// different clauses, then with the most marks, then the first.
func (m *match) window(marks []mark) (at int, best float32) {
	inside := make([]int, len(m.q.clauses))
	score, to := float32(0), 0
	for from := range marks {
		for to < len(marks) && marks[to].pos < marks[from].pos+windowWords {
			if inside[marks[to].clause]++; inside[marks[to].clause] == 1 {
				score += m.weights[marks[to].clause]
			}
			to++
		}
		if s := score + min(float32(to-from)*.05, .5); s > best+.001 {
			at, best = from, s
		}
		if inside[marks[from].clause]--; inside[marks[from].clause] == 0 {
			score -= m.weights[marks[from].clause]
		}
	}
	return at, best
}

// excerptAt cuts the text of a field around its word number at.
func excerptAt(d *doc, f, at int, marks []mark) Parts {
	s := d.field(f)
	// Find the word without reading all that stands before it.
	first, offset := 0, 0
	if n := at / checkpointWords; f == fieldText && n > 1 && n-1 <= len(d.checkpoints) {
		first, offset = (n-1)*checkpointWords, int(d.checkpoints[n-2])
	}
	words := spans(s, offset, at-first+snippetRunes, nil)
	if at-first >= len(words) {
		return nil
	}
	start := leadIn(s, words, at-first)
	out := excerpt{s: s, room: snippetRunes}
	if start > 0 || offset > 0 {
		out.parts = out.parts.add("…", false)
		out.at = words[start].start
	}
	for i := start; i < len(words); i++ {
		pos := d.first[f] + uint32(first+i)
		k, found := slices.BinarySearchFunc(marks, pos, func(m mark, p uint32) int { return cmp.Compare(m.pos, p) })
		if !out.word(words[i], found && marks[k].pos == pos) {
			break
		}
	}
	if out.at < len(s) && !out.full {
		out.tail(len(s))
	}
	if out.full {
		out.parts = out.parts.add("…", false)
	}
	return out.parts
}

// leadIn gives the word to begin with: not more than leadRunes before word at, not before the
// beginning of its line, and not in the middle of "12/5/2021".
func leadIn(s string, words []span, at int) int {
	start := at
	for i := at; i > 0; i-- {
		gap := s[words[i-1].end:words[i].start]
		if strings.ContainsAny(gap, " \t\n\u00a0") {
			start = i
		}
		if strings.Contains(gap, "\n") || utf8.RuneCountInString(s[words[i-1].start:words[at].start]) > leadRunes {
			return start
		}
	}
	return 0
}

// An excerpt is Parts being made of s: spaces made one, control characters left out.
type excerpt struct {
	s     string
	at    int  // end of what was taken
	room  int  // letters left, or unlimited
	full  bool // a word was refused
	last  bool // the last word was marked
	parts Parts
}

const unlimited = -1

// word takes what stands before w, and w. It gives false, and takes nothing, when there is no
// room left.
func (e *excerpt) word(w span, marked bool) bool {
	gap, body := plainGap(e.s[e.at:w.start]), e.s[w.start:w.end]
	if e.room != unlimited {
		n := utf8.RuneCountInString(gap) + utf8.RuneCountInString(body)
		if n > e.room {
			e.full = true
			if len(e.parts) <= 1 { // one endless word
				e.parts = e.parts.add(gap, false).add(firstRunes(body, e.room), marked)
			}
			return false
		}
		e.room -= n
	}
	e.parts = e.parts.add(gap, marked && e.last && gap == " ").add(body, marked)
	e.at, e.last = w.end, marked
	return true
}

// tail takes what stands between the last word and end.
func (e *excerpt) tail(end int) {
	gap := plainGap(e.s[e.at:end])
	e.at = end
	if e.room != unlimited && utf8.RuneCountInString(gap) > e.room {
		gap = firstRunes(gap, e.room)
	}
	e.parts = e.parts.add(strings.TrimRight(gap, " "), false)
}

// plainGap makes what stands between words fit for one line.
func plainGap(s string) string {
	if s == " " || s == "" {
		return s
	}
	var b strings.Builder
	space := false
	for _, r := range s {
		if unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError {
			space = true
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	if space {
		b.WriteByte(' ')
	}
	return b.String()
}

func firstRunes(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

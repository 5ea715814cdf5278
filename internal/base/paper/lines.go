package paper

import "strings"

// An atom is a stretch of one word in one face.
type atom struct {
	text  string
	face  face
	width float64
}

// A word is what no line is broken inside of, unless it is wider than the line.
type word struct {
	atoms []atom
	width float64
	space float64 // width of the space after it
}

// A textLine is one set line; x and the spaces are relative to the paragraph's left edge.
type textLine struct {
	words []word
	x     float64
	extra float64 // added to every space by justification
}

// wordsOf cuts runs into words at ordinary spaces; a no-break space does not part.
func wordsOf(runs []Run, s *style) []word {
	t := tinos()
	var words []word
	var w word
	end := func(f face) {
		if len(w.atoms) > 0 {
			w.space = t.width(" ", f, s.size)
			words = append(words, w)
		}
		w = word{}
	}
	for _, r := range runs {
		f := faceOf(s.bold || r.Bold, s.italic || r.Italic)
		for i, part := range strings.Split(r.Text, " ") {
			if i > 0 {
				end(f)
			}
			if part != "" {
				a := atom{part, f, t.width(part, f, s.size)}
				w.atoms = append(w.atoms, a)
				w.width += a.width
			}
		}
	}
	end(faceOf(s.bold, s.italic))
	return words
}

// breakLines sets words into lines: the first is indented by first, all are at most width wide.
func breakLines(words []word, size, first, width float64, align Align) []textLine {
	const slack = 0.01 // of rounding
	var lines []textLine
	var line textLine
	used, indent := 0., first
	flush := func(last bool) {
		if len(line.words) == 0 {
			return
		}
		free := width - indent - used
		line.x = indent
		switch {
		case align == Center:
			line.x += free / 2
		case align == Right:
			line.x += free
		case align == Justify && !last && len(line.words) > 1:
			line.extra = max(0, free) / float64(len(line.words)-1)
		}
		lines = append(lines, line)
		line, used, indent = textLine{}, 0, 0
	}
	for queue := words; len(queue) > 0; {
		w := queue[0]
		queue = queue[1:]
		gap := 0.
		if n := len(line.words); n > 0 {
			gap = line.words[n-1].space
		}
		if used+gap+w.width > width-indent+slack {
			if len(line.words) > 0 {
				flush(false)
				gap = 0
			}
			if room := width - indent; w.width > room+slack {
				head, rest := cut(w, size, room)
				line.words, used = append(line.words, head), head.width
				flush(len(rest.atoms) == 0)
				if len(rest.atoms) > 0 {
					queue = append([]word{rest}, queue...)
				}
				continue
			}
		}
		line.words = append(line.words, w)
		used += gap + w.width
	}
	flush(true)
	return lines
}

// cut parts a word that is wider than a whole line; at least one letter goes first.
func cut(w word, size, room float64) (head, rest word) {
	t := tinos()
	for i, a := range w.atoms {
		at := 0
		for j, r := range a.text {
			width := t.width(string(r), a.face, size)
			if head.width+width > room && (head.width > 0 || len(head.atoms) > 0 || j > 0) {
				break
			}
			head.width += width
			at = j + len(string(r))
		}
		if at > 0 {
			head.atoms = append(head.atoms, atom{a.text[:at], a.face, t.width(a.text[:at], a.face, size)})
		}
		if at < len(a.text) {
			rest.atoms = append(rest.atoms, atom{a.text[at:], a.face, t.width(a.text[at:], a.face, size)})
			rest.atoms = append(rest.atoms, w.atoms[i+1:]...)
			break
		}
	}
	for _, a := range rest.atoms {
		rest.width += a.width
	}
	rest.space = w.space
	return head, rest
}

// widest is the width of the widest line when words are set into width.
func widest(words []word, size, width float64) (w float64, lines int) {
	for _, l := range breakLines(words, size, 0, width, Left) {
		lines++
		sum := 0.
		for i, word := range l.words {
			sum += word.width
			if i < len(l.words)-1 {
				sum += word.space
			}
		}
		w = max(w, sum)
	}
	return w, lines
}

// balanced is the smallest width in which words need no more lines than in width: a title's lines
// come out about equally long instead of leaving one word alone on the last.
func balanced(words []word, size, width float64) float64 {
	best, lines := widest(words, size, width)
	if lines < 2 {
		return best
	}
	for w := best - 1; w > width/float64(2*lines); w-- {
		got, n := widest(words, size, w)
		if n > lines || got > w {
			break
		}
		best = min(best, got)
	}
	return best
}

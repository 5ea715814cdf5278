package richtext

import (
	"regexp"
	"strconv"
	"strings"

	"bangvang/internal/base/text"
)

// runStyle is how text is set, as far as a Doc keeps it.
type runStyle struct {
	marks  Marks
	font   string
	hidden bool
	caps   bool
	props  *node // where it was read from; a style is applied by its properties
}

// with gives the style as changed by another one's properties.
func (s runStyle) with(o runStyle) runStyle {
	if o.font != "" {
		s.font = o.font
	}
	if p := o.props; p != nil {
		s.marks.Bold = p.toggle("b", s.marks.Bold)
		s.marks.Italic = p.toggle("i", s.marks.Italic)
		s.marks.Underline = p.toggle("u", s.marks.Underline)
		s.hidden = p.toggle("vanish", s.hidden)
		s.caps = p.toggle("caps", s.caps)
		if v := p.child("vertAlign"); v != nil {
			s.marks.Sup, s.marks.Sub = v.val() == "superscript", v.val() == "subscript"
		}
	}
	return s
}

// readRunStyle reads rPr, on top of the character style it names.
func readRunStyle(p *node, styles map[string]paraStyle) runStyle {
	own := runStyle{props: p, font: fontOf(p.child("rFonts"))}
	named, ok := styles[p.child("rStyle").val()]
	if !ok || p.child("rStyle") == nil || named.run.props == nil {
		return own
	}
	both := &node{children: append(append([]*node(nil), p.children...), named.run.props.children...)} // the first one found counts
	if own.font == "" {
		own.font = named.run.font
	}
	own.props = both
	return own
}

func fontOf(p *node) string {
	for _, name := range [...]string{"ascii", "hAnsi"} {
		if f := p.attr(name); f != "" {
			return f
		}
	}
	return ""
}

// paraStyle is a named style with what it inherits.
type paraStyle struct {
	outline int // 1–9; 0: body text
	align   Align
	run     runStyle
	numID   string
	level   int
}

var headingName = regexp.MustCompile(`^(?:heading|tieu de|de muc|dau de)\s*(\d)$`)

// readStyles reads the styles part.
func (d *docxReader) readStyles(name string) error {
	root, err := d.tree(name)
	if err != nil {
		return err
	}
	d.base = runStyle{}.with(readRunStyle(root.child("docDefaults", "rPrDefault", "rPr"), nil))
	byID := make(map[string]*node)
	standard := ""
	for _, s := range root.children {
		if s.name == "style" {
			byID[s.attr("styleId")] = s
			if s.attr("type") == "paragraph" && s.attr("default") == "1" {
				standard = s.attr("styleId")
			}
		}
	}
	d.styles = make(map[string]paraStyle)
	var resolve func(id string, depth int) paraStyle
	resolve = func(id string, depth int) paraStyle {
		if st, done := d.styles[id]; done {
			return st
		}
		s := byID[id]
		if s == nil || depth > 20 {
			return paraStyle{}
		}
		var st paraStyle
		if based := s.child("basedOn"); based != nil {
			st = resolve(based.val(), depth+1)
		}
		st.apply(s)
		d.styles[id] = st
		return st
	}
	for id := range byID {
		resolve(id, 0)
	}
	d.styles[""] = d.styles[standard] // paragraphs that name no style
	return nil
}

// apply adds a style's own properties to what it inherited.
func (st *paraStyle) apply(s *node) {
	if m := headingName.FindStringSubmatch(text.Fold(s.child("name").val())); m != nil {
		st.outline, _ = strconv.Atoi(m[1])
	} else if n := strings.ToLower(s.child("name").val()); n == "title" {
		st.outline = 1
	}
	if o := s.child("pPr", "outlineLvl"); o != nil {
		st.outline = o.int(9) + 1
	}
	st.align = alignOf(s.child("pPr", "jc").val(), st.align)
	if num := s.child("pPr", "numPr"); num != nil {
		if id := num.child("numId"); id != nil {
			st.numID = id.val()
		}
		st.level = num.child("ilvl").int(st.level)
	}
	props := s.child("rPr")
	if inherited := st.run.props; inherited != nil && props != nil {
		props = &node{children: append(append([]*node(nil), props.children...), inherited.children...)}
	} else if props == nil {
		props = inherited
	}
	st.run.props = props
	if f := fontOf(s.child("rPr", "rFonts")); f != "" {
		st.run.font = f
	}
}

// numbering is the numbering part: what numbers look like, and how far each has counted.
type numbering struct {
	levels map[string][9]numLevel // by numId
	of     map[string]string      // numId → abstractNumId: lists of one kind count on
	counts map[string]*[9]int
}

type numLevel struct {
	format string // "decimal", "upperRoman", "bullet" …
	text   string // "%1.%2."
	start  int
}

// readNumbering reads the numbering part.
func (d *docxReader) readNumbering(name string) error {
	root, err := d.tree(name)
	if err != nil {
		return err
	}
	abstract := make(map[string][9]numLevel)
	d.numbering = numbering{make(map[string][9]numLevel), make(map[string]string), make(map[string]*[9]int)}
	for _, a := range root.children {
		if a.name == "abstractNum" {
			var levels [9]numLevel
			readLevels(a, &levels)
			abstract[a.attr("abstractNumId")] = levels
		}
	}
	for _, n := range root.children {
		if n.name != "num" {
			continue
		}
		id, of := n.attr("numId"), n.child("abstractNumId").val()
		levels := abstract[of]
		for _, o := range n.children {
			if i, err := strconv.Atoi(o.attr("ilvl")); o.name == "lvlOverride" && err == nil && i >= 0 && i < len(levels) {
				readLevels(o, &levels)
				if s := o.child("startOverride"); s != nil {
					levels[i].start = s.int(1)
					of = "own " + id // it counts for itself
				}
			}
		}
		d.numbering.levels[id], d.numbering.of[id] = levels, of
	}
	return nil
}

func readLevels(n *node, levels *[9]numLevel) {
	for _, l := range n.children {
		if i, err := strconv.Atoi(l.attr("ilvl")); l.name == "lvl" && err == nil && i >= 0 && i < len(levels) {
			levels[i] = numLevel{format: l.child("numFmt").val(), text: l.child("lvlText").val(), start: l.child("start").int(1)}
		}
	}
}

// label counts a numbered paragraph and gives the number it shows and its level from 0; "" when it
// has none.
func (d *docxReader) label(numPr *node, st paraStyle) (string, int) {
	id, level := st.numID, st.level
	if n := numPr.child("numId"); n != nil {
		id, level = n.val(), numPr.child("ilvl").int(0)
	}
	levels, ok := d.numbering.levels[id]
	if !ok || level < 0 || level >= len(levels) {
		return "", 0
	}
	l := levels[level]
	if l.format == "bullet" {
		if t := strings.TrimSpace(l.text); t == "-" || t == "–" || t == "+" {
			return t, level
		}
		return "•", level
	}
	counts := d.numbering.counts[d.numbering.of[id]]
	if counts == nil {
		counts = &[9]int{}
		for i := range counts {
			counts[i] = levels[i].start - 1
		}
		d.numbering.counts[d.numbering.of[id]] = counts
	}
	counts[level]++
	for i := level + 1; i < len(counts); i++ {
		counts[i] = levels[i].start - 1
	}
	if l.format == "none" {
		return "", 0
	}
	out := l.text
	for i := level; i >= 0; i-- {
		shown := max(counts[i], levels[i].start)
		out = strings.ReplaceAll(out, "%"+strconv.Itoa(i+1), numeral(shown, levels[i].format))
	}
	return strings.TrimSpace(out), level
}

// numeral writes a number as a list format asks.
func numeral(n int, format string) string {
	if n < 1 || n > 3000 {
		return strconv.Itoa(n)
	}
	switch format {
	case "upperRoman":
		return roman(n)
	case "lowerRoman":
		return strings.ToLower(roman(n))
	case "upperLetter":
		return strings.Repeat(string(rune('A'+(n-1)%26)), (n-1)/26+1)
	case "lowerLetter":
		return strings.Repeat(string(rune('a'+(n-1)%26)), (n-1)/26+1)
	case "decimalZero":
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
	}
	return strconv.Itoa(n)
}

func roman(n int) string {
	values := [...]int{1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1}
	signs := [...]string{"M", "CM", "D", "CD", "C", "XC", "L", "XL", "X", "IX", "V", "IV", "I"}
	var b strings.Builder
	for i, v := range values {
		for n >= v {
			b.WriteString(signs[i])
			n -= v
		}
	}
	return b.String()
}

package richtext

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// A sheet is the style sheet that Word and LibreOffice put before what they copy. What matters of
// it is said in rules for one element, one class, or an element of a class: that all of "MsoNormal"
// is set in .VnTime, that "MsoTitle" is bold and centred.
type sheet map[string]style

var (
	sheetComment = regexp.MustCompile(`(?s)/\*.*?\*/|<!--|-->`)
	sheetRule    = regexp.MustCompile(`([^{}]+)\{([^{}]*)\}`)
	sheetSimple  = regexp.MustCompile(`^[a-z0-9]*(\.[\w-]+)?$`)
)

// readSheet reads the style elements of a page.
func readSheet(root *html.Node) sheet {
	s := make(sheet)
	for n := range root.Descendants() {
		if n.DataAtom != atom.Style {
			continue
		}
		for _, m := range sheetRule.FindAllStringSubmatch(sheetComment.ReplaceAllString(nodeText(n), ""), -1) {
			rules := readDeclarations(m[2])
			for name := range rules {
				if !sheetTakes[name] {
					delete(rules, name)
				}
			}
			for selector := range strings.SplitSeq(strings.ToLower(m[1]), ",") {
				if selector = strings.TrimSpace(selector); len(rules) > 0 && sheetSimple.MatchString(selector) && len(s) < 2000 {
					s[selector] = s[selector].over(rules)
				}
			}
		}
	}
	return s
}

// sheetTakes are the properties read from a style sheet. Underlining is not: Word's sheet underlines
// every link and every tracked insertion.
var sheetTakes = map[string]bool{"font-family": true, "font-weight": true, "font-style": true, "text-align": true, "vertical-align": true, "mso-list": true}

// of gives what the sheet and the element's own style say of it; the latter wins.
func (s sheet) of(n *html.Node) style {
	own := readDeclarations(attr(n, "style"))
	if len(s) == 0 {
		return own
	}
	all := s[n.Data].over(nil)
	for class := range strings.FieldsSeq(strings.ToLower(attr(n, "class"))) {
		all = all.over(s["."+class]).over(s[n.Data+"."+class])
	}
	return all.over(own)
}

// over gives the properties of s with those of top over them.
func (s style) over(top style) style {
	if len(s) == 0 {
		return top
	}
	if len(top) == 0 {
		return s
	}
	out := make(style, len(s)+len(top))
	for k, v := range s {
		out[k] = v
	}
	for k, v := range top {
		out[k] = v
	}
	return out
}

// A style is what declarations such as those of a style attribute say: names and values in lower
// case, but fonts as they are called.
type style map[string]string

func readDeclarations(raw string) style {
	if raw == "" {
		return nil
	}
	s := make(style)
	for d := range strings.SplitSeq(raw, ";") {
		k, v, ok := strings.Cut(d, ":")
		if !ok {
			continue
		}
		if k = strings.ToLower(strings.TrimSpace(k)); k != "font-family" {
			v = strings.ToLower(v)
		}
		s[k] = strings.TrimSpace(v)
	}
	return s
}

func (s style) hidden() bool {
	return s["display"] == "none" || s["visibility"] == "hidden" || s["mso-hide"] == "all"
}

func (s style) struck() bool {
	return strings.Contains(s["text-decoration"]+s["text-decoration-line"], "line-through")
}

// font gives the first font named.
func (s style) font() string {
	first, _, _ := strings.Cut(s["font-family"], ",")
	return strings.Trim(first, `"' `)
}

func (s style) marks(m *Marks) {
	switch w := s["font-weight"]; w {
	case "":
	case "bold", "bolder", "600", "700", "800", "900":
		m.Bold = true
	default:
		m.Bold = false
	}
	switch s["font-style"] {
	case "italic", "oblique":
		m.Italic = true
	case "normal":
		m.Italic = false
	}
	if strings.Contains(s["text-decoration"]+s["text-decoration-line"], "underline") {
		m.Underline = true
	}
	switch s["vertical-align"] {
	case "super":
		m.Sup, m.Sub = true, false
	case "sub":
		m.Sub, m.Sup = true, false
	}
}

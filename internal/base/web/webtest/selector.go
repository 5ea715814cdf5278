package webtest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A selectorChain is the part of CSS selectors that tests need: simple selectors of a tag, #id,
// .class, [attr] and [attr=value], one inside the other, separated by spaces.
type selectorChain []simple

type simple struct {
	tag   string
	attrs [][2]string // name, value; "\x00" = any value
	class []string
}

var selectorPart = regexp.MustCompile(`^(?:([a-zA-Z][a-zA-Z0-9]*)|#([\w-]+)|\.([\w-]+)|\[([\w-]+)(?:="?([^"\]]*)"?)?\])`)

func parseSelector(s string) (selectorChain, error) {
	var chain selectorChain
	for _, word := range strings.Fields(s) {
		var one simple
		for rest := word; rest != ""; {
			m := selectorPart.FindStringSubmatch(rest)
			if m == nil {
				return nil, fmt.Errorf("webtest: selector %q is not understood at %q", s, rest)
			}
			rest = rest[len(m[0]):]
			switch {
			case m[1] != "":
				one.tag = strings.ToLower(m[1])
			case m[2] != "":
				one.attrs = append(one.attrs, [2]string{"id", m[2]})
			case m[3] != "":
				one.class = append(one.class, m[3])
			case strings.Contains(m[0], "="):
				one.attrs = append(one.attrs, [2]string{m[4], m[5]})
			default:
				one.attrs = append(one.attrs, [2]string{m[4], "\x00"})
			}
		}
		chain = append(chain, one)
	}
	if len(chain) == 0 {
		return nil, fmt.Errorf("webtest: empty selector")
	}
	return chain, nil
}

func (c selectorChain) find(root *html.Node) []*html.Node {
	var out []*html.Node
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && c.matches(n) {
			out = append(out, n)
		}
	}
	return out
}

func (c selectorChain) matches(n *html.Node) bool {
	last := len(c) - 1
	if !c[last].matches(n) {
		return false
	}
	if last == 0 {
		return true
	}
	for up := range n.Ancestors() {
		if up.Type == html.ElementNode && c[:last].matches(up) {
			return true
		}
	}
	return false
}

func (s simple) matches(n *html.Node) bool {
	if s.tag != "" && n.Data != s.tag {
		return false
	}
	classes := strings.Fields(attr(n, "class"))
	for _, want := range s.class {
		if !slices.Contains(classes, want) {
			return false
		}
	}
	for _, want := range s.attrs {
		if !has(n, want[0]) || want[1] != "\x00" && attr(n, want[0]) != want[1] {
			return false
		}
	}
	return true
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

// textOf gives what is read of an element, spaces joined.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode && d.Parent.Data != "script" && d.Parent.Data != "style" {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

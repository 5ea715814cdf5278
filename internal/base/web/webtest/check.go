package webtest

import (
	"fmt"
	"strings"

	"golang.org/x/net/html"
)

// Check tells what a page owes its readers and does not give: a language and a title, one heading
// of the first level, one main part, a name for every control, a text for every picture, ids that
// are there once and references that lead somewhere, and nothing the content security policy would
// block. It gives one English line per fault.
func Check(root *html.Node) []string {
	var faults []string
	say := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	count := map[string]int{}
	ids := map[string]int{}
	labelled := map[string]bool{}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		count[n.Data]++
		if id := attr(n, "id"); id != "" {
			ids[id]++
		}
		if n.Data == "label" && textOf(n) != "" {
			labelled[attr(n, "for")] = true
		}
	}
	for id, n := range ids {
		if n > 1 {
			say("id %q stands %d times", id, n)
		}
	}
	for _, tag := range []string{"h1", "main", "title"} {
		if count[tag] != 1 {
			say("%d <%s>, want 1", count[tag], tag)
		}
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			checkElement(n, ids, labelled, say)
		}
	}
	return faults
}

func checkElement(n *html.Node, ids map[string]int, labelled map[string]bool, say func(string, ...any)) {
	switch n.Data {
	case "html":
		if attr(n, "lang") == "" {
			say("no language")
		}
	case "title", "h1", "a", "button":
		if name(n) == "" {
			say("<%s> without words", n.Data)
		}
	case "img":
		if !has(n, "alt") {
			say("picture %s without alt", attr(n, "src"))
		}
	case "input", "select", "textarea":
		if attr(n, "type") != "hidden" && !labelled[attr(n, "id")] && attr(n, "aria-label") == "" && attr(n, "aria-labelledby") == "" {
			say("<%s name=%q> without a label", n.Data, attr(n, "name"))
		}
	case "style":
		say("<style> is blocked by the content security policy")
	case "script":
		if !has(n, "src") && attr(n, "type") != "application/ld+json" {
			say("a script in the page is blocked by the content security policy")
		}
	}
	for _, a := range n.Attr {
		switch {
		case a.Key == "style", strings.HasPrefix(a.Key, "on"):
			say("<%s %s> is blocked by the content security policy", n.Data, a.Key)
		case a.Key == "for", a.Key == "form", a.Key == "popovertarget", a.Key == "aria-describedby", a.Key == "aria-labelledby", a.Key == "aria-controls":
			for _, id := range strings.Fields(a.Val) {
				if ids[id] == 0 {
					say("<%s %s=%q> leads to nothing", n.Data, a.Key, id)
				}
			}
		case a.Key == "href" && len(a.Val) > 1 && a.Val[0] == '#' && ids[a.Val[1:]] == 0:
			say("link to %s leads to nothing on the page", a.Val)
		}
	}
}

// name gives what an element is called: its text, its label, or its picture's text.
func name(n *html.Node) string {
	if s := textOf(n) + attr(n, "aria-label") + attr(n, "aria-labelledby") + attr(n, "title"); s != "" {
		return s
	}
	for d := range n.Descendants() {
		if d.Data == "img" && attr(d, "alt") != "" {
			return attr(d, "alt")
		}
	}
	return ""
}

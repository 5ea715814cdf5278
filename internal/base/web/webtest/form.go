package webtest

import (
	"bytes"
	"cmp"
	"fmt"
	"mime/multipart"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A Form is being filled in. It is found by the label first asked for; all further labels belong to
// the same form.
type Form struct {
	page   *Page
	node   *html.Node
	values url.Values
	files  []upload
}

type upload struct {
	field, name string
	body        []byte
}

// Fill types a value into the field with the label, in the form that has it.
func (p *Page) Fill(label, value string) *Form {
	p.t.Helper()
	return p.formWith(label).Fill(label, value)
}

// Choose picks a choice, by its words, of the list or the buttons with the label.
func (p *Page) Choose(label, choice string) *Form {
	p.t.Helper()
	return p.formWith(label).Choose(label, choice)
}

// Tick ticks the box with the label.
func (p *Page) Tick(label string) *Form {
	p.t.Helper()
	return p.formWith(label).Tick(label)
}

// Attach gives a file to the field with the label.
func (p *Page) Attach(label, name string, body []byte) *Form {
	p.t.Helper()
	return p.formWith(label).Attach(label, name, body)
}

// Press presses a button, by its words, of a form in which nothing was filled in.
func (p *Page) Press(button string) *Page {
	p.t.Helper()
	for _, b := range p.find("button") {
		if textOf(b) == button {
			if f := p.formOf(b); f != nil {
				return p.begin(f).Press(button)
			}
		}
	}
	p.t.Fatalf("%s: no button %q in a form\n%s", p.Path, button, p.excerpt())
	return nil
}

func (p *Page) formWith(label string) *Form {
	p.t.Helper()
	for _, f := range p.find("form") {
		form := p.begin(f)
		if form.control(label) != nil || form.group(label) != nil {
			return form
		}
	}
	p.t.Fatalf("%s: no form has a field %q\n%s", p.Path, label, p.excerpt())
	return nil
}

// Values gives what the form that selector finds would send as it stands, hidden fields and all.
func (p *Page) Values(selector string) url.Values {
	p.t.Helper()
	found := p.find(selector)
	if len(found) == 0 {
		p.t.Fatalf("%s: no %s\n%s", p.Path, selector, p.excerpt())
	}
	return p.begin(found[0]).values
}

// formOf gives the form an element belongs to, inside it or by its form attribute; nil for what stands in
// a template and is not there yet.
func (p *Page) formOf(n *html.Node) *html.Node {
	if id := attr(n, "form"); id != "" {
		for _, f := range p.find("form") {
			if attr(f, "id") == id {
				return f
			}
		}
	}
	for up := range n.Ancestors() {
		switch up.Data {
		case "form":
			return up
		case "template":
			return nil
		}
	}
	return nil
}

// begin reads the values a form comes with.
func (p *Page) begin(node *html.Node) *Form {
	f := &Form{page: p, node: node, values: url.Values{}}
	for _, n := range p.find("[name]") {
		if p.formOf(n) != node || has(n, "disabled") {
			continue
		}
		name := attr(n, "name")
		switch n.Data {
		case "textarea":
			f.values.Add(name, rawText(n)) // the parser took the line break after the tag off, as browsers do
		case "select":
			f.values.Add(name, selected(n))
		case "input":
			switch attr(n, "type") {
			case "checkbox", "radio":
				if has(n, "checked") {
					f.values.Add(name, attr(n, "value"))
				}
			case "file", "submit", "button":
			default:
				f.values.Add(name, attr(n, "value"))
			}
		}
	}
	return f
}

// Fill types a value into the field with the label, over what is there.
func (f *Form) Fill(label, value string) *Form {
	f.page.t.Helper()
	f.values.Set(attr(f.must(label), "name"), value)
	return f
}

// Value gives what stands in the field with the label.
func (f *Form) Value(label string) string {
	f.page.t.Helper()
	return f.values.Get(attr(f.must(label), "name"))
}

// Tick ticks the box with the label.
func (f *Form) Tick(label string) *Form {
	f.page.t.Helper()
	n := f.must(label)
	if name, value := attr(n, "name"), attr(n, "value"); !slices.Contains(f.values[name], value) {
		f.values.Add(name, value)
	}
	return f
}

// Untick takes the tick away from the box with the label.
func (f *Form) Untick(label string) *Form {
	f.page.t.Helper()
	n := f.must(label)
	name, value := attr(n, "name"), attr(n, "value")
	f.values[name] = slices.DeleteFunc(f.values[name], func(v string) bool { return v == value })
	return f
}

// Choose picks a choice, by its words, of the list or the radio buttons with the label.
func (f *Form) Choose(label, choice string) *Form {
	f.page.t.Helper()
	if group := f.group(label); group != nil {
		for n := range group.Descendants() {
			if n.Data == "label" && textOf(n) == choice {
				input := byID(f.page.root, attr(n, "for"))
				f.values.Set(attr(input, "name"), attr(input, "value"))
				return f
			}
		}
		f.page.t.Fatalf("%s: %q offers no %q", f.page.Path, label, choice)
	}
	n := f.must(label)
	for o := range n.Descendants() {
		if o.Data == "option" && textOf(o) == choice {
			f.values.Set(attr(n, "name"), optionValue(o))
			return f
		}
	}
	f.page.t.Fatalf("%s: %q offers no %q", f.page.Path, label, choice)
	return f
}

// Attach gives a file to the field with the label.
func (f *Form) Attach(label, name string, body []byte) *Form {
	f.page.t.Helper()
	f.files = append(f.files, upload{attr(f.must(label), "name"), name, body})
	return f
}

// Press sends the form by the button with these words, as the browser would.
func (f *Form) Press(button string) *Page {
	f.page.t.Helper()
	var pressed *html.Node
	for _, b := range f.page.find("button") {
		if textOf(b) == button && f.page.formOf(b) == f.node {
			pressed = b
			break
		}
	}
	if pressed == nil {
		f.page.t.Fatalf("%s: the form has no button %q", f.page.Path, button)
	}
	if name := attr(pressed, "name"); name != "" {
		f.values.Set(name, attr(pressed, "value"))
	}
	action := cmp.Or(attr(pressed, "formaction"), attr(f.node, "action"), f.page.Path)
	return f.send(f.page.resolve(action))
}

func (f *Form) send(action string) *Page {
	f.page.t.Helper()
	c := f.page.client
	if strings.ToLower(attr(f.node, "method")) != "post" {
		path, _, _ := strings.Cut(action, "?")
		return c.Get(path + "?" + f.values.Encode())
	}
	if attr(f.node, "enctype") != "multipart/form-data" {
		if len(f.files) > 0 {
			f.page.t.Fatalf("%s: a form with files must have enctype multipart/form-data", f.page.Path)
		}
		return c.Post(action, f.values)
	}
	var body bytes.Buffer
	m := multipart.NewWriter(&body)
	for name, values := range f.values {
		for _, v := range values {
			m.WriteField(name, v)
		}
	}
	for _, u := range f.files {
		w, err := m.CreateFormFile(u.field, u.name)
		if err != nil {
			f.page.t.Fatal(err)
		}
		w.Write(u.body)
	}
	m.Close()
	return c.send("POST", action, m.FormDataContentType(), &body)
}

// must finds the control with the label or ends the test.
func (f *Form) must(label string) *html.Node {
	f.page.t.Helper()
	n := f.control(label)
	if n == nil {
		f.page.t.Fatalf("%s: the form has no field %q; it has %q", f.page.Path, label, f.labels())
	}
	return n
}

// control finds the control with the label. A note in brackets after the label's words need not be
// given: "Điện thoại" finds "Điện thoại (không bắt buộc)".
func (f *Form) control(label string) *html.Node {
	for _, l := range f.page.find("label") {
		words := textOf(l)
		if words == label || strings.HasPrefix(words, label+" (") {
			if n := byID(f.page.root, attr(l, "for")); n != nil && f.page.formOf(n) == f.node {
				return n
			}
		}
	}
	return nil
}

// group finds the fieldset with the legend.
func (f *Form) group(label string) *html.Node {
	for _, l := range f.page.find("legend") {
		if words := textOf(l); (words == label || strings.HasPrefix(words, label+" (")) && f.page.formOf(l) == f.node {
			return l.Parent
		}
	}
	return nil
}

func (f *Form) labels() []string {
	var out []string
	for _, l := range f.page.find("label") {
		if f.page.formOf(l) == f.node {
			out = append(out, textOf(l))
		}
	}
	return out
}

func byID(root *html.Node, id string) *html.Node {
	if id == "" {
		return nil
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && attr(n, "id") == id {
			return n
		}
	}
	return nil
}

func selected(n *html.Node) string {
	first := ""
	for o := range n.Descendants() {
		if o.Data != "option" {
			continue
		}
		if has(o, "selected") {
			return optionValue(o)
		}
		if first == "" {
			first = optionValue(o)
		}
	}
	return first
}

func optionValue(o *html.Node) string {
	if has(o, "value") {
		return attr(o, "value")
	}
	return textOf(o)
}

func rawText(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			fmt.Fprint(&b, d.Data)
		}
	}
	return b.String()
}

package ui

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/text"
)

// A Form is what a page's form shows: the values (as stored, or as just sent), what is wrong with
// them, and the two keys that protect a save. web makes it; pages carry it in their data and ask
// it for fields: {{template "field" .Form.Text "number" "Số, ký hiệu" | required}}.
type Form struct {
	Values  url.Values
	Problem string        // what is wrong with the whole; may be empty
	Link    string        // where the reader should look about Problem, a path; may be empty
	Wrong   []fault.Field // what is wrong with single fields
	Once    string        // the token that lets this form be saved once
	Version int           // of the thing as it was read; 0 = the form has none
}

// NewForm makes a form showing values. The keys of values are field names.
func NewForm(values url.Values) Form {
	if values == nil {
		values = url.Values{}
	}
	return Form{Values: values}
}

// A Field is one input with all that belongs to it. Make it by the methods of [Form], add to it
// in the template: hint, required, optional, short, long, rows, suggest, complete, accept, note.
type Field struct {
	Kind     string // text password email tel search number day textarea select file check radios checks
	Name     string
	ID       string
	Label    string
	Hint     string
	Note     string // shown under the field: a running check such as "238 + 3 = 241 ✓"
	Error    string
	Value    string
	Values   []string // what is chosen, for checks
	Options  []Option
	Suggest  []string // what a text may be completed to; anything else can be typed as well
	Optional bool
	Required bool
	Size     string // "short", "long" or ""
	Rows     int
	Complete string // the autocomplete token
	Accept   string // of a file: the media types offered
	Multiple bool
	Focus    bool
}

// An Option is one choice of a select, of radio buttons or of check boxes.
type Option struct {
	Value string
	Label string
	Hint  string
	Group string // options of one group stand together under this heading in a select
}

// fieldID makes a field's id of its name. A colon in it would make a link to it look like a scheme.
func fieldID(name string) string { return "o-" + idSafe.Replace(name) }

var idSafe = strings.NewReplacer(".", "-", ":", "-")

func (f Form) field(kind, name, label string) Field {
	out := Field{Kind: kind, Name: name, ID: fieldID(name), Label: label, Value: f.Values.Get(name), Values: f.Values[name]}
	for _, w := range f.Wrong {
		if w.Name == name {
			out.Error = w.Message
			break
		}
	}
	return out
}

// Text is a field of one line.
func (f Form) Text(name, label string) Field { return f.field("text", name, label) }

// Area is a field of several lines.
func (f Form) Area(name, label string) Field {
	a := f.field("textarea", name, label)
	a.Rows = 5
	return a
}

// Number is a field for a whole number, right-aligned, with the numeric keys of a phone.
func (f Form) Number(name, label string) Field { return f.field("number", name, label) }

// Password is a field whose value is hidden and never sent back.
func (f Form) Password(name, label string) Field {
	p := f.field("password", name, label)
	p.Value = ""
	return p
}

// Email is a field for a mail address.
func (f Form) Email(name, label string) Field { return f.field("email", name, label) }

// Tel is a field for a telephone number.
func (f Form) Tel(name, label string) Field { return f.field("tel", name, label) }

// Search is a field for words to look for.
func (f Form) Search(name, label string) Field { return f.field("search", name, label) }

// Day is a field for a calendar day. It is a text field, because a browser's own date field shows
// 05/06 as May or June by the browser's language, which in the field is often English; and because
// days are pasted from spreadsheets. A stored "2021-07-07" is shown as "7/7/2021".
func (f Form) Day(name, label string) Field {
	d := f.field("day", name, label)
	if day, err := text.ParseDay(d.Value); err == nil {
		d.Value = text.FormatDay(day)
	}
	return d
}

// File is a field for an upload. Browsers do not keep a chosen file when the form comes back.
func (f Form) File(name, label string) Field {
	file := f.field("file", name, label)
	file.Value = ""
	return file
}

// Select is a list to choose one from.
func (f Form) Select(name, label string, options []Option) Field {
	s := f.field("select", name, label)
	s.Options = options
	return s
}

// Radios are buttons to choose one from; better than a list for up to seven choices.
func (f Form) Radios(name, label string, options []Option) Field {
	r := f.field("radios", name, label)
	r.Options = options
	return r
}

// Checks are boxes to choose any number from.
func (f Form) Checks(name, label string, options []Option) Field {
	c := f.field("checks", name, label)
	c.Options = options
	return c
}

// Check is one box to tick; its value is "1".
func (f Form) Check(name, label string) Field { return f.field("check", name, label) }

// Problems lists everything wrong, for the summary above the form.
func (f Form) Problems() []Problem {
	var out []Problem
	if f.Problem != "" {
		out = append(out, Problem{Text: f.Problem, Href: f.Link})
	}
	for _, w := range f.Wrong {
		out = append(out, Problem{Text: w.Message, Href: "#" + fieldID(w.Name)})
	}
	return out
}

// Elsewhere gives the path of the thing that stands in the way of saving, when the refusal names
// fields of the form; "" when there is none or the summary's own line leads there.
func (f Form) Elsewhere() string {
	if len(f.Wrong) == 0 {
		return ""
	}
	return f.Link
}

// A Problem is one line of the summary of what is wrong; Href leads to the field.
type Problem struct{ Text, Href string }

// Chosen tells whether value is among what is chosen.
func (f Field) Chosen(value string) bool { return slices.Contains(f.Values, value) }

// Groups gives the options by their group, in the order of first appearance.
func (f Field) Groups() []OptionGroup {
	var out []OptionGroup
	for _, o := range f.Options {
		i := slices.IndexFunc(out, func(g OptionGroup) bool { return g.Label == o.Group })
		if i < 0 {
			out = append(out, OptionGroup{Label: o.Group})
			i = len(out) - 1
		}
		out[i].Options = append(out[i].Options, o)
	}
	return out
}

// An OptionGroup is a titled part of a select's options.
type OptionGroup struct {
	Label   string
	Options []Option
}

// Described gives the ids of what explains the field, for aria-describedby.
func (f Field) Described() string {
	var ids []string
	for _, part := range []struct{ text, suffix string }{{f.Error, "loi"}, {f.Hint, "goi-y"}, {f.Note, "ghi-chu"}} {
		if part.text != "" {
			ids = append(ids, f.ID+"-"+part.suffix)
		}
	}
	return strings.Join(ids, " ")
}

// Type is the input element's type attribute.
func (f Field) Type() string {
	switch f.Kind {
	case "number", "day":
		return "text"
	case "check", "checks":
		return "checkbox"
	case "radios":
		return "radio"
	}
	return f.Kind
}

// Keys is the inputmode attribute: which keys a phone shows.
func (f Field) Keys() string {
	if f.Kind == "number" {
		return "numeric"
	}
	return ""
}

// OptionID is the id of the i-th choice; the first has the field's own id, so that the summary of
// problems leads to it.
func (f Field) OptionID(i int) string {
	if i == 0 {
		return f.ID
	}
	return fmt.Sprintf("%s-%d", f.ID, i+1)
}

// fieldFuncs add to a field in a template's pipeline.
var fieldFuncs = map[string]any{
	"hint":     func(s string, f Field) Field { f.Hint = s; return f },
	"note":     func(s string, f Field) Field { f.Note = s; return f },
	"required": func(f Field) Field { f.Required = true; return f },
	"optional": func(f Field) Field { f.Optional = true; return f },
	"short":    func(f Field) Field { f.Size = "short"; return f },
	"long":     func(f Field) Field { f.Size = "long"; return f },
	"rows":     func(n int, f Field) Field { f.Rows = n; return f },
	"suggest":  func(known []string, f Field) Field { f.Suggest = known; return f },
	"complete": func(s string, f Field) Field { f.Complete = s; return f },
	"accept":   func(s string, f Field) Field { f.Accept = s; return f },
	"multiple": func(f Field) Field { f.Multiple = true; return f },
	"focus":    func(f Field) Field { f.Focus = true; return f },
}

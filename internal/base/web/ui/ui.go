// Package ui draws every page: the public frame and the office frame, the components that pages
// are made of, the style sheets, and the icons. It knows nothing of exams, requests or sessions.
//
// A page is a template file that names its data type once:
//
//	//go:embed pages/*.html
//	var pages embed.FS
//	var listPage = ui.New[listData](pages, "pages/list.html")
//
// The file's text is the page's main content; its dot is the page's data. A public page is drawn
// by [View.Public]. An office page also defines "title" (its heading, one h1) and may define
// "action" (the one primary action, always top right); it is drawn by [View.Office].
//
// Components are templates of the folder parts, called with the values of components.go and
// form.go: {{template "field" .Form.Text "number" "Số, ký hiệu" | hint "Ví dụ 08/CT-UBND"}}. The
// gallery test shows each of them. Functions for templates stand in funcs.go.
//
// [Views] lists every page of the program, so that one test checks each template against its
// data type. The look follows design.md: paper and ink, one vermilion, gold for good news only.
//
// Source: R-II.2-c, L-3, P-19.
package ui

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"reflect"
	"sync"
)

//go:embed parts/*.html
var parts embed.FS

// base holds frames and components; every view is a clone of it.
var base = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("ui").Funcs(funcs).ParseFS(parts, "parts/*.html"))
})

// A View is one page's template together with the type of its data.
type View[T any] struct {
	name string
	// tmpl reads the files when the page is first drawn: the program has a hundred pages, and
	// neither a start, a command nor the child that looks into an upload draws more than a few.
	tmpl func() *template.Template
}

// page is what a frame's template is executed with: F the frame, W its words, D the page's data.
type page[F, T any] struct {
	F F
	W *Words
	D T
}

// New makes the view of the page at the given path of files. More paths name files with further
// definitions that the page uses. The files are part of the program, so one that is missing or
// malformed is a panic: of the first drawing, and of [Views], by which a test finds it.
func New[T any](files fs.FS, path string, more ...string) *View[T] {
	parse := func() *template.Template { return parse(files, path, more) }
	register(func() Described { return described[T](path, parse()) })
	return &View[T]{path, sync.OnceValue(parse)}
}

func parse(files fs.FS, path string, more []string) *template.Template {
	t := template.Must(base().Clone())
	text, err := fs.ReadFile(files, path)
	if err != nil {
		panic(fmt.Errorf("ui: %w", err))
	}
	template.Must(t.New("main").Parse(string(text)))
	if len(more) > 0 {
		template.Must(t.ParseFS(files, more...))
	}
	return t
}

// Public draws the page in the public frame.
func (v *View[T]) Public(frame Frame, data T) ([]byte, error) {
	return v.draw("public", page[Frame, T]{frame, frame.words(), data})
}

// Main draws only the page's main content, for who puts it into a frame drawn before.
func (v *View[T]) Main(data T) ([]byte, error) { return v.draw("main", data) }

// Office draws the page in the office frame.
func (v *View[T]) Office(frame OfficeFrame, data T) ([]byte, error) {
	return v.draw("office", page[OfficeFrame, T]{frame, &vietnamese, data})
}

// With joins the page and its data for a caller that has the frame: web's c.Render.
func (v *View[T]) With(data T) Filled {
	return func(frame OfficeFrame) ([]byte, error) { return v.Office(frame, data) }
}

// A Filled is an office page with its data, waiting for the frame.
type Filled func(OfficeFrame) ([]byte, error)

func (v *View[T]) draw(frame string, data any) ([]byte, error) {
	var b bytes.Buffer
	if err := v.tmpl().ExecuteTemplate(&b, frame, data); err != nil {
		return nil, fmt.Errorf("draw %s: %w", v.name, err)
	}
	return b.Bytes(), nil
}

// A Described is one page of the program as the template check needs it.
type Described struct {
	Name     string             // the template file's path in its capability
	Data     reflect.Type       // the page's data type
	Template *template.Template // the whole page, beginning with its frame; a fresh copy
	Root     any                // a zero value of what Template is executed with
}

// described tells of the page whose whole template is given.
func described[T any](name string, whole *template.Template) Described {
	d := Described{Name: name, Data: reflect.TypeFor[T]()}
	// Only office pages define a title: public ones carry it in their Frame, for the head needs it.
	if whole.Lookup("title") != nil {
		d.Template, d.Root = whole.Lookup("office"), page[OfficeFrame, T]{}
	} else {
		d.Template, d.Root = whole.Lookup("public"), page[Frame, T]{}
	}
	return d
}

var registry struct {
	sync.Mutex
	views []func() Described
}

func register(view func() Described) {
	registry.Lock()
	defer registry.Unlock()
	registry.views = append(registry.views, view)
}

// Views lists every page made by [New] so far, in the order of their making.
func Views() []Described {
	registry.Lock()
	defer registry.Unlock()
	var all []Described
	for _, view := range registry.views {
		all = append(all, view())
	}
	return all
}

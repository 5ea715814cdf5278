package documents

import (
	"cmp"
	"context"
	"html/template"
	"regexp"
	"strings"
	"sync"

	"bangvang/internal/base/db"
	"bangvang/internal/base/richtext"
)

// publicRoot is where the public pages stand, officeRoot where the office's do.
const (
	publicRoot = "/van-ban"
	officeRoot = "/quan-tri/van-ban"
)

// citationCache keeps the finder of citations until what is public changes.
type citationCache struct {
	sync.Mutex
	generation int64
	finder     *Citations
}

// Citations gives the finder of citations to documents that are public now.
func (s *Service) Citations(ctx context.Context) (*Citations, error) {
	return s.citations(ctx, s.DB.Read())
}

func (s *Service) citations(ctx context.Context, q db.Queryer) (*Citations, error) {
	now, err := generation(ctx, q)
	if err != nil {
		return nil, err
	}
	s.cites.Lock()
	defer s.cites.Unlock()
	if s.cites.finder != nil && s.cites.generation == now {
		return s.cites.finder, nil
	}
	known, err := readKnown(ctx, q)
	if err != nil {
		return nil, err
	}
	s.cites.generation, s.cites.finder = now, NewCitations(known)
	return s.cites.finder, nil
}

// Linkify gives a text as HTML in which every citation of a public document is a link to it, with
// a word behind it when that document is not to be followed any more. year is that of the citing
// text (0 = not known) and decides between the numbers of several years; except is the citing
// document itself, "" for texts of other capabilities.
//
// Other capabilities call it when they render a page, and render again on [Posted], [Replaced] and
// [Withdrawn].
//
// Source: issue 2 D; F-47.
func (s *Service) Linkify(ctx context.Context, doc richtext.Doc, year int, except DocID) (template.HTML, error) {
	l, err := s.linker(ctx, year, except)
	if err != nil {
		return "", err
	}
	html := doc.Linkify(l.spans).HTML()
	return l.marked(html), l.err
}

// LinkText is [Service.Linkify] for words in one line of a page: a note, what is new this year. The
// rest is escaped.
func (s *Service) LinkText(ctx context.Context, words string, year int, except DocID) (template.HTML, error) {
	l, err := s.linker(ctx, year, except)
	if err != nil {
		return "", err
	}
	return l.text(words), l.err
}

// A linker makes citations links in the texts of one page.
type linker struct {
	ctx    context.Context
	db     db.Queryer
	finder *Citations
	year   int
	except DocID
	cards  map[DocID]card // of the documents cited so far
	err    error          // the first that came up; what was linked until then is of no use
}

func (s *Service) linker(ctx context.Context, year int, except DocID) (*linker, error) {
	finder, err := s.Citations(ctx)
	return &linker{ctx: ctx, db: s.DB.Read(), finder: finder, year: year, except: except, cards: map[DocID]card{}}, err
}

// spans finds the citations in a text.
func (l *linker) spans(text string) []richtext.Span {
	var spans []richtext.Span
	for _, found := range l.finder.Find(text, l.year) {
		if found.Document == l.except {
			continue
		}
		c, ok := l.cards[found.Document]
		if !ok {
			var err error
			if c, err = readCard(l.ctx, l.db, found.Document); err != nil {
				l.err = cmp.Or(l.err, err)
				continue
			}
			l.cards[found.Document] = c
		}
		spans = append(spans, richtext.Span{Start: found.Start, End: found.End, Href: publicRoot + "/" + c.Slug})
	}
	return spans
}

// text escapes words and makes their citations links.
func (l *linker) text(words string) template.HTML {
	var b strings.Builder
	at := 0
	for _, span := range l.spans(words) {
		b.WriteString(template.HTMLEscapeString(words[at:span.Start]) + `<a href="` + span.Href + `">` + template.HTMLEscapeString(words[span.Start:span.End]) + `</a>`)
		at = span.End
	}
	b.WriteString(template.HTMLEscapeString(words[at:]))
	return l.marked(b.String())
}

// own links, as [richtext.Doc.HTML] writes them.
var ownLink = regexp.MustCompile(`<a href="` + publicRoot + `/([a-z0-9-]+)"[^>]*>[^<]*</a>`)

// marked puts the word about force behind links to documents that are not in force.
func (l *linker) marked(html string) template.HTML {
	words := map[string]string{}
	for _, c := range l.cards {
		if !c.Status.Holds() && c.Status != NotYet {
			words[c.Slug] = c.Status.Title()
		}
	}
	if len(words) == 0 {
		return template.HTML(html)
	}
	return template.HTML(ownLink.ReplaceAllStringFunc(html, func(link string) string {
		word, ok := words[ownLink.FindStringSubmatch(link)[1]]
		if !ok {
			return link
		}
		return link + " <em>(" + template.HTMLEscapeString(word) + ")</em>"
	}))
}

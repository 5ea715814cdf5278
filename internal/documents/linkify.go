package documents

import (
	"context"
	"html/template"
	"regexp"
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
	finder, err := s.Citations(ctx)
	if err != nil {
		return "", err
	}
	cards := map[DocID]card{}
	var failed error
	linked := doc.Linkify(func(text string) []richtext.Span {
		var spans []richtext.Span
		for _, found := range finder.Find(text, year) {
			if found.Document == except {
				continue
			}
			c, ok := cards[found.Document]
			if !ok {
				if c, err = readCard(ctx, s.DB.Read(), found.Document); err != nil {
					failed = err
					continue
				}
				cards[found.Document] = c
			}
			spans = append(spans, richtext.Span{Start: found.Start, End: found.End, Href: publicRoot + "/" + c.Slug})
		}
		return spans
	})
	if failed != nil {
		return "", failed
	}
	return marked(linked.HTML(), cards), nil
}

// own links, as [richtext.Doc.HTML] writes them.
var ownLink = regexp.MustCompile(`<a href="` + publicRoot + `/([a-z0-9-]+)"[^>]*>[^<]*</a>`)

// marked puts the word about force behind links to documents that are not in force.
func marked(html string, cards map[DocID]card) template.HTML {
	words := map[string]string{}
	for _, c := range cards {
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

// Package feed writes lists of what was published in the three forms that readers and school
// sites understand: Atom (RFC 4287), JSON Feed 1.1 and RSS 2.0, all with the full text.
//
// Identifiers are our permanent addresses; a corrected item keeps its id and gets a later
// updated; a withdrawn one stays, its title saying so (peers-public §5, F-99…F-101).
package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"time"
)

// A Feed is one list. Addresses are absolute.
type Feed struct {
	Title    string
	Subtitle string
	Home     string // the list's page
	Author   string // the office that answers for the content
	Icon     string
	Updated  time.Time
	Items    []Item // newest first
	Extra    any    // the JSON form's extension "_bangvang" of the whole; may be nil
}

// An Item is one published thing.
type Item struct {
	ID        string // permanent address, never reused
	Link      string
	Title     string
	Summary   string // plain text
	HTML      string // the full text, clean HTML; may be empty
	Author    string
	Category  string
	Published time.Time
	Updated   time.Time
	Files     []File
	// Extra is what programs read beside the text: the JSON form's extension "_bangvang" of the item,
	// as JSON Feed 1.1 allows. The other forms leave it out. May be nil.
	Extra any
}

// A File is something attached to an item.
type File struct {
	Link, Type string
	Size       int64 // bytes
}

// A Form is one of the three files a list is written as.
type Form struct {
	Ending string // ".atom", ".rss", ".json": stands after the list's path
	Type   string // content type
	Body   []byte
}

// Forms writes the feed in all three forms. Home is the list's address: theirs are the same with
// the forms' endings.
func (f Feed) Forms() ([]Form, error) {
	var forms []Form
	for _, w := range []struct {
		ending, kind string
		write        func(self string) ([]byte, error)
	}{
		{".atom", "application/atom+xml; charset=utf-8", f.Atom},
		{".rss", "application/rss+xml; charset=utf-8", f.RSS},
		{".json", "application/feed+json; charset=utf-8", f.JSON},
	} {
		body, err := w.write(f.Home + w.ending)
		if err != nil {
			return nil, err
		}
		forms = append(forms, Form{w.ending, w.kind, body})
	}
	return forms, nil
}

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Author   atomAuthor  `xml:"author"`
	Icon     string      `xml:"icon,omitempty"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel    string `xml:"rel,attr"`
	Type   string `xml:"type,attr,omitempty"`
	Href   string `xml:"href,attr"`
	Length int64  `xml:"length,attr,omitempty"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomText struct {
	Type string `xml:"type,attr"`
	Body string `xml:",chardata"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomEntry struct {
	ID        string        `xml:"id"`
	Title     string        `xml:"title"`
	Published string        `xml:"published"`
	Updated   string        `xml:"updated"`
	Links     []atomLink    `xml:"link"`
	Author    *atomAuthor   `xml:"author,omitempty"`
	Category  *atomCategory `xml:"category,omitempty"`
	Summary   *atomText     `xml:"summary,omitempty"`
	Content   *atomText     `xml:"content,omitempty"`
}

// Atom writes the feed as application/atom+xml; self is its own address and its id.
func (f Feed) Atom(self string) ([]byte, error) {
	a := atomFeed{Lang: "vi", ID: self, Title: f.Title, Subtitle: f.Subtitle, Updated: stamp(f.updated()), Icon: f.Icon,
		Author: atomAuthor{f.Author},
		Links:  []atomLink{{Rel: "self", Type: "application/atom+xml", Href: self}, {Rel: "alternate", Type: "text/html", Href: f.Home}}}
	for _, i := range f.Items {
		e := atomEntry{ID: i.ID, Title: i.Title, Published: stamp(i.Published), Updated: stamp(i.updated()),
			Links: []atomLink{{Rel: "alternate", Type: "text/html", Href: i.Link}}}
		for _, file := range i.Files {
			e.Links = append(e.Links, atomLink{Rel: "enclosure", Type: file.Type, Href: file.Link, Length: file.Size})
		}
		if i.Author != "" {
			e.Author = &atomAuthor{i.Author}
		}
		if i.Category != "" {
			e.Category = &atomCategory{i.Category}
		}
		if i.Summary != "" {
			e.Summary = &atomText{"text", i.Summary}
		}
		if i.HTML != "" {
			e.Content = &atomText{"html", i.HTML}
		}
		a.Entries = append(a.Entries, e)
	}
	return encode(a)
}

type rssFeed struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Content string     `xml:"xmlns:content,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	BuildDate   string    `xml:"lastBuildDate"`
	Self        rssSelf   `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

type rssSelf struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	GUID        rssGUID  `xml:"guid"`
	PubDate     string   `xml:"pubDate"`
	Category    string   `xml:"category,omitempty"`
	Description string   `xml:"description,omitempty"`
	Content     string   `xml:"content:encoded,omitempty"`
	Enclosure   *rssFile `xml:"enclosure,omitempty"`
}

type rssGUID struct {
	Permalink bool   `xml:"isPermaLink,attr"`
	ID        string `xml:",chardata"`
}

type rssFile struct {
	URL    string `xml:"url,attr"`
	Length int64  `xml:"length,attr"`
	Type   string `xml:"type,attr"`
}

// RSS writes the feed as application/rss+xml, for old readers; self is its own address. RSS allows
// one enclosure an item: the first file.
func (f Feed) RSS(self string) ([]byte, error) {
	c := rssChannel{Title: f.Title, Link: f.Home, Description: f.Subtitle, Language: "vi", BuildDate: f.updated().UTC().Format(time.RFC1123Z),
		Self: rssSelf{"self", "application/rss+xml", self}}
	if c.Description == "" {
		c.Description = f.Title
	}
	for _, i := range f.Items {
		item := rssItem{Title: i.Title, Link: i.Link, GUID: rssGUID{i.ID == i.Link, i.ID}, PubDate: i.Published.UTC().Format(time.RFC1123Z),
			Category: i.Category, Description: i.Summary, Content: i.HTML}
		if len(i.Files) > 0 {
			item.Enclosure = &rssFile{i.Files[0].Link, i.Files[0].Size, i.Files[0].Type}
		}
		c.Items = append(c.Items, item)
	}
	return encode(rssFeed{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Content: "http://purl.org/rss/1.0/modules/content/", Channel: c})
}

type jsonFeed struct {
	Version     string       `json:"version"`
	Title       string       `json:"title"`
	Description string       `json:"description,omitempty"`
	Home        string       `json:"home_page_url"`
	Feed        string       `json:"feed_url"`
	Icon        string       `json:"icon,omitempty"`
	Language    string       `json:"language"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Extra       any          `json:"_bangvang,omitempty"`
	Items       []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID          string       `json:"id"`
	URL         string       `json:"url"`
	Title       string       `json:"title"`
	Summary     string       `json:"summary,omitempty"`
	HTML        string       `json:"content_html,omitempty"`
	Text        string       `json:"content_text,omitempty"`
	Published   string       `json:"date_published"`
	Modified    string       `json:"date_modified"`
	Authors     []jsonAuthor `json:"authors,omitempty"`
	Tags        []string     `json:"tags,omitempty"`
	Attachments []jsonFile   `json:"attachments,omitempty"`
	Extra       any          `json:"_bangvang,omitempty"`
}

type jsonFile struct {
	URL  string `json:"url"`
	Type string `json:"mime_type"`
	Size int64  `json:"size_in_bytes,omitempty"`
}

// JSON writes the feed as application/feed+json; self is its own address.
func (f Feed) JSON(self string) ([]byte, error) {
	j := jsonFeed{Version: "https://jsonfeed.org/version/1.1", Title: f.Title, Description: f.Subtitle, Home: f.Home, Feed: self,
		Icon: f.Icon, Language: "vi", Extra: f.Extra, Items: []jsonItem{}}
	if f.Author != "" {
		j.Authors = []jsonAuthor{{f.Author}}
	}
	for _, i := range f.Items {
		item := jsonItem{ID: i.ID, URL: i.Link, Title: i.Title, Summary: i.Summary, HTML: i.HTML,
			Published: stamp(i.Published), Modified: stamp(i.updated()), Extra: i.Extra}
		if item.HTML == "" { // one of the two is required
			item.Text = i.Summary
			if item.Text == "" {
				item.Text = i.Title
			}
		}
		if i.Author != "" {
			item.Authors = []jsonAuthor{{i.Author}}
		}
		if i.Category != "" {
			item.Tags = []string{i.Category}
		}
		for _, file := range i.Files {
			item.Attachments = append(item.Attachments, jsonFile{file.Link, file.Type, file.Size})
		}
		j.Items = append(j.Items, item)
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	err := e.Encode(j)
	return b.Bytes(), err
}

func (i Item) updated() time.Time {
	if i.Updated.Before(i.Published) {
		return i.Published
	}
	return i.Updated
}

// updated is when the list last changed: given, or else its newest item's time. An empty list
// that never changed stands at a fixed moment so that its bytes do not change by themselves.
func (f Feed) updated() time.Time {
	at := f.Updated
	for _, i := range f.Items {
		if u := i.updated(); u.After(at) {
			at = u
		}
	}
	if at.IsZero() {
		return time.Date(2021, 6, 1, 0, 0, 0, 0, time.UTC)
	}
	return at
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func encode(v any) ([]byte, error) {
	b, err := xml.Marshal(v)
	return append([]byte(xml.Header), append(b, '\n')...), err
}

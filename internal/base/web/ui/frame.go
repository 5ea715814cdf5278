package ui

import (
	"bangvang/internal/base/clock"
	"bangvang/internal/base/text"
)

// A Site is what all pages of one installation have in common.
type Site struct {
	Name      string    // of the section: "Kỳ thi tốt nghiệp THPT năm 2021"
	Owner     string    // the body that runs it: "Sở Giáo dục và Đào tạo Lai Châu"
	BaseURL   string    // "https://thi.laichau.gov.vn", without a final slash; may be empty
	Nav       []Link    // the main sections, the phase's most important first
	Footer    []Link    // accessibility, privacy, terms, report a fault …
	Languages []Link    // the other interface languages: Label in that language, Lang set
	Contacts  []Contact // whom to call about anything; shown on every public page
	Legal     string    // licence or notice of the portal, L-1; may be empty
	Invented  string    // when not empty: the page says that it is a demonstration, and on request this
}

// A Link is a labelled address.
type Link struct {
	Href  string
	Label string
	Lang  string // the label's language when it is not the page's
	Count int    // shown beside the label when above zero
	On    bool   // this is where the reader is
}

// A Contact is an office or person that answers. Empty parts are left out.
type Contact struct {
	Name    string
	Role    string // what they answer for
	Person  string // who is responsible
	Address string
	Hours   string // "Giờ hành chính" or "Trực 24/24 trong các ngày thi"
	Email   string
	Phones  []Phone
}

// A Phone is one number as people write it, "0213.3876.543".
type Phone struct {
	Number string
	Note   string // whose or what for; may be empty
}

// A Banner is the emergency notice above every public page.
type Banner struct {
	Title string
	Text  string
	Href  string // where more is said; may be empty
	At    int64  // since when it stands, ms
}

// A Feed is a machine-readable twin of a list.
type Feed struct {
	Type  string // "application/atom+xml", "application/feed+json", "application/rss+xml", "text/calendar"
	Title string
	Href  string
}

// FeedsOf names the three forms of the feed that stands beside the list at path.
func FeedsOf(title, path string) []Feed {
	return []Feed{
		{Type: "application/atom+xml", Title: title + " (Atom)", Href: path + ".atom"},
		{Type: "application/feed+json", Title: title + " (JSON Feed)", Href: path + ".json"},
		{Type: "application/rss+xml", Title: title + " (RSS)", Href: path + ".rss"},
	}
}

// An Alternate is the same page in another interface language.
type Alternate struct {
	Lang string // "vi", "en" or "x-default"
	Href string // a path; BaseURL is put before it
}

// A Frame is what stands around one public page.
type Frame struct {
	Site        Site
	Lang        string // of the frame: "vi" (also "") or "en"; content is always Vietnamese
	Title       string // of the page, without the site's name
	Description string // one or two sentences for search engines and shared links
	Canonical   string // the page's own path; BaseURL is put before it
	Section     string // the path of the main section it belongs to, "/van-ban"
	Crumbs      []Link // the way from home to this page's parent; none on a section's first page
	OwnSearch   bool   // the page itself is where one searches: the masthead shows no second box
	Feeds       []Feed
	Alternates  []Alternate
	Kind        string  // Open Graph type; "" = "website"
	Image       string  // path of the picture for shared links; "" = the golden board
	JSONLD      []any   // schema.org objects, marshalled as they are
	Published   int64   // ms; 0 = not shown
	Updated     int64   // when the content last changed, ms; 0 = not shown
	ChangeNote  string  // what changed and why, for readers
	Owner       Contact // who is responsible for this page
	Banner      *Banner
	NoIndex     bool
	Countdown   bool // the page has a running countdown: load its small script
}

func (f Frame) words() *Words {
	if f.Lang == "en" {
		return &english
	}
	return &vietnamese
}

// Language gives the frame's language code for the html element.
func (f Frame) Language() string { return f.words().Lang }

// Foreign tells that the content's language differs from the frame's and must be marked.
func (f Frame) Foreign() bool { return f.words() != &vietnamese }

// When writes an instant (ms) in the frame's language, in Vietnamese time.
func (f Frame) When(ms int64) string {
	if f.Lang == "en" {
		return clock.Local(clock.FromMillis(ms)).Format("Monday, 2 January 2006, 15:04")
	}
	return text.FormatDayTime(ms)
}

// Absolute puts the installation's address before a path of ours.
func (f Frame) Absolute(path string) string { return f.Site.BaseURL + path }

// SharedImage gives the path of the picture that a shared link shows.
func (f Frame) SharedImage() string {
	if f.Image != "" {
		return f.Image
	}
	return AssetPath("bang-512.png")
}

// In gives the path of a public page in the frame's language.
func (f Frame) In(path string) string { return InLanguage(f.Lang, path) }

// WayHere gives the crumbs in the frame's language. A label that is no section's name is content
// and stays Vietnamese.
func (f Frame) WayHere() []Link {
	if !f.Foreign() {
		return f.Crumbs
	}
	way := make([]Link, len(f.Crumbs))
	for i, l := range f.Crumbs {
		way[i] = Link{Href: f.In(l.Href), Label: l.Label, Lang: vietnamese.Lang}
		if name, ok := f.words().sections[l.Href]; ok {
			way[i].Label, way[i].Lang = name, ""
		}
	}
	return way
}

// Nav gives the main sections with the current one marked.
func (f Frame) Nav() []Link { return marked(f.Site.Nav, f.Section) }

// A NavGroup is a titled part of the office's navigation.
type NavGroup struct {
	Title string
	Links []Link
}

// An OfficeFrame is what stands around one office page. web fills it.
type OfficeFrame struct {
	Site    Site
	Path    string // of the request, to mark where the reader is
	Person  string // who is logged in; "" before login: no navigation is drawn
	Roles   string // in what roles, in words
	Groups  []NavGroup
	Crumbs  []Link
	Flashes []Notice // what the last act did
	Logout  string   // path the log-out button posts to
	Account string   // path of one's own account page
}

// Nav gives the groups with the link marked that is the longest prefix of the path. The first page is
// above all others and marked on itself alone.
func (f OfficeFrame) Nav() []NavGroup {
	best := ""
	for _, g := range f.Groups {
		for _, l := range g.Links {
			if len(l.Href) > len(best) && under(f.Path, l.Href) && (l.Href != officeHome || f.Path == officeHome) {
				best = l.Href
			}
		}
	}
	out := make([]NavGroup, len(f.Groups))
	for i, g := range f.Groups {
		out[i] = NavGroup{g.Title, marked(g.Links, best)}
	}
	return out
}

// officeHome is the first office page.
const officeHome = "/quan-tri/"

func under(path, parent string) bool {
	return path == parent || len(path) > len(parent) && path[:len(parent)] == parent && (path[len(parent)] == '/' || parent[len(parent)-1] == '/')
}

func marked(links []Link, current string) []Link {
	out := make([]Link, len(links))
	for i, l := range links {
		l.On = l.Href == current
		out[i] = l
	}
	return out
}

package examweb

import (
	"context"
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"

	"bangvang/internal/base/fault"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/text"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/exam"
)

type sitesData struct {
	Title  string
	Exam   string
	Rounds []siteRound // one level deeper when several have sites
	Many   bool
	Total  int
	Links  []ui.Link
}

type siteRound struct {
	Anchor, Name string
	Deep         bool // under a heading of its own, because several rounds have sites
	Localities   []siteGroup
}

// manyLocalities is from how many on a list leads to them: fewer are seen at a glance.
const manyLocalities = 13

// Long tells whether the round's list is so long that its localities are linked at its head.
func (r siteRound) Long() bool { return len(r.Localities) >= manyLocalities }

type siteGroup struct {
	Anchor, Name string
	Sites        []siteView
}

type siteView struct {
	exam.Site
	Href      string
	Tag       ui.Tag
	Round     string
	Successor ui.Link      // where its candidates go; may be zero
	Map       string       // address of a map on the web, at the place or, when it is not known, searching for it
	Geo       template.URL // the place for the reader's own map; "" when it is not known
}

// PhoneText gives the number as it is shown: in its groups, in one line.
func (s siteView) PhoneText() string {
	return strings.ReplaceAll(text.FormatPhone(s.Phone), " ", "\u00a0")
}

type siteData struct {
	siteView
	Exam  string
	Rooms int
	Links []ui.Link
}

var (
	sitesPage = ui.New[sitesData](files, "pages/diem-thi.html", "pages/diem-thi-dong.html")
	sitePage  = ui.New[siteData](files, "pages/diem-thi-xem.html")
)

func (p *Public) siteList(ctx context.Context, v view) (publish.Rendered, error) {
	sites, err := p.Exams.PublicSites(ctx, v.Exam)
	if err != nil {
		return publish.Rendered{}, err
	}
	data := sitesData{Title: "Điểm thi", Exam: v.FullName(), Total: len(sites), Links: []ui.Link{{Href: v.path("lich-thi"), Label: "Lịch thi"}}}
	if !v.front {
		data.Title = fmt.Sprintf("Điểm thi năm %d", v.Year)
	}
	var updated int64
	var names []string
	for _, r := range v.Rounds {
		round := siteRound{Anchor: fmt.Sprintf("dot-%d", r.Number), Name: r.Name}
		for _, s := range sites {
			if s.Round != r.ID {
				continue
			}
			updated = max(updated, s.ChangedAt)
			names = append(names, s.Name+", "+s.LocalityName+". "+s.Address)
			if n := len(round.Localities); n == 0 || round.Localities[n-1].Name != s.LocalityName {
				round.Localities = append(round.Localities, siteGroup{Anchor: round.Anchor + "-" + text.Slug(s.LocalityName), Name: s.LocalityName})
			}
			g := &round.Localities[len(round.Localities)-1]
			g.Sites = append(g.Sites, v.siteView(s, sites))
		}
		if len(round.Localities) > 0 {
			data.Rounds = append(data.Rounds, round)
		}
	}
	data.Many = len(data.Rounds) > 1
	for i := range data.Rounds {
		data.Rounds[i].Deep = data.Many
	}
	frame := v.frame("diem-thi", "Điểm thi – "+v.FullName(), "Danh sách điểm thi theo huyện, thành phố: địa chỉ, bản đồ, điện thoại.", updated)
	drawn, err := sitesPage.Twins(v.sites, frame, data)
	entry := search.Entry{Path: v.path("diem-thi"), Kind: "diem-thi", Title: "Điểm thi " + v.FullName(), Summary: frame.Description,
		Text: strings.Join(names, "\n"), Keywords: []string{"địa điểm thi", "nơi thi", "hội đồng thi"}, Boost: 1.2}
	return publish.Rendered{Pages: htmlPages(drawn, updated), Entries: v.findable(entry)}, err
}

func (v view) siteView(s exam.Site, all []exam.Site) siteView {
	out := siteView{Site: s, Href: v.path("diem-thi/" + s.Slug)}
	if r, ok := v.Round(s.Round); ok && len(v.Rounds) > 1 {
		out.Round = r.Name
	}
	switch s.Status {
	case exam.Open:
	case exam.Halted:
		out.Tag = ui.Tag{Tone: ui.Bad, Word: s.Status.Label()}
	default:
		out.Tag = ui.Tag{Tone: ui.Warn, Word: s.Status.Label()}
	}
	for _, other := range all {
		if s.Successor != "" && other.ID == s.Successor {
			out.Successor = ui.Link{Href: v.path("diem-thi/" + other.Slug), Label: other.Name}
		}
	}
	out.Map = "https://www.openstreetmap.org/search?" + url.Values{"query": {whereabouts(s)}}.Encode()
	if s.Place != nil {
		lat, lon := s.Place.Lat(), s.Place.Lon()
		out.Map = "https://www.openstreetmap.org/?mlat=" + lat + "&mlon=" + lon + "#map=17/" + lat + "/" + lon
		out.Geo = template.URL("geo:" + lat + "," + lon) // made of numbers only
	}
	return out
}

// whereabouts is the site as one asks the way to it: name, address, district.
func whereabouts(s exam.Site) string {
	parts := []string{s.Name, s.Address, s.LocalityName}
	return strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", ")
}

// site draws a site's own page; a site that the current exam does not have leads to its year.
func (p *Public) site(ctx context.Context, v view, slug string) (publish.Rendered, error) {
	s, err := p.Exams.FindSite(ctx, v.Exam, slug)
	if fault.Is(err, fault.NotFound) && v.front {
		return p.elsewhere(ctx, slug)
	}
	if fault.Is(err, fault.NotFound) {
		return publish.Rendered{}, nil
	}
	if err != nil {
		return publish.Rendered{}, err
	}
	var all []exam.Site
	if s.Successor != "" { // hardly ever: a province of 2,500 sites draws 2,500 such pages
		if all, err = p.Exams.PublicSites(ctx, v.Exam); err != nil {
			return publish.Rendered{}, err
		}
	}
	rooms, err := p.Exams.PublicRooms(ctx, s)
	if err != nil {
		return publish.Rendered{}, err
	}
	data := siteData{siteView: v.siteView(s, all), Exam: v.FullName(), Rooms: rooms,
		Links: []ui.Link{{Href: v.path("lich-thi"), Label: "Lịch thi"}, {Href: v.path("diem-thi"), Label: "Các điểm thi khác"}}}
	page := "diem-thi/" + slug
	frame := v.frame(page, s.Name+" – Điểm thi", strings.TrimSuffix(s.Name+", "+s.LocalityName+". "+s.Address, ". "), s.ChangedAt)
	frame.Crumbs = append(frame.Crumbs, ui.Link{Href: v.path("diem-thi"), Label: "Điểm thi"})
	frame.JSONLD = []any{placeLD(v, data.siteView)}
	drawn, err := sitePage.Twins(v.sites, frame, data)
	if err != nil {
		return publish.Rendered{}, err
	}
	entry := search.Entry{Path: v.path(page), Kind: "diem-thi", Title: s.Name, Number: s.Code, Summary: strings.TrimSuffix(s.LocalityName+". "+s.Address, ". "),
		Text: strings.Join([]string{s.Address, s.Note, s.StatusNote}, "\n"), Keywords: []string{"điểm thi", "điểm thi số " + s.Code, v.FullName()}}
	return publish.Rendered{Pages: htmlPages(drawn, s.ChangedAt), Entries: v.findable(entry)}, nil
}

// elsewhere leads from a site's front address to the latest year that has the site.
func (p *Public) elsewhere(ctx context.Context, slug string) (publish.Rendered, error) {
	years, err := p.Exams.Years(ctx)
	if err != nil {
		return publish.Rendered{}, err
	}
	for _, year := range years {
		e, err := p.Exams.Archive(ctx, year)
		if err != nil {
			return publish.Rendered{}, err
		}
		_, err = p.Exams.FindSite(ctx, e, slug)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return publish.Rendered{}, err
		}
		var pages []publish.Page
		for _, lang := range []string{"vi", "en"} {
			from, to := "/diem-thi/"+slug, fmt.Sprintf("/ky-thi/%d/diem-thi/%s", year, slug)
			pages = append(pages, publish.Redirect(ui.InLanguage(lang, from), ui.InLanguage(lang, to),
				fmt.Sprintf("Điểm thi này thuộc %s và được giữ ở chuyên mục của năm đó.", e.FullName())))
		}
		return publish.Rendered{Pages: pages}, nil
	}
	return publish.Rendered{}, nil
}

// placeLD is a site as schema.org describes a place.
func placeLD(v view, s siteView) map[string]any {
	address := map[string]any{"@type": "PostalAddress", "addressLocality": s.LocalityName, "addressCountry": "VN"}
	if s.Address != "" {
		address["streetAddress"] = s.Address
	}
	if v.province != "" {
		address["addressRegion"] = v.province
	}
	ld := map[string]any{"@context": "https://schema.org", "@type": "Place", "name": s.Name, "url": v.sites.Vietnamese.BaseURL + s.Href, "address": address}
	if s.Phone != "" {
		ld["telephone"] = s.Phone
	}
	if s.Place != nil {
		ld["geo"] = map[string]any{"@type": "GeoCoordinates", "latitude": float64(s.Place.LatE6) / 1e6, "longitude": float64(s.Place.LonE6) / 1e6}
	}
	return ld
}

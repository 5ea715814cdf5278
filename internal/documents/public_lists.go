package documents

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/web/ui"
)

var listPage = ui.New[listData](pages, "pages/danh-sach.html", "pages/chung.html")

type listData struct {
	Title   string
	Filters []ui.FilterGroup
	By      string // what they filter by: "cơ quan, hiệu lực, năm"
	Cards   []ui.DocumentCard
	Total   int
	Page    int // of the archive, counted from the oldest; 0 is the list's front
	Newer   string
	Older   string
}

// publicPageSize is how many documents an archive page of a public list has: a phone loads it in one go.
// The front shows the newest, up to twice as many.
const publicPageSize = 25

// archived gives how many archive pages a list of n documents has. They are counted from the oldest, so
// that a new document changes the front and no other page: an archive page keeps its address, and a long
// list is not drawn anew for one posting.
func archived(n int) int { return max(0, n/publicPageSize-1) }

// archivePage gives the cards of an archive page, newest first as the whole list.
func archivePage[C any](cards []C, page int) []C {
	return cards[len(cards)-page*publicPageSize : len(cards)-(page-1)*publicPageSize]
}

// renderList gives all pages of one list: every filter is a plain link with a permanent address.
//
// Source: R-II.1-c; issue 2 E.
func (s *Service) renderList(ctx context.Context, path string) (publish.Rendered, error) {
	var out publish.Rendered
	catalog, err := readCatalog(ctx, s.DB.Read())
	if err != nil {
		return out, err
	}
	cards, err := readCards(ctx, s.DB.Read(), catalog, path)
	if err != nil {
		return out, ignoreMissing(err)
	}
	if len(cards) == 0 && !catalog.standing(path) {
		if opened, err := openedLists(ctx, s.DB.Read()); err != nil || !slices.Contains(opened, path) {
			return out, err
		}
	}
	groups, err := filterGroups(ctx, s.DB.Read(), catalog, path)
	if err != nil {
		return out, err
	}
	var titles []string
	for _, g := range groups {
		titles = append(titles, g.Title)
	}
	sites, err := s.Sites(ctx)
	if err != nil {
		return out, err
	}
	archive := archived(len(cards))
	for n := 0; n <= archive; n++ {
		data := listData{Title: catalog.listTitle(path), Filters: groups, By: strings.ToLower(strings.Join(titles, ", ")), Page: n}
		if n == 0 {
			data.Cards, data.Total = views(cards[:len(cards)-archive*publicPageSize], catalog), len(cards)
			if archive > 0 {
				data.Older = listAddress(path, archive)
			}
		} else {
			data.Cards = views(archivePage(cards, n), catalog)
			data.Newer = listAddress(path, n+1)
			if n == archive {
				data.Newer = listAddress(path, 0)
			}
			if n > 1 {
				data.Older = listAddress(path, n-1)
			}
		}
		drawn, err := listPage.Twins(sites, listFrame(sites, path, data), data)
		if err != nil {
			return out, err
		}
		for _, d := range drawn {
			out.Pages = append(out.Pages, publish.Page{Path: d.Path, Type: publish.HTMLType, Body: d.Body})
		}
	}
	feeds, err := s.renderFeeds(ctx, catalog, path, cards, sites.Vietnamese)
	out.Pages = append(out.Pages, feeds...)
	return out, err
}

func listFrame(sites ui.Sites, path string, data listData) ui.Frame {
	f := ui.Frame{Title: data.Title, Canonical: listAddress(path, data.Page), Section: publicRoot, Owner: owner(sites.Vietnamese),
		Description: data.Title + ": số, ký hiệu, cơ quan, ngày ban hành, trích yếu, hiệu lực và bản đọc trên điện thoại."}
	if data.Page > 0 {
		f.Title = fmt.Sprintf("%s, trang lưu %d", data.Title, data.Page)
	}
	if path != "" {
		f.Crumbs = []ui.Link{{Href: "/", Label: "Trang chủ"}, {Href: publicRoot, Label: "Văn bản"}}
	}
	f.Feeds = ui.FeedsOf(data.Title, listAddress(path, 0))
	return f
}

// listAddress is the address of a list's archive page; 0 is its front.
func listAddress(path string, page int) string {
	address := publicRoot
	if path != "" {
		address += "/" + path
	}
	if page > 0 {
		address += "/trang/" + strconv.Itoa(page)
	}
	return address
}

// standing tells the lists that are there even when they are empty.
func (c *Catalog) standing(path string) bool {
	if path == "" {
		return true
	}
	for _, i := range c.first() {
		if path == byIssuer+i.Slug {
			return true
		}
	}
	return false
}

// listTitle names a list.
func (c *Catalog) listTitle(path string) string {
	facet, value, _ := strings.Cut(path, "/")
	switch facet + "/" {
	case byIssuer:
		for _, i := range c.Issuers {
			if i.Slug == value {
				return "Văn bản của " + i.NameOn("")
			}
		}
	case byType:
		return "Văn bản loại " + strings.ToLower(c.TypeName(TypeID(value)))
	case byYear:
		return "Văn bản năm " + value
	case byField:
		return "Văn bản về lĩnh vực " + strings.ToLower(c.FieldName(FieldID(value)))
	case holding + "/":
		return "Văn bản còn hiệu lực"
	case lapsed + "/":
		return "Văn bản hết hiệu lực, chưa có hiệu lực hoặc đã được thay thế"
	}
	return "Văn bản chỉ đạo, hướng dẫn"
}

// filterGroups are the ways to narrow a list, the plan's four issuers first.
func filterGroups(ctx context.Context, q db.Queryer, c *Catalog, current string) ([]ui.FilterGroup, error) {
	paths, err := listPaths(ctx, q)
	if err != nil {
		return nil, err
	}
	has := map[string]bool{}
	for _, p := range paths {
		has[p] = true
	}
	group := func(title string) *ui.FilterGroup {
		return &ui.FilterGroup{Title: title, Links: []ui.Link{{Href: publicRoot, Label: "Tất cả", On: current == ""}}}
	}
	add := func(g *ui.FilterGroup, path, label string) {
		if has[path] || c.standing(path) {
			g.Links = append(g.Links, ui.Link{Href: listAddress(path, 0), Label: label, On: path == current})
		}
	}
	issuers, types, years, fields, force := group("Cơ quan"), group("Loại"), group("Năm"), group("Lĩnh vực"), group("Hiệu lực")
	for _, i := range c.Issuers {
		add(issuers, byIssuer+i.Slug, i.NameOn(""))
	}
	for _, t := range c.Types {
		add(types, byType+string(t.ID), t.Name)
	}
	for i := len(paths) - 1; i >= 0; i-- { // sorted: the latest year last
		if year, ok := strings.CutPrefix(paths[i], byYear); ok {
			add(years, paths[i], year)
		}
	}
	for _, f := range c.Fields {
		add(fields, byField+string(f.ID), f.Name)
	}
	add(force, holding, "Còn hiệu lực")
	add(force, lapsed, "Không còn hoặc chưa có hiệu lực")
	var all []ui.FilterGroup
	for _, g := range []*ui.FilterGroup{issuers, force, years, types, fields} {
		if len(g.Links) > 1 {
			all = append(all, *g)
		}
	}
	return all, nil
}

// HasYear tells whether there is a list of the documents of a year.
func (s *Service) HasYear(ctx context.Context, year int) (bool, error) {
	opened, err := openedLists(ctx, s.DB.Read())
	return slices.Contains(opened, byYear+strconv.Itoa(year)), err
}

// Latest gives the newest public documents as cards, for the front page.
func (s *Service) Latest(ctx context.Context, n int) ([]ui.DocumentCard, error) {
	catalog, err := s.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	cards, err := newest(ctx, s.DB.Read(), n)
	return views(cards, catalog), err
}

func newest(ctx context.Context, q db.Queryer, n int) ([]card, error) {
	return db.All(ctx, q, scanCard, cardColumns+" ORDER BY posted_at DESC, document DESC LIMIT $1", n)
}

// dayOfMillis is the Vietnamese calendar day of an instant.
func dayOfMillis(ms int64) string { return clock.Day(clock.FromMillis(ms)) }

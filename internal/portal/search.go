package portal

import (
	"bytes"
	"context"
	"encoding/json"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"bangvang/internal/base/publish"
	"bangvang/internal/base/publish/search"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
)

var (
	searchFrame = ui.New[searchElsewhere](pages, "pages/tim-khung.html")
	searchPage  = ui.New[searchData](pages, "pages/tim.html")
)

const (
	perPage    = 20
	searchPath = "/tim"
)

// searchElsewhere is what the frame says when its page is served without the program.
type searchElsewhere struct {
	Mark template.HTML // around it
	URL  string        // where the program answers
}

type searchData struct {
	Path       string // of this page, in the reader's language
	Query      string
	Problem    string
	Partial    bool
	DidYouMean ui.Link
	Kinds      []ui.FilterGroup
	Total      int
	First      int
	Hits       []hit
	Pager      ui.Pager
}

type hit struct {
	Path    string
	Title   template.HTML
	Snippet template.HTML
	Kind    string
	Number  string
	Day     string
	State   ui.Tag // said of a document that is not to be followed now
}

// kinds names what search finds, in the order they are offered.
var kinds = []struct{ kind, name string }{
	{"van-ban", "Văn bản"}, {"lich-thi", "Lịch thi"}, {"diem-thi", "Điểm thi"}, {"diem-moi", "Điểm mới"}, {"tinh-hinh", "Tình hình thi"}, {"trang", "Trang"},
}

func kindName(kind string) string {
	for _, k := range kinds {
		if k.kind == kind {
			return k.name
		}
	}
	return "Nội dung"
}

// problems say why there are no results, and what to do.
var problems = map[search.Reason]string{
	search.NoWords:      "Hãy gõ ít nhất một từ hoặc một số.",
	search.TooLong:      "Nội dung cần tìm quá dài. Hãy gõ vài từ quan trọng nhất.",
	search.TooManyWords: "Có quá nhiều từ. Hãy gõ vài từ quan trọng nhất.",
	search.NoMatch:      "Không tìm thấy. Hãy thử ít từ hơn, gõ không dấu, hoặc gõ số văn bản như 08/CT-UBND.",
}

// resultsMark stands between what the published page says where nobody can search (a static mirror)
// and is replaced, with all between, by each answer. The frame is a page like any other, so that
// search works where no database is.
const resultsMark = "<!--ket-qua-->"

// searchFrames draws the frame of /tim in both interface languages.
func (s *Service) searchFrames(ctx context.Context) ([]ui.Drawn, error) {
	sites, err := s.Sites(ctx)
	if err != nil {
		return nil, err
	}
	frame := ui.Frame{Title: "Tìm kiếm", Canonical: searchPath, OwnSearch: true, NoIndex: true}
	return searchFrame.Twins(sites, frame, searchElsewhere{template.HTML(resultsMark), s.BaseURL + searchPath})
}

// Bodies reads the bytes of a published page.
type Bodies interface {
	Body(ctx context.Context, snap *publish.Snapshot, path string) ([]byte, error)
}

// SearchPage gives the page published at frame ("/tim" or "/en/tim") with the answer in it: a pure
// function of the snapshot.
//
// Source: peers-public F-65…F-73.
func SearchPage(bodies Bodies, frame string) publish.Dynamic {
	return func(snap *publish.Snapshot, r publish.Request) publish.Response {
		q, page := query(r.Query)
		body, err := bodies.Body(context.Background(), snap, frame)
		if err != nil {
			return publish.Response{} // not published yet: the path is unknown
		}
		data := answer(snap, frame, q, page)
		results, err := searchPage.Main(data)
		if err != nil {
			return publish.Response{Status: http.StatusInternalServerError}
		}
		before, rest, _ := bytes.Cut(body, []byte(resultsMark))
		_, after, _ := bytes.Cut(rest, []byte(resultsMark))
		return publish.Response{Status: http.StatusOK, Body: slices.Concat(before, results, after), Headers: [][2]string{
			{"Content-Type", publish.HTMLType}, {"Cache-Control", "no-store"}, {"X-Robots-Tag", "noindex"}}}
	}
}

// query reads the address: q the words, loai the kind, trang the page. What is malformed is as if
// it were not there.
func query(raw string) (search.Query, int) {
	v, _ := url.ParseQuery(raw)
	page, err := strconv.Atoi(v.Get("trang"))
	if err != nil || page < 1 || page > 500 {
		page = 1
	}
	return search.Query{Text: v.Get("q"), Kind: v.Get("loai"), Offset: (page - 1) * perPage, Limit: perPage}, page
}

func answer(snap *publish.Snapshot, path string, q search.Query, page int) searchData {
	index := snap.Index()
	if index == nil {
		return searchData{Path: path, Query: q.Text, Problem: "Ô tìm kiếm đang được chuẩn bị sau khi khởi động. Hãy thử lại sau vài giây."}
	}
	result := index.Search(q)
	d := searchData{Path: path, Query: result.Query, Partial: result.Partial, Total: result.Total, First: q.Offset + 1, Problem: problems[result.Reason]}
	if result.DidYouMean != "" {
		d.DidYouMean = ui.Link{Href: address(path, result.DidYouMean, ""), Label: result.DidYouMean}
	}
	if len(result.Kinds) > 1 || q.Kind != "" {
		d.Kinds = []ui.FilterGroup{{Title: "Loại nội dung", Links: kindLinks(path, result, q)}}
	}
	for _, h := range result.Hits {
		d.Hits = append(d.Hits, hit{h.Path, h.Title.HTML(), h.Snippet.HTML(), kindName(h.Kind), h.Number, h.Day, state(h)})
	}
	params := url.Values{"q": {result.Query}}
	if q.Kind != "" {
		params.Set("loai", q.Kind)
	}
	d.Pager = ui.Pager{Page: page, Pages: (result.Total + perPage - 1) / perPage, Total: result.Total, Path: path, Query: params}
	return d
}

// state says of a found document that it is not to be followed, in the words of its page.
//
// Source: domain.md 6.2 "never show a replaced document without a banner".
func state(h search.Hit) ui.Tag {
	s := documents.Status(h.Facets["hieu-luc"])
	if s == documents.NoStatus || s.Holds() {
		return ui.Tag{}
	}
	return s.Tag()
}

func kindLinks(path string, result search.Result, q search.Query) []ui.Link {
	all := 0
	links := []ui.Link{{}}
	for _, k := range result.Kinds {
		all += k.Count
		links = append(links, ui.Link{Href: address(path, result.Query, k.Kind), Label: kindName(k.Kind), Count: k.Count, On: k.Kind == q.Kind})
	}
	links[0] = ui.Link{Href: address(path, result.Query, ""), Label: "Tất cả", Count: all, On: q.Kind == ""}
	return links
}

func address(path, query, kind string) string {
	v := url.Values{"q": {query}}
	if kind != "" {
		v.Set("loai", kind)
	}
	return path + "?" + v.Encode()
}

type apiItem struct {
	URL     string `json:"url"`
	Title   string `json:"title"`
	Kind    string `json:"kind"`
	Number  string `json:"number,omitempty"`
	Day     string `json:"day,omitempty"`
	Snippet string `json:"snippet,omitempty"`
	State   string `json:"state,omitempty"`
}

type apiResult struct {
	Total      int       `json:"total"`
	Items      []apiItem `json:"items"`
	Partial    bool      `json:"partial,omitempty"`
	DidYouMean string    `json:"didYouMean,omitempty"`
}

// SearchAPI answers GET /api/v1/search?q=&loai=&trang= (architecture §8), the same results as the
// page.
func SearchAPI(baseURL string) publish.Dynamic {
	return func(snap *publish.Snapshot, r publish.Request) publish.Response {
		q, _ := query(r.Query)
		out := apiResult{Items: []apiItem{}}
		if index := snap.Index(); index != nil {
			result := index.Search(q)
			out.Total, out.Partial, out.DidYouMean = result.Total, result.Partial, result.DidYouMean
			for _, h := range result.Hits {
				out.Items = append(out.Items, apiItem{baseURL + h.Path, h.Title.String(), h.Kind, h.Number, h.Day, h.Snippet.String(), state(h).Word})
			}
		}
		body, err := json.Marshal(out)
		if err != nil {
			return publish.Response{Status: http.StatusInternalServerError}
		}
		return publish.Response{Status: http.StatusOK, Body: body, Headers: [][2]string{
			{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}, {"X-Robots-Tag", "noindex"}}}
	}
}

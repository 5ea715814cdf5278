package demo_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

var (
	actionBox = regexp.MustCompile(`(?s)<div class="action">(.*?)</div>\s*</div>`)
	action    = regexp.MustCompile(`<(?:a|button)\b[^>]*>`)
)

// primaries counts the primary buttons of a page's head and tells whether one that is not comes
// before them.
func primaries(p *webtest.Page) (n int, first bool) {
	box := actionBox.FindSubmatch(p.Body)
	if box == nil {
		return 0, true
	}
	first = true
	for i, tag := range action.FindAllString(string(box[1]), -1) {
		if !strings.Contains(tag, "second") && !strings.Contains(tag, "quiet") {
			n++
			first = first && i == 0
		}
	}
	return n, first
}

// One primary action a page, the first the keyboard comes to (design.md "Office pages").
func TestOnePrimaryActionStandsFirst(t *testing.T) {
	t.Parallel()
	p := open(t)
	system := access.System(t.Context(), "test")
	enter := func(number string) documents.DocID {
		id, err := p.app.Documents.Register(system, documents.Incoming, documents.Input{Number: number, Issuer: "UBND tỉnh", IssuedOn: "2021-06-01", Subject: "Văn bản mới"})
		must(t, err)
		return id
	}
	registered, classified := enter("98/CT-UBND"), enter("99/CT-UBND")
	must(t, p.app.Documents.Classify(system, classified, 1, documents.Public, ""))
	posted, err := p.app.Documents.List(system, documents.Filter{State: documents.StatePosted})
	must(t, err)
	document := func(id documents.DocID) string { return documents.OfficePath(id) }

	seen := 0
	for _, role := range []access.Role{people.RoleExamOffice, people.RolePublisher, people.RoleAdmin, people.RoleOffice, people.RoleClerk} {
		c := p.as(t, role)
		paths := []string{document(registered), document(classified), document(posted.Documents[0].ID), document(registered) + "/sua", document(registered) + "/them-tep"}
		for _, r := range p.app.Office.Routes() {
			if r.Method == "GET" && !r.Stream && !strings.Contains(r.Pattern, "{") && !strings.Contains(r.Pattern, ".") {
				paths = append(paths, r.Pattern)
			}
		}
		for _, path := range paths {
			page := c.Get(path)
			n, first := primaries(page)
			seen += n
			if n > 1 || !first {
				t.Errorf("%s at %s: %d primary actions, first %t: %q", role, path, n, first, page.Texts(".action"))
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d primary actions were seen", seen)
	}
	publisher := p.as(t, people.RolePublisher)
	if got := publisher.Get(document(classified)).Texts(".action"); len(got) != 1 || !strings.HasPrefix(got[0], "Đăng lên trang công khai") {
		t.Errorf("the publisher is offered %q", got)
	}
	if n, _ := primaries(publisher.Get(document(posted.Documents[0].ID))); n != 0 {
		t.Error("taking a page down is a primary action")
	}
}

// The demonstration's accounts need no second factor, so no printed codes are offered; the page says
// why.
func TestNoPrintedCodesWhereNoneAreAsked(t *testing.T) {
	t.Parallel()
	p := open(t)
	accounts, err := p.app.People.Accounts(access.System(t.Context(), "test"), people.AccountQuery{})
	must(t, err)
	i := slices.IndexFunc(accounts, func(a people.Account) bool { return a.Username == "thu-ky-diem-thi" })
	p.as(t, people.RoleAdmin).Get("/quan-tri/tai-khoan/"+string(accounts[i].ID)).
		WantNone("a", "In phiếu mã").Want("main p", "Không in phiếu mã: ở đây vai trò tại Điểm thi đăng nhập chỉ bằng mật khẩu.")
}

var officeLink = regexp.MustCompile(`<a [^>]*href="(/quan-tri/[^"?#]*)"`)

// What a page links to opens for who sees the link; and a page below the first one does not mark it.
func TestEveryLinkOfferedOpens(t *testing.T) {
	t.Parallel()
	p := open(t)
	for _, role := range []access.Role{people.RoleAdmin, people.RolePublisher, people.RoleLeader, people.RoleSpokesperson} {
		c := p.as(t, role)
		seen := map[string]bool{}
		follow := func(from string) {
			for _, m := range officeLink.FindAllSubmatch(c.Get(from).Body, -1) {
				to := string(m[1])
				if seen[to] || strings.Contains(to, ".") {
					continue
				}
				seen[to] = true
				if page := c.Get(to); page.Status != 200 {
					t.Errorf("%s: %s links to %s, which answers %d", role, from, to, page.Status)
				} else if marked := page.Texts("nav [aria-current]"); to != "/quan-tri/" && len(marked) > 0 && marked[0] == "Việc hôm nay" {
					t.Errorf("%s marks the first page", to)
				}
			}
		}
		follow("/quan-tri/")
		for from := range maps.Clone(seen) {
			follow(from)
		}
		if len(seen) < 8 {
			t.Errorf("%s was offered %d links", role, len(seen))
		}
	}
}

package demo_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/db"
	"bangvang/internal/base/web"
	"bangvang/internal/base/web/webtest"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

// An exhibit is a real document in one state.
type exhibit struct {
	name string
	id   documents.DocID
	file documents.FileID
	kind documents.Kind
}

// clerks takes the steps that bring exhibits where they stand, each in the name of an account.
type clerks struct {
	t *testing.T
	province
	number int
}

func (k *clerks) must(err error) {
	k.t.Helper()
	must(k.t, err)
}

func (k *clerks) as(username string) context.Context {
	k.t.Helper()
	system := access.System(k.t.Context(), "Kiểm thử")
	a, err := k.app.People.AccountByUsername(system, username)
	k.must(err)
	actor, err := k.app.People.ActorOf(system, a.ID)
	k.must(err)
	return access.With(k.t.Context(), actor)
}

func (k *clerks) version(id documents.DocID) int {
	k.t.Helper()
	d, err := k.app.Documents.Document(k.as("van-phong"), id)
	k.must(err)
	return d.Version
}

// enter registers a document by somebody, with a file that counts as examined: looking into files has
// its own tests.
func (k *clerks) enter(name, username string, kind documents.Kind) exhibit {
	k.t.Helper()
	k.number++
	in := documents.Input{Number: fmt.Sprintf("%d/CT-UBND", 900+k.number), Issuer: "UBND tỉnh", IssuedOn: "2021-05-20", Class: documents.Public, Subject: "Văn bản để thử các cửa, " + name}
	if kind == documents.Own {
		in.Number, in.Issuer, in.IssuedOn = "/KH-SGDĐT", "Sở Giáo dục và Đào tạo Lai Châu", ""
		in.Signer = documents.Signer{Position: "GIÁM ĐỐC", Name: "Đinh Trung Tuấn"}
	}
	who := k.as(username)
	id, err := k.app.Documents.Register(who, kind, in)
	k.must(err)
	file, err := k.app.Documents.AddFile(who, id, 1, documents.Upload{Role: documents.Original, Name: "ban-goc.pdf"}, strings.NewReader("tệp "+name))
	k.must(err)
	k.must(k.app.DB.Write(k.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		return db.Exec1(ctx, tx, "UPDATE document_file SET state = 'good', slug = 'ban-goc.pdf', media = 'application/pdf', preview = hash, preview_size = size WHERE id = $1", string(file))
	}))
	return exhibit{name, id, file, kind}
}

// exhibits are documents in the states that tell the doors apart.
func (k *clerks) exhibits() []exhibit {
	docs := k.app.Documents
	registered := k.enter("incoming, registered", "van-thu", documents.Incoming)
	classified := k.enter("incoming, classified", "van-thu", documents.Incoming)
	k.must(docs.Classify(k.as("khao-thi"), classified.id, k.version(classified.id), documents.Public, ""))
	kept := k.enter("incoming, kept inside", "van-thu", documents.Incoming)
	k.must(docs.Classify(k.as("khao-thi"), kept.id, k.version(kept.id), documents.Internal, ""))
	k.must(docs.Keep(k.as("khao-thi"), kept.id, k.version(kept.id), ""))
	posted := k.enter("incoming, posted", "van-thu", documents.Incoming)
	k.must(docs.Classify(k.as("khao-thi"), posted.id, k.version(posted.id), documents.Public, ""))
	k.must(docs.Post(k.as("dang-tai"), posted.id, k.version(posted.id), ""))
	school := k.enter("own, a school's draft", "bien-tap-truong", documents.Own)
	office := k.enter("own, the Office's draft", "van-phong", documents.Own)
	issued := k.enter("own, issued", "khao-thi", documents.Own)
	for _, step := range []struct{ by, do string }{{"khao-thi-2", "check_content"}, {"van-phong", "check_form"}, {"lanh-dao", "sign"}} {
		k.must(docs.Advance(k.as(step.by), issued.id, k.version(issued.id), step.do, ""))
	}
	k.must(docs.Number(k.as("van-thu"), issued.id, k.version(issued.id), documents.Numbering{}))
	k.must(docs.Advance(k.as("van-thu"), issued.id, k.version(issued.id), "issue", ""))
	return []exhibit{registered, classified, kept, posted, school, office, issued}
}

// doors are a document's addresses, its steps each by name.
func doors(routes []web.Route, e exhibit) []web.Route {
	var all []web.Route
	for _, r := range routes {
		if !strings.HasPrefix(r.Pattern, "/quan-tri/van-ban/{id}") {
			continue
		}
		if !strings.Contains(r.Pattern, "{do}") {
			all = append(all, r)
			continue
		}
		var seen []string
		for _, s := range documents.Workflow(e.kind).Steps {
			if !slices.Contains(seen, s.Do) {
				seen = append(seen, s.Do)
				step := r
				step.Pattern = strings.ReplaceAll(r.Pattern, "{do}", s.Do)
				all = append(all, step)
			}
		}
	}
	return all
}

// filled is a form with something in every field that a door asks for, but of no version: nobody saves.
var filled = url.Values{"class": {"public"}, "note": {"lý do"}, "change": {"minor"}, "ending": {"withdrawn"}, "reading": {"chữ"}, "role": {"original"},
	"relation": {"based_on"}, "target": {"08/CT-UBND"}}

// knock tries a door once, each time from another address, so that no limit answers instead.
func (k *clerks) knock(c *webtest.Client, r web.Route, id, file string) *webtest.Page {
	k.t.Helper()
	k.number++
	path := strings.NewReplacer("{id}", id, "{file}", file).Replace(r.Pattern)
	request, err := http.NewRequest(r.Method, path, strings.NewReader(filled.Encode()))
	k.must(err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "same-origin")
	request.Header.Set("X-Forwarded-For", fmt.Sprintf("10.1.%d.%d", k.number/200, k.number%200))
	return c.Do(request)
}

// TestDocumentDoors tries every door of a real document in each state as every role and as a
// stranger. Who may not know of the document cannot tell it from one that does not exist.
//
// Source: domain.md 2.4 ("– no access: answer 404, not 403").
func TestDocumentDoors(t *testing.T) {
	t.Parallel()
	k := &clerks{t: t, province: open(t)}
	routes := k.app.Office.Routes()
	exhibits := k.exhibits()
	browsers := map[access.Role]*webtest.Client{}
	for _, r := range people.Roles() {
		browsers[r.Role] = k.province.as(t, r.Role)
	}
	stranger := k.client.Another()
	missing := map[string]*webtest.Page{} // role and door → the answer where there is no document
	opened := map[string]bool{}           // whether a GET door opened to anybody anywhere
	var table strings.Builder
	for _, e := range exhibits {
		fmt.Fprintf(&table, "%s\n", e.name)
		before := k.version(e.id)
		for _, door := range doors(routes, e) {
			if got := k.knock(stranger, door, string(e.id), string(e.file)); got.Status != http.StatusSeeOther && got.Status != http.StatusUnauthorized {
				t.Errorf("a stranger got %d from %s %s", got.Status, door.Method, door.Pattern)
			}
			answers := map[int][]string{}
			for _, r := range people.Roles() {
				got := k.knock(browsers[r.Role], door, string(e.id), string(e.file))
				answers[got.Status] = append(answers[got.Status], string(r.Role))
				if door.Method == http.MethodGet && !strings.Contains(door.Pattern, "/buoc/") {
					opened[door.Pattern] = opened[door.Pattern] || got.Status == http.StatusOK
				}
				if got.Status == http.StatusNotFound {
					key := string(r.Role) + door.Method + door.Pattern
					if missing[key] == nil {
						missing[key] = k.knock(browsers[r.Role], door, "khong-co", "khong-co-tep")
					}
					k.sameAsMissing(r.Role, door, e, got, missing[key])
				}
			}
			fmt.Fprintf(&table, "  %-4s %-28s %s\n", door.Method, strings.TrimPrefix(door.Pattern, "/quan-tri/van-ban/{id}"), told(answers))
		}
		if after := k.version(e.id); after != before {
			t.Errorf("%s was changed by knocking at its doors", e.name)
		}
	}
	for pattern, open := range opened {
		if !open {
			t.Errorf("%s opens to nobody", pattern)
		}
	}
	golden(t, "doors.golden", table.String())
}

// told writes who got which answer; the rest got 404.
func told(answers map[int][]string) string {
	var parts []string
	for _, status := range []int{200, 303, 400, 403, 409, 410, 422, 429, 500} {
		if roles := answers[status]; len(roles) > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", status, strings.Join(roles, " ")))
			delete(answers, status)
		}
	}
	if len(answers[http.StatusNotFound]) > 0 {
		parts = append(parts, "404 the rest")
		delete(answers, http.StatusNotFound)
	}
	for status, roles := range answers {
		parts = append(parts, fmt.Sprintf("%d %s", status, strings.Join(roles, " ")))
	}
	return strings.Join(parts, "; ")
}

var addresses = regexp.MustCompile(`/quan-tri/van-ban/[^"]*`)

// sameAsMissing compares an answer with that for a document which does not exist.
func (k *clerks) sameAsMissing(role access.Role, door web.Route, e exhibit, hidden, missing *webtest.Page) {
	k.t.Helper()
	plain := func(p *webtest.Page) []byte { return addresses.ReplaceAll(p.Body, []byte("/…")) }
	if hidden.Status != missing.Status || !bytes.Equal(plain(hidden), plain(missing)) {
		k.t.Errorf("%s can tell %s from a document that does not exist at %s %s: %d %s\nmissing: %d %s",
			role, e.name, door.Method, door.Pattern, hidden.Status, hidden.Texts("main"), missing.Status, missing.Texts("main"))
	}
	if bytes.Contains(hidden.Body, []byte(e.name)) {
		k.t.Errorf("%s reads the subject of %s in a refusal", role, e.name)
	}
}

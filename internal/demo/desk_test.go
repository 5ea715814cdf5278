package demo_test

import (
	"fmt"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

// The desk of today tells who may post that an edit waits beside the live page, above what nobody
// reads yet; its link leads to that edit. Who only edits is told nothing.
func TestAnEditThatWaitsIsWorkOfToday(t *testing.T) {
	t.Parallel()
	p := open(t)
	publisher := p.as(t, people.RolePublisher)
	// waiting reads how many edits wait, the first line of work, and how many documents do, below it.
	waiting := func() (edits, posts int) {
		t.Helper()
		work := publisher.Get("/quan-tri/").Texts(".work li")
		for i, line := range work {
			if _, err := fmt.Sscanf(line, "Bản sửa chờ đăng %d", &edits); err == nil && i > 0 {
				t.Errorf("the edit that waits is not first: %q", work)
			}
			fmt.Sscanf(line, "Văn bản chờ đăng %d", &posts) // another line is no such line
		}
		return edits, posts
	}
	edits, posts := waiting() // the demonstration has work of its own
	found, err := p.app.Documents.List(access.System(t.Context(), "test"), documents.Filter{State: documents.StatePosted, Text: "08/CT-UBND"})
	must(t, err)
	new, err := p.app.Documents.Register(access.System(t.Context(), "test"), documents.Incoming, documents.Input{Number: "99/CT-UBND", Issuer: "UBND tỉnh", IssuedOn: "2021-06-01", Subject: "Văn bản mới"})
	must(t, err)
	must(t, p.app.Documents.Classify(access.System(t.Context(), "test"), new, 1, documents.Public, ""))
	editor := p.as(t, people.RoleExamOffice)
	editor.Get(documents.OfficePath(found.Documents[0].ID)).Click("Sửa thông tin").Fill("Ghi chú", "Bổ sung ghi chú").Press("Lưu")
	editor.Get("/quan-tri/").WantNone("main", "Bản sửa chờ đăng")
	if e, n := waiting(); e != edits+1 || n != posts+1 {
		t.Errorf("%d edits and %d documents wait, there were %d and %d", e, n, edits, posts)
	}
	publisher.Get("/quan-tri/").Click("Bản sửa chờ đăng").Want("td", found.Documents[0].Label())
}

package demo_test

import (
	"strings"
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
	found, err := p.app.Documents.List(access.System(t.Context(), "test"), documents.Filter{State: documents.StatePosted})
	must(t, err)
	new, err := p.app.Documents.Register(access.System(t.Context(), "test"), documents.Incoming, documents.Input{Number: "99/CT-UBND", Issuer: "UBND tỉnh", IssuedOn: "2021-06-01", Subject: "Văn bản mới"})
	must(t, err)
	must(t, p.app.Documents.Classify(access.System(t.Context(), "test"), new, 1, documents.Public, ""))
	editor := p.as(t, people.RoleExamOffice)
	editor.Get(documents.OfficePath(found.Documents[0].ID)).Click("Sửa thông tin").Fill("Ghi chú", "Bổ sung ghi chú").Press("Lưu")
	editor.Get("/quan-tri/").WantNone("main", "Bản sửa chờ đăng")
	publisher := p.as(t, people.RolePublisher)
	today := publisher.Get("/quan-tri/")
	if work := today.Texts(".work li"); len(work) != 2 || !strings.HasPrefix(work[0], "Bản sửa chờ đăng 2") || !strings.HasPrefix(work[1], "Văn bản chờ đăng 2") { // one each comes with the demonstration
		t.Errorf("the publisher's work of today: %q", work)
	}
	today.Click("Bản sửa chờ đăng").Want("td", found.Documents[0].Label())
}

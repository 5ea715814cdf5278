package documents_test

import (
	"context"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

func TestWorkflowTablesAreSound(t *testing.T) {
	t.Parallel()
	p, err := access.NewPolicy(nil, documents.Rules())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []documents.Kind{documents.Incoming, documents.Own} {
		if err := documents.Workflow(k).Check(p); err != nil {
			t.Error(err)
		}
	}
}

// Who may read a document is said while it is entered or drafted, and by steps afterwards.
func TestWhoMayReadIsSaidInTheFirstState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		in := ownDraft()
		in.Class = documents.Unclassified
		_, err := o.Register(o.exam(), documents.Own, in)
		want(t, err, fault.Invalid, "an own draft of which nobody says who may read it")
		in.Class = documents.Internal
		id, err := o.Register(o.exam(), documents.Own, in)
		o.must(err)
		in.Class = documents.Public
		o.must(o.Edit(o.exam(), id, o.get(id).Version, in))
		if got := o.get(id).Class; got != documents.Public {
			t.Errorf("the draft is %q after its class was edited", got)
		}

		directive := directive()
		directive.Class = documents.Public
		id = o.posted(directive)
		directive.Class, directive.Subject = documents.Internal, "Trích yếu đã sửa"
		o.must(o.Edit(o.exam(), id, o.get(id).Version, directive))
		if got := o.get(id).Class; got != documents.Public {
			t.Errorf("the posted document is %q after an edit", got)
		}
	})
}

// R-III.1.b-1: the exam office enters, the political office posts, each step attributed.
func TestTwoOfficesPostADocument(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id, err := o.Register(o.exam(), documents.Incoming, directive())
		o.must(err)
		want(t, o.Post(o.publisherCtx(), id, 1, ""), fault.Conflict, "posting before it was classified")
		want(t, o.Classify(o.publisherCtx(), id, 1, documents.Public, ""), fault.Denied, "classifying by the publisher")
		o.must(o.Classify(o.exam(), id, 1, documents.Public, ""))
		want(t, o.Post(o.exam(), id, 2, ""), fault.Denied, "posting by the exam office")
		both := as(t, "Mai", people.RoleExamOffice, people.RolePublisher)
		want(t, o.Post(both, id, 2, ""), fault.Denied, "posting what one entered, under another role")
		want(t, o.Post(o.publisherCtx(), id, 1, ""), fault.Conflict, "posting a version that moved on")
		want(t, o.Post(as(t, "An", people.RoleAdmin), id, 2, ""), fault.NotFound, "posting by an administrator, who reads no content")
		offered, err := o.Offered(both, o.get(id))
		o.must(err)
		for _, s := range offered {
			if s.Do == "post" {
				t.Error("who entered is offered to post")
			}
		}
		o.must(o.Post(o.publisherCtx(), id, 2, ""))
		d := o.get(id)
		if d.State != documents.StatePosted || d.Live != 1 || d.PostedAt == 0 || d.Path() != "/van-ban/08-ct-ubnd-2021" {
			t.Errorf("posted as %+v", d)
		}
		history, err := o.History(o.clerk(), d)
		o.must(err)
		var told []string
		for _, h := range history {
			told = append(told, h.Name+" "+strings.TrimPrefix(h.Action, "document.")+" as "+string(h.Role))
		}
		if got := strings.Join(told, ", "); got != "Cô Mai enter as exam_office, Cô Mai classify as exam_office, Cô Mai class as exam_office, Cô Lan post as publisher" {
			t.Errorf("history: %s", got)
		}
		if _, err := audit.Verify(t.Context(), o.db.Read()); err != nil {
			t.Error(err)
		}
	})
}

// Four eyes compares persons and remembers whose hands were on what is not published yet, also when
// the document was sent back in between.
func TestWhoEditedDoesNotPost(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.enter(directive())
		mixed := as(t, "Lan", people.RolePublisher, people.RoleOffice)
		in := directive()
		in.Description = "Sửa bởi người đăng"
		o.must(o.Edit(mixed, id, 1, in))
		o.must(o.Classify(o.exam(), id, 2, documents.Public, ""))
		want(t, o.SendBack(o.publisherCtx(), id, 3, "return", " "), fault.Invalid, "sending back without a reason")
		o.must(o.SendBack(o.publisherCtx(), id, 3, "return", "Thiếu ngày hiệu lực"))
		o.must(o.Classify(o.exam(), id, 4, documents.Public, ""))
		want(t, o.Post(o.publisherCtx(), id, 5, ""), fault.Denied, "posting what one edited before it was sent back")
		o.must(o.Post(o.deskHead(), id, 5, ""))

		in.Description = "Sửa lần nữa"
		o.must(o.Edit(o.clerk(), id, 6, in))
		want(t, o.Update(as(t, "Hoa", people.RolePublisher), id, 7, documents.Minor, "Sửa ghi chú"), fault.Denied, "updating with one's own edit")
		o.must(o.Update(o.publisherCtx(), id, 7, documents.Minor, "Sửa ghi chú"))
	})
}

// Never: post a document classed internal (domain.md 6.2).
func TestInternalDocumentsAreNotPosted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.enter(directive())
		o.must(o.Classify(o.exam(), id, 1, documents.Internal, ""))
		want(t, o.Post(o.publisherCtx(), id, 2, ""), fault.Conflict, "posting an internal document")
		o.must(o.Keep(o.exam(), id, 2, ""))
		want(t, o.Post(o.publisherCtx(), id, 3, ""), fault.Conflict, "posting a document kept inside")
		o.must(o.SendBack(o.exam(), id, 3, "reopen", "Được phép công khai"))
		o.must(o.Classify(o.exam(), id, 4, documents.Public, ""))
		want(t, o.Keep(o.exam(), id, 5, ""), fault.Conflict, "keeping inside what is public")
		o.must(o.Post(o.publisherCtx(), id, 5, ""))
	})
}

// Never: change the text under a signature. The reading copy stands still where the fields do.
func TestTheReadingCopyStandsStillWithTheFields(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		text := richtext.FromPlain("I. NỘI DUNG")
		id, err := o.Register(o.exam(), documents.Own, ownDraft())
		o.must(err)
		o.must(o.SetReading(o.exam(), id, 1, text))
		o.must(o.Advance(o.examHead(), id, 2, "check_content", ""))
		want(t, o.SetReading(o.exam(), id, 3, richtext.FromPlain("II. ĐÃ ĐỔI")), fault.Conflict, "changing the text of what was approved")
		id = o.enter(directive())
		o.must(o.Classify(o.exam(), id, 1, documents.Public, ""))
		want(t, o.SetReading(o.clerk(), id, 2, text), fault.Conflict, "changing the text of what waits to be posted")
		o.must(o.Post(o.publisherCtx(), id, 2, ""))
		o.must(o.SetReading(o.clerk(), id, 3, text))
		want(t, o.SetReading(o.clerk(), id, 3, richtext.Doc{}), fault.Conflict, "saving over what somebody saved")
	})
}

func ownDraft() documents.Input {
	return documents.Input{Number: "/KH-SGDĐT", Issuer: "Sở GDĐT", Subject: "Truyền thông về Kỳ thi tốt nghiệp THPT năm 2021", Class: documents.Public,
		Signer: documents.Signer{Position: "GIÁM ĐỐC", Name: "Đinh Trung Tuấn"}}
}

// issued takes an own document from draft to issue.
func (o *office) issued(in documents.Input) documents.DocID {
	o.t.Helper()
	id, err := o.Register(o.exam(), documents.Own, in)
	o.must(err)
	o.must(o.Advance(o.examHead(), id, 1, "check_content", ""))
	o.must(o.Advance(o.deskHead(), id, 2, "check_form", ""))
	o.must(o.Advance(o.leader(), id, 3, "sign", ""))
	o.must(o.Number(o.clerk(), id, 4, documents.Numbering{}))
	o.must(o.Advance(o.clerk(), id, o.get(id).Version, "issue", ""))
	return id
}

func TestOwnDocumentFromDraftToPage(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id, err := o.Register(o.exam(), documents.Own, ownDraft())
		o.must(err)
		want(t, o.Advance(o.exam(), id, 1, "check_content", ""), fault.Denied, "checking what one drafted")
		want(t, o.Advance(o.leader(), id, 1, "sign", ""), fault.Conflict, "signing a draft nobody checked")
		o.must(o.Advance(o.examHead(), id, 1, "check_content", ""))
		o.must(o.Advance(o.deskHead(), id, 2, "check_form", ""))
		want(t, o.Edit(o.exam(), id, 3, ownDraft()), fault.Conflict, "editing what waits for the signature")
		want(t, o.Advance(o.clerk(), id, 3, "sign", ""), fault.Denied, "signing by the clerk")
		o.must(o.Advance(o.leader(), id, 3, "sign", ""))
		o.must(o.Number(o.clerk(), id, 4, documents.Numbering{}))
		d := o.get(id)
		if d.Content.Number.String() != "01/KH-SGDĐT" || d.Content.IssuedOn != "2021-06-10" || d.State != documents.StateNumbered {
			t.Fatalf("numbered as %s of %s in %s", d.Content.Number, d.Content.IssuedOn, d.State)
		}
		f := o.file(id, "01 KH-SGDĐT ký số.pdf", "bản quét có dấu")
		o.examine()
		o.must(o.Advance(o.clerk(), id, o.get(id).Version, "issue", ""))
		o.must(o.Post(o.publisherCtx(), id, o.get(id).Version, ""))
		files, err := o.FilesOf(o.exam(), o.get(id))
		o.must(err)
		if o.get(id).Path() != "/van-ban/01-kh-sgddt-2021" || len(files) != 1 || files[0].ID != f || files[0].Slug != "01-kh-sgddt-ky-so.pdf" {
			t.Errorf("posted at %s with %+v", o.get(id).Path(), files)
		}
	})
}

// Never: reuse or skip a number without a reason (domain.md 6.2).
func TestNumbersAreNotReusedAndGapsAreExplained(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		o.issued(ownDraft())
		second := ownDraft()
		second.Subject = "Kế hoạch thứ hai"
		id, err := o.Register(o.exam(), documents.Own, second)
		o.must(err)
		o.must(o.Advance(o.examHead(), id, 1, "check_content", ""))
		o.must(o.Advance(o.deskHead(), id, 2, "check_form", ""))
		o.must(o.Advance(o.leader(), id, 3, "sign", ""))
		if next, err := o.Next(o.clerk(), o.get(id)); err != nil || next != 2 {
			t.Errorf("next number %d, %v", next, err)
		}
		want(t, o.Number(o.clerk(), id, 4, documents.Numbering{Ordinal: 1}), fault.Invalid, "a number that was given")
		want(t, o.Number(o.clerk(), id, 4, documents.Numbering{Ordinal: 4}), fault.Invalid, "skipping two numbers silently")
		want(t, o.Number(o.clerk(), id, 4, documents.Numbering{IssuedOn: "2021-06-11"}), fault.Invalid, "a day to come")
		o.must(o.Number(o.clerk(), id, 4, documents.Numbering{Ordinal: 4, Gap: "Số 02, 03 đã ghi trên giấy cho văn bản hủy"}))

		third := ownDraft()
		third.Subject = "Kế hoạch thứ ba"
		last := o.issued(third)
		if got := o.get(last).Content.Number.String(); got != "05/KH-SGDĐT" {
			t.Errorf("after a gap of two and number 4: %s", got)
		}
		report := ownDraft()
		report.Number, report.Subject = "/BC-SGDĐT", "Báo cáo nhanh"
		if got := o.get(o.issued(report)).Content.Number.String(); got != "01/BC-SGDĐT" {
			t.Errorf("another series begins with %s", got)
		}
		in := third
		in.Number, in.Subject = "", "Sửa sau khi phát hành"
		want(t, o.Edit(o.exam(), last, o.get(last).Version, in), fault.Conflict, "editing an issued document that is not on the site")
	})
}

func TestDelegatedSignatureNeedsADelegationInForce(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		in := ownDraft()
		in.Signer.Authority = documents.Delegated
		_, err := o.Register(o.exam(), documents.Own, in)
		want(t, err, fault.Invalid, "TUQ. without a delegation")
		in.Signer.Delegation, in.Signer.DelegatedTill = "12/GUQ-SGDĐT", "2021-06-01"
		id, err := o.Register(o.exam(), documents.Own, in)
		o.must(err)
		o.must(o.Advance(o.examHead(), id, 1, "check_content", ""))
		o.must(o.Advance(o.deskHead(), id, 2, "check_form", ""))
		want(t, o.Advance(o.leader(), id, 3, "sign", ""), fault.Conflict, "signing by a delegation that ended")
		titled := ownDraft()
		titled.Signer.Name = "TS. Đinh Trung Tuấn"
		_, err = o.Register(o.exam(), documents.Own, titled)
		want(t, err, fault.Invalid, "a degree before the signer's name")
	})
}

func TestUnitsDraftAndReadOnlyTheirOwn(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		editor := as(t, "Thảo", people.RoleUnitEditor)
		id, err := o.Register(editor, documents.Own, ownDraft())
		o.must(err)
		other := ownDraft()
		other.Subject = "Của phòng khác"
		theirs, err := o.Register(o.exam(), documents.Own, other)
		o.must(err)
		l, err := o.List(editor, documents.Filter{})
		if err != nil || l.Total != 1 || l.Documents[0].ID != id {
			t.Errorf("a unit's editor sees %d documents, %v", l.Total, err)
		}
		_, err = o.Document(editor, theirs)
		want(t, err, fault.NotFound, "another office's draft")
		o.must(o.Advance(as(t, "Bình", people.RoleUnitHead), id, 1, "check_content", ""))
		incoming := o.enter(directive())
		_, err = o.Document(editor, incoming)
		want(t, err, fault.NotFound, "the incoming registry for a unit's editor")
	})
}

// Domain.md 2.4: the row "own document" has nothing for the publisher, who posts what was issued.
func TestThePublisherKnowsOfOwnDocumentsFromTheirIssue(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		draft, err := o.Register(o.exam(), documents.Own, ownDraft())
		o.must(err)
		_, err = o.Document(o.publisherCtx(), draft)
		want(t, err, fault.NotFound, "a draft, for the publisher")
		second := ownDraft()
		second.Subject = "Kế hoạch đã phát hành"
		issued := o.issued(second)
		l, err := o.List(o.publisherCtx(), documents.Filter{})
		if err != nil || l.Total != 1 || l.Documents[0].ID != issued {
			t.Errorf("the publisher sees %d documents, %v", l.Total, err)
		}
		offered, err := o.Offered(o.publisherCtx(), o.get(issued))
		if err != nil || len(offered) != 1 || offered[0].Do != "post" {
			t.Errorf("the publisher is offered %v, %v", offered, err)
		}
		want(t, o.Recall(o.publisherCtx(), issued, o.get(issued).Version, "recall", "lý do"), fault.Denied, "recalling what one may read, for the publisher")
	})
}

// Domain.md 2.3: the content is reviewed by the head of the drafting office, no other.
func TestContentIsCheckedInTheOfficeThatDrafted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		for _, drafting := range []access.Role{people.RoleExamOffice, people.RoleOffice, people.RoleInspector, people.RoleCouncilSecretary, people.RoleUnitEditor} {
			in := ownDraft()
			in.Subject = "Kế hoạch của " + people.RoleTitle(drafting)
			id, err := o.Register(as(t, "Soạn", drafting), documents.Own, in)
			o.must(err)
			checks := drafting
			if drafting == people.RoleUnitEditor {
				checks = people.RoleUnitHead
			}
			for _, r := range people.Roles() {
				colleague := as(t, "Đồng nghiệp", r.Role)
				d, err := o.Document(colleague, id)
				if err != nil {
					continue
				}
				offered, err := o.Offered(colleague, d)
				o.must(err)
				if may := len(offered) == 1 && offered[0].Do == "check_content"; may != (r.Role == checks) || len(offered) > 1 {
					t.Errorf("%s is offered %v on a draft of %s", r.Role, offered, drafting)
				}
				if r.Role != checks {
					want(t, o.Advance(colleague, id, 1, "check_content", ""), fault.Denied, string(r.Role)+" checking a draft of "+string(drafting))
				}
			}
			o.must(o.Advance(as(t, "Đồng nghiệp", checks), id, 1, "check_content", ""))
		}
	})
}

func TestADraftIsOfAnOffice(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		nowhere := access.With(t.Context(), access.Actor{Person: "x", Grants: []access.Grant{{Role: people.RoleOffice, Scope: access.Scope{Kind: access.Department}}}})
		_, err := o.Register(nowhere, documents.Own, ownDraft())
		want(t, err, fault.Invalid, "a draft by somebody who works in no office")
		named := ownDraft()
		named.Unit = "van-phong"
		_, err = o.Register(nowhere, documents.Own, named)
		o.must(err)
	})
}

// Every step that the tables do not list is refused, and every verb leads only where they say.
func TestEveryStepNotListedIsRefused(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		everyone := func(person string) context.Context {
			var all []access.Role
			for _, r := range people.Roles() {
				if r.Role != people.RoleUnitEditor && r.Role != people.RoleUnitHead {
					all = append(all, r.Role)
				}
			}
			return as(t, person, all...)
		}
		incoming, own := o.enter(directive()), o.issued(ownDraft())
		target := directive()
		target.Number = "09/CT-UBND"
		by := o.posted(target)
		verbs := o.verbs(by)
		for kind, id := range map[documents.Kind]documents.DocID{documents.Incoming: incoming, documents.Own: own} {
			table := documents.Workflow(kind)
			for state := range table.States {
				for do, verb := range verbs {
					listed := false
					for _, s := range table.Steps {
						listed = listed || (s.From == state && s.Do == do)
					}
					if listed {
						continue
					}
					o.put(id, state)
					before := o.get(id)
					if err := verb(everyone("Ai đó"), id, before.Version); err == nil || fault.KindOf(err) == fault.Internal {
						t.Errorf("%s from %s gave %v", do, state, err)
					}
					if after := o.get(id); after.State != state || after.Version != before.Version || after.Live != before.Live {
						t.Errorf("refused %s from %s left %s, version %d → %d", do, state, after.State, before.Version, after.Version)
					}
				}
			}
			for _, s := range table.Steps {
				if verbs[s.Do] == nil {
					t.Errorf("step %s of %s has no verb", s.Do, kind)
				}
			}
		}
	})
}

// put forces a state, to try every step from every state.
func (o *office) put(id documents.DocID, state workflow.State) {
	o.t.Helper()
	o.exec("UPDATE document SET state = $2 WHERE id = $1", string(id), string(state))
}

// verbs gives each step's verb, with what its form would say; by is what replaces.
func (o *office) verbs(by documents.DocID) map[string]func(context.Context, documents.DocID, int) error {
	return map[string]func(context.Context, documents.DocID, int) error{
		"classify": func(c context.Context, id documents.DocID, v int) error {
			return o.Classify(c, id, v, documents.Public, "")
		},
		"keep": func(c context.Context, id documents.DocID, v int) error { return o.Keep(c, id, v, "") },
		"return": func(c context.Context, id documents.DocID, v int) error {
			return o.SendBack(c, id, v, "return", "lý do")
		},
		"reopen": func(c context.Context, id documents.DocID, v int) error {
			return o.SendBack(c, id, v, "reopen", "lý do")
		},
		"post": func(c context.Context, id documents.DocID, v int) error { return o.Post(c, id, v, "") },
		"update": func(c context.Context, id documents.DocID, v int) error {
			return o.Update(c, id, v, documents.Major, "lý do")
		},
		"withdraw": func(c context.Context, id documents.DocID, v int) error {
			return o.Withdraw(c, id, v, documents.Withdrawal{Ending: documents.EndWithdrawn, Note: "lý do"})
		},
		"restore": func(c context.Context, id documents.DocID, v int) error { return o.Restore(c, id, v, "lý do") },
		"check_content": func(c context.Context, id documents.DocID, v int) error {
			return o.Advance(c, id, v, "check_content", "")
		},
		"check_form": func(c context.Context, id documents.DocID, v int) error { return o.Advance(c, id, v, "check_form", "") },
		"sign":       func(c context.Context, id documents.DocID, v int) error { return o.Advance(c, id, v, "sign", "") },
		"number": func(c context.Context, id documents.DocID, v int) error {
			return o.Number(c, id, v, documents.Numbering{})
		},
		"issue":   func(c context.Context, id documents.DocID, v int) error { return o.Advance(c, id, v, "issue", "") },
		"archive": func(c context.Context, id documents.DocID, v int) error { return o.Advance(c, id, v, "archive", "") },
		"correct": func(c context.Context, id documents.DocID, v int) error {
			return o.Recall(c, id, v, "correct", "lý do")
		},
		"recall": func(c context.Context, id documents.DocID, v int) error {
			return o.Recall(c, id, v, "recall", "lý do")
		},
		"replace": func(c context.Context, id documents.DocID, v int) error { return o.ReplacedBy(c, id, v, by, "lý do") },
	}
}

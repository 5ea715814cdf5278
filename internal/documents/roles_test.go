package documents_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/workflow"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

// Who takes which step from which state: domain.md 6.2 with the offices of 2.3 and 2.4, by hand. The
// own document is one that a unit's editor drafted; its head is unit_head.
var who = map[documents.Kind]string{
	documents.Incoming: `
registered      classify      exam_office
classified      reopen keep   exam_office
classified      return post   publisher office
kept_internal   reopen        exam_office
posted          update withdraw  publisher office
withdrawn       restore       publisher office
`,
	documents.Own: `
drafting        check_content unit_head
checked_content check_form return  office
checked_form    sign return   unit_head council_chair leader
signed          number        clerk
numbered        issue         clerk
issued          post          publisher office
issued          correct replace recall archive  office clerk
posted          update withdraw  publisher office
posted          correct replace recall archive  office clerk
withdrawn       restore       publisher office
corrected       archive       office clerk
corrected       update withdraw restore  publisher office
replaced        archive       office clerk
replaced        update withdraw restore  publisher office
recalled        archive       office clerk
recalled        update withdraw restore  publisher office
archived        update withdraw restore  publisher office
`,
}

// reads says who knows of a document: domain.md 2.4, an own one before and after its issue.
var reads = map[documents.Kind]string{
	documents.Incoming: "exam_office publisher office clerk auditor",
	documents.Own:      "unit_editor unit_head council_secretary council_chair exam_office office clerk inspector leader auditor",
}

const drafts = "drafting checked_content checked_form signed numbered"

type cell struct {
	state workflow.State
	do    string
}

// stepTable reads who into cell → roles.
func stepTable(t *testing.T, kind documents.Kind) map[cell][]string {
	t.Helper()
	table := map[cell][]string{}
	for line := range strings.Lines(who[kind]) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		first := slices.IndexFunc(words, func(w string) bool { _, ok := people.RoleOf(access.Role(w)); return ok })
		for _, do := range words[1:first] {
			table[cell{workflow.State(words[0]), do}] = words[first:]
		}
	}
	listed := map[cell]bool{}
	for _, s := range documents.Workflow(kind).Steps {
		c := cell{s.From, s.Do}
		listed[c] = true
		if table[c] == nil {
			t.Errorf("%s: the table says nothing of %s from %s", kind, s.Do, s.From)
		}
	}
	for c := range table {
		if !listed[c] {
			t.Errorf("%s: the program has no step %s from %s", kind, c.do, c.state)
		}
	}
	return table
}

// TestEveryRoleTriesEveryStepFromEveryState: allowed exactly where the table says, attributed to the
// role that tried, and a refusal leaves nothing behind.
//
// Source: domain.md 2.3, 2.4, 6.2.
func TestEveryRoleTriesEveryStepFromEveryState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		target := directive()
		target.Number = "09/CT-UBND"
		s := &stage{office: o, by: o.posted(target)}
		for _, kind := range []documents.Kind{documents.Incoming, documents.Own} {
			table := stepTable(t, kind)
			var steps []string
			for _, step := range documents.Workflow(kind).Steps {
				if !slices.Contains(steps, step.Do) {
					steps = append(steps, step.Do)
				}
			}
			for state := range documents.Workflow(kind).States {
				for _, do := range steps {
					s.tryAll(kind, cell{state, do}, table[cell{state, do}])
				}
			}
		}
	})
}

// A stage puts documents where a step is to be tried.
type stage struct {
	*office
	by     documents.DocID // what replaces
	number int
}

func (s *stage) tryAll(kind documents.Kind, c cell, allowed []string) {
	verb := s.verbs(s.by)[c.do]
	id := s.set(kind, c)
	d, before := s.get(id), s.traces()
	if d.State != c.state {
		s.t.Fatalf("the stage for %s from %s stands at %s", c.do, c.state, d.State)
	}
	for _, r := range people.Roles() {
		role := string(r.Role)
		what := fmt.Sprintf("%s: %s from %s by %s", kind, c.do, c.state, role)
		ctx := as(s.t, "Thử", r.Role)
		err := verb(ctx, id, d.Version)
		if slices.Contains(allowed, role) {
			if err != nil {
				s.t.Errorf("%s is refused: %v (%q)", what, err, fault.Message(err))
				continue
			}
			s.attributed(what, r.Role, id)
			id = s.set(kind, c)
			d, before = s.get(id), s.traces()
			continue
		}
		knows := slices.Contains(strings.Fields(reads[kind]), role) ||
			kind == documents.Own && role == "publisher" && !slices.Contains(strings.Fields(drafts), string(c.state))
		switch {
		case err == nil:
			s.t.Fatalf("%s went through", what)
		case !knows && !fault.Is(err, fault.NotFound):
			s.t.Errorf("%s, who may not know of it, got %v", what, err)
		case knows && !fault.Is(err, fault.Denied) && !fault.Is(err, fault.Conflict):
			s.t.Errorf("%s got %v", what, err)
		}
		if after := s.traces(); after != before {
			s.t.Fatalf("%s was refused and left something: %s, before it %s", what, after, before)
		}
	}
}

// attributed checks that the lines of the last step name the role.
func (s *stage) attributed(what string, role access.Role, id documents.DocID) {
	lines, err := audit.List(s.t.Context(), s.db.Read(), audit.Query{Object: string(id)})
	s.must(err)
	if lines[0].Role != role || lines[0].Scope == (access.Scope{}) || lines[0].Name != "Cô Thử" {
		s.t.Errorf("%s is told as %s in role %q of %q", what, lines[0].Name, lines[0].Role, lines[0].Scope)
	}
}

// traces counts what a deed could leave behind, and the versions of documents.
func (s *stage) traces() string {
	var counts []string
	for _, table := range []string{"audit", "event", "job", "workflow_step", "publish_touch", "document", "document_address", "document_edition", "document_card", "document_hand",
		"document_relation", "document_file", "document_mention", "document_personal", "document_gap"} {
		counts = append(counts, "(SELECT COUNT(*) FROM "+table+")")
	}
	counts = append(counts, "(SELECT SUM(version) FROM document)")
	var all string
	s.must(s.db.Read().QueryRowContext(s.t.Context(), "SELECT "+strings.Join(counts, " || ' ' || ")).Scan(&all))
	return all
}

// set makes a document that stands in the cell's state with all that its step needs, by the offices'
// own verbs.
func (s *stage) set(kind documents.Kind, c cell) documents.DocID {
	s.t.Helper()
	s.number++
	if kind == documents.Incoming {
		return s.incoming(c)
	}
	return s.own(c)
}

func (s *stage) incoming(c cell) documents.DocID {
	in := directive()
	in.Number = fmt.Sprintf("%d/CT-UBND", 100+s.number)
	id := s.enter(in)
	if c.state == documents.StateRegistered {
		return id
	}
	class := documents.Public
	if c.state == documents.StateKept || c.state == documents.StateClassified && c.do == "keep" {
		class = documents.Internal
	}
	s.must(s.Classify(s.exam(), id, 1, class, ""))
	switch c.state {
	case documents.StateKept:
		s.must(s.Keep(s.exam(), id, 2, ""))
	case documents.StatePosted, documents.StateWithdrawn:
		s.must(s.Post(s.publisherCtx(), id, 2, ""))
		s.ready(id, in, c)
	}
	return id
}

// ready gives a posted document the edit that an update needs, and takes its page down where the step
// is to put it back.
func (s *stage) ready(id documents.DocID, in documents.Input, c cell) {
	if c.do == "update" && c.state != documents.StateWithdrawn {
		in.Description = "Đã sửa"
		s.must(s.Edit(s.clerk(), id, s.get(id).Version, in))
	}
	if c.state == documents.StateWithdrawn {
		s.takeDown(id)
	}
}

func (s *stage) takeDown(id documents.DocID) {
	s.must(s.Withdraw(s.publisherCtx(), id, s.get(id).Version, documents.Withdrawal{Ending: documents.EndWithdrawn, Note: "lý do"}))
}

func (s *stage) own(c cell) documents.DocID {
	in := ownDraft()
	in.Type, in.Subject = "Kế hoạch", fmt.Sprintf("Kế hoạch lần thứ %d", s.number)
	id, err := s.Register(as(s.t, "Thảo", people.RoleUnitEditor), documents.Own, in)
	s.must(err)
	way := []struct {
		to   workflow.State
		take func(version int) error
	}{
		{documents.StateCheckedContent, func(v int) error { return s.Advance(as(s.t, "Bình", people.RoleUnitHead), id, v, "check_content", "") }},
		{documents.StateCheckedForm, func(v int) error { return s.Advance(s.deskHead(), id, v, "check_form", "") }},
		{documents.StateSigned, func(v int) error { return s.Advance(s.leader(), id, v, "sign", "") }},
		{documents.StateNumbered, func(v int) error { return s.Number(s.clerk(), id, v, documents.Numbering{}) }},
		{documents.StateIssued, func(v int) error { return s.Advance(s.clerk(), id, v, "issue", "") }},
		{documents.StatePosted, func(v int) error { return s.Post(s.publisherCtx(), id, v, "") }},
	}
	for _, w := range way {
		d := s.get(id)
		if d.State == c.state {
			return id
		}
		s.must(w.take(d.Version))
	}
	s.ready(id, in, c)
	switch v := s.get(id).Version; c.state {
	case documents.StateCorrected:
		s.must(s.Recall(s.clerk(), id, v, "correct", "lý do"))
	case documents.StateRecalled:
		s.must(s.Recall(s.clerk(), id, v, "recall", "lý do"))
	case documents.StateReplaced:
		s.must(s.ReplacedBy(s.clerk(), id, v, s.by, "lý do"))
	case documents.StateArchived:
		s.must(s.Advance(s.clerk(), id, v, "archive", ""))
	}
	if c.do == "restore" && c.state != documents.StatePosted && c.state != documents.StateWithdrawn {
		s.takeDown(id)
	}
	return id
}

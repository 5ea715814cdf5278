package documents_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/publish"
	"bangvang/internal/base/richtext"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/people"
)

// An office is a registry with everything it stands on, its public site included.
type office struct {
	*documents.Service
	t         *testing.T
	db        *db.DB
	clk       *clock.Clock
	policy    *access.Policy
	site      *publish.Site
	publisher *publish.Publisher
	plane     *publish.Plane
	runner    *jobs.Runner
	files     blob.Store
	inspector *reader
}

// reader answers for the inspector: tests say what a file is and holds; package inspect has its own
// tests for finding out.
type reader struct{ says map[string]inspect.Report }

func (r *reader) Inspect(_ context.Context, name string, in io.Reader) (inspect.Report, error) {
	b, err := io.ReadAll(in)
	if err != nil {
		return inspect.Report{}, err
	}
	if strings.HasPrefix(string(b), "MZ") {
		return inspect.Report{Type: inspect.Executable}, fault.New(fault.Invalid, "Tệp “%s” là chương trình, không nhận.", name)
	}
	if rep, ok := r.says[name]; ok {
		return rep, nil
	}
	return inspect.Report{Type: inspect.PDF, Pages: 2, TextByPage: []string{string(b)}, Preview: []byte("jpeg of " + name)}, nil
}

func (r *reader) Identify(name string, in io.Reader) (inspect.Report, error) {
	return r.Inspect(context.Background(), name, in)
}

// noUnits has every unit directly below the Department.
type noUnits struct{}

func (noUnits) Path(_ context.Context, unit string) ([]string, error) {
	if unit == "" {
		return nil, nil
	}
	return []string{unit, "so"}, nil
}

var opening = time.Date(2021, 6, 10, 8, 0, 0, 0, clock.Zone)

// each runs an exercise on a fresh office with each engine.
func each(t *testing.T, exercise func(t *testing.T, o *office)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(opening) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		exercise(t, open(t, d, clk))
	})
}

func open(t *testing.T, d *db.DB, clk *clock.Clock) *office {
	t.Helper()
	policy, err := access.NewPolicy(clk, documents.Rules())
	if err != nil {
		t.Fatal(err)
	}
	store, err := blob.Open(t.Context(), filepath.Join(t.TempDir(), "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	area := func(name string) blob.Store {
		a, err := store.Area(name)
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	files := area("files")
	site, err := publish.OpenSite(t.Context(), publish.SiteOptions{Store: area("site"), Files: files})
	if err != nil {
		t.Fatal(err)
	}
	o := &office{t: t, files: files, db: d, clk: clk, policy: policy, site: site, publisher: publish.NewPublisher(d, site), runner: jobs.NewRunner(d, 2), inspector: &reader{says: map[string]inspect.Report{}}}
	o.Service = documents.New(documents.Deps{DB: d, Policy: policy, Clock: clk, Files: files, Inspector: o.inspector, Publisher: o.publisher, Units: noUnits{},
		Sites: func(context.Context) (ui.Sites, error) {
			site := ui.Site{Name: "Thông tin về Kỳ thi tốt nghiệp THPT năm 2021", Owner: "Sở Giáo dục và Đào tạo Lai Châu", BaseURL: "https://thi.example.vn"}
			return ui.Sites{Vietnamese: site, English: site}, nil
		}})
	o.publisher.Register(o.Source())
	o.Jobs(o.runner)
	return o
}

// desks are the offices in which the people of the Department's roles work.
var desks = map[access.Role]string{people.RoleExamOffice: "khao-thi", people.RolePublisher: "ct-tt", people.RoleOffice: "van-phong", people.RoleClerk: "van-phong",
	people.RoleInspector: "thanh-tra", people.RoleLeader: "so", people.RoleCouncilSecretary: "hoi-dong", people.RoleCouncilChair: "hoi-dong"}

// as gives a context in which a person of these roles acts, in the office of the last of them.
func as(t *testing.T, person string, roles ...access.Role) context.Context {
	a := access.Actor{Person: person, Name: "Cô " + person, Username: person}
	for _, r := range roles {
		scope := access.Scope{Kind: access.Department}
		if unit := desks[r]; unit != "" {
			a.Unit = unit
		}
		if r == people.RoleUnitEditor || r == people.RoleUnitHead {
			scope = access.Scope{Kind: access.Unit, ID: "thpt-1"}
		}
		a.Grants = append(a.Grants, access.Grant{Role: r, Scope: scope})
	}
	return access.With(t.Context(), a)
}

func (o *office) clerk() context.Context        { return as(o.t, "Hoa", people.RoleClerk) }
func (o *office) exam() context.Context         { return as(o.t, "Mai", people.RoleExamOffice) }
func (o *office) examHead() context.Context     { return as(o.t, "Sơn", people.RoleExamOffice) }
func (o *office) publisherCtx() context.Context { return as(o.t, "Lan", people.RolePublisher) }
func (o *office) leader() context.Context       { return as(o.t, "Tuấn", people.RoleLeader) }
func (o *office) deskHead() context.Context     { return as(o.t, "Nga", people.RoleOffice) }

func directive() documents.Input {
	return documents.Input{Number: "08/CT-UBND", Issuer: "UBND tỉnh", IssuedOn: "2021-05-12", Class: documents.Public,
		Subject: "Tăng cường chỉ đạo tổ chức Kỳ thi tốt nghiệp trung học phổ thông năm 2021"}
}

func (o *office) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatalf("%v (%q)", err, fault.Message(err))
	}
}

func (o *office) get(id documents.DocID) documents.Document {
	o.t.Helper()
	d, err := o.Document(o.exam(), id)
	o.must(err)
	return d
}

func (o *office) enter(in documents.Input) documents.DocID {
	o.t.Helper()
	id, err := o.Register(o.clerk(), documents.Incoming, in)
	o.must(err)
	return id
}

// post takes an entered document through both offices.
func (o *office) post(id documents.DocID) {
	o.t.Helper()
	o.examine()
	o.must(o.Classify(o.exam(), id, o.get(id).Version, documents.Public, ""))
	o.must(o.Post(o.publisherCtx(), id, o.get(id).Version, ""))
}

func (o *office) posted(in documents.Input) documents.DocID {
	o.t.Helper()
	id := o.enter(in)
	o.post(id)
	return id
}

func (o *office) relate(id documents.DocID, kind documents.RelationKind, target documents.DocID) {
	o.t.Helper()
	o.must(o.Relate(o.clerk(), id, o.get(id).Version, documents.Relation{Kind: kind, Target: target}))
}

func (o *office) file(id documents.DocID, name, content string) documents.FileID {
	o.t.Helper()
	f, err := o.AddFile(o.clerk(), id, o.get(id).Version, documents.Upload{Role: documents.Original, Name: name}, strings.NewReader(content))
	o.must(err)
	return f
}

// examine runs the jobs that wait for the registry, until none is left.
func (o *office) examine() {
	o.t.Helper()
	if o.waiting() == 0 {
		return
	}
	ctx, cancel := context.WithCancel(o.t.Context())
	done := make(chan error, 1)
	go func() { done <- o.runner.Run(ctx) }()
	deadline := time.Now().Add(20 * time.Second)
	for o.waiting() > 0 {
		if time.Now().After(deadline) {
			o.t.Fatal("files still wait for their examination")
		}
		time.Sleep(5 * time.Millisecond)
	}
	cancel()
	o.must(<-done)
}

func (o *office) waiting() (n int) {
	o.t.Helper()
	all, err := jobs.List(o.t.Context(), o.db.Read(), 1000)
	o.must(err)
	for _, j := range all {
		if j.Kind == "documents.examine" {
			n++
		}
	}
	return n
}

func want(t *testing.T, err error, kind fault.Kind, what string) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s gave %v, want %v", what, err, kind)
	}
}

func TestRegister(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		in := directive()
		in.Signer = documents.Signer{Authority: documents.OnBehalf, Position: "PHÓ CHỦ TỊCH", Name: "Tống Thanh Hải"}
		in.Recipients = "- Tỉnh ủy (báo cáo);\n- Lưu: VT, VX."
		id := o.enter(in)
		d := o.get(id)
		c := d.Content
		if c.Number.String() != "08/CT-UBND" || c.Issuer != "ubnd-tinh" || c.Type != "chi-thi" || c.Year != 2021 || d.State != documents.StateRegistered ||
			!slices.Equal(c.Recipients, []string{"Tỉnh ủy (báo cáo)", "Lưu: VT, VX"}) || d.EnteredName != "Cô Hoa" || c.Language != "Tiếng Việt" {
			t.Errorf("registered as %+v", d)
		}
		history, err := o.History(o.exam(), d)
		o.must(err)
		if len(history) != 1 || history[0].Name != "Cô Hoa" || history[0].Action != "document.enter" {
			t.Errorf("history %+v", history)
		}
	})
}

func TestADuplicateIsRefusedWithALinkToItsTwin(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.enter(directive())
		again := directive()
		again.Number, again.Subject = "8/ct-ubnd", "Bản nhập lại"
		_, err := o.Register(o.exam(), documents.Incoming, again)
		want(t, err, fault.Conflict, "the same number typed another way")
		if fault.LinkOf(err) != documents.OfficePath(id) || len(fault.FieldsOf(err)) != 1 {
			t.Errorf("the refusal leads to %q, names %v", fault.LinkOf(err), fault.FieldsOf(err))
		}
		for name, change := range map[string]func(*documents.Input){
			"another year":   func(in *documents.Input) { in.IssuedOn = "2020-05-12" },
			"another issuer": func(in *documents.Input) { in.Issuer = "Ban Chỉ đạo thi cấp tỉnh" },
			"another symbol": func(in *documents.Input) { in.Number = "08/QĐ-UBND" },
		} {
			other := directive()
			change(&other)
			if _, err := o.Register(o.clerk(), documents.Incoming, other); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestWrongInputNamesItsFields(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		for name, c := range map[string]struct {
			change func(*documents.Input)
			field  string
		}{
			"no number":                          {func(in *documents.Input) { in.Number = " " }, "number"},
			"a number that is none":              {func(in *documents.Input) { in.Number = "CT UBND" }, "number"},
			"an issuer not in the list":          {func(in *documents.Input) { in.Issuer = "Cục Hải quan" }, "issuer"},
			"no issuer":                          {func(in *documents.Input) { in.Issuer = "" }, "issuer"},
			"a type that is not the symbol's":    {func(in *documents.Input) { in.Type = "Thông tư" }, "type"},
			"no abstract":                        {func(in *documents.Input) { in.Subject = "" }, "subject"},
			"an abstract of 501 characters":      {func(in *documents.Input) { in.Subject = strings.Repeat("ữ", 501) }, "subject"},
			"in force before it was issued":      {func(in *documents.Input) { in.EffectiveOn = "2021-05-11" }, "effective_on"},
			"expired before it was in force":     {func(in *documents.Input) { in.EffectiveOn, in.ExpiresOn = "2021-06-01", "2021-05-20" }, "expires_on"},
			"issued tomorrow":                    {func(in *documents.Input) { in.IssuedOn = "2021-06-11" }, "issued_on"},
			"the number's year is not the day's": {func(in *documents.Input) { in.Number = "08/2020/TT-BGDĐT"; in.Issuer = "Bộ GDĐT" }, "issued_on"},
			"neither day nor year":               {func(in *documents.Input) { in.IssuedOn = "" }, "issued_on"},
			"arrived before it was issued":       {func(in *documents.Input) { in.Handling.ReceivedOn = "2021-05-11" }, "received_on"},
			"due before it arrived":              {func(in *documents.Input) { in.Handling.ReceivedOn, in.Handling.DueOn = "2021-05-20", "2021-05-19" }, "due_on"},
			"a signer of 51 characters":          {func(in *documents.Input) { in.Signer.Name = strings.Repeat("ạ", 51) }, "signer_name"},
			"an authority of our own making":     {func(in *documents.Input) { in.Signer.Authority = "XX." }, "signer_authority"},
			"a priority of our own making":       {func(in *documents.Input) { in.Handling.Priority = "gấp" }, "priority"},
			"a field that is none":               {func(in *documents.Input) { in.Field = "Thủy sản" }, "field"},
			"minus three pages":                  {func(in *documents.Input) { in.Pages = -3 }, "pages"},
		} {
			in := directive()
			c.change(&in)
			_, err := o.Register(o.clerk(), documents.Incoming, in)
			if !fault.Is(err, fault.Invalid) || !slices.ContainsFunc(fault.FieldsOf(err), func(f fault.Field) bool { return f.Name == c.field && f.Message != "" }) {
				t.Errorf("%s: %v", name, err)
			}
		}
		l, err := o.List(o.exam(), documents.Filter{})
		if err != nil || l.Total != 0 {
			t.Errorf("%d documents were written by refused entries, %v", l.Total, err)
		}
	})
}

func TestASymbolTellsTheType(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		for number, c := range map[string]struct{ issuer, typ string }{
			"12/TB-SGDĐT":      {"Sở Giáo dục và Đào tạo", "thong-bao"},
			"12/SGDĐT-KTQLCL":  {"Sở Giáo dục và Đào tạo", "cong-van"},
			"12/sgddt-vp":      {"Sở Giáo dục và Đào tạo", "cong-van"},
			"1515/BGDĐT-QLCL":  {"Bộ Giáo dục và Đào tạo", "cong-van"},
			"1515/BGDĐT-QLCL2": {"UBND tỉnh", ""}, // another office's letter: which type it is, a person says
			"43/QH14":          {"UBND tỉnh", ""},
		} {
			in := directive()
			in.Number, in.Issuer, in.Type = number, c.issuer, ""
			id, err := o.Register(o.clerk(), documents.Incoming, in)
			if c.typ == "" {
				want(t, err, fault.Invalid, number)
				continue
			}
			o.must(err)
			if got := o.get(id).Content.Type; string(got) != c.typ {
				t.Errorf("%s is taken for %s, want %s", number, got, c.typ)
			}
		}
	})
}

func TestANewIssuerIsAddedWhenThePersonSaysSo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		in := directive()
		in.Number, in.Issuer, in.NewIssuer, in.Type = "15662/CHQ-GSQL", "Cục Hải quan", true, "Công văn"
		id := o.enter(in)
		if got := o.get(id).Content.Issuer; got != "cuc-hai-quan" {
			t.Errorf("issuer %q", got)
		}
		c, err := o.Catalog(o.exam())
		o.must(err)
		i, ok := c.FindIssuer("CỤC HẢI QUAN")
		if !ok || i.Code != "CHQ" || c.Issuers[0].ID != "bo-gddt" || c.Issuers[3].ID != "so-gddt" {
			t.Errorf("found %+v %v; the plan's four stand at %v…", i, ok, c.Issuers[0].ID)
		}
	})
}

// Never: a secret paper in this system (domain.md 5, 6.2).
func TestSecretPapersCannotBeEntered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		in := directive()
		in.Class = documents.Secret
		_, err := o.Register(o.clerk(), documents.Incoming, in)
		want(t, err, fault.Invalid, "registering a secret paper")
		if !strings.Contains(fault.FieldsOf(err)[0].Message, "sổ văn bản mật") {
			t.Errorf("the refusal does not say where such papers belong: %v", err)
		}
		id := o.enter(directive())
		want(t, o.Classify(o.exam(), id, 1, documents.Secret, ""), fault.Invalid, "classifying as secret")
		want(t, o.SetReading(o.clerk(), id, 1, richtext.FromPlain("MẬT\nI. NỘI DUNG")), fault.Invalid, "pasting a text with the stamp")
		f := o.file(id, "mat.pdf", "UBND TỈNH\n  TỐI MẬT  \nSố: 01/…")
		o.examine()
		files, err := o.FilesOf(o.exam(), o.get(id))
		o.must(err)
		if len(files) != 1 || files[0].State != documents.FileRefused || files[0].Hash != "" || files[0].Body != "" || strings.Contains(files[0].Name, "mat.pdf") {
			t.Errorf("a stamped file %s is kept as %+v", f, files)
		}
		o.must(o.Classify(o.exam(), id, o.get(id).Version, documents.Public, ""))
		want(t, o.Post(o.publisherCtx(), id, o.get(id).Version, ""), fault.Conflict, "posting beside a refused file")
	})
}

func TestTheSecondSaverSeesBothVersionsAndLosesNothing(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.enter(directive())
		v := o.get(id).Version
		first, second := directive(), directive()
		first.Subject, second.Subject = "Bản của Mai", "Bản của Hoa"
		o.must(o.Edit(o.exam(), id, v, first))
		err := o.Edit(o.clerk(), id, v, second)
		clash, ok := errors.AsType[*documents.Clash](err)
		if !ok || !fault.Is(err, fault.Conflict) || clash.Mine.Subject != "Bản của Hoa" || clash.Stored.Content.Subject != "Bản của Mai" || clash.Stored.ChangedName != "Cô Mai" {
			t.Fatalf("the second save gave %v", err)
		}
		o.must(o.Edit(o.clerk(), id, clash.Stored.Version, clash.Mine))
		if got := o.get(id).Content.Subject; got != "Bản của Hoa" {
			t.Errorf("after saving over knowingly: %q", got)
		}
	})
}

func TestListFindsByWordsWithoutMarksAndNaturallySorted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		for _, n := range []string{"15/CT-UBND", "08/CT-UBND", "113/CT-UBND"} {
			in := directive()
			in.Number = n
			o.enter(in)
		}
		numbers := func(f documents.Filter) string {
			l, err := o.List(o.exam(), f)
			o.must(err)
			var all []string
			for _, d := range l.Documents {
				all = append(all, d.Content.Number.String())
			}
			return strings.Join(all, " ")
		}
		for query, want := range map[string]string{
			"":                     "113/CT-UBND 15/CT-UBND 08/CT-UBND",
			"chi dao ky thi":       "113/CT-UBND 15/CT-UBND 08/CT-UBND",
			"KỲ THI chỉ đạo":       "113/CT-UBND 15/CT-UBND 08/CT-UBND",
			"8/ct-ubnd":            "08/CT-UBND",
			"tuyển sinh đại học %": "",
		} {
			if got := numbers(documents.Filter{Text: query}); got != want && !(query == "8/ct-ubnd" && strings.Contains(got, want)) {
				t.Errorf("%q found %q, want %q", query, got, want)
			}
		}
		if got := numbers(documents.Filter{Year: 2020}); got != "" {
			t.Errorf("of 2020: %q", got)
		}
		if got := numbers(documents.Filter{Issuer: "ubnd-tinh", Type: "chi-thi", State: documents.StateRegistered, Class: documents.Public}); got == "" {
			t.Error("all filters together found nothing")
		}
		_, err := o.List(as(t, "Khách", people.RolePress), documents.Filter{})
		want(t, err, fault.NotFound, "the list for a press account")
	})
}

// exec changes the database behind the registry's back.
func (o *office) exec(query string, args ...any) {
	o.t.Helper()
	o.must(o.db.Write(o.t.Context(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, query, args...)
		return err
	}))
}

// asText gives a content as text, to compare two.
func asText(c documents.Content) string { return fmt.Sprintf("%+v", c) }

func TestARenamedIssuerKeepsItsAddressAndItsOldNames(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.posted(directive())
		form := documents.IssuerForm{Name: "UBND tỉnh Lai Châu", Code: "UBND", Position: 20}
		o.must(o.EditIssuer(o.clerk(), "ubnd-tinh", 1, form))
		want(t, o.EditIssuer(o.exam(), "ubnd-tinh", 1, form), fault.Conflict, "a second save over the same version")
		form.Name, form.From = "UBND tỉnh Lai Châu mới", "2021-06-01"
		o.must(o.EditIssuer(o.clerk(), "ubnd-tinh", 2, form))
		c, err := o.Catalog(o.exam())
		o.must(err)
		for _, name := range []string{"UBND tỉnh", "ubnd tỉnh lai châu", "UBND tỉnh Lai Châu mới", "Chủ tịch UBND tỉnh"} {
			if i, ok := c.FindIssuer(name); !ok || i.ID != "ubnd-tinh" {
				t.Errorf("%q is %v", name, i.ID)
			}
		}
		_, body := o.visit(o.get(id).Path(), 200)
		has(t, body, `<a href="/van-ban/co-quan/ubnd-tinh">UBND tỉnh Lai Châu</a>`)
		_, body = o.visit("/van-ban/co-quan/ubnd-tinh", 200)
		has(t, body, "Văn bản của UBND tỉnh Lai Châu mới")
	})
}

// An edit beside a live page is found by those who must post it, and not by who made it.
func TestListFindsEditsThatWait(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		id := o.posted(directive())
		waiting := func(ctx context.Context) int {
			t.Helper()
			l, err := o.List(ctx, documents.Filter{Edited: true, Others: true})
			o.must(err)
			return l.Total
		}
		if n := waiting(o.publisherCtx()); n != 0 {
			t.Errorf("%d edits wait before anything was edited", n)
		}
		in := directive()
		in.Description = "Bổ sung ghi chú"
		o.must(o.Edit(o.deskHead(), id, o.get(id).Version, in))
		if n := waiting(o.publisherCtx()); n != 1 {
			t.Errorf("the publisher finds %d edits that wait", n)
		}
		if n := waiting(o.deskHead()); n != 0 {
			t.Errorf("who edited finds %d edits to post", n)
		}
		o.must(o.Withdraw(o.publisherCtx(), id, o.get(id).Version, documents.Withdrawal{Ending: documents.EndError, Note: "Đăng nhầm"}))
		if n := waiting(o.publisherCtx()); n != 0 {
			t.Errorf("%d edits of a page that was taken down wait", n)
		}
		o.must(o.Restore(o.publisherCtx(), id, o.get(id).Version, "Gỡ nhầm"))
		o.must(o.Update(o.publisherCtx(), id, o.get(id).Version, documents.Minor, "Thêm ghi chú"))
		if n := waiting(o.publisherCtx()); n != 0 {
			t.Errorf("%d edits wait after the update", n)
		}
	})
}

func TestFirstDueIsTheEarliestDayOfThoseFound(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, o *office) {
		due := func(want string) {
			t.Helper()
			got, err := o.FirstDue(o.exam(), documents.Filter{State: documents.StateRegistered})
			o.must(err)
			if got != want {
				t.Errorf("first due %q, want %q", got, want)
			}
		}
		due("")
		for number, day := range map[string]string{"1/CT-UBND": "2021-06-20", "2/CT-UBND": "2021-06-12", "3/CT-UBND": ""} {
			in := directive()
			in.Number, in.Handling.DueOn = number, day
			o.enter(in)
		}
		due("2021-06-12")
		_, err := o.FirstDue(as(t, "An", people.RoleAdmin), documents.Filter{})
		want(t, err, fault.NotFound, "asking without a right to read")
	})
}

package ministry_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/blob"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/event"
	"bangvang/internal/base/fault"
	"bangvang/internal/base/inspect"
	"bangvang/internal/base/jobs"
	"bangvang/internal/base/web/ui"
	"bangvang/internal/documents"
	"bangvang/internal/exam"
	"bangvang/internal/ministry"
	"bangvang/internal/people"
	"bangvang/internal/reports"
	"bangvang/internal/reports/rules"
)

// The real inspector starts this program again to look into files.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == inspect.Command {
		os.Exit(inspect.Child(os.Args[2:]))
	}
	os.Exit(m.Run())
}

type noPages struct{}

func (noPages) Touch(context.Context, *db.Tx, string, ...string) error { return nil }

type plainUnits struct{}

func (plainUnits) Path(_ context.Context, unit string) ([]string, error) { return []string{unit}, nil }

// A house is a Department on an exam day, with three sites of 24, 48 and 72 candidates.
type house struct {
	*ministry.Service
	t       *testing.T
	db      *db.DB
	clock   *clock.Clock
	policy  *access.Policy
	exams   *exam.Service
	reports *reports.Service
	docs    *documents.Service
	files   blob.Store
	exam    exam.Exam
	sites   []exam.SiteID
}

func local(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, s, clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// afterFirst is when the first sitting, Ngữ văn from 07:35 to 09:35, has ended; its provincial report is
// due at 11:30.
func afterFirst(t testing.TB) *clock.Clock { return clock.At(local(t, "2021-07-07 10:00:00")) }

// shared is one folder for the compiled PDF reader: each test would make its own.
var shared = filepath.Join(os.TempDir(), "bangvang-ministry-inspect")

func each(t *testing.T, exercise func(t *testing.T, h *house)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return afterFirst(t) }, func(t *testing.T, d *db.DB, clk *clock.Clock) { exercise(t, open(t, d, clk, nil)) })
}

// open makes the services on a database, and an exam when there is none.
func open(t *testing.T, d *db.DB, clk *clock.Clock, post ministry.Postman) *house {
	t.Helper()
	policy, err := access.NewPolicy(clk, exam.Rules(), reports.Rules(), documents.Rules(), ministry.Rules())
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, db: d, clock: clk, policy: policy}
	if h.files, err = blob.Open(t.Context(), filepath.Join(t.TempDir(), "blobs")); err != nil {
		t.Fatal(err)
	}
	in, err := inspect.New(inspect.Options{Dir: shared})
	if err != nil {
		t.Fatal(err)
	}
	h.exams = exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: noPages{}})
	h.reports = reports.New(reports.Deps{DB: d, Policy: policy, Clock: clk, Exams: h.exams, Units: plainUnits{}, Secret: []byte("a secret of this installation")})
	h.docs = documents.New(documents.Deps{DB: d, Policy: policy, Clock: clk, Files: h.files, Inspector: in, Publisher: noPages{}, Units: plainUnits{},
		Sites: func(context.Context) (ui.Sites, error) { return ui.Sites{}, nil }})
	h.Service = ministry.New(ministry.Deps{DB: d, Policy: policy, Clock: clk, Exams: h.exams, Figures: h.reports, Register: h.docs, Files: h.files, Inspector: in, Mail: post,
		Province: func(context.Context) (string, error) { return "Lai Châu", nil }, OfficeURL: "https://quan-tri.example.vn"})
	h.convene()
	return h
}

// convene makes the exam; one that is there is taken as it is.
func (h *house) convene() {
	h.t.Helper()
	if e, err := h.exams.Current(h.examOffice()); err == nil {
		h.exam = e
		sites, err := h.exams.Sites(h.examOffice(), e.Rounds[0].ID)
		h.must(err)
		for _, s := range sites {
			h.sites = append(h.sites, s.ID)
		}
		return
	}
	id, err := h.exams.Load(h.examOffice(), 2021, "Lai Châu")
	h.must(err)
	h.must(h.exams.Publish(h.examOffice(), id, 1))
	h.exam, err = h.exams.Exam(h.examOffice(), id)
	h.must(err)
	round := h.exam.Rounds[0]
	var rosters []exam.SiteRoster
	for i := range 3 {
		site, err := h.exams.SaveSite(h.examOffice(), round.ID, "", 0, exam.SiteInput{Code: fmt.Sprintf("%02d", i+1), Name: fmt.Sprintf("THPT số %d", i+1), LocalityName: "Huyện Than Uyên",
			HeadName: "Nguyễn Văn A", HeadPhone: "0912000000", Phone: "0213 3784 000"})
		h.must(err)
		h.sites = append(h.sites, site)
		counts := exam.Roster{}
		for _, l := range h.exam.Lines(round.ID) {
			n := 600 * (i + 1)
			if l.Combined {
				n /= 2
			}
			counts[l.LineKey] = exam.Count{Registered: n}
		}
		rosters = append(rosters, exam.SiteRoster{Site: site, Version: 1, Counts: counts})
	}
	h.must(h.exams.SetRosters(h.examOffice(), round.ID, rosters))
	h.must(h.exams.MakeCurrent(h.examOffice(), id, h.exam.Version))
	h.exam, err = h.exams.Exam(h.examOffice(), id)
	h.must(err)
	h.must(h.FillBook(h.office(), id))
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatalf("%v %v", err, fault.FieldsOf(err))
	}
}

// as gives a context in which a person of an office acts in a role.
func as(t testing.TB, person, unit string, role access.Role, site exam.SiteID) context.Context {
	info, _ := people.RoleOf(role)
	scope := access.Scope{Kind: info.Scopes[0]}
	if scope.Kind == access.Site {
		scope.ID = string(site)
	}
	return access.With(t.Context(), access.Actor{Person: person, Name: "Cô " + person, Unit: unit, Grants: []access.Grant{{Role: role, Scope: scope}}})
}

func (h *house) examOffice() context.Context {
	return as(h.t, "Khảo", "kt", people.RoleExamOffice, "")
}
func (h *house) secretary() context.Context {
	return as(h.t, "Thư", "hd", people.RoleCouncilSecretary, "")
}
func (h *house) chair() context.Context      { return as(h.t, "Chủ", "hd", people.RoleCouncilChair, "") }
func (h *house) office() context.Context     { return as(h.t, "Văn", "vp", people.RoleOffice, "") }
func (h *house) officeHead() context.Context { return as(h.t, "Chánh", "vp", people.RoleOffice, "") }
func (h *house) clerk() context.Context      { return as(h.t, "Thảo", "vp", people.RoleClerk, "") }
func (h *house) leader() context.Context     { return as(h.t, "Tuấn", "so", people.RoleLeader, "") }
func (h *house) reader() context.Context     { return as(h.t, "Bộ", "bo", people.RoleMinistry, "") }

// sitting gives the i-th sitting with papers of the first round.
func (h *house) sitting(i int) exam.SittingID {
	var ids []exam.SittingID
	for _, s := range h.exam.Rounds[0].Sittings {
		if s.Kind == exam.Papers {
			ids = append(ids, s.ID)
		}
	}
	return ids[i]
}

func (h *house) about(i int) ministry.About {
	return ministry.About{Kind: ministry.Quick, Round: h.exam.Rounds[0].ID, Sitting: h.sitting(i)}
}

// said makes a sound closing report of a site: absent candidates on each line, all sick.
func (h *house) said(id string, i int, sitting exam.SittingID, absent int) rules.Report {
	h.t.Helper()
	form, err := h.reports.Form(h.secretary(), h.sites[i], sitting)
	h.must(err)
	r := rules.Report{ID: id, Site: form.Basis.Site, Sitting: form.Basis.Sitting, Part: rules.Closing, Reporter: "Thư ký A", NoIncident: true,
		Head: "Trưởng A", Witness: "Phó B", OnlineAt: "09:50", OfflineAt: "09:55"}
	for k, l := range form.Basis.Lines {
		line := rules.Line{Key: l.Key, Registered: rules.N(l.Registered), Present: rules.N(l.Registered - absent), Absent: rules.N(absent), Rooms: rules.N(exam.RoomsNeeded(l.Registered)),
			Reprimanded: "0", Warned: rules.N(i), Suspended: rules.N(k + i)}
		if absent > 0 {
			line.Why = map[string]rules.Count{"sick": rules.N(absent)}
		}
		sheets := line.Present
		line.Sheets = &sheets
		r.Lines = append(r.Lines, line)
	}
	return r
}

// accepted sends, confirms and accepts a site's report.
func (h *house) accepted(id string, i int, sitting exam.SittingID, absent int, incidents ...rules.Incident) reports.ReportID {
	h.t.Helper()
	r := h.said(id, i, sitting, absent)
	if len(incidents) > 0 {
		r.NoIncident, r.Incidents = false, incidents
	}
	ssc := as(h.t, fmt.Sprintf("ssc-%d", i), "", people.RoleSiteSecretary, h.sites[i])
	receipt, err := h.reports.Submit(ssc, reports.Submission{Report: r})
	for _, f := range fault.FieldsOf(err) {
		if key, ok := strings.CutPrefix(f.Name, "reasons."); ok {
			if r.Reasons == nil {
				r.Reasons = map[string]string{}
			}
			r.Reasons[key] = "Đã kiểm tra, đúng như vậy"
		}
	}
	if r.Reasons != nil {
		receipt, err = h.reports.Submit(ssc, reports.Submission{Report: r})
	}
	h.must(err)
	h.take(receipt.Report, i)
	return receipt.Report
}

// take confirms and accepts a report.
func (h *house) take(id reports.ReportID, i int) {
	h.t.Helper()
	r, err := h.reports.Report(h.secretary(), id)
	h.must(err)
	h.must(h.reports.Confirm(as(h.t, fmt.Sprintf("shd-%d", i), "", people.RoleSiteHead, h.sites[i]), id, r.Version))
	h.must(h.reports.Accept(h.secretary(), id, r.Version+1))
}

// approved freezes the sums of a sitting as they are and has the chair approve them.
func (h *house) approved(sitting exam.SittingID) reports.Province {
	h.t.Helper()
	// Absences of earlier sittings whose reason nobody knows are none here.
	p, err := h.reports.Compile(h.secretary(), sitting, rules.Closing, nil)
	h.must(err)
	h.must(h.reports.Approve(h.chair(), p.ID, p.Version, p.Figures.Provisional()))
	p, err = h.reports.Province(h.secretary(), p.ID)
	h.must(err)
	return p
}

// whole has every site of the first sitting report, and approves it.
func (h *house) whole() reports.Province {
	h.t.Helper()
	for i := range h.sites {
		h.accepted(fmt.Sprintf("first-%d", i), i, h.sitting(0), 7+i)
	}
	return h.approved(h.sitting(0))
}

// corrected has the Council correct a site's report, and approves the version that follows.
func (h *house) corrected(i, absent int) reports.Province {
	h.t.Helper()
	all, err := h.reports.Slot(h.secretary(), reports.Slot{Sitting: h.sitting(0), Site: h.sites[i], Part: rules.Closing})
	h.must(err)
	r := h.said(fmt.Sprintf("corrected-%d-%d", i, absent), i, h.sitting(0), absent)
	typist := as(h.t, "Sửa", "hd", people.RoleCouncilSecretary, "")
	_, err = h.reports.Correct(typist, all[len(all)-1].ID, r, "Đếm lại bài thi")
	for _, f := range fault.FieldsOf(err) {
		if key, ok := strings.CutPrefix(f.Name, "reasons."); ok {
			r.Reasons = map[string]string{key: "Đã đếm lại"}
		}
	}
	var receipt reports.Receipt
	if r.Reasons != nil {
		receipt, err = h.reports.Correct(typist, all[len(all)-1].ID, r, "Đếm lại bài thi")
		h.must(err)
	} else {
		h.must(err)
		all, err = h.reports.Slot(h.secretary(), reports.Slot{Sitting: h.sitting(0), Site: h.sites[i], Part: rules.Closing})
		h.must(err)
		receipt.Report = all[len(all)-1].ID
	}
	h.take(receipt.Report, i)
	return h.approved(h.sitting(0))
}

func texts() ministry.Texts {
	return ministry.Texts{Weather: "Trời mưa nhỏ.", Assessment: "Buổi thi diễn ra an toàn, nghiêm túc, đúng quy chế.", Posts: "KT. Giám đốc\nPhó Giám đốc", Signer: "Nguyễn Văn Bình"}
}

// draft is a draft to the first n recipients of the book.
func (h *house) draft(n int) ministry.Draft {
	h.t.Helper()
	book, err := h.Recipients(h.office(), h.exam.ID)
	h.must(err)
	in := ministry.Draft{Texts: texts()}
	for _, r := range book[:n] {
		in.Recipients = append(in.Recipients, r.ID)
	}
	return in
}

func (h *house) get(id ministry.PaperID) ministry.Paper {
	h.t.Helper()
	p, err := h.Paper(h.office(), id)
	h.must(err)
	return p
}

// made makes the paper of the first sitting.
func (h *house) made() ministry.Paper {
	h.t.Helper()
	id, err := h.Make(h.office(), h.about(0), h.draft(3))
	h.must(err)
	return h.get(id)
}

// numbered submits a paper and has it checked, signed and numbered in the register.
func (h *house) numbered(id ministry.PaperID) ministry.Paper {
	h.t.Helper()
	h.must(h.Submit(h.office(), id, h.get(id).Version))
	p := h.get(id)
	step := func(ctx context.Context, do string) {
		d, err := h.docs.Document(ctx, p.Document)
		h.must(err)
		h.must(h.docs.Advance(ctx, d.ID, d.Version, do, ""))
	}
	step(h.officeHead(), "check_content")
	step(h.officeHead(), "check_form")
	step(h.leader(), "sign")
	d, err := h.docs.Document(h.clerk(), p.Document)
	h.must(err)
	h.must(h.docs.Number(h.clerk(), d.ID, d.Version, numbering))
	return p
}

func (h *house) file(p ministry.Paper, f ministry.Format) []byte {
	h.t.Helper()
	var b bytes.Buffer
	h.must(h.Write(h.office(), p, f, &b))
	return b.Bytes()
}

// issued takes a paper to its signed file, which is its own PDF here.
func (h *house) issued(id ministry.PaperID) ministry.Paper {
	h.t.Helper()
	p := h.numbered(id)
	h.must(h.Issue(h.clerk(), id, p.Version, "ban-ky.pdf", bytes.NewReader(h.file(p, ministry.PDF))))
	return h.get(id)
}

func (h *house) deliveries(id ministry.PaperID) []ministry.Delivery {
	h.t.Helper()
	all, err := h.Deliveries(h.office(), h.get(id))
	h.must(err)
	return all
}

// work runs the jobs until cond holds.
func (h *house) work(what string, cond func() bool) {
	h.t.Helper()
	runner := jobs.NewRunner(h.db, 2)
	bus := event.NewBus(h.db, runner)
	h.Service.Subscribe(bus)
	h.Service.Schedule(runner)
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- runner.Run(ctx) }()
	defer func() {
		stop()
		h.must(<-done)
	}()
	for end := time.Now().Add(20 * time.Second); !cond(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			h.t.Fatalf("waited in vain: %s", what)
		}
	}
}

// count asks the database.
func (h *house) count(query string, args ...any) int {
	h.t.Helper()
	var n int
	h.must(h.db.Read().QueryRowContext(h.t.Context(), query, args...).Scan(&n))
	return n
}

// numbering is the next number of its series, today.
var numbering = documents.Numbering{}

// want checks how a verb refused.
func want(t testing.TB, err error, kind fault.Kind, what string) {
	t.Helper()
	if !fault.Is(err, kind) {
		t.Errorf("%s gave %v, want %v", what, err, kind)
	}
}

// wantField checks that a verb refused a field with words that hold a text.
func wantField(t testing.TB, err error, field, words string) {
	t.Helper()
	want(t, err, fault.Invalid, field)
	for _, f := range fault.FieldsOf(err) {
		if f.Name == field && strings.Contains(f.Message, words) {
			return
		}
	}
	t.Errorf("refused %v, want field %s with %q", fault.FieldsOf(err), field, words)
}

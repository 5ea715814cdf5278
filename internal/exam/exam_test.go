package exam_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/db/dbtest"
	"bangvang/internal/base/fault"
	"bangvang/internal/exam"
	"bangvang/internal/people"
)

// touches keeps what was asked to be rendered again.
type touches struct {
	mu   sync.Mutex
	keys []string
}

func (p *touches) Touch(_ context.Context, tx *db.Tx, source string, keys ...string) error {
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.keys = append(p.keys, keys...)
	})
	return nil
}

// take gives what was touched since the last call.
func (p *touches) take() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	keys := p.keys
	p.keys = nil
	slices.Sort(keys)
	return slices.Compact(keys)
}

type bench struct {
	*exam.Service
	clock   *clock.Clock
	touched *touches
}

// local gives the instant of a Vietnamese wall clock "2021-07-07 07:35:00".
func local(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateTime, s, clock.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func ms(t testing.TB, s string) int64 { t.Helper(); return local(t, s).UnixMilli() }

// each runs the exercise on both engines, at nine on 1 June 2021.
func each(t *testing.T, exercise func(t *testing.T, b bench)) {
	t.Helper()
	dbtest.EachAt(t, func() *clock.Clock { return clock.At(local(t, "2021-06-01 09:00:00")) }, func(t *testing.T, d *db.DB, clk *clock.Clock) {
		policy, err := access.NewPolicy(clk, exam.Rules())
		if err != nil {
			t.Fatal(err)
		}
		p := &touches{}
		exercise(t, bench{exam.New(exam.Deps{DB: d, Policy: policy, Clock: clk, Publisher: p}), clk, p})
	})
}

// as gives a context in which a person with one role acts.
func as(t testing.TB, role access.Role, scope access.Scope) context.Context {
	return access.With(t.Context(), access.Actor{Person: "p-" + string(role), Name: string(role),
		Grants: []access.Grant{{Role: role, Scope: scope}}})
}

func office(t testing.TB) context.Context {
	return as(t, people.RoleExamOffice, access.Scope{Kind: access.Department})
}

// load loads the data set of a year for Lai Châu.
func load(t testing.TB, b bench, year int) exam.Exam {
	t.Helper()
	id, err := b.Load(office(t), year, "Lai Châu")
	must(t, err)
	e, err := b.Exam(office(t), id)
	must(t, err)
	return e
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v %v", err, fault.FieldsOf(err))
	}
}

// wantFields checks that err refuses exactly the fields named.
func wantFields(t testing.TB, err error, names ...string) {
	t.Helper()
	var got []string
	for _, f := range fault.FieldsOf(err) {
		got = append(got, f.Name)
		if f.Message == "" {
			t.Errorf("field %s says nothing", f.Name)
		}
	}
	slices.Sort(got)
	slices.Sort(names)
	if !fault.Is(err, fault.Invalid) || !slices.Equal(slices.Compact(got), names) {
		t.Errorf("refused %v (%v), want %v", got, err, names)
	}
}

// refused tells whether err keeps the actor out.
func refused(err error) bool { return fault.Is(err, fault.Denied) || fault.Is(err, fault.NotFound) }

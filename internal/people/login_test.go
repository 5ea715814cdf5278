package people_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"bangvang/internal/base/access"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/people"
)

var department = access.Scope{Kind: access.Department}

func from(address string) people.Client {
	return people.Client{Address: address, Agent: "Firefox trên Windows"}
}

// in logs in where nothing more is due.
func (h *house) in(c people.Client, username string) people.Opened {
	h.t.Helper()
	o, err := h.Login(context.Background(), c, username, password)
	h.must(err)
	return o
}

// code gives what an authenticator shows n steps from now. Authenticators follow the real time.
func code(t *testing.T, secret string, steps int) string {
	t.Helper()
	c, err := totp.GenerateCode(secret, time.Now().Add(time.Duration(steps)*30*time.Second))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoginSaysTheSameWhateverIsWrong(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("hoa")
		disabled := h.account("lan")
		h.must(h.DisableAccount(h.admin, disabled, "nghỉ"))
		_, err := h.CreateAccount(h.admin, people.AccountForm{Username: "moi", Name: "Chưa có mật khẩu"})
		h.must(err)
		said := map[string]bool{}
		for i, try := range [][2]string{{"hoa", "sai mật khẩu"}, {"khong.co", password}, {"lan", password}, {"moi", ""}, {"", ""}} {
			_, err := h.Login(context.Background(), from(fmt.Sprintf("10.0.0.%d", i)), try[0], try[1])
			refused(t, err, fault.Invalid, "")
			said[err.Error()] = true
		}
		if len(said) != 1 {
			t.Errorf("answers differ: %v", said)
		}
		o := h.in(from("10.0.1.1"), " HOA ")
		if o.Session.Stage != people.StageFull || o.Session.Actor.Username != "hoa" {
			t.Errorf("session is %+v", o.Session)
		}
	})
}

func TestSessionsEnd(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		id := h.account("hoa")
		h.grant(id, people.RoleUnitEditor, access.Scope{Kind: access.Unit, ID: string(h.unit(people.UnitForm{Kind: "school", Name: "THPT Bình Lư"}))})
		open := func(token string) bool {
			_, err := h.OpenSession(ctx, token)
			if err != nil && !fault.Is(err, fault.Unauthenticated) {
				t.Fatal(err)
			}
			return err == nil
		}
		idle := h.in(from("10.0.0.1"), "hoa")
		h.clock.Advance(people.DefaultLifetimes.Idle - time.Minute)
		if !open(idle.Token) {
			t.Fatal("ended before its idle time")
		}
		h.clock.Advance(people.DefaultLifetimes.Idle - time.Minute)
		if !open(idle.Token) {
			t.Fatal("its last use was not noted")
		}
		h.clock.Advance(people.DefaultLifetimes.Idle)
		if open(idle.Token) {
			t.Fatal("outlived its idle time")
		}
		long := h.in(from("10.0.0.1"), "hoa")
		for range 11 {
			h.clock.Advance(time.Hour)
			open(long.Token)
		}
		if !open(long.Token) {
			t.Fatal("ended before its longest life")
		}
		h.clock.Advance(time.Hour)
		if open(long.Token) {
			t.Fatal("outlived its longest life")
		}
		here, there := h.in(from("10.0.0.1"), "hoa"), h.in(from("10.0.0.2"), "hoa")
		mine, err := h.MySessions(h.as(id))
		h.must(err)
		if len(mine) != 2 || mine[0].Agent != "Firefox trên Windows" || mine[0].Address == "" {
			t.Errorf("sessions are %+v", mine)
		}
		other := h.account("lan")
		refused(t, h.EndMySession(h.as(other), there.Session.ID), fault.NotFound, "")
		h.must(h.EndMySession(h.as(id), there.Session.ID))
		if open(there.Token) || !open(here.Token) {
			t.Error("the wrong session ended")
		}
		third := h.in(from("10.0.0.3"), "hoa")
		h.must(h.ChangePassword(h.as(id), here.Token, password, "một câu mới dễ nhớ"))
		if open(third.Token) || !open(here.Token) {
			t.Error("changing the password must end the other sessions and only those")
		}
		h.must(h.Logout(ctx, here.Token))
		h.must(h.Logout(ctx, here.Token))
		if open(here.Token) {
			t.Error("logged out and still in")
		}
		last, err := h.Login(ctx, from("10.0.0.1"), "hoa", "một câu mới dễ nhớ")
		h.must(err)
		h.must(h.DisableAccount(h.admin, id, "nghỉ"))
		if open(last.Token) {
			t.Error("a disabled account is still in")
		}
		h.must(h.Purge(ctx))
		h.must(h.Purge(ctx))
	})
}

func TestSiteSessionsAreShorter(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.grant(h.account("thuky"), people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: "site-1"})
		o := h.in(from("10.0.0.1"), "thuky")
		if got := time.Duration(o.Session.ExpiresAt-o.Session.CreatedAt) * time.Millisecond; got != people.DefaultLifetimes.SiteAbsolute {
			t.Errorf("lasts %v", got)
		}
		h.clock.Advance(people.DefaultLifetimes.SiteIdle)
		if _, err := h.OpenSession(context.Background(), o.Token); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("outlived its idle time: %v", err)
		}
	})
}

// L-17: staff have a second factor.
func TestAnOfficeRoleEnrolsAndThenShowsAnAuthenticator(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		id := h.account("vanthu")
		h.grant(id, people.RoleClerk, department)
		first := h.in(from("10.0.0.1"), "vanthu")
		if first.Session.Stage != people.StageEnrol || len(first.Session.Actor.Grants) != 0 {
			t.Fatalf("before enrolling: %+v", first.Session)
		}
		me := h.as(id)
		e, err := h.BeginTOTP(me)
		h.must(err)
		again, err := h.BeginTOTP(me)
		h.must(err)
		if e.Secret != again.Secret || !strings.HasPrefix(string(e.QR), "<svg") {
			t.Error("reloading the page changed the secret")
		}
		_, err = h.ConfirmTOTP(me, first.Token, "000000")
		refused(t, err, fault.Invalid, "code")
		recovery, err := h.ConfirmTOTP(me, first.Token, code(t, e.Secret, -1))
		h.must(err)
		if s, err := h.OpenSession(ctx, first.Token); err != nil || s.Stage != people.StageFull || len(s.Actor.Grants) != 1 {
			t.Fatalf("after enrolling: %+v, %v", s, err)
		}

		second := h.in(from("10.0.0.1"), "vanthu")
		if second.Session.Stage != people.StageSecond || len(second.Session.Actor.Grants) != 0 {
			t.Fatalf("with the password alone: %+v", second.Session)
		}
		_, err = h.Prove(ctx, from("10.0.0.1"), second.Token, code(t, e.Secret, -1))
		refused(t, err, fault.Invalid, "code") // the code of the enrolment, again
		proven, err := h.Prove(ctx, from("10.0.0.1"), second.Token, code(t, e.Secret, 0))
		h.must(err)
		if proven.Token == second.Token || proven.Session.Stage != people.StageFull || proven.Session.Proof != people.ProofTOTP {
			t.Fatalf("after the code: %+v", proven.Session)
		}
		if _, err := h.OpenSession(ctx, second.Token); !fault.Is(err, fault.Unauthenticated) {
			t.Error("the token of before the second factor still works")
		}

		third := h.in(from("10.0.0.1"), "vanthu")
		_, err = h.Prove(ctx, from("10.0.0.1"), third.Token, strings.ToLower(recovery[3]))
		h.must(err)
		fourth := h.in(from("10.0.0.1"), "vanthu")
		_, err = h.Prove(ctx, from("10.0.0.1"), fourth.Token, recovery[3])
		refused(t, err, fault.Invalid, "code")
		state, err := h.MyFactor(me)
		h.must(err)
		if !state.Enrolled || !state.Wanted || state.Recovery != 9 {
			t.Errorf("factor is %+v", state)
		}
		fresh, err := h.NewRecoveryCodes(me, proven.Token)
		h.must(err)
		_, err = h.Prove(ctx, from("10.0.0.1"), fourth.Token, recovery[4])
		refused(t, err, fault.Invalid, "code")
		_, err = h.Prove(ctx, from("10.0.0.1"), fourth.Token, fresh[0])
		h.must(err)
		h.must(h.ResetFactor(h.admin, id))
		if o := h.in(from("10.0.0.1"), "vanthu"); o.Session.Stage != people.StageEnrol {
			t.Errorf("after the telephone is lost: %v", o.Session.Stage)
		}
	})
}

// Whoever knows only the password must not enrol another authenticator, nor do anything else.
func TestThePasswordAloneOpensNothing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.account("vanthu")
		h.grant(id, people.RoleClerk, department)
		first := h.in(from("10.0.0.1"), "vanthu")
		e, err := h.BeginTOTP(h.as(id))
		h.must(err)
		_, err = h.ConfirmTOTP(h.as(id), first.Token, code(t, e.Secret, -1))
		h.must(err)
		thief := h.in(from("198.51.100.1"), "vanthu")
		ctx := access.With(context.Background(), thief.Session.Actor)
		_, err = h.BeginTOTP(ctx)
		refused(t, err, fault.Unauthenticated, "")
		_, err = h.MySessions(ctx)
		refused(t, err, fault.Unauthenticated, "")
		_, err = h.ConfirmTOTP(ctx, thief.Token, code(t, e.Secret, 0))
		refused(t, err, fault.Denied, "")
		_, err = h.NewRecoveryCodes(ctx, thief.Token)
		refused(t, err, fault.Denied, "")
		refused(t, h.ChangePassword(ctx, thief.Token, password, "một câu mới dễ nhớ"), fault.Denied, "")
		refused(t, h.EndOtherSessions(ctx, thief.Token), fault.Denied, "")
	})
}

// A role that begins during a session brings its second factor with it.
func TestARoleGivenLaterAsksForItsFactor(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.account("hoa")
		o := h.in(from("10.0.0.1"), "hoa")
		h.grant(id, people.RoleLeader, department)
		s, err := h.OpenSession(context.Background(), o.Token)
		h.must(err)
		if s.Stage != people.StageEnrol || len(s.Actor.Grants) != 0 {
			t.Errorf("session is %+v", s)
		}
	})
}

func TestAGivenPasswordMustBeChanged(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.account("hoa")
		h.must(h.SetPassword(h.admin, id, password, true))
		o := h.in(from("10.0.0.1"), "hoa")
		if o.Session.Stage != people.StagePassword {
			t.Fatalf("stage is %v", o.Session.Stage)
		}
		refused(t, h.ChangePassword(h.as(id), o.Token, "sai", "một câu mới dễ nhớ"), fault.Invalid, "old_password")
		refused(t, h.ChangePassword(h.as(id), o.Token, password, "ngắn"), fault.Invalid, "password")
		refused(t, h.ChangePassword(h.as(id), o.Token, password, password), fault.Invalid, "password")
		h.must(h.ChangePassword(h.as(id), o.Token, password, "một câu mới dễ nhớ"))
		if s, err := h.OpenSession(context.Background(), o.Token); err != nil || s.Stage != people.StageFull {
			t.Errorf("stage is %v, %v", s.Stage, err)
		}
	})
}

// L-17: two-factor for staff. A unit's head signs documents; the press, who are no staff, only read.
func TestAllStaffProveTwice(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		unit := access.Scope{Kind: access.Unit, ID: string(h.unit(people.UnitForm{Kind: "school", Name: "THPT Bình Lư"}))}
		for _, r := range people.Roles() {
			id := h.account("vai." + string(r.Role))
			scope := access.Scope{Kind: r.Scopes[0]}
			switch scope.Kind {
			case access.Unit:
				scope = unit
			case access.Site:
				scope.ID = "site-1"
			}
			h.grant(id, r.Role, scope)
			alone := h.in(from("10.0.2.1"), "vai."+string(r.Role)).Session.Stage
			if (alone == people.StageFull) != (r.Role == people.RolePress) {
				t.Errorf("%s is let in with the password alone: stage %v", r.Role, alone)
			}
		}
		// A head who leads another school's site for three days has no telephone there, but paper.
		head := h.account("hieutruong")
		h.grant(head, people.RoleUnitHead, unit)
		h.grant(head, people.RoleSiteHead, access.Scope{Kind: access.Site, ID: "site-1"})
		_, codes, err := h.CreateCodeSheet(h.admin, head, "2021-07-07", "2021-07-08", 1)
		h.must(err)
		o := h.in(from("10.0.2.1"), "hieutruong")
		in, err := h.Prove(context.Background(), from("10.0.2.1"), o.Token, codes[0])
		h.must(err)
		if in.Session.Stage != people.StageFull || len(in.Session.Actor.Grants) != 1 || in.Session.Actor.Grants[0].Role != people.RoleSiteHead {
			t.Errorf("with a printed code: %+v", in.Session)
		}
	})
}

// domain.md 0.4, L-17: telephones are forbidden at a site, paper is not.
func TestPrintedCodesWorkOnceOnTheirDays(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		id, other := h.account("thuky"), h.account("thuky2")
		_, _, err := h.CreateCodeSheet(h.admin, id, "2021-07-07", "2021-07-08", 3)
		refused(t, err, fault.Conflict, "")
		for _, a := range []people.AccountID{id, other} {
			h.grant(a, people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: "site-1"})
		}
		_, _, err = h.CreateCodeSheet(h.admin, id, "2021-07-08", "2021-07-07", 99)
		refused(t, err, fault.Invalid, "last_day")
		refused(t, err, fault.Invalid, "count")
		sheet, codes, err := h.CreateCodeSheet(h.admin, id, "2021-07-07", "2021-07-08", 4)
		h.must(err)
		_, later, err := h.CreateCodeSheet(h.admin, id, "2021-07-09", "2021-07-09", 1)
		h.must(err)
		_, others, err := h.CreateCodeSheet(h.admin, other, "2021-07-07", "2021-07-08", 1)
		h.must(err)

		o := h.in(from("10.0.0.1"), "thuky")
		if o.Session.Stage != people.StageSecond {
			t.Fatalf("stage is %v", o.Session.Stage)
		}
		for name, c := range map[string]string{"a code of another day": later[0], "a code of another account": others[0], "no code": "", "not a code": "0000"} {
			_, err := h.Prove(ctx, from("10.0.0.1"), o.Token, c)
			t.Run(name, func(t *testing.T) { refused(t, err, fault.Invalid, "code") })
		}
		proven, err := h.Prove(ctx, from("10.0.0.1"), o.Token, " "+strings.ToLower(strings.ReplaceAll(codes[1], "-", " ")))
		h.must(err)
		if proven.Session.Stage != people.StageFull || proven.Session.Proof != people.ProofPrinted {
			t.Errorf("session is %+v", proven.Session)
		}
		o = h.in(from("10.0.0.1"), "thuky")
		_, err = h.Prove(ctx, from("10.0.0.1"), o.Token, codes[1])
		refused(t, err, fault.Invalid, "code")
		sheets, err := h.CodeSheets(h.admin, id)
		h.must(err)
		mine := slices.IndexFunc(sheets, func(x people.CodeSheet) bool { return x.ID == sheet.ID })
		if len(sheets) != 2 || mine < 0 || sheets[mine].Used != 1 || sheets[mine].Count != 4 {
			t.Errorf("sheets are %+v", sheets)
		}
		h.must(h.RevokeCodeSheet(h.admin, id, sheet.ID))
		_, err = h.Prove(ctx, from("10.0.0.1"), o.Token, codes[0])
		refused(t, err, fault.Invalid, "code")
	})
}

// domain.md 6.5: a session that a code of a site's envelope opened is bound to the site and the day.
func TestACodeOfAnEnvelopeOpensItsSiteUntilTheDayIsOver(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		head, secretary := h.account("hieutruong"), h.account("thuky")
		h.grant(head, people.RoleUnitHead, access.Scope{Kind: access.Unit, ID: string(h.unit(people.UnitForm{Kind: "school", Name: "THPT Bình Lư"}))})
		for _, site := range []string{"site-1", "site-2"} {
			h.grant(head, people.RoleSiteHead, access.Scope{Kind: access.Site, ID: site})
		}
		h.grant(secretary, people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: "site-1"})
		_, err := h.CreateSiteSheets(h.admin, nil, "2021-07-07", "2021-07-08", 3, false)
		refused(t, err, fault.Invalid, "sites")
		_, err = h.CreateSiteSheets(h.admin, []string{"site-1", "nowhere"}, "2021-07-07", "2021-07-08", 3, false)
		refused(t, err, fault.Invalid, "sites")
		if sheets, err := h.CodeSheets(h.admin, head); err != nil || len(sheets) != 0 {
			t.Errorf("refused, and yet %v %v", sheets, err)
		}
		made, err := h.CreateSiteSheets(h.admin, []string{"site-1"}, "2021-07-07", "2021-07-08", 3, false)
		h.must(err)
		if len(made) != 2 || len(made[0].Codes) != 3 || made[0].Roles == nil || made[0].Sheet.Site != "site-1" {
			t.Fatalf("the envelope holds %+v", made)
		}
		codes := map[people.AccountID][]string{made[0].Account.ID: made[0].Codes, made[1].Account.ID: made[1].Codes}

		o := h.in(from("10.0.0.1"), "hieutruong")
		in, err := h.Prove(ctx, from("10.0.0.1"), o.Token, codes[head][0])
		h.must(err)
		grants := in.Session.Actor.Grants
		if len(grants) != 1 || grants[0].Scope.ID != "site-1" {
			t.Errorf("the code of site 1 opens %+v", grants)
		}
		day := time.Date(2021, 7, 8, 0, 0, 0, 0, clock.Zone)
		if in.Session.ExpiresAt > day.UnixMilli() {
			t.Errorf("the session lasts until %v", time.UnixMilli(in.Session.ExpiresAt))
		}
		h.clock.Advance(day.Sub(h.clock.Now()) + time.Minute)
		_, err = h.OpenSession(ctx, in.Token)
		refused(t, err, fault.Unauthenticated, "")

		again, err := h.CreateSiteSheets(h.admin, []string{"site-1"}, "2021-07-08", "2021-07-08", 1, true)
		h.must(err)
		o = h.in(from("10.0.0.1"), "thuky")
		_, err = h.Prove(ctx, from("10.0.0.1"), o.Token, codes[secretary][0])
		refused(t, err, fault.Invalid, "code") // the envelope before was taken back
		for _, m := range again {
			if m.Account.ID == secretary {
				_, err = h.Prove(ctx, from("10.0.0.1"), o.Token, m.Codes[0])
				h.must(err)
			}
		}
	})
}

func TestACodeIsUsedOnceByTwoAtTheSameMoment(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		id := h.account("thuky")
		h.grant(id, people.RoleSiteSecretary, access.Scope{Kind: access.Site, ID: "site-1"})
		_, codes, err := h.CreateCodeSheet(h.admin, id, "2021-07-07", "2021-07-08", 1)
		h.must(err)
		const tries = 4
		var opened [tries]people.Opened
		for i := range opened {
			opened[i] = h.in(from("10.0.0.1"), "thuky")
		}
		var wg sync.WaitGroup
		var ok [tries]bool
		for i := range tries {
			wg.Go(func() {
				_, err := h.Prove(context.Background(), from("10.0.0.1"), opened[i].Token, codes[0])
				ok[i] = err == nil
			})
		}
		wg.Wait()
		n := 0
		for _, yes := range ok {
			if yes {
				n++
			}
		}
		if n != 1 {
			t.Errorf("the code worked %d times", n)
		}
	})
}

func TestTheFirstAdministratorComesFromTheConsole(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		if token, err := h.FirstAdminLink(ctx); err != nil || token != "" {
			t.Fatalf("a link although there is an administrator: %v", err)
		}
		h.emptyAdmins()
		stale, err := h.FirstAdminLink(ctx)
		h.must(err)
		token, err := h.FirstAdminLink(ctx)
		h.must(err)
		refused(t, h.FirstAdminLinkWorks(ctx, stale), fault.Gone, "")
		h.must(h.FirstAdminLinkWorks(ctx, token))
		form := people.AccountForm{Username: "giam.doc", Name: "Đinh Thị Mai"}
		_, err = h.CreateFirstAdmin(ctx, from("10.0.0.1"), token, people.AccountForm{}, "ngắn")
		for _, field := range []string{"username", "name", "password"} {
			refused(t, err, fault.Invalid, field)
		}
		_, err = h.CreateFirstAdmin(ctx, from("10.0.0.1"), "x", form, password)
		refused(t, err, fault.Gone, "")
		o, err := h.CreateFirstAdmin(ctx, from("10.0.0.1"), token, form, password)
		h.must(err)
		if o.Session.Stage != people.StageEnrol {
			t.Errorf("stage is %v", o.Session.Stage)
		}
		_, err = h.CreateFirstAdmin(ctx, from("10.0.0.1"), token, people.AccountForm{Username: "ke.gian", Name: "X"}, password)
		refused(t, err, fault.Gone, "")
		if token, err := h.FirstAdminLink(ctx); err != nil || token != "" {
			t.Errorf("another link: %v", err)
		}
	})
}

func TestTheFirstLinkExpires(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.emptyAdmins()
		token, err := h.FirstAdminLink(context.Background())
		h.must(err)
		h.clock.Advance(25 * time.Hour)
		refused(t, h.FirstAdminLinkWorks(context.Background(), token), fault.Gone, "")
	})
}

// emptyAdmins makes the installation one that nobody administers yet, which no verb allows.
func (h *house) emptyAdmins() {
	h.t.Helper()
	h.must(h.db.Write(context.Background(), func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `DELETE FROM people_grant`)
		return err
	}))
}

func TestPasswordLinks(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		id := h.account("hoa")
		before := h.in(from("10.0.0.1"), "hoa")
		stale, _, err := h.NewPasswordLink(h.admin, id)
		h.must(err)
		token, until, err := h.NewPasswordLink(h.admin, id)
		h.must(err)
		if got := time.Duration(until-h.clock.Millis()) * time.Millisecond; got != 72*time.Hour {
			t.Errorf("works for %v", got)
		}
		_, err = h.UsePasswordLink(ctx, from("10.0.0.2"), stale, "một câu mới dễ nhớ")
		refused(t, err, fault.Gone, "")
		refused(t, h.FirstAdminLinkWorks(ctx, token), fault.Gone, "")
		_, err = h.UsePasswordLink(ctx, from("10.0.0.2"), token, "ngắn")
		refused(t, err, fault.Invalid, "password")
		o, err := h.UsePasswordLink(ctx, from("10.0.0.2"), token, "một câu mới dễ nhớ")
		h.must(err)
		if o.Session.Stage != people.StageFull {
			t.Errorf("stage is %v", o.Session.Stage)
		}
		if _, err := h.OpenSession(ctx, before.Token); !fault.Is(err, fault.Unauthenticated) {
			t.Error("an earlier session goes on")
		}
		_, err = h.UsePasswordLink(ctx, from("10.0.0.2"), token, "một câu khác dễ nhớ")
		refused(t, err, fault.Gone, "")
	})
}

func TestNewAccountsGetTheirLinksInOneGo(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, username := range []string{"an", "binh"} {
			_, err := h.CreateAccount(h.admin, people.AccountForm{Username: username, Name: username})
			h.must(err)
		}
		links, err := h.LinksForNewAccounts(h.admin)
		h.must(err)
		if len(links) != 2 || links[0].Account.Username != "an" {
			t.Fatalf("links are %+v", links)
		}
		_, err = h.UsePasswordLink(system(), from("10.0.0.1"), links[1].Token, password)
		h.must(err)
		if links, err = h.LinksForNewAccounts(h.admin); err != nil || len(links) != 1 {
			t.Errorf("%d links when one has a password, %v", len(links), err)
		}
	})
}

func TestBearerTokens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ctx := context.Background()
		id := h.account("may")
		_, _, err := h.CreateToken(h.admin, id, "", []string{"a b"}, "hôm nay")
		for _, field := range []string{"name", "scope", "last_day"} {
			refused(t, err, fault.Invalid, field)
		}
		x, token, err := h.CreateToken(h.admin, id, "trang trường", []string{"results:read"}, "2021-07-07")
		h.must(err)
		who, got, err := h.UseToken(ctx, token)
		h.must(err)
		if who.Username != "may" || !got.Allows("results:read") || got.Allows("reports:write") {
			t.Errorf("%+v with %+v", who, got)
		}
		for name, bad := range map[string]string{"nothing": "", "another": token + "x", "without its mark": strings.TrimPrefix(token, "bvt_")} {
			_, _, err := h.UseToken(ctx, bad)
			t.Run(name, func(t *testing.T) { refused(t, err, fault.Unauthenticated, "") })
		}
		h.clock.Advance(24 * time.Hour)
		_, _, err = h.UseToken(ctx, token)
		refused(t, err, fault.Unauthenticated, "")
		_, second, err := h.CreateToken(h.admin, id, "khác", nil, "")
		h.must(err)
		tokens, err := h.Tokens(h.admin, id)
		h.must(err)
		if len(tokens) != 2 || tokens[1].ID != x.ID || tokens[1].LastUsed == 0 {
			t.Errorf("tokens are %+v", tokens)
		}
		h.must(h.RevokeToken(h.admin, id, tokens[0].ID))
		_, _, err = h.UseToken(ctx, second)
		refused(t, err, fault.Unauthenticated, "")
	})
}

// Secrets are neither logged nor found in any column or audit line.
func TestSecretsAreNowhere(t *testing.T) {
	var logged bytes.Buffer
	old := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() { slog.SetDefault(old) })
	h := newHouse(sqliteAt(t, examDay))
	ctx := context.Background()
	id := h.account("vanthu")
	h.grant(id, people.RoleClerk, department)
	h.grant(id, people.RoleSiteHead, access.Scope{Kind: access.Site, ID: "site-1"})
	o := h.in(from("192.0.2.77"), "vanthu")
	canaries := map[string]string{"password": password, "session token": o.Token, "device cookie": o.Device}
	_, err := h.Login(ctx, from("192.0.2.77"), "canary.typed.as.username", "canary-typed-password")
	refused(t, err, fault.Invalid, "")
	canaries["what was typed as a username"], canaries["what was typed as a password"] = "canary.typed.as.username", "canary-typed-password"
	e, err := h.BeginTOTP(h.as(id))
	h.must(err)
	canaries["authenticator secret"] = e.Secret
	recovery, err := h.ConfirmTOTP(h.as(id), o.Token, code(t, e.Secret, 0))
	h.must(err)
	canaries["recovery code"] = strings.ReplaceAll(recovery[0], "-", "")
	_, codes, err := h.CreateCodeSheet(h.admin, id, "2021-07-07", "2021-07-08", 1)
	h.must(err)
	canaries["printed code"] = strings.ReplaceAll(codes[0], "-", "")
	link, _, err := h.NewPasswordLink(h.admin, id)
	h.must(err)
	_, token, err := h.CreateToken(h.admin, id, "máy", nil, "")
	h.must(err)
	canaries["link"], canaries["bearer token"] = link, token

	stored := h.dump()
	for what, secret := range canaries {
		if strings.Contains(strings.ReplaceAll(stored, "-", ""), strings.ReplaceAll(secret, "-", "")) {
			t.Errorf("the database holds the %s in clear", what)
		}
		if strings.Contains(logged.String(), secret) {
			t.Errorf("the log holds the %s", what)
		}
	}
	if !strings.Contains(stored, "Lò Văn vanthu") || !strings.Contains(logged.String(), "login refused") {
		t.Error("the search looked in the wrong place")
	}
	if strings.Contains(logged.String(), "192.0.2.77") {
		t.Error("the log holds an address")
	}
}

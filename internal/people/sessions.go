package people

import (
	"context"
	"slices"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/clock"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/people/credential"
)

// A Session is one login of one person in one browser.
type Session struct {
	ID        SessionID // names it in lists; the token is another thing
	Account   AccountID
	CreatedAt int64  // milliseconds UTC, as are the next two
	SeenAt    int64  // of the last request, to the minute
	ExpiresAt int64  // at the latest
	Address   string // class restricted
	Agent     string
	Proof     Proof
	Site      string // the exam site whose printed code opened it: nothing else can be done in it; "" = no such bound

	Stage Stage
	Actor access.Actor // nobody at StageSecond, without grants until StageFull
}

var errNoSession = fault.New(fault.Unauthenticated, "Phiên làm việc đã kết thúc. Hãy đăng nhập lại.")

// seenEvery bounds how often a session's last use is written.
const seenEvery = time.Minute

// OpenSession gives the session of a token, with who acts in it.
//
// It returns fault.Unauthenticated when there is none: ended, idle too long, past its longest life, or
// its account disabled.
func (s *Service) OpenSession(ctx context.Context, token string) (Session, error) {
	if token == "" {
		return Session{}, errNoSession
	}
	now := s.db.Clock().Millis()
	row, err := sessionByHash(ctx, s.db.Read(), credential.TokenSum(token))
	if fault.Is(err, fault.NotFound) {
		return Session{}, errNoSession
	}
	if err != nil {
		return Session{}, err
	}
	if now >= row.ExpiresAt || now >= row.SeenAt+row.idle {
		return Session{}, errNoSession
	}
	a, err := accountByID(ctx, s.db.Read(), row.Account)
	if err != nil {
		return Session{}, err
	}
	if a.DisabledAt != 0 {
		return Session{}, errNoSession
	}
	if now-row.SeenAt >= seenEvery.Milliseconds() {
		err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return touchSession(ctx, tx, row.ID, now) })
		if err != nil {
			return Session{}, err
		}
		row.SeenAt = now
	}
	return row.Session, s.fill(ctx, s.db.Read(), &row.Session, a)
}

// fill works out who acts in a session and what is due in it. What a printed code opens is the work of an
// exam site, of the very site its sheet was printed for: the paper lies in a duty room, and whoever it
// falls to shall not be a school's head or another site's secretary with it (domain.md 0.4).
func (s *Service) fill(ctx context.Context, q db.Queryer, x *Session, a Account) error {
	who, err := actor(ctx, q, a)
	if err != nil {
		return err
	}
	grants, err := grantsOf(ctx, q, a.ID)
	if err != nil {
		return err
	}
	now := s.db.Clock().Millis()
	sheets, err := count(ctx, q, `SELECT count(*) FROM people_code_sheet WHERE account = $1 AND revoked_at = 0 AND first_day <= $2 AND last_day >= $2`,
		a.ID, clock.Day(clock.FromMillis(now)))
	if err != nil {
		return err
	}
	x.Actor, x.Stage = who, s.stage(a, grants, x.Proof, now, sheets > 0)
	if x.Proof == ProofPrinted {
		x.Actor.Grants = slices.DeleteFunc(slices.Clone(x.Actor.Grants), func(g access.Grant) bool {
			return g.Scope.Kind != access.Site || x.Site != "" && g.Scope.ID != x.Site
		})
	}
	switch x.Stage {
	case StageSecond: // the password alone is nobody yet: else it could enrol another authenticator
		x.Actor = access.Actor{}
	case StagePassword, StageEnrol:
		x.Actor.Grants = nil
	}
	return nil
}

// Logout ends the session of a token. An unknown token is no error: the person wanted to be out.
func (s *Service) Logout(ctx context.Context, token string) error {
	row, err := sessionByHash(ctx, s.db.Read(), credential.TokenSum(token))
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return endSession(ctx, tx, row.Account, row.ID) })
}

// MySessions gives the running sessions of who asks, newest first.
func (s *Service) MySessions(ctx context.Context) ([]Session, error) {
	me, err := self(ctx)
	if err != nil {
		return nil, err
	}
	return sessionsOf(ctx, s.db.Read(), me, s.db.Clock().Millis())
}

// Sessions gives the running sessions of an account, for administrators.
func (s *Service) Sessions(ctx context.Context, id AccountID) ([]Session, error) {
	if err := s.policy.Check(ctx, ActPeopleManage, access.Place{}); err != nil {
		return nil, err
	}
	return sessionsOf(ctx, s.db.Read(), id, s.db.Clock().Millis())
}

// EndMySession ends one of the asker's own sessions: the browser forgotten in an office is out at its
// next request. A session that is not theirs is fault.NotFound.
func (s *Service) EndMySession(ctx context.Context, id SessionID) error {
	me, err := self(ctx)
	if err != nil {
		return err
	}
	return s.endSession(ctx, me, id)
}

// EndSession ends a session of any account, for administrators.
func (s *Service) EndSession(ctx context.Context, account AccountID, id SessionID) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.endSession(ctx, account, id)
}

func (s *Service) endSession(ctx context.Context, account AccountID, id SessionID) error {
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, account)
		if err != nil {
			return err
		}
		if err := endSession(ctx, tx, account, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.session.end", Kind: "account", ID: string(account), Label: a.Name})
	})
}

// EndOtherSessions ends all sessions of the asker but the one of the token given.
func (s *Service) EndOtherSessions(ctx context.Context, token string) error {
	mine, err := s.OpenSession(ctx, token)
	if err != nil {
		return err
	}
	if mine.Stage == StageSecond {
		return errProveFirst
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		if err := endSessions(ctx, tx, mine.Account, mine.ID); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.session.end", Kind: "account", ID: string(mine.Account), Label: mine.Actor.Name,
			Note: "mọi phiên khác"})
	})
}

// self gives the account of who asks.
func self(ctx context.Context) (AccountID, error) {
	who := access.From(ctx)
	if who.Person == "" || who.System {
		return "", fault.New(fault.Unauthenticated, "Hãy đăng nhập để tiếp tục.")
	}
	return AccountID(who.Person), nil
}

package people

import (
	"context"
	"slices"
	"strings"
	"time"

	"bangvang/internal/base/access"
	"bangvang/internal/base/audit"
	"bangvang/internal/base/db"
	"bangvang/internal/base/fault"
	"bangvang/internal/people/credential"
)

// A Token lets a program act as an account over the machine interface, within its scopes.
type Token struct {
	ID        TokenID
	Account   AccountID
	Name      string   // what it is for
	Scopes    []string // empty: whatever the account may do
	CreatedAt int64
	ExpiresAt int64 // 0 = never
	LastUsed  int64 // to the minute; 0 = never
	RevokedAt int64 // 0 while it stands
}

// Allows tells whether a token may be used for a scope, "results:read" for instance.
func (t Token) Allows(scope string) bool {
	return len(t.Scopes) == 0 || slices.Contains(t.Scopes, scope)
}

// tokenPrefix makes a lost token recognisable to scanners of published code.
const tokenPrefix = "bvt_"

// CreateToken makes a bearer token for an account; it is given once, only its hash is kept. lastDay is
// the last Vietnamese day it works, "" for no end.
//
// It returns fault.Invalid with fields "name", "scope", "last_day".
func (s *Service) CreateToken(ctx context.Context, id AccountID, name string, scopes []string, lastDay string) (Token, string, error) {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return Token{}, "", err
	}
	x := Token{ID: TokenID(db.NewID()), Account: id, Name: clean(name)}
	var wrong []fault.Field
	if x.Name == "" {
		wrong = append(wrong, fault.Field{Name: "name", Message: "Hãy ghi mã này dùng cho việc gì."})
	}
	for _, scope := range scopes {
		if scope = clean(scope); scope == "" || strings.ContainsAny(scope, " ,") {
			wrong = append(wrong, fault.Field{Name: "scope", Message: "Phạm vi “" + scope + "” chưa đúng. Ví dụ: results:read."})
			continue
		}
		x.Scopes = append(x.Scopes, scope)
	}
	if lastDay != "" {
		if !isDay(lastDay) {
			wrong = append(wrong, fault.Field{Name: "last_day", Message: "Ngày hết hạn chưa đúng. Ví dụ: 31/12/2021."})
		}
		x.ExpiresAt = dayEnd(lastDay)
	}
	if err := fault.Fields(wrong...); err != nil {
		return Token{}, "", err
	}
	token := tokenPrefix + credential.NewToken()
	err = s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, id)
		if err != nil {
			return err
		}
		x.CreatedAt = tx.Now()
		if err := insertToken(ctx, tx, x, credential.TokenSum(token), strings.Join(x.Scopes, ",")); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.token.create", Kind: "account", ID: string(id), Label: a.Name,
			Data: map[string]string{"name": x.Name, "scopes": strings.Join(x.Scopes, ",")}})
	})
	return x, token, err
}

// Tokens gives an account's tokens, newest first, without the secret part.
func (s *Service) Tokens(ctx context.Context, id AccountID) ([]Token, error) {
	if err := s.policy.Check(ctx, ActPeopleRead, access.Place{}); err != nil {
		return nil, err
	}
	return tokensOf(ctx, s.db.Read(), id)
}

// RevokeToken ends a token now.
func (s *Service) RevokeToken(ctx context.Context, account AccountID, id TokenID) error {
	ctx, err := s.policy.Enter(ctx, ActPeopleManage, access.Place{})
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error {
		a, err := accountByID(ctx, tx, account)
		if err != nil {
			return err
		}
		if err := revokeToken(ctx, tx, account, id); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{Action: "people.token.revoke", Kind: "account", ID: string(account), Label: a.Name})
	})
}

// UseToken gives who acts with a bearer token, and the token for its scopes.
//
// It returns fault.Unauthenticated for a token that is unknown, revoked, expired or whose account is
// disabled.
func (s *Service) UseToken(ctx context.Context, token string) (access.Actor, Token, error) {
	refused := fault.New(fault.Unauthenticated, "Mã truy cập không đúng, đã hết hạn hoặc đã bị thu hồi.")
	if !strings.HasPrefix(token, tokenPrefix) {
		return access.Actor{}, Token{}, refused
	}
	now := s.db.Clock().Millis()
	x, err := tokenByHash(ctx, s.db.Read(), credential.TokenSum(token), now)
	if fault.Is(err, fault.NotFound) {
		return access.Actor{}, Token{}, refused
	}
	if err != nil {
		return access.Actor{}, Token{}, err
	}
	a, err := accountByID(ctx, s.db.Read(), x.Account)
	if err != nil {
		return access.Actor{}, Token{}, err
	}
	if a.DisabledAt != 0 {
		return access.Actor{}, Token{}, refused
	}
	if now-x.LastUsed >= time.Minute.Milliseconds() {
		if err := s.db.Write(ctx, func(ctx context.Context, tx *db.Tx) error { return touchToken(ctx, tx, x.ID) }); err != nil {
			return access.Actor{}, Token{}, err
		}
	}
	who, err := actor(ctx, s.db.Read(), a)
	return who, x, err
}

func splitScopes(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, ",")
}

package people

import (
	"context"

	"bangvang/internal/base/access"
)

// ActorOf gives who somebody is when they act, with the grants they hold: for the demonstration,
// which does in their name what people do by hand. It returns what the policy says without the
// right to manage accounts.
func (s *Service) ActorOf(ctx context.Context, id AccountID) (access.Actor, error) {
	if err := s.policy.Check(ctx, ActPeopleManage, access.Place{}); err != nil {
		return access.Actor{}, err
	}
	a, err := s.Account(ctx, id)
	if err != nil {
		return access.Actor{}, err
	}
	return actor(ctx, s.db.Read(), a)
}

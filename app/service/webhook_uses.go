package service

import (
	"cmp"
	"context"
	"slices"

	"hookline/app/policy"
	"hookline/models"
)

// UseKind is how something relies on a webhook.
type UseKind string

const (
	UseEvents UseKind = "events" // event types that it gets today
	UseToken  UseKind = "token"  // the API token that made it, and looks after it
	UseTeam   UseKind = "team"   // a team that it is shared with
	UseUser   UseKind = "user"   // a person that it is shared with
)

// Use is one thing that relies on a webhook. ID names it, but for UseEvents,
// where Count says how many there are.
type Use struct {
	Kind  UseKind
	ID    string
	Name  string
	Count int
	Level models.Level // of a team or a person
}

// UsedBy tells whom a change of the webhook, or its end, concerns (I10): what it
// is sent, then who looks after it, then with whom it is shared. What the actor
// may not see is left out.
func (s *Webhooks) UsedBy(ctx context.Context, actor models.Actor, id string) ([]Use, error) {
	w, err := s.webhookFor(actor, policy.ReadWebhooks, id)
	if err != nil {
		return nil, err
	}
	uses := []Use{}
	if n := s.subscribed(w); n > 0 {
		uses = append(uses, Use{Kind: UseEvents, Count: n})
	}
	if policy.Can(actor, policy.ManageTokens) {
		if t := s.store.Config().TokenByID(w.CreatedByToken); t != nil && !t.Expired(s.now()) {
			uses = append(uses, Use{Kind: UseToken, ID: t.ID, Name: t.Name})
		}
	}
	if !s.May(actor, policy.ManageGrants, w.ID) {
		return uses, nil
	}
	shared, err := s.grants.List(ctx, actor, w.ID)
	return append(uses, sharers(shared)...), err
}

// subscribed is how many event types the webhook gets that take events.
func (s *Webhooks) subscribed(w models.Webhook) (n int) {
	for t := range s.store.Config().EventTypes() {
		if !t.Archived && w.Subscriptions.Covers(t) {
			n++
		}
	}
	return n
}

// sharers are teams first, since a team is more people.
func sharers(shared Shared) (uses []Use) {
	for _, g := range shared.Grants {
		u := Use{Kind: UseUser, ID: g.Holder.ID, Name: cmp.Or(g.Holder.Name, g.Holder.Email), Level: g.Grant.Level}
		if g.Holder.Team {
			u.Kind = UseTeam
		}
		uses = append(uses, u)
	}
	slices.SortStableFunc(uses, func(a, b Use) int { return cmp.Compare(a.Kind, b.Kind) })
	return uses
}

package service

import (
	"context"
	"slices"
	"strings"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Grants is who may do what with a webhook beside the owners (Z8).
type Grants struct{ deps }

// Granted is a grant with whom it was given to.
type Granted struct {
	Grant  models.Grant
	Holder models.Holder
}

// Shared is a webhook with its grants, by name of their holders.
type Shared struct {
	Webhook models.Webhook
	Grants  []Granted
}

// List returns all grants on a webhook, by name: there are models.MaxGrants at
// most.
func (s *Grants) List(ctx context.Context, actor models.Actor, webhookID string) (Shared, error) {
	w, err := s.webhookFor(actor, policy.ManageGrants, webhookID)
	if err != nil {
		return Shared{}, err
	}
	shared, err := s.shared(ctx, []*models.Webhook{&w})
	if err != nil {
		return Shared{}, err
	}
	return shared[0], nil
}

// Overview pages through all webhooks with their grants, newest first. search
// looks into the webhooks' names and URLs.
func (s *Grants) Overview(ctx context.Context, actor models.Actor, search string, p models.PageRequest) (models.Page[Shared], error) {
	if err := policy.Check(actor, policy.ManageGrants); err != nil {
		return models.Page[Shared]{}, err
	}
	page, err := store.PageOf(p, models.WebhookPrefix)
	if err != nil {
		return models.Page[Shared]{}, err
	}
	list, err := s.store.Webhooks(ctx, nil, search, page)
	if err != nil {
		return models.Page[Shared]{}, err
	}
	found := store.Paged(list, page, func(w *models.Webhook) string { return w.ID })
	shared, err := s.shared(ctx, found.Items)
	return models.Page[Shared]{Items: shared, Older: found.Older, Newer: found.Newer}, err
}

// shared looks the holders of all the webhooks' grants up at once.
func (s *Grants) shared(ctx context.Context, webhooks []*models.Webhook) ([]Shared, error) {
	access := s.store.Config().Access
	var ids []string
	for _, w := range webhooks {
		for _, g := range access.On(w.ID) {
			if g.UserID != "" {
				ids = append(ids, g.UserID)
			}
		}
	}
	slices.Sort(ids)
	users, err := s.store.UsersByID(ctx, slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	holders := holdersOf(users, access.Teams)
	out := make([]Shared, len(webhooks))
	for i, w := range webhooks {
		out[i] = Shared{Webhook: *w, Grants: granted(access.On(w.ID), holders)}
	}
	return out, nil
}

func holdersOf(users []models.User, teams []models.Team) map[string]models.Holder {
	holders := make(map[string]models.Holder, len(users)+len(teams))
	for _, u := range users {
		holders[u.ID] = models.UserHolder(u)
	}
	for _, t := range teams {
		holders[t.ID] = models.TeamHolder(t)
	}
	return holders
}

// granted leaves out the grants of those who are gone.
func granted(grants []models.Grant, holders map[string]models.Holder) []Granted {
	list := []Granted{}
	for _, g := range grants {
		if h, there := holders[g.Holder()]; there {
			list = append(list, Granted{g, h})
		}
	}
	slices.SortStableFunc(list, func(a, b Granted) int {
		return strings.Compare(strings.ToLower(a.Holder.Name), strings.ToLower(b.Holder.Name))
	})
	return list
}

// Entitled pages through the people who can do something with a webhook, and
// why; within a page owners come first, then editors, then viewers.
func (s *Grants) Entitled(ctx context.Context, actor models.Actor, webhookID string, p models.PageRequest) (models.Page[models.Entitled], error) {
	var none models.Page[models.Entitled]
	w, err := s.webhookFor(actor, policy.ManageGrants, webhookID)
	if err != nil {
		return none, err
	}
	page, err := store.PageOf(p, models.UserPrefix)
	if err != nil {
		return none, err
	}
	users, err := s.store.EntitledUsers(ctx, w.ID, page)
	if err != nil {
		return none, err
	}
	found := store.Paged(users, page, func(u models.User) string { return u.ID })
	access := s.store.Config().Access
	people := make([]models.Entitled, len(found.Items))
	for i, u := range found.Items {
		people[i] = access.Entitle(u, w.ID)
	}
	slices.SortStableFunc(people, byStrength)
	return models.Page[models.Entitled]{Items: people, Older: found.Older, Newer: found.Newer}, nil
}

func byStrength(a, b models.Entitled) int {
	rank := func(e models.Entitled) int {
		switch {
		case e.User.Role == models.Owner:
			return 0
		case e.Level == models.EditGrant:
			return 1
		}
		return 2
	}
	if d := rank(a) - rank(b); d != 0 {
		return d
	}
	return strings.Compare(strings.ToLower(a.User.Name), strings.ToLower(b.User.Name))
}

// Give gives a user or a team, named by id, a level on a webhook, in place of
// the one it may have had there. NotFound when there is no such user or team.
func (s *Grants) Give(ctx context.Context, actor models.Actor, webhookID, holderID string, level models.Level) (Granted, error) {
	w, err := s.webhookFor(actor, policy.ManageGrants, webhookID)
	if err != nil {
		return Granted{}, err
	}
	holder, err := s.holder(ctx, holderID)
	if err != nil {
		return Granted{}, err
	}
	old, had := s.grantOf(w.ID, holder.ID)
	if err := s.checkGrant(w.ID, holder, level, had); err != nil {
		return Granted{}, err
	}
	g := models.Grant{ID: store.NewID(models.GrantPrefix), WebhookID: w.ID, Level: level, CreatedAt: s.now()}
	if had {
		g = old
		g.Level = level
	}
	if holder.Team {
		g.TeamID = holder.ID
	} else {
		g.UserID = holder.ID
	}
	if had && old.Level == level {
		return Granted{g, holder}, nil
	}
	return Granted{g, holder}, s.store.SaveGrant(ctx, g, s.grantEntry(actor, "grant.given", w, holder, old.Level, level))
}

func (s *Grants) checkGrant(webhookID string, holder models.Holder, level models.Level, had bool) error {
	var errs models.FieldErrors
	if !level.Valid() {
		errs.Add("level", "Choose view or edit.")
	}
	if holder.Disabled {
		errs.Add("holder", "%s is disabled and cannot sign in. Enable the user first.", holder.Name)
	}
	if err := errs.Err(); err != nil || had || len(s.store.Config().Access.On(webhookID)) < models.MaxGrants {
		return err
	}
	return models.ErrManyGrants()
}

// SetLevel changes a grant that is there; NotFound when it was revoked.
func (s *Grants) SetLevel(ctx context.Context, actor models.Actor, webhookID, holderID string, level models.Level) (Granted, error) {
	g, w, err := s.existing(ctx, actor, webhookID, holderID)
	if err != nil {
		return g, err
	}
	if !level.Valid() {
		var errs models.FieldErrors
		errs.Add("level", "Choose view or edit.")
		return g, errs.Err()
	}
	before := g.Grant.Level
	if g.Grant.Level = level; before == level {
		return g, nil
	}
	return g, s.store.SetGrantLevel(ctx, w.ID, g.Grant.ID, level, s.grantEntry(actor, "grant.changed", w, g.Holder, before, level))
}

// Revoke takes a grant away; it counts no more from the next request on.
// NotFound when the user or team has none on this webhook.
func (s *Grants) Revoke(ctx context.Context, actor models.Actor, webhookID, holderID string) (Granted, error) {
	g, w, err := s.existing(ctx, actor, webhookID, holderID)
	if err != nil {
		return g, err
	}
	return g, s.store.DeleteGrant(ctx, w.ID, g.Grant.ID, s.grantEntry(actor, "grant.revoked", w, g.Holder, g.Grant.Level, models.NoGrant))
}

func (s *Grants) existing(ctx context.Context, actor models.Actor, webhookID, holderID string) (Granted, models.Webhook, error) {
	w, err := s.webhookFor(actor, policy.ManageGrants, webhookID)
	if err != nil {
		return Granted{}, w, err
	}
	holder, err := s.holder(ctx, holderID)
	if err != nil {
		return Granted{}, w, err
	}
	g, had := s.grantOf(w.ID, holder.ID)
	if !had {
		return Granted{}, w, models.Errorf(models.NotFound, "%s has no grant on this webhook (any more).", holder.Name)
	}
	return Granted{g, holder}, w, nil
}

func (s *Grants) grantOf(webhookID, holderID string) (models.Grant, bool) {
	for _, g := range s.store.Config().Access.On(webhookID) {
		if g.Holder() == holderID {
			return g, true
		}
	}
	return models.Grant{}, false
}

// holder finds a user or a team by id.
func (s *Grants) holder(ctx context.Context, id string) (models.Holder, error) {
	if _, err := models.ParseID(models.TeamPrefix, id); err == nil {
		if t := s.store.Config().Access.Team(id); t != nil {
			return models.TeamHolder(*t), nil
		}
		return models.Holder{}, models.Errorf(models.NotFound, "There is no team with this id.")
	}
	id, err := models.ParseID(models.UserPrefix, id)
	if err != nil {
		return models.Holder{}, models.Errorf(models.NotFound, "There is no user or team with this id.")
	}
	users, err := s.store.UsersByID(ctx, []string{id})
	if err == nil && len(users) == 0 {
		err = models.Errorf(models.NotFound, "There is no user with this id.")
	}
	if err != nil {
		return models.Holder{}, err
	}
	return models.UserHolder(users[0]), nil
}

// grantEntry is filed under the webhook, since that is where people look for who
// could do what.
func (s *Grants) grantEntry(actor models.Actor, action string, w models.Webhook, h models.Holder, before, after models.Level) models.Audit {
	name := "user " + h.Name + " <" + h.Email + ">"
	if h.Team {
		name = "team " + h.Name
	}
	field := func(l models.Level) []models.Field { return []models.Field{{Name: name, Value: string(l)}} }
	return s.entry(actor, action, w.ID, w.Name, field(before), field(after))
}

package service

import (
	"context"
	"slices"
	"strings"

	"hookline/app/policy"
	"hookline/models"
)

// MaxSuggestions is how many users and teams a type-ahead offers.
const MaxSuggestions = 8

// Suggestion is somebody a webhook could be shared with, and what they can do
// with it already. Reasons is of a user, Level the team's grant or the user's
// strongest.
type Suggestion struct {
	Holder  models.Holder
	Level   models.Level
	Reasons []models.Reason
}

// Suggest looks for users and teams by a part of their name or address. Nobody
// is left out but who cannot sign in.
func (s *Grants) Suggest(ctx context.Context, actor models.Actor, webhookID, text string) ([]Suggestion, error) {
	w, err := s.webhookFor(actor, policy.ManageGrants, webhookID)
	if err != nil {
		return nil, err
	}
	text = strings.TrimSpace(text)
	users, err := s.store.SearchUsers(ctx, text, MaxSuggestions)
	if err != nil {
		return nil, err
	}
	access := s.store.Config().Access
	list := []Suggestion{}
	for _, t := range teamsNamed(access.Teams, text) {
		g, _ := s.grantOf(w.ID, t.ID)
		list = append(list, Suggestion{Holder: models.TeamHolder(t), Level: g.Level})
	}
	// Both kinds find room when there are many of each.
	list = list[:min(len(list), max(MaxSuggestions/2, MaxSuggestions-len(users)))]
	for _, u := range users[:min(len(users), MaxSuggestions-len(list))] {
		e := access.Entitle(u, w.ID)
		list = append(list, Suggestion{Holder: models.UserHolder(u), Level: e.Level, Reasons: e.Reasons})
	}
	return list, nil
}

func teamsNamed(teams []models.Team, text string) []models.Team {
	text = strings.ToLower(text)
	var found []models.Team
	for _, t := range teams {
		if strings.Contains(strings.ToLower(t.Name), text) {
			found = append(found, t)
		}
	}
	slices.SortStableFunc(found, func(a, b models.Team) int { return len(a.Name) - len(b.Name) }) // the exact name first
	return found
}

// Find returns the one user or team that the text names exactly: an e-mail
// address, or a name that only one of them has. Else it returns no holder, and
// those that it may have meant. picked is the id that was chosen from a list; it
// counts as long as its name is still the text.
func (s *Grants) Find(ctx context.Context, actor models.Actor, webhookID, text, picked string) (*models.Holder, []Suggestion, error) {
	list, err := s.Suggest(ctx, actor, webhookID, text)
	if err != nil {
		return nil, nil, err
	}
	text = strings.TrimSpace(text)
	if h, err := s.holder(ctx, picked); err == nil && h.Name == text {
		return &h, nil, nil
	}
	named := func(match func(models.Holder) bool) *models.Holder {
		first := slices.IndexFunc(list, func(g Suggestion) bool { return match(g.Holder) })
		if first < 0 || slices.ContainsFunc(list[first+1:], func(g Suggestion) bool { return match(g.Holder) }) {
			return nil
		}
		return &list[first].Holder
	}
	if u, err := s.store.UserByEmail(ctx, models.NormalEmail(text)); err == nil && !u.Disabled {
		h := models.UserHolder(u)
		return &h, nil, nil
	}
	if h := named(func(h models.Holder) bool { return strings.EqualFold(h.Name, text) }); h != nil {
		return h, nil, nil
	}
	return nil, list, nil
}

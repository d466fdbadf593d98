package models

// Access answers what users were granted, on their own or by a team. It is part
// of Config, so a grant counts, or counts no more, from the next request on.
type Access struct {
	Teams  []Team  // by name
	Grants []Grant // oldest first
	levels map[string]map[string]Level
}

// NewAccess works the levels out.
func NewAccess(teams []Team, grants []Grant) Access {
	a := Access{Teams: teams, Grants: grants, levels: map[string]map[string]Level{}}
	for _, g := range grants {
		for _, user := range a.holders(g) {
			if a.levels[user] == nil {
				a.levels[user] = map[string]Level{}
			}
			a.levels[user][g.WebhookID] = g.Level.Higher(a.levels[user][g.WebhookID])
		}
	}
	return a
}

// holders are the users whom a grant reaches.
func (a Access) holders(g Grant) []string {
	if g.UserID != "" {
		return []string{g.UserID}
	}
	if t := a.Team(g.TeamID); t != nil {
		return t.Members
	}
	return nil
}

// Team returns one, or nil.
func (a Access) Team(id string) *Team {
	for i := range a.Teams {
		if a.Teams[i].ID == id {
			return &a.Teams[i]
		}
	}
	return nil
}

// Level is the strongest that a user has on a webhook.
func (a Access) Level(userID, webhookID string) Level { return a.levels[userID][webhookID] }

// On are the grants on a webhook, oldest first.
func (a Access) On(webhookID string) []Grant {
	var grants []Grant
	for _, g := range a.Grants {
		if g.WebhookID == webhookID {
			grants = append(grants, g)
		}
	}
	return grants
}

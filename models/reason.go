package models

import "slices"

// ReasonKind says where a right comes from.
type ReasonKind string

const (
	ByRole  ReasonKind = "role"  // an owner may do everything
	ByGrant ReasonKind = "grant" // given to the user
	ByTeam  ReasonKind = "team"  // given to a team of the user's
)

// Reason is one answer to: why can this person do this? Level is NoGrant for the
// role, which needs none; Team is set for ByTeam alone.
type Reason struct {
	Kind   ReasonKind
	Level  Level
	TeamID string
	Team   string
}

// Reasons are all that let the user do something with the webhook: the role,
// then the own grant, then teams by name. Empty when there is none.
func (a Access) Reasons(u User, webhookID string) []Reason {
	var role, own, teams []Reason
	if u.Role == Owner {
		role = []Reason{{Kind: ByRole}}
	}
	for _, g := range a.On(webhookID) {
		if g.UserID == u.ID {
			own = append(own, Reason{Kind: ByGrant, Level: g.Level})
			continue
		}
		if t := a.Team(g.TeamID); t != nil && slices.Contains(t.Members, u.ID) {
			teams = append(teams, Reason{Kind: ByTeam, Level: g.Level, TeamID: t.ID, Team: t.Name})
		}
	}
	slices.SortFunc(teams, func(x, y Reason) int { return a.place(x.TeamID) - a.place(y.TeamID) })
	return slices.Concat(role, own, teams)
}

// place is where a team stands by name.
func (a Access) place(teamID string) int {
	return slices.IndexFunc(a.Teams, func(t Team) bool { return t.ID == teamID })
}

// Entitled is a person who can do something with a webhook, and why. Level is
// the strongest grant; an owner is above all levels.
type Entitled struct {
	User    User
	Level   Level
	Reasons []Reason
}

// Entitle works out what the user can do with the webhook.
func (a Access) Entitle(u User, webhookID string) Entitled {
	return Entitled{User: u, Level: a.Level(u.ID, webhookID), Reasons: a.Reasons(u, webhookID)}
}

// Holder is whom a grant can be given to: a user or a team.
type Holder struct {
	ID       string
	Name     string
	Email    string // of a user
	Team     bool
	Members  int  // of a team
	Disabled bool // a user who cannot sign in
}

// UserHolder is a user as one who holds grants.
func UserHolder(u User) Holder {
	return Holder{ID: u.ID, Name: u.Name, Email: u.Email, Disabled: u.Disabled}
}

// TeamHolder is a team as one that holds grants.
func TeamHolder(t Team) Holder {
	return Holder{ID: t.ID, Name: t.Name, Team: true, Members: len(t.Members)}
}

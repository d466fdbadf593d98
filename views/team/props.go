// Package team has the pages of users, invitations and teams, and one's own
// profile.
package team

import (
	"hookline/models"
	"hookline/views/layout"
	"hookline/views/ui"
)

// ListProps is the page with all users and the open invitations.
type ListProps struct {
	Page        layout.Page
	Query       string
	Users       []models.User // newest first
	TeamsOf     map[string][]models.Team
	Invitations []models.Invitation
	Pager       ui.PagerProps
}

// UserProps is one user, as owners see them.
type UserProps struct {
	Page     layout.Page
	User     models.User // as it is stored
	Values   UserValues
	Errors   ui.Errors // name, email, role; "" for the whole page
	Self     bool      // the owner looks at their own account
	Current  string    // id of the session that asks
	Teams    []models.Team
	Reach    []Reach
	Sessions []models.Session
}

// UserValues as typed.
type UserValues struct {
	Name  string `form:"name"`
	Email string `form:"email"`
	Role  string `form:"role"`
}

// ValuesOf is what an untouched form shows.
func ValuesOf(u models.User) UserValues {
	return UserValues{Name: u.Name, Email: u.Email, Role: string(u.Role)}
}

// Reach is a webhook that a user or team was granted.
type Reach struct {
	WebhookID string
	Name      string
	Host      string
	Level     models.Level
	Reasons   []Reason
}

// Reason is a grant: to a team, or when Team is nil to the user.
type Reason struct {
	Team  *models.Team
	Level models.Level
}

// ResetShownProps shows a link to set a new password, this once.
type ResetShownProps struct {
	Page layout.Page
	User models.User
	Link string
}

// InviteProps is the form of an invitation.
type InviteProps struct {
	Page   layout.Page
	Values InviteValues
	Errors ui.Errors // email, role, teams; "" for the whole form
	Teams  []models.Team
	Mails  bool // there is a mail server
}

// InviteValues as typed.
type InviteValues struct {
	Email string   `form:"email"`
	Role  string   `form:"role"`
	Teams []string `form:"teams"`
}

// InviteShownProps is the answer to it: the only time the link is shown.
type InviteShownProps struct {
	Page       layout.Page
	Invitation models.Invitation
	Link       string
	Sent       bool
	Problem    string // why it was not sent, though there is a mail server
}

// TeamsProps is the page with all teams.
type TeamsProps struct {
	Page   layout.Page
	Teams  []TeamItem
	Name   string // as typed
	Errors ui.Errors
}

// TeamItem is a team with how many webhooks it was granted.
type TeamItem struct {
	models.Team
	Webhooks int
}

// TeamProps is one team.
type TeamProps struct {
	Page    layout.Page
	Team    models.Team
	Name    string // as typed
	Errors  ui.Errors
	Members []models.User
	Reach   []Reach
	Query   string // by which new members are looked for
	Matches []models.User
}

// DeleteProps asks before a team goes.
type DeleteProps struct {
	Page  layout.Page
	Team  models.Team
	Reach []Reach
}

// DeleteUserProps asks before a user goes.
type DeleteUserProps struct {
	Page    layout.Page
	User    models.User
	Self    bool   // the owner looks at their own account, which stays
	Typed   string // to confirm
	Error   string // what is wrong with it
	Refused string // why the user stays
}

// ProfileProps is one's own page.
type ProfileProps struct {
	Page     layout.Page
	Name     string // as typed
	Email    string
	Errors   ui.Errors // name, email, password, current, new
	Sessions []models.Session
	Current  string
	Teams    []models.Team
}

package link

import "net/url"

// Fixed addresses of people and teams.
const (
	Team        = "/team"
	Invitations = Team + "/invitations"
	Teams       = Team + "/teams"
	Forgot      = "/forgot"
	// Profile is one's own page; a POST saves name and address.
	Profile         = "/profile"
	ProfilePassword = Profile + "/password"
	// ProfileSessions takes a POST with session, or with all=true.
	ProfileSessions = Profile + "/sessions"
)

// TeamPage is a page of the list; its start without a cursor.
func TeamPage(q, cursor string) string { return query(Team, "q", q, "cursor", cursor) }

// User is a user's page; a POST to it saves name, address and role.
func User(id string) string { return Team + "/users/" + url.PathEscape(id) }

// UserStatus takes a POST with disabled=true or false.
func UserStatus(id string) string { return User(id) + "/status" }

// UserTeams takes a POST with the teams the user is to be in.
func UserTeams(id string) string { return User(id) + "/teams" }

// UserSessions takes a POST with session, or with all=true.
func UserSessions(id string) string { return User(id) + "/sessions" }

// UserReset takes a POST, and shows a link to set a new password.
func UserReset(id string) string { return User(id) + "/reset" }

// UserDelete asks for confirmation, and takes it.
func UserDelete(id string) string { return User(id) + "/delete" }

// InvitationRenew takes a POST, and shows a new link.
func InvitationRenew(id string) string { return Invitations + "/" + url.PathEscape(id) + "/renew" }

// InvitationRevoke takes a POST.
func InvitationRevoke(id string) string { return Invitations + "/" + url.PathEscape(id) + "/revoke" }

// OneTeam is a team's page; a POST to it renames it.
func OneTeam(id string) string { return Teams + "/" + url.PathEscape(id) }

// TeamMembers takes a POST with add or remove, a user's id.
func TeamMembers(id string) string { return OneTeam(id) + "/members" }

// TeamDelete asks for confirmation, and takes it.
func TeamDelete(id string) string { return OneTeam(id) + "/delete" }

// Invite is where an invited person makes their account.
func Invite(token string) string { return "/invite/" + url.PathEscape(token) }

// Reset is the page that sets a new password with a one-time link.
func Reset(token string) string { return "/reset/" + url.PathEscape(token) }

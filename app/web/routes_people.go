package web

import (
	"net/http"

	"hookline/app/policy"
	"hookline/app/web/page"
	"hookline/views/link"
)

// peoplePages are the rows of users, invitations, teams and one's own profile.
func peoplePages(d page.Deps) []row {
	const get, post = http.MethodGet, http.MethodPost
	people, inv, teams := page.People{Deps: d}, page.Invitations{Deps: d}, page.Teams{Deps: d}
	me, reset := page.Profile{Deps: d}, page.Reset{Deps: d}
	return []row{
		{get, link.Team, policy.ManagePeople, people.List},
		{get, "/team/users/:id", policy.ManagePeople, people.Show},
		{post, "/team/users/:id", policy.ManagePeople, people.Update},
		{post, "/team/users/:id/status", policy.ManagePeople, people.SetStatus},
		{post, "/team/users/:id/teams", policy.ManagePeople, people.SetTeams},
		{post, "/team/users/:id/sessions", policy.ManagePeople, people.RevokeSessions},
		{post, "/team/users/:id/reset", policy.ManagePeople, people.ResetLink},
		{get, "/team/users/:id/delete", policy.ManagePeople, people.ConfirmDelete},
		{post, "/team/users/:id/delete", policy.ManagePeople, people.Delete},

		{get, link.Invitations, policy.ManagePeople, inv.New},
		{post, link.Invitations, policy.ManagePeople, inv.Create},
		{post, "/team/invitations/:id/renew", policy.ManagePeople, inv.Renew},
		{post, "/team/invitations/:id/revoke", policy.ManagePeople, inv.Revoke},
		{get, "/invite/:token", policy.Public, inv.Show},
		{post, "/invite/:token", policy.Public, inv.Accept},

		{get, link.Teams, policy.ManagePeople, teams.List},
		{post, link.Teams, policy.ManagePeople, teams.Create},
		{get, "/team/teams/:id", policy.ManagePeople, teams.Show},
		{post, "/team/teams/:id", policy.ManagePeople, teams.Rename},
		{post, "/team/teams/:id/members", policy.ManagePeople, teams.SetMember},
		{get, "/team/teams/:id/delete", policy.ManagePeople, teams.ConfirmDelete},
		{post, "/team/teams/:id/delete", policy.ManagePeople, teams.Delete},

		{get, link.Profile, policy.SignedIn, me.Show},
		{post, link.Profile, policy.SignedIn, me.Save},
		{post, link.ProfilePassword, policy.SignedIn, me.ChangePassword},
		{post, link.ProfileSessions, policy.SignedIn, me.RevokeSessions},

		{get, link.Forgot, policy.Public, reset.Ask},
		{post, link.Forgot, policy.Public, reset.Mail},
		{get, "/reset/:token", policy.Public, reset.Show},
		{post, "/reset/:token", policy.Public, reset.Save},
	}
}

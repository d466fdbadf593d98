package views_test

import (
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/auth"
	"hookline/views/team"
	"hookline/views/ui"
)

func sampleUsers() []models.User {
	make := func(id, name, email string, role models.Role, seen time.Duration) models.User {
		u := models.User{ID: "usr_" + id, Name: name, Email: email, Role: role, CreatedAt: before(90 * 24 * time.Hour)}
		if seen > 0 {
			u.SeenAt = before(seen)
		}
		return u
	}
	list := []models.User{
		make("1", "The Owner", "owner@example.com", models.Owner, time.Minute),
		make("2", "Kim Larsen", "kim.larsen@warehouse.example.com", models.Manager, 3*time.Hour),
		make("3", script, "lee@example.com", models.Member, 0),
		make("4", longOne+" "+longOne, longOne+"@example.com", models.Member, 30*24*time.Hour),
		make("5", rtl, "noa@example.com", models.Owner, 49*time.Hour),
	}
	list[3].Disabled = true
	return list
}

func sampleTeams() []models.Team {
	return []models.Team{
		{ID: "team_1", Name: "Logistics", Members: []string{"usr_2", "usr_3"}, CreatedAt: before(20 * 24 * time.Hour)},
		{ID: "team_2", Name: script, Members: []string{"usr_2"}, CreatedAt: before(time.Hour)},
		{ID: "team_3", Name: longOne, CreatedAt: before(time.Minute)},
	}
}

func sampleReach() []team.Reach {
	t := sampleTeams()
	return []team.Reach{
		{WebhookID: "wh_1", Name: "Orders to the warehouse", Host: "hooks.warehouse.example.com", Level: models.EditGrant, Reasons: []team.Reason{{Level: models.EditGrant}, {Team: &t[0], Level: models.ViewGrant}}},
		{WebhookID: "wh_2", Name: script, Host: longOne + ".example.com", Level: models.ViewGrant, Reasons: []team.Reason{{Team: &t[1], Level: models.ViewGrant}}},
	}
}

func sampleSessions() []models.Session {
	make := func(id, agent, address string, seen time.Duration) models.Session {
		return models.Session{ID: "ses_" + id, Agent: agent, Address: address, CreatedAt: before(seen + time.Hour), SeenAt: before(seen)}
	}
	return []models.Session{
		make("1", "Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0", "203.0.113.7", 20*time.Second),
		make("2", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1", "2001:db8:85a3:8d3:1319:8a2e:370:7348", 26*time.Hour),
		make("3", script+longOne, "198.51.100.1", 3*24*time.Hour),
		{ID: "ses_4", CreatedAt: before(time.Minute)},
	}
}

func peoplePages() map[string]templ.Component {
	users, teams := sampleUsers(), sampleTeams()
	of := map[string][]models.Team{"usr_2": teams, "usr_3": teams[:1]}
	invited := models.Invitation{ID: "inv_1", Email: "new.colleague@example.com", Role: models.Member, InvitedBy: "The Owner", CreatedAt: before(time.Hour), ExpiresAt: now.Add(7 * 24 * time.Hour)}
	old := models.Invitation{ID: "inv_2", Email: longOne + "@example.com", Role: models.Owner, InvitedBy: script, ExpiresAt: before(time.Hour)}
	const link = "https://desk.example.com/invite/MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw0123456789A"
	user := func(u models.User) team.UserProps {
		return team.UserProps{Page: page("/team/users/" + u.ID), User: u, Values: team.ValuesOf(u), Teams: teams, Reach: sampleReach(), Sessions: sampleSessions()}
	}
	wrong := user(users[2])
	wrong.Values = team.UserValues{Name: "", Email: script, Role: "manager"}
	wrong.Errors = ui.Errors{"name": "Give a name.", "email": "Give an e-mail address such as name@example.com."}
	own := user(users[0])
	own.Self, own.Current, own.Reach, own.Teams = true, "ses_1", nil, nil
	own.Errors = ui.Errors{"": "This is the last owner who can sign in. Make somebody else an owner first."}
	gone := user(users[3])
	gone.Reach, gone.Sessions = nil, nil
	profile := team.ProfileProps{Page: page("/profile"), Name: "The Owner", Email: "owner@example.com", Sessions: sampleSessions(), Current: "ses_1", Teams: teams[:2]}
	profileWrong := profile
	profileWrong.Errors = ui.Errors{"password": "This is not your password. Enter the one you sign in with.", "new": "A password has 12 to 128 characters."}
	return map[string]templ.Component{
		"team":               team.List(team.ListProps{Page: page("/team"), Users: users, TeamsOf: of, Invitations: []models.Invitation{invited, old}, Pager: ui.PagerProps{Older: "/team?cursor=x"}}),
		"team-nomatch":       team.List(team.ListProps{Page: page("/team"), Query: script}),
		"user":               team.User(user(users[1])),
		"user-wrong":         team.User(wrong),
		"user-own":           team.User(own),
		"user-disabled":      team.User(gone),
		"invite":             team.Invite(team.InviteProps{Page: page("/team/invitations"), Values: team.InviteValues{Role: "member"}, Teams: teams, Mails: true}),
		"invite-wrong":       team.Invite(team.InviteProps{Page: page("/team/invitations"), Values: team.InviteValues{Email: script, Role: "owner", Teams: []string{"team_1"}}, Teams: teams, Errors: ui.Errors{"email": "kim@example.com is invited already."}}),
		"invite-shown":       team.InviteShown(team.InviteShownProps{Page: page("/team/invitations"), Invitation: invited, Link: link, Sent: true}),
		"invite-unsent":      team.InviteShown(team.InviteShownProps{Page: page("/team/invitations"), Invitation: old, Link: link, Problem: "the mail server mail.example.com:587 cannot be reached"}),
		"reset-shown":        team.ResetShown(team.ResetShownProps{Page: page("/team"), User: users[2], Link: link}),
		"teams":              team.Teams(team.TeamsProps{Page: page("/team/teams"), Teams: []team.TeamItem{{Team: teams[0], Webhooks: 2}, {Team: teams[1], Webhooks: 1}, {Team: teams[2]}}}),
		"teams-first":        team.Teams(team.TeamsProps{Page: page("/team/teams"), Name: script, Errors: ui.Errors{"name": "There is a team called that already."}}),
		"team-one":           team.Team(team.TeamProps{Page: page("/team/teams/team_1"), Team: teams[0], Name: teams[0].Name, Members: users[1:5], Reach: sampleReach(), Query: "k", Matches: users}),
		"team-empty":         team.Team(team.TeamProps{Page: page("/team/teams/team_2"), Team: teams[1], Name: "", Errors: ui.Errors{"name": "Give the team a name."}, Query: script}),
		"user-delete":        team.DeleteUser(team.DeleteUserProps{Page: page("/team/users/usr_1/delete"), User: models.User{ID: "usr_1", Name: script, Email: longOne + "@example.com"}, Typed: script, Error: "This is not the address of the user. Type it exactly as it stands here."}),
		"team-delete":        team.Delete(team.DeleteProps{Page: page("/team/teams/team_1/delete"), Team: teams[0], Reach: sampleReach()}),
		"team-delete-simple": team.Delete(team.DeleteProps{Page: page("/team/teams/team_2/delete"), Team: teams[1]}),
		"profile":            team.Profile(profile),
		"profile-wrong":      team.Profile(profileWrong),
		"accept":             auth.Accept(auth.AcceptProps{Page: visitor("/invite/x"), Token: "x", Invitation: invited}),
		"accept-wrong":       auth.Accept(auth.AcceptProps{Page: page("/invite/x"), Token: "x", Invitation: old, Name: script, Errors: ui.Errors{"password": "A password has 12 to 128 characters."}}),
		"forgot":             auth.Forgot(auth.ForgotProps{Page: visitor("/forgot"), Mails: true}),
		"forgot-asked":       auth.Forgot(auth.ForgotProps{Page: visitor("/forgot"), Mails: true, Asked: true, Email: script}),
		"forgot-nomail":      auth.Forgot(auth.ForgotProps{Page: visitor("/forgot")}),
		"reset":              auth.Reset(auth.ResetProps{Page: visitor("/reset/x"), Token: "x", Email: "kim@example.com"}),
	}
}

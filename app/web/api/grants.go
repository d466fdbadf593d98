package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// Grant lets a user or a team view or edit one webhook.
type Grant struct {
	User      *grantUser   `json:"user" doc:"null when it is a team's."`
	Team      *grantTeam   `json:"team" doc:"null when it is a user's."`
	Level     models.Level `json:"level" enum:"view,edit"`
	CreatedAt time.Time    `json:"created_at"`
}

type grantUser struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Email    string `json:"email"`
	Disabled bool   `json:"disabled" doc:"A disabled user cannot sign in."`
}

type grantTeam struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Members int    `json:"members"`
}

func grantOf(g service.Granted) Grant {
	out, h := Grant{Level: g.Grant.Level, CreatedAt: g.Grant.CreatedAt}, g.Holder
	if h.Team {
		out.Team = &grantTeam{ID: h.ID, Name: h.Name, Members: h.Members}
	} else {
		out.User = &grantUser{ID: h.ID, Name: h.Name, Email: h.Email, Disabled: h.Disabled}
	}
	return out
}

// Entitled is a person who can do something with a webhook, and why.
type Entitled struct {
	User    entitledUser `json:"user"`
	Can     string       `json:"can" enum:"everything,edit,view" doc:"The strongest of all reasons."`
	Reasons []reason     `json:"reasons" nullable:"false"`
}

type entitledUser struct {
	ID    string      `json:"id"`
	Name  string      `json:"name"`
	Email string      `json:"email"`
	Role  models.Role `json:"role" enum:"owner,manager,member"`
}

type reason struct {
	Kind  models.ReasonKind `json:"kind" enum:"role,grant,team" doc:"role: an owner may do everything."`
	Level models.Level      `json:"level,omitzero" enum:"view,edit" doc:"Not of a role."`
	Team  *grantTeamName    `json:"team,omitzero" doc:"Only of a team."`
}

type grantTeamName struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

func entitledOf(e models.Entitled) Entitled {
	out := Entitled{
		User: entitledUser{ID: e.User.ID, Name: e.User.Name, Email: e.User.Email, Role: e.User.Role},
		Can:  string(e.Level), Reasons: make([]reason, len(e.Reasons)),
	}
	if e.User.Role == models.Owner {
		out.Can = "everything"
	}
	for i, r := range e.Reasons {
		out.Reasons[i] = reason{Kind: r.Kind, Level: r.Level}
		if r.Kind == models.ByTeam {
			out.Reasons[i].Team = &grantTeamName{ID: r.TeamID, Name: r.Team}
		}
	}
	return out
}

// GrantPath is the path of calls about one grant.
type GrantPath struct {
	WebhookID
	Holder string `path:"holder" doc:"The id of a user or a team."`
}

func (s *server) mountGrants() {
	const tag, path, one = "Permissions", "/webhooks/{id}/grants", "/webhooks/{id}/grants/{holder}"
	add(s, route{
		method: http.MethodGet, path: path, action: policy.ManageGrants, tag: tag, summary: "Whom a webhook is shared with",
		description: "In one page, by name. Owners can do everything without a grant.",
	}, s.grants)
	add(s, route{
		method: http.MethodPut, path: one, action: policy.ManageGrants, tag: tag, summary: "Share a webhook", body: `{"level":"view"}`,
		description: "Gives a user or a team a level, in place of the one it may have. view: details and logs, no secrets. " +
			"edit: also change, test, switch and retrigger. It counts from their next request on.",
	}, s.putGrant)
	add(s, route{
		method: http.MethodDelete, path: one, action: policy.ManageGrants, tag: tag, status: http.StatusNoContent, summary: "Revoke a grant",
		description: "It counts no more from the next request on. What a role or a team allows stays.",
	}, s.deleteGrant)
	add(s, route{
		method: http.MethodGet, path: "/webhooks/{id}/entitled", action: policy.ManageGrants, tag: tag, summary: "Who can do what with a webhook, and why",
		description: "People who can sign in, with every role, grant and team that lets them.",
	}, s.entitled)
}

func (s *server) grants(ctx context.Context, actor models.Actor, in *WebhookID) (list[Grant], error) {
	shared, err := s.Service.Grants.List(ctx, actor, in.ID)
	return whole(shared.Grants, grantOf), err
}

func (s *server) putGrant(ctx context.Context, actor models.Actor, in *struct {
	GrantPath
	Body struct {
		Level models.Level `json:"level" enum:"view,edit"`
	}
}) (Grant, error) {
	g, err := s.Service.Grants.Give(ctx, actor, in.ID, in.Holder, in.Body.Level)
	return grantOf(g), err
}

func (s *server) deleteGrant(ctx context.Context, actor models.Actor, in *GrantPath) (none, error) {
	_, err := s.Service.Grants.Revoke(ctx, actor, in.ID, in.Holder)
	return none{}, err
}

func (s *server) entitled(ctx context.Context, actor models.Actor, in *struct {
	WebhookID
	Paging
}) (list[Entitled], error) {
	page, err := s.Service.Grants.Entitled(ctx, actor, in.ID, in.request())
	return listOf(page, entitledOf), err
}

package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service/account"
	"hookline/models"
)

// Team is a group of users.
type Team struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Members   []string  `json:"members" nullable:"false" doc:"Ids of users."`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

func teamOf(t models.Team) Team {
	return Team{ID: t.ID, Name: t.Name, Members: append([]string{}, t.Members...), CreatedAt: t.CreatedAt, UpdatedAt: t.UpdatedAt}
}

func (t Team) location() string { return "/teams/" + t.ID }

// TeamID is the path of calls about one.
type TeamID struct {
	ID string `path:"id" doc:"The team's id."`
}

type teamInput struct {
	Name    string   `json:"name" maxLength:"100" example:"Logistics"`
	Members []string `json:"members,omitzero" nullable:"false" maxItems:"1000" doc:"Ids of users."`
}

type teamPatch struct {
	Name    opt[string]   `json:"name,omitzero" maxLength:"100"`
	Members opt[[]string] `json:"members,omitzero" maxItems:"1000" doc:"Ids of users, in place of those there are."`
}

func (s *server) mountTeams() {
	const tag, path, one = "Teams", "/teams", "/teams/{id}"
	manage := func(r route) route {
		r.action, r.tag = policy.ManagePeople, tag
		return r
	}
	add(s, manage(route{method: http.MethodGet, path: path, summary: "All teams", description: "In one page, by name."}), s.teams)
	add(s, manage(route{
		method: http.MethodPost, path: path, status: http.StatusCreated, summary: "Make a team", body: `{"name":"Logistics"}`, problems: []int{http.StatusConflict},
		description: "What a team is granted, all its members have.",
	}), s.createTeam)
	add(s, manage(route{method: http.MethodGet, path: one, summary: "A team"}), s.team)
	add(s, manage(route{
		method: http.MethodPatch, path: one, summary: "Change a team", body: `{"name":"Warehouse"}`, problems: []int{http.StatusConflict},
		description: "A JSON merge patch: members left out stays, a list is replaced as a whole.",
	}), s.patchTeam)
	add(s, manage(route{
		method: http.MethodDelete, path: one, status: http.StatusNoContent, summary: "Delete a team", description: "What it was granted goes with it; its members stay.",
	}), s.deleteTeam)
}

func (s *server) teams(_ context.Context, actor models.Actor, _ *struct{}) (list[Team], error) {
	teams, err := s.Service.Teams.List(actor)
	return whole(teams, teamOf), err
}

func (s *server) createTeam(ctx context.Context, actor models.Actor, in *struct{ Body teamInput }) (Team, error) {
	t, err := s.Service.Teams.Create(ctx, actor, in.Body.Name, in.Body.Members)
	return teamOf(t), err
}

func (s *server) team(_ context.Context, actor models.Actor, in *TeamID) (Team, error) {
	t, err := s.Service.Teams.Get(actor, in.ID)
	return teamOf(t), err
}

func (s *server) patchTeam(ctx context.Context, actor models.Actor, in *struct {
	TeamID
	Body teamPatch
}) (Team, error) {
	t, err := s.Service.Teams.Update(ctx, actor, in.ID, account.TeamInput{Name: in.Body.Name.or(""), Members: in.Body.Members.or(nil)})
	return teamOf(t), err
}

func (s *server) deleteTeam(ctx context.Context, actor models.Actor, in *TeamID) (none, error) {
	return none{}, s.Service.Teams.Delete(ctx, actor, in.ID)
}

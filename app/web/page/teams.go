package page

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/service/account"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/team"
	"hookline/views/ui"
)

// Teams are the pages of the teams, for owners.
type Teams struct{ Deps }

// List shows all teams and the form for a new one.
func (p Teams) List(c echo.Context) error { return p.drawList(c, http.StatusOK, "", nil) }

func (p Teams) drawList(c echo.Context, code int, name string, errs ui.Errors) error {
	list, err := p.Service.Teams.List(p.actor(c))
	if err != nil {
		return err
	}
	items := make([]team.TeamItem, len(list))
	for i, t := range list {
		grants, err := p.Service.Teams.Grants(p.actor(c), t)
		if err != nil {
			return err
		}
		items[i] = team.TeamItem{Team: t, Webhooks: len(grants)}
	}
	return form.Draw(c, code, team.Teams(team.TeamsProps{Page: p.Frame(c), Teams: items, Name: name, Errors: errs}))
}

// Create makes a team and leads to it.
func (p Teams) Create(c echo.Context) error {
	name := c.Request().PostForm.Get("name")
	t, err := p.Service.Teams.Create(c.Request().Context(), p.actor(c), name, nil)
	if redrawn(err) {
		return p.drawList(c, form.StatusOf(c, err), name, conflictOn("name", err))
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.OneTeam(t.ID), "team-created")
}

// Show is one team, with the users that a search for new members finds.
func (p Teams) Show(c echo.Context) error {
	t, err := p.get(c)
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, t, t.Name, nil)
}

func (p Teams) get(c echo.Context) (models.Team, error) {
	return p.Service.Teams.Get(p.actor(c), c.Param("id"))
}

// maxMatches is how many a search for members offers: type more to narrow it.
const maxMatches = 8

func (p Teams) draw(c echo.Context, code int, t models.Team, name string, errs ui.Errors) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	members, err := p.Service.Teams.Members(ctx, actor, t)
	if err != nil {
		return err
	}
	grants, err := p.Service.Teams.Grants(actor, t)
	if err != nil {
		return err
	}
	props := team.TeamProps{
		Page: p.Frame(c), Team: t, Name: name, Errors: errs, Members: members, Reach: reachOf(grants), Query: form.Query(c.QueryParam("q")),
	}
	if props.Query != "" {
		found, err := p.Service.People.List(ctx, actor, props.Query, models.PageRequest{Limit: maxMatches})
		if err != nil {
			return err
		}
		props.Matches = found.Items
	}
	return form.Draw(c, code, team.Team(props))
}

// Rename saves the name.
func (p Teams) Rename(c echo.Context) error {
	t, err := p.get(c)
	if err != nil {
		return err
	}
	name := c.Request().PostForm.Get("name")
	_, err = p.Service.Teams.Update(c.Request().Context(), p.actor(c), t.ID, account.TeamInput{Name: &name})
	if redrawn(err) {
		return p.draw(c, form.StatusOf(c, err), t, name, conflictOn("name", err))
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.OneTeam(t.ID), "team-saved")
}

// SetMember adds or removes one user.
func (p Teams) SetMember(c echo.Context) error {
	t, err := p.get(c)
	if err != nil {
		return err
	}
	v := c.Request().PostForm
	in := account.TeamInput{Add: v.Get("add"), Remove: v.Get("remove")}
	for _, id := range []string{in.Add, in.Remove} {
		if id == "" {
			continue
		}
		if _, err := p.Service.People.Get(c.Request().Context(), p.actor(c), id); err != nil {
			return err
		}
	}
	if t, err = p.Service.Teams.Update(c.Request().Context(), p.actor(c), t.ID, in); err != nil {
		return err
	}
	if form.HX(c) {
		return p.draw(c, http.StatusOK, t, t.Name, nil)
	}
	return p.onward(c, link.OneTeam(t.ID), "team-saved")
}

// ConfirmDelete says what goes with the team.
func (p Teams) ConfirmDelete(c echo.Context) error {
	t, err := p.get(c)
	if err != nil {
		return err
	}
	grants, err := p.Service.Teams.Grants(p.actor(c), t)
	if err != nil {
		return err
	}
	slices.SortFunc(grants, func(a, b account.Reach) int {
		return strings.Compare(strings.ToLower(a.Webhook.Name), strings.ToLower(b.Webhook.Name))
	})
	return form.Draw(c, http.StatusOK, team.Delete(team.DeleteProps{Page: p.Frame(c), Team: t, Reach: reachOf(grants)}))
}

// Delete removes the team.
func (p Teams) Delete(c echo.Context) error {
	if err := p.Service.Teams.Delete(c.Request().Context(), p.actor(c), c.Param("id")); err != nil {
		return err
	}
	return p.onward(c, link.Teams, "team-deleted")
}

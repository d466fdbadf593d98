package page

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/app/service/account"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/team"
	"hookline/views/ui"
)

// People are the pages of the users, for owners.
type People struct{ Deps }

// List shows users and open invitations.
func (p People) List(c echo.Context) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	query, cursor := form.Query(c.QueryParam("q")), c.QueryParam("cursor")
	page, err := p.Service.People.List(ctx, actor, query, models.PageRequest{Cursor: cursor, Limit: pageSize})
	if err != nil {
		return err
	}
	props := team.ListProps{Page: p.Frame(c), Query: query, Users: page.Items, TeamsOf: p.Service.Teams.ByUser()}
	props.Pager = ui.PagerOf(cursor, page.Older, func(at string) string { return link.TeamPage(query, at) })
	if query == "" && cursor == "" {
		open, err := p.Service.Invitations.List(ctx, actor, models.PageRequest{Limit: models.MaxPage})
		if err != nil {
			return err
		}
		props.Invitations = open.Items
	}
	return form.Draw(c, http.StatusOK, team.List(props))
}

// Show is one user.
func (p People) Show(c echo.Context) error {
	u, err := p.Service.People.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.draw(c, http.StatusOK, u, team.ValuesOf(u), nil)
}

func (p People) draw(c echo.Context, code int, u models.User, values team.UserValues, errs ui.Errors) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	reach, err := p.Service.People.Reach(actor, u.ID)
	if err != nil {
		return err
	}
	sessions, err := p.Service.People.Sessions(ctx, actor, u.ID)
	if err != nil {
		return err
	}
	teams, err := p.Service.Teams.List(actor)
	if err != nil {
		return err
	}
	return form.Draw(c, code, team.User(team.UserProps{
		Page: p.Frame(c), User: u, Values: values, Errors: errs, Self: actor.User.ID == u.ID, Current: p.Sessions.Current(c).ID,
		Teams: teams, Reach: reachOf(reach), Sessions: sessions,
	}))
}

func reachOf(list []account.Reach) []team.Reach {
	out := make([]team.Reach, len(list))
	for i, r := range list {
		out[i] = team.Reach{WebhookID: r.Webhook.ID, Name: r.Webhook.Name, Host: r.Webhook.Host(), Level: r.Level}
		for _, why := range r.Reasons {
			out[i].Reasons = append(out[i].Reasons, team.Reason{Team: why.Team, Level: why.Level})
		}
	}
	return out
}

// Update saves name, address and role.
func (p People) Update(c echo.Context) error {
	v, ctx, actor := c.Request().PostForm, c.Request().Context(), p.actor(c)
	u, err := p.Service.People.Get(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	values := team.UserValues{Name: v.Get("name"), Email: v.Get("email"), Role: v.Get("role")}
	role := models.Role(values.Role)
	_, err = p.Service.People.Update(ctx, actor, u.ID, account.UserInput{Name: &values.Name, Email: &values.Email, Role: &role})
	if redrawn(err) {
		return p.draw(c, form.StatusOf(c, err), u, values, fieldErrors(err))
	}
	if err != nil {
		return err
	}
	return p.afterChange(c, u.ID, "user-saved")
}

// afterChange leads back to the user, or away when the change took the page from
// the signed-in user.
func (p People) afterChange(c echo.Context, id, flash string) error {
	if p.actor(c).User.ID != id {
		return p.onward(c, link.User(id), flash)
	}
	now, err := p.Sessions.Revalidate(c)
	switch {
	case models.CodeOf(err) == models.Unauthenticated:
		return p.onward(c, link.Login, flash)
	case err != nil:
		return err
	case now.Role != models.Owner:
		return p.onward(c, link.Profile, flash)
	}
	return p.onward(c, link.User(id), flash)
}

// SetStatus disables or enables.
func (p People) SetStatus(c echo.Context) error {
	v, ctx, actor := c.Request().PostForm, c.Request().Context(), p.actor(c)
	u, err := p.Service.People.Get(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	disabled, err := form.Bool(v, "disabled")
	if err == nil && !v.Has("disabled") {
		err = models.Errorf(models.Malformed, "disabled must be true or false.")
	}
	if err != nil {
		return err
	}
	_, err = p.Service.People.Update(ctx, actor, u.ID, account.UserInput{Disabled: &disabled})
	if models.CodeOf(err) == models.Conflict {
		return p.draw(c, form.StatusOf(c, err), u, team.ValuesOf(u), fieldErrors(err))
	}
	if err != nil {
		return err
	}
	flash := "user-enabled"
	if disabled {
		flash = "user-disabled"
	}
	return p.afterChange(c, u.ID, flash)
}

// SetTeams makes the user a member of the teams that are ticked.
func (p People) SetTeams(c echo.Context) error {
	u, err := p.Service.People.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	if err := p.Service.Teams.SetTeamsOf(c.Request().Context(), p.actor(c), u.ID, c.Request().PostForm["teams"]); err != nil {
		return err
	}
	return p.onward(c, link.User(u.ID), "user-saved")
}

// RevokeSessions ends one session, or all.
func (p People) RevokeSessions(c echo.Context) error {
	session, flash, err := whichSession(c)
	id := c.Param("id")
	if err == nil {
		err = p.Service.People.RevokeSession(c.Request().Context(), p.actor(c), id, session)
	} else if _, e := p.Service.People.Get(c.Request().Context(), p.actor(c), id); e != nil {
		err = e // what is not there is not there, whatever else was sent
	}
	if err != nil {
		return err
	}
	return p.afterChange(c, id, flash)
}

var errNoSession = models.Errorf(models.Malformed, "Say which session is to end.")

// whichSession is the session that a form names; "" for all of them.
func whichSession(c echo.Context) (id, flash string, err error) {
	v := c.Request().PostForm
	all, err := form.Bool(v, "all")
	switch id = v.Get("session"); {
	case err != nil:
		return "", "", err
	case all:
		return "", "sessions-revoked", nil
	case id == "":
		return "", "", errNoSession
	}
	return id, "session-revoked", nil
}

// ResetLink shows a link to set a new password, this once.
func (p People) ResetLink(c echo.Context) error {
	address, u, err := p.Service.People.ResetLink(c.Request().Context(), p.actor(c), c.Param("id"))
	if models.CodeOf(err) == models.Conflict {
		return p.draw(c, form.StatusOf(c, err), u, team.ValuesOf(u), fieldErrors(err))
	}
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusCreated, team.ResetShown(team.ResetShownProps{Page: p.Frame(c), User: u, Link: address}))
}

// ConfirmDelete says what goes with the user, and asks to type the address.
func (p People) ConfirmDelete(c echo.Context) error {
	u, err := p.Service.People.Get(c.Request().Context(), p.actor(c), c.Param("id"))
	if err != nil {
		return err
	}
	return p.drawDelete(c, http.StatusOK, team.DeleteUserProps{User: u})
}

func (p People) drawDelete(c echo.Context, code int, props team.DeleteUserProps) error {
	props.Page, props.Self = p.Frame(c), p.actor(c).User.ID == props.User.ID
	return form.Draw(c, code, team.DeleteUser(props))
}

// Delete removes the user when the address was typed: it cannot be undone.
func (p People) Delete(c echo.Context) error {
	ctx, actor := c.Request().Context(), p.actor(c)
	u, err := p.Service.People.Get(ctx, actor, c.Param("id"))
	if err != nil {
		return err
	}
	props := team.DeleteUserProps{User: u, Typed: c.Request().PostForm.Get("confirm")}
	if models.NormalEmail(props.Typed) != u.Email {
		props.Error = "This is not the address of the user. Type it exactly as it stands here."
		return p.drawDelete(c, http.StatusUnprocessableEntity, props)
	}
	err = p.Service.People.Delete(ctx, actor, u.ID)
	if models.CodeOf(err) == models.Conflict {
		props.Refused = fieldErrors(err).Of("")
		return p.drawDelete(c, form.StatusOf(c, err), props)
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Team, "user-deleted")
}

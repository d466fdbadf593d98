package page

import (
	"errors"
	"net/http"
	"slices"

	"github.com/labstack/echo/v4"

	"hookline/app/service/account"
	"hookline/app/web/form"
	"hookline/app/web/mw"
	"hookline/models"
	"hookline/views/auth"
	"hookline/views/link"
	"hookline/views/team"
	"hookline/views/ui"
)

// Invitations are the pages of invitations.
type Invitations struct{ Deps }

// New shows the form.
func (p Invitations) New(c echo.Context) error {
	return p.draw(c, http.StatusOK, team.InviteValues{Role: string(models.Member)}, nil)
}

func (p Invitations) draw(c echo.Context, code int, values team.InviteValues, errs ui.Errors) error {
	teams, err := p.Service.Teams.List(p.actor(c))
	if err != nil {
		return err
	}
	return form.Draw(c, code, team.Invite(team.InviteProps{
		Page: p.Frame(c), Values: values, Errors: errs, Teams: teams, Mails: p.Service.Invitations.Mails(),
	}))
}

// Create invites, and shows the link in the answer itself.
func (p Invitations) Create(c echo.Context) error {
	v := c.Request().PostForm
	values := team.InviteValues{Email: v.Get("email"), Role: v.Get("role"), Teams: v["teams"]}
	made, err := p.Service.Invitations.Invite(c.Request().Context(), p.actor(c), values.Email, models.Role(values.Role), slices.Clone(values.Teams))
	if redrawn(err) {
		return p.draw(c, form.StatusOf(c, err), values, conflictOn("email", err))
	}
	return p.shown(c, made, err)
}

// Renew makes a new link for an invitation, and shows it.
func (p Invitations) Renew(c echo.Context) error {
	made, err := p.Service.Invitations.Renew(c.Request().Context(), p.actor(c), c.Param("id"))
	return p.shown(c, made, err)
}

func (p Invitations) shown(c echo.Context, made account.Invited, err error) error {
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusCreated, team.InviteShown(team.InviteShownProps{
		Page: p.Frame(c), Invitation: made.Invitation, Link: made.Link, Sent: made.Sent, Problem: made.Problem,
	}))
}

// Revoke ends an invitation.
func (p Invitations) Revoke(c echo.Context) error {
	if err := p.Service.Invitations.Revoke(c.Request().Context(), p.actor(c), c.Param("id")); err != nil {
		return err
	}
	return p.onward(c, link.Team, "invitation-revoked")
}

// conflictOn is a conflict as the fault of a field.
func conflictOn(field string, err error) ui.Errors {
	var e *models.Error
	if errors.As(err, &e) && e.Code == models.Conflict && len(e.Fields) == 0 {
		return ui.Errors{field: e.Message}
	}
	return fieldErrors(err)
}

// Show is what the invited person sees.
func (p Invitations) Show(c echo.Context) error {
	i, err := p.Service.Invitations.Check(c.Request().Context(), c.Param("token"), mw.ClientNetwork(c))
	if err != nil {
		return err
	}
	return p.drawAccept(c, http.StatusOK, i, "", nil)
}

func (p Invitations) drawAccept(c echo.Context, code int, i models.Invitation, name string, errs ui.Errors) error {
	return form.Draw(c, code, auth.Accept(auth.AcceptProps{
		Page: p.Frame(c), Token: c.Param("token"), Invitation: i, Name: name, Errors: errs,
	}))
}

// Accept makes the account and signs in.
func (p Invitations) Accept(c echo.Context) error {
	v, ctx, network := c.Request().PostForm, c.Request().Context(), mw.ClientNetwork(c)
	u, err := p.Service.Invitations.Accept(ctx, c.Param("token"), network, v.Get("name"), v.Get("password"))
	if redrawn(err) {
		i, gone := p.Service.Invitations.Check(ctx, c.Param("token"), network)
		if gone != nil {
			return gone
		}
		return p.drawAccept(c, form.StatusOf(c, err), i, v.Get("name"), fieldErrors(err))
	}
	if err != nil {
		return err
	}
	started, err := p.Service.Accounts.StartSession(ctx, u, p.Sessions.Visitor(c))
	if err == nil {
		err = p.Sessions.SignIn(c, started)
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Home, "")
}

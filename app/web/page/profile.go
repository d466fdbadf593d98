package page

import (
	"net/http"

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

// Profile is one's own page.
type Profile struct{ Deps }

// Show is the page.
func (p Profile) Show(c echo.Context) error {
	u := p.actor(c).User
	return p.draw(c, http.StatusOK, u.Name, u.Email, nil)
}

func (p Profile) draw(c echo.Context, code int, name, email string, errs ui.Errors) error {
	sessions, err := p.Service.Accounts.OwnSessions(c.Request().Context(), p.actor(c))
	if err != nil {
		return err
	}
	return form.Draw(c, code, team.Profile(team.ProfileProps{
		Page: p.Frame(c), Name: name, Email: email, Errors: errs, Sessions: sessions, Current: p.Sessions.Current(c).ID,
		Teams: p.Service.Teams.ByUser()[p.actor(c).User.ID],
	}))
}

// Save changes name and address.
func (p Profile) Save(c echo.Context) error {
	v := c.Request().PostForm
	in := account.ProfileInput{Name: v.Get("name"), Email: v.Get("email"), Password: v.Get("password")}
	_, err := p.Service.Accounts.SaveProfile(c.Request().Context(), p.actor(c), in)
	if redrawn(err) || models.CodeOf(err) == models.TooMany {
		return p.draw(c, form.StatusOf(c, err), in.Name, in.Email, conflictOn("email", err))
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Profile, "profile-saved")
}

// ChangePassword sets a new password and ends all other sessions.
func (p Profile) ChangePassword(c echo.Context) error {
	v, actor := c.Request().PostForm, p.actor(c)
	err := p.Service.Accounts.ChangePassword(c.Request().Context(), actor, v.Get("current"), v.Get("new"), p.Sessions.Current(c).ID)
	if redrawn(err) || models.CodeOf(err) == models.TooMany {
		errs := fieldErrors(err)
		if text := errs["password"]; text != "" {
			errs = ui.Errors{"new": text}
		}
		return p.draw(c, form.StatusOf(c, err), actor.User.Name, actor.User.Email, errs)
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Profile, "password-changed")
}

// RevokeSessions ends one of one's own sessions, or all others.
func (p Profile) RevokeSessions(c echo.Context) error {
	session, flash, err := whichSession(c)
	if err != nil {
		return err
	}
	current := p.Sessions.Current(c).ID
	if session == "" {
		err = p.Service.Accounts.RevokeOthers(c.Request().Context(), p.actor(c), current)
	} else {
		err = p.Service.Accounts.RevokeOwn(c.Request().Context(), p.actor(c), session)
	}
	if err != nil {
		return err
	}
	if session == current {
		return p.onward(c, link.Login, "signed-out")
	}
	return p.onward(c, link.Profile, flash)
}

// Reset has the pages of a forgotten password.
type Reset struct{ Deps }

// Ask shows the form, or refers to the owners when there is no mail server.
func (p Reset) Ask(c echo.Context) error { return p.drawAsk(c, http.StatusOK, auth.ForgotProps{}) }

func (p Reset) drawAsk(c echo.Context, code int, props auth.ForgotProps) error {
	props.Page, props.Mails = p.Frame(c), p.Service.Accounts.Mails()
	return form.Draw(c, code, auth.Forgot(props))
}

// Mail takes an address. The answer is the same for every address.
func (p Reset) Mail(c echo.Context) error {
	email := c.Request().PostForm.Get("email")
	err := p.Service.Accounts.AskReset(form.Key(email, maxEmail), p.Sessions.Visitor(c))
	if problem := sentence(err); problem != "" {
		return p.drawAsk(c, form.StatusOf(c, err), auth.ForgotProps{Email: email, Error: problem})
	}
	if err != nil {
		return err
	}
	return p.drawAsk(c, http.StatusOK, auth.ForgotProps{Email: email, Asked: true})
}

// Show asks for the new password.
func (p Reset) Show(c echo.Context) error {
	u, err := p.Service.Accounts.CheckReset(c.Request().Context(), c.Param("token"), mw.ClientNetwork(c))
	if err != nil {
		return err
	}
	return p.drawReset(c, http.StatusOK, u, nil)
}

func (p Reset) drawReset(c echo.Context, code int, u models.User, errs ui.Errors) error {
	return form.Draw(c, code, auth.Reset(auth.ResetProps{Page: p.Frame(c), Token: c.Param("token"), Email: u.Email, Errors: errs}))
}

// Save sets it. One then signs in with it: the link proved a mailbox, and the
// password is to be known.
func (p Reset) Save(c echo.Context) error {
	ctx, token, network := c.Request().Context(), c.Param("token"), mw.ClientNetwork(c)
	err := p.Service.Accounts.Reset(ctx, token, network, c.Request().PostForm.Get("password"))
	if redrawn(err) {
		u, gone := p.Service.Accounts.CheckReset(ctx, token, network)
		if gone != nil {
			return gone
		}
		return p.drawReset(c, form.StatusOf(c, err), u, fieldErrors(err))
	}
	if err == nil {
		err = p.Sessions.SignOut(c)
	}
	if err != nil {
		return err
	}
	return p.onward(c, link.Login, "password-set")
}

package page

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/app/web/form"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/tokens"
	"hookline/views/ui"
)

// Tokens is the page of the API tokens.
type Tokens struct{ Deps }

// List shows all tokens, never in clear, and the form for a new one.
func (p Tokens) List(c echo.Context) error {
	return p.draw(c, http.StatusOK, tokens.NewValues(), nil)
}

// Create makes a token and shows it, the only time: in the answer itself, since
// a redirect would have to carry it in a URL or a cookie.
func (p Tokens) Create(c echo.Context) error {
	v := c.Request().PostForm
	values := tokens.FormValues{Name: v.Get("name"), Scopes: v["scopes"], Expires: v.Get("expires")}
	expires, known := p.expiry(values.Expires)
	if !known {
		return p.draw(c, http.StatusUnprocessableEntity, values, ui.Errors{"expires_at": "Choose when the token expires, or that it never does."})
	}
	scopes := make([]models.Scope, len(values.Scopes))
	for i, s := range values.Scopes {
		scopes[i] = models.Scope(s)
	}
	clear, token, err := p.Service.Tokens.Create(c.Request().Context(), p.actor(c), values.Name, scopes, expires)
	if redrawn(err) {
		return p.draw(c, form.StatusOf(c, err), values, fieldErrors(err))
	}
	if err != nil {
		return err
	}
	return form.Draw(c, http.StatusCreated, tokens.Created(tokens.CreatedProps{Page: p.Frame(c), Token: token, Clear: clear}))
}

// expiry is when a token of this lifetime ends; the zero time for never.
func (p Tokens) expiry(choice string) (at time.Time, known bool) {
	now := p.Now()
	switch choice {
	case "30d":
		return now.AddDate(0, 0, 30), true
	case "90d":
		return now.AddDate(0, 0, 90), true
	case "1y":
		return now.AddDate(1, 0, 0), true
	case "never":
		return time.Time{}, true
	}
	return time.Time{}, false
}

// Revoke ends a token at once.
func (p Tokens) Revoke(c echo.Context) error {
	if err := p.Service.Tokens.Revoke(c.Request().Context(), p.actor(c), c.Param("id")); err != nil {
		return err
	}
	return p.onward(c, link.Tokens, "token-revoked")
}

func (p Tokens) draw(c echo.Context, code int, values tokens.FormValues, errs ui.Errors) error {
	list, err := p.Service.Tokens.List(c.Request().Context(), p.actor(c))
	if err != nil {
		return err
	}
	all := make([]models.Token, len(list))
	for i, t := range list {
		all[i] = *t
	}
	may := p.can(c, policy.ManageTokens)
	return form.Draw(c, code, tokens.List(tokens.ListProps{Page: p.Frame(c), Tokens: all, Values: values, Errors: errs, CanCreate: may, CanRevoke: may}))
}

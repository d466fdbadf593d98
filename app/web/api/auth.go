package api

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/models"
)

// actor is whose token the request carries. A session's cookie counts for
// nothing here, so no other site can act in a signed-in person's name.
func (s *server) actor(c echo.Context) (models.Actor, error) {
	clear, given := bearer(c.Request())
	if !given {
		return models.Actor{}, models.Errorf(models.Unauthenticated, "Send an API token: Authorization: Bearer hl_… Owners make tokens under API tokens.")
	}
	token, err := s.Service.Tokens.Authenticate(c.Request().Context(), clear)
	if err != nil {
		return models.Actor{}, err
	}
	return models.Actor{Token: token}, nil
}

func bearer(r *http.Request) (string, bool) {
	values := r.Header["Authorization"]
	if len(values) != 1 {
		return "", false
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	return strings.TrimSpace(token), ok && strings.EqualFold(scheme, "Bearer")
}

// allowed is actor for one who may do this. The service asks again; asking here
// first means that nothing of a body is read for one who may not. The configuration
// is that of now. Publishing looks at it in its own transaction, and metrics are
// wanted most while the database does not answer.
func (s *server) allowed(c echo.Context, action policy.Action) (models.Actor, error) {
	if _, given := bearer(c.Request()); given && action != policy.PublishEvents && action != policy.ReadMetrics {
		if err := s.Service.System.Refresh(c.Request().Context()); err != nil {
			return models.Actor{}, err
		}
	}
	actor, err := s.actor(c)
	if err == nil && !policy.Might(actor, action) {
		err = models.Errorf(models.Denied, "This token lacks the scope for it. The call takes one of: %s.", strings.Join(scopesOf(action), ", "))
	}
	return actor, err
}

// scopesOf lists the scopes that allow an action, as the policy has them.
func scopesOf(action policy.Action) []string {
	var scopes []string
	for _, scope := range models.Scopes {
		if policy.Can(models.Actor{Token: &models.Token{Scopes: []models.Scope{scope}}}, action) {
			scopes = append(scopes, string(scope))
		}
	}
	return scopes
}

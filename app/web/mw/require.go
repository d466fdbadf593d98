package mw

import (
	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/models"
)

// Require lets only those pass whose role allows the action. The service asks
// again; this keeps a page from being half drawn, and a route from being
// forgotten.
func (s *Sessions) Require(action policy.Action) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if action == policy.Public {
				return next(c)
			}
			user, err := s.User(c)
			if err != nil {
				return err
			}
			if err := policy.CheckMight(models.Actor{User: user}, action); err != nil {
				return err
			}
			s.accounts.Seen(c.Request().Context(), s.Current(c), c.RealIP(), c.Request().UserAgent())
			return next(c)
		}
	}
}

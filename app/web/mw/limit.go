package mw

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/models"
)

// MaxForm is far above any form, and far below what hurts.
const MaxForm = 1 << 20

var errTooLarge = models.Errorf(models.TooLarge, "A form may have 1 MiB. Shorten what you entered and send it again.")

// LimitForm refuses a body that says it is too large before reading any of it,
// and stops reading one that does not say.
func LimitForm(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.ContentLength > MaxForm {
			return errTooLarge
		}
		if r.Body != nil {
			r.Body = http.MaxBytesReader(c.Response(), r.Body, MaxForm)
		}
		return next(c)
	}
}

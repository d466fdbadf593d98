package mw

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"hookline/models"
)

// A form that has everything a webhook may have is about 1 MiB of text, which is
// three times as long when most of it must be percent-encoded. Strangers send
// forms of a few short fields alone.
const (
	MaxForm       = 4 << 20
	MaxPublicForm = 64 << 10
)

var errTooLarge = models.Errorf(models.TooLarge, "The form is too large. Shorten what you entered and send it again.")

// LimitForm refuses a body that says it is longer than most bytes before reading
// any of it, and stops reading one that does not say.
func LimitForm(most int64) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			r := c.Request()
			if r.ContentLength > most {
				return errTooLarge
			}
			if r.Body != nil {
				r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
			}
			return next(c)
		}
	}
}

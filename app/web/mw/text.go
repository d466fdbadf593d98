package mw

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"hookline/models"
)

// CheckText refuses a request whose path, query or form holds a NUL or bytes that
// are no UTF-8: no form of ours sends them, and not every database can keep them.
// It reads the form, so the body must be limited before.
func CheckText(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		for _, value := range c.ParamValues() {
			if plain, err := url.PathUnescape(value); err != nil || !isText(plain) {
				return echo.ErrNotFound
			}
		}
		r := c.Request()
		if err := r.ParseForm(); err != nil {
			return unreadable(err)
		}
		for name, values := range r.Form { // of the query and of the body
			for _, value := range values {
				if !isText(name) || !isText(value) {
					return models.Errorf(models.Malformed, "The field %q has a character that no text has: a NUL, or bytes that are not UTF-8. Remove it and send the form again.", shown(name))
				}
			}
		}
		return next(c)
	}
}

func isText(value string) bool {
	return utf8.ValidString(value) && strings.IndexByte(value, 0) < 0
}

func unreadable(err error) error {
	var large *http.MaxBytesError
	if errors.As(err, &large) {
		return err
	}
	return models.Errorf(models.Malformed, "The form did not arrive whole, or is not encoded as forms are. Send it again.")
}

// shown is as much of a field's name as an answer repeats.
func shown(name string) string {
	const most = 100
	return strings.ToValidUTF8(name[:min(len(name), most)], "?")
}

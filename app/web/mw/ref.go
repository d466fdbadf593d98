package mw

import (
	"crypto/rand"

	"github.com/labstack/echo/v4"
)

const refKey = "ref"

// Ref names this request in the log and on an error page. It is made when first
// asked for, because most requests need none, and never taken from the client.
func Ref(c echo.Context) string {
	if ref, ok := c.Get(refKey).(string); ok {
		return ref
	}
	ref := rand.Text()[:12]
	c.Set(refKey, ref)
	return ref
}

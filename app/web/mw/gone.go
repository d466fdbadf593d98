package mw

import (
	"errors"
	"net"
	"net/http"

	"github.com/labstack/echo/v4"
)

// AnswerLost reports whether err is that of writing the answer to a client that has
// gone or takes nothing: a fault of the connection to it, and of no other.
func AnswerLost(c echo.Context, err error) bool {
	var failed *net.OpError
	if !c.Response().Committed || !errors.As(err, &failed) || failed.Source == nil {
		return false
	}
	own, known := c.Request().Context().Value(http.LocalAddrContextKey).(net.Addr)
	return known && failed.Source.String() == own.String()
}

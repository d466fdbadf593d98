package mw

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"

	"github.com/labstack/echo/v4"
)

// Recover turns a panic into an internal error. The stack goes to the log.
func Recover(log *slog.Logger) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) (err error) {
			defer func() {
				r := recover()
				if r == nil {
					return
				}
				if cause, ok := r.(error); ok && errors.Is(cause, http.ErrAbortHandler) {
					panic(r) // asks net/http to drop the connection
				}
				log.Error("panic in a handler", "ref", Ref(c), "route", c.Path(), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
				err = fmt.Errorf("panic: %v", r)
			}()
			return next(c)
		}
	}
}

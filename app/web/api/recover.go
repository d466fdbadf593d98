package api

import (
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/web/mw"
)

// problems answers every error under /api with a problem document, also those of
// the router (404, 405), which know no handler of ours. A panic is one more
// error; its stack goes to the log alone.
func (s *server) problems(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !ours(c.Request().URL.Path) {
			return next(c)
		}
		if err := s.guarded(next, c); err != nil {
			return s.fail(c, err)
		}
		return nil
	}
}

// ours tells the API's paths from those of pages.
func ours(path string) bool {
	if path == "/api" || strings.HasPrefix(path, "/api/") {
		return true
	}
	switch path {
	case "/healthz", "/readyz", "/metrics":
		return true
	}
	return false
}

func (s *server) guarded(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		r := recover()
		if r == nil {
			return
		}
		if cause, ok := r.(error); ok && errors.Is(cause, http.ErrAbortHandler) { // asks net/http to drop the connection
			panic(r)
		}
		s.Log.Error("panic in an API call", "ref", mw.Ref(c), "route", c.Path(), "panic", fmt.Sprint(r), "stack", string(debug.Stack()))
		err = fmt.Errorf("panic: %v", r)
	}()
	return next(c)
}

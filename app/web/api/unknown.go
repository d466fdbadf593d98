package api

import (
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"
)

// unknownPath is a route of its own, so that pages which catch everything leave
// the API's addresses alone.
const unknownPath = "/api/*"

var methods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

func (s *server) mountUnknown() {
	s.echo.RouteNotFound("/api", s.unknown)
	s.echo.RouteNotFound(unknownPath, s.unknown)
}

// unknown tells a wrong method from a wrong address: the router, having a route
// for everything unknown, does not.
func (s *server) unknown(c echo.Context) error {
	allowed := slices.DeleteFunc(slices.Clone(methods), func(method string) bool { return !s.serves(method, c) })
	if len(allowed) == 0 {
		return echo.ErrNotFound
	}
	c.Response().Header().Set(echo.HeaderAllow, strings.Join(allowed, ", "))
	return echo.ErrMethodNotAllowed
}

func (s *server) serves(method string, c echo.Context) bool {
	probe := s.echo.AcquireContext()
	defer s.echo.ReleaseContext(probe)
	probe.Reset(c.Request(), c.Response())
	s.echo.Router().Find(method, echo.GetPath(c.Request()), probe)
	return strings.HasPrefix(probe.Path(), "/api/") && probe.Path() != unknownPath
}

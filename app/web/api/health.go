package api

import (
	"context"
	"net/http"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/singleflight"

	"hookline/app/policy"
	"hookline/models"
)

func (s *server) mountHealth() {
	ready := &readiness{check: s.Service.System.Ready}
	s.get("/healthz", alive)
	s.get("/readyz", ready.serve)
}

// MountProbes serves health and, without a token, the metrics.
func MountProbes(e *echo.Echo, o Options) {
	s := &server{Options: o, echo: e}
	e.HTTPErrorHandler = func(err error, c echo.Context) { _ = s.fail(c, err) }
	s.mountHealth()
	s.get("/metrics", echo.WrapHandler(o.Metrics))
}

// alive says that the process lives, and asks nothing else.
func alive(c echo.Context) error {
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, []byte(`{"status":"ok"}`))
}

// readiness proves with a write that events can be accepted. Whoever may reach
// the port may ask, so callers at the same moment share one write.
type readiness struct {
	check  func(context.Context) error
	flight singleflight.Group
}

func (r *readiness) serve(c echo.Context) error {
	ctx := context.WithoutCancel(c.Request().Context())
	_, err, _ := r.flight.Do("", func() (any, error) { return nil, r.check(ctx) })
	if err != nil {
		return notReady(err)
	}
	return c.Blob(http.StatusOK, echo.MIMEApplicationJSON, []byte(`{"status":"ready"}`))
}

// notReady is 503 whatever the database said, which is for the log.
func notReady(err error) error {
	if models.CodeOf(err) == models.Unavailable {
		return err
	}
	return failure{http.StatusServiceUnavailable, "The database cannot be written right now."}
}

// metrics need a token: a proxy on this machine may publish whatever the port
// answers, and its requests look like the machine's own.
func (s *server) metrics(c echo.Context) error {
	if s.Metrics == nil {
		return echo.ErrNotFound
	}
	if _, err := s.allowed(c, policy.ReadMetrics); err != nil {
		return err
	}
	s.Metrics.ServeHTTP(c.Response(), c.Request())
	return nil
}

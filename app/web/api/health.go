package api

import (
	"context"
	"net"
	"net/http"
	"net/netip"

	"github.com/labstack/echo/v4"
	"golang.org/x/sync/singleflight"

	"hookline/models"
)

func (s *server) mountHealth() {
	ready := &readiness{check: s.Service.System.Ready}
	s.get("/healthz", alive)
	s.get("/readyz", ready.serve)
	s.get("/metrics", s.metrics)
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

// metrics are for the machine itself and for admins' tokens. A reverse proxy
// also connects from loopback, so a request that came through one needs a token.
func (s *server) metrics(c echo.Context) error {
	if s.Metrics == nil {
		return echo.ErrNotFound
	}
	if direct, _ := c.Get(directKey).(bool); !direct {
		actor, err := s.actor(c)
		switch {
		case len(c.Request().Header["Authorization"]) == 0:
			return echo.ErrNotFound
		case err != nil:
			return err
		case !actor.Token.Has(models.Admin):
			return models.Errorf(models.Denied, "Metrics need a token with the scope admin.")
		}
	}
	s.Metrics.ServeHTTP(c.Response(), c.Request())
	return nil
}

const directKey = "direct from loopback"

// notePeer looks before anything has taken a proxy's headers away.
func notePeer(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().URL.Path == "/metrics" {
			c.Set(directKey, local(c.Request()))
		}
		return next(c)
	}
}

// relayed are headers that only a proxy adds.
var relayed = []string{"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-Ip", "Via"}

func local(r *http.Request) bool {
	for _, name := range relayed {
		if len(r.Header[name]) > 0 {
			return false
		}
	}
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

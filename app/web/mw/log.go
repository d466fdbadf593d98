package mw

import (
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"
)

// Log writes one line a request. It leaves the query out, which may hold the
// setup token, and everything else that people or programs sent.
func Log(log *slog.Logger, now func() time.Time) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			started := now()
			if err := next(c); err != nil {
				c.Error(err) // draws the error, so that its status can be logged
			}
			ctx, status := c.Request().Context(), c.Response().Status
			level := levelOf(c.Request().URL.Path, status)
			if !log.Enabled(ctx, level) {
				return nil
			}
			log.LogAttrs(ctx, level, "request",
				slog.String("method", c.Request().Method), slog.String("path", pathOf(c.Request().URL.Path)),
				slog.Int("status", status), slog.Duration("took", now().Sub(started)),
				slog.Int64("bytes", c.Response().Size), slog.String("from", c.RealIP()), slog.String("ref", Ref(c)))
			return nil
		}
	}
}

// levelOf: what programs and browsers fetch all the time would drown the rest.
func levelOf(path string, status int) slog.Level {
	if status >= http.StatusInternalServerError {
		return slog.LevelWarn
	}
	for _, busy := range []string{"/api/", "/static/", "/healthz", "/readyz", "/metrics"} {
		if strings.HasPrefix(path, busy) {
			return slog.LevelDebug
		}
	}
	return slog.LevelInfo
}

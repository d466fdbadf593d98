package api

import (
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"

	"hookline/app/service"
)

// Options are what the API needs. Metrics may be nil: then there is no /metrics.
type Options struct {
	Service *service.Service
	// BaseURL is the public address, for links and examples.
	BaseURL string
	Metrics http.Handler
	Log     *slog.Logger
	Now     func() time.Time
}

// base is where versioned calls live.
const base = "/api/v1"

// server holds what the handlers share.
type server struct {
	Options
	echo         *echo.Echo
	routes       []route // in the order of the docs
	descriptions []func()
	describe     huma.API
}

// Mount adds the API to e. Whatever fails under /api, a path that does not exist
// included, is answered with a problem document.
func Mount(e *echo.Echo, o Options) error {
	if o.Service == nil {
		return errors.New("the API needs the use cases")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	s := &server{Options: o, echo: e}
	e.Use(s.problems)
	s.mountEvents()
	s.mountEventTypes()
	s.mountWebhooks()
	s.mountFilterTest()
	s.mountPreviews()
	s.mountWebhookKeys()
	s.mountWebhookSnippets()
	s.mountConfirmations()
	s.mountPresets()
	s.mountDeliveries()
	s.mountGrants()
	s.mountStats()
	s.mountBulk()
	s.mountParticipants()
	s.mountCaptures()
	s.mountTokens()
	s.mountAudit()
	s.mountSettings()
	s.mountPeople()
	s.mountConnections()
	s.mountHealth()
	s.get("/metrics", s.metrics)
	s.mountDescription()
	s.mountUnknown()
	return nil
}

// Package web is the door for people and programs: the pages of the UI, the API
// beside them, and all that protects both. It decides nothing; app/service does.
package web

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/capture"
	"hookline/app/service"
	"hookline/app/web/api"
	"hookline/app/web/mw"
	"hookline/app/web/page"
	"hookline/app/web/rawhead"
	"hookline/app/web/receive"
	"hookline/static"
)

// Options are what the door needs. Log and Now may be nil; without Metrics there
// is no /metrics.
type Options struct {
	Service *service.Service
	// Capture receives requests to capture URLs; nil: there are none.
	Capture *capture.Bin
	// BaseURL is the public address, scheme and host alone. Links are made from
	// it, and https makes the cookies Secure.
	BaseURL string
	// Instance tells this installation's cookies from those of others on the host.
	Instance string
	// TrustedProxies may say whom they speak for; nobody else is believed.
	TrustedProxies []netip.Prefix
	Log            *slog.Logger
	Metrics        http.Handler
	Now            func() time.Time
}

// New returns the handler of everything that Hookline answers.
func New(o Options) (http.Handler, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("the base URL %q has no host", o.BaseURL)
	}
	https := base.Scheme == "https"
	cookies := mw.NewCookies(o.Instance, https)
	sessions := mw.NewSessions(o.Service.Accounts, cookies)
	csrf, err := mw.NewCSRF(sessions, base.Scheme+"://"+base.Host, cookies)
	if err != nil {
		return nil, err
	}
	deps := page.Deps{
		Service: o.Service, Sessions: sessions, CSRF: csrf, Now: o.Now, Cookies: cookies, BaseURL: strings.TrimSuffix(o.BaseURL, "/"), AllowHTTP: o.Service.Webhooks.AcceptsHTTP(),
	}

	e := echo.New()
	e.Logger.SetOutput(slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn).Writer())
	proxies := mw.NewProxies(o.TrustedProxies)
	e.IPExtractor = proxies.Extractor()
	e.HTTPErrorHandler = failures{deps: deps, log: o.Log}.handle
	e.Pre(mw.NewBodies().Limit)
	if o.Capture != nil {
		e.Pre(receive.NewCaptureDoor(o.Capture, o.Now).Pre)
	}
	e.Use(mw.Headers(https), proxies.Strip, mw.Log(o.Log, o.Now), mw.Recover(o.Log))
	if err := api.Mount(e, api.Options{Service: o.Service, BaseURL: o.BaseURL, Metrics: o.Metrics, Log: o.Log, Now: o.Now}); err != nil {
		return nil, err
	}
	mountFiles(e)
	mountPages(e, deps)
	return e, nil
}

// NewProbes returns the handler of an address of its own for monitoring: health,
// and metrics without a token.
func NewProbes(o Options) http.Handler {
	e := echo.New()
	e.Logger.SetOutput(slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn).Writer())
	e.Use(mw.Headers(false), mw.Log(o.Log, o.Now), mw.Recover(o.Log))
	api.MountProbes(e, api.Options{Service: o.Service, BaseURL: o.BaseURL, Metrics: o.Metrics, Log: o.Log, Now: o.Now})
	return e
}

func mountFiles(e *echo.Echo) {
	files := echo.WrapHandler(static.Handler())
	e.GET(static.Prefix+"*", files)
	e.HEAD(static.Prefix+"*", files)
}

// Server bounds what a slow or hostile client can hold. Reading has time for a
// batch of 16 MiB over a slow line; writing, which begins to count when the
// headers were read, for that and for a test of 30 seconds.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	s := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      120 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	rawhead.Watch(s)
	return s
}

// Listener is what Server serves from, so that captured requests show their headers
// as they were sent.
func Listener(l net.Listener) net.Listener { return rawhead.Listen(l, capture.Path) }

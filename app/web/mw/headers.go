package mw

import (
	"net/http"

	"github.com/labstack/echo/v4"
)

// contentSecurityPolicy: no inline script or style, nothing from elsewhere, no
// frames. It holds for every answer, and so for every page.
const contentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
	"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// Headers sets what every answer carries. A handler may override a header, as
// the static files do with Cache-Control.
func Headers(https bool) echo.MiddlewareFunc {
	// The keys are canonical and the values shared, so a call costs no memory.
	fixed := http.Header{
		"Content-Security-Policy":    {contentSecurityPolicy},
		"X-Content-Type-Options":     {"nosniff"},
		"Referrer-Policy":            {"same-origin"},
		"X-Frame-Options":            {"DENY"},
		"Cross-Origin-Opener-Policy": {"same-origin"},
		"Permissions-Policy":         {"accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()"},
		"Cache-Control":              {"no-store"},
	}
	if https {
		// Without includeSubDomains: other hosts of the domain are not ours.
		fixed["Strict-Transport-Security"] = []string{"max-age=31536000"}
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			h := c.Response().Header()
			for name, values := range fixed {
				h[name] = values
			}
			return next(c)
		}
	}
}

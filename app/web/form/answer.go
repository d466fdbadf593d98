package form

import (
	"bytes"
	"net/http"
	"strconv"
	"sync"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"hookline/app/web/status"
	"hookline/models"
)

// HX reports whether htmx asks for a part of a page. When it restores a page
// from history it wants the whole of it.
func HX(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-History-Restore-Request") != "true"
}

var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// Draw answers with a component. It is drawn whole before the first byte goes
// out, so that a fault in it can still become an error page.
func Draw(c echo.Context, code int, component templ.Component) error {
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := component.Render(c.Request().Context(), buf); err != nil {
		return err
	}
	h := c.Response().Header()
	h.Add("Vary", "HX-Request")
	h.Set("Content-Length", strconv.Itoa(buf.Len()))
	return c.HTMLBlob(code, buf.Bytes())
}

// Onward leads the browser to a page after a post: a redirect, or for htmx,
// which would follow one silently, the header that makes it navigate.
func Onward(c echo.Context, to string) error {
	c.Response().Header().Add("Vary", "HX-Request")
	if HX(c) {
		c.Response().Header().Set("HX-Redirect", to)
		return c.NoContent(http.StatusNoContent)
	}
	return c.Redirect(http.StatusSeeOther, to)
}

// retryAfter is how many seconds to wait, for the statuses that pass by
// themselves.
var retryAfter = map[int]int{http.StatusServiceUnavailable: 10, http.StatusTooManyRequests: 60}

// StatusOf is the status for an error, whose Retry-After it sets.
func StatusOf(c echo.Context, err error) int {
	code := status.Of(models.CodeOf(err))
	SetRetryAfter(c, code, err)
	return code
}

// SetRetryAfter says when to come back, if the status is one that passes.
func SetRetryAfter(c echo.Context, code int, err error) {
	if seconds := status.RetryAfter(err, retryAfter[code]); seconds > 0 {
		c.Response().Header().Set("Retry-After", strconv.Itoa(seconds))
	}
}

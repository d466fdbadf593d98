package web

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/web/form"
	"hookline/app/web/mw"
	"hookline/app/web/page"
	"hookline/app/web/status"
	"hookline/models"
	"hookline/views/errs"
	"hookline/views/link"
)

// failures turns what a page's handler returns as an error into an answer. The
// API answers its own before they come here.
type failures struct {
	deps page.Deps
	log  *slog.Logger
}

// statusClientGone is nginx's number for a client that did not wait; nobody sees
// it but the log.
const statusClientGone = 499

func (f failures) handle(err error, c echo.Context) {
	if told, down := service.DatabaseDown(err); down {
		f.log.Error("a page has no database", "ref", mw.Ref(c), "route", c.Path(), "error", err)
		err = told
	}
	code, detail := classify(err)
	if code == http.StatusInternalServerError {
		f.log.Error("a page failed", "ref", mw.Ref(c), "method", c.Request().Method, "route", c.Path(), "error", err)
	}
	if c.Response().Committed {
		return
	}
	if code == statusClientGone {
		_ = c.NoContent(code)
		return
	}
	if err := f.answer(c, code, detail, err); err != nil {
		f.log.Error("an error page could not be drawn", "ref", mw.Ref(c), "route", c.Path(), "error", err)
		_ = c.NoContent(http.StatusInternalServerError)
	}
}

// classify is an error's status and what people are told of it; "" leaves that
// to the page. The text of an internal error is for the log alone.
func classify(err error) (code int, detail string) {
	var known *models.Error
	var large *http.MaxBytesError
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &known):
		return status.Of(known.Code), told(known)
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge, ""
	case errors.As(err, &routing) && routing.Code < http.StatusInternalServerError:
		return routing.Code, ""
	case errors.Is(err, context.Canceled):
		return statusClientGone, ""
	}
	return http.StatusInternalServerError, ""
}

func told(e *models.Error) string {
	if len(e.Fields) == 0 {
		return e.Message
	}
	parts := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		parts[i] = f.Message
	}
	return strings.Join(parts, " ")
}

func (f failures) answer(c echo.Context, code int, detail string, cause error) error {
	form.SetRetryAfter(c, code, cause)
	switch {
	case code == http.StatusUnauthorized:
		return toLogin(c)
	case form.HX(c):
		// htmx swaps in no error; app.js tells what the status means.
		return c.String(code, detail)
	}
	stale := errors.Is(cause, mw.ErrStale) || errors.Is(cause, mw.ErrForeign)
	props := errs.Props{Page: f.deps.Frame(c), Status: code, Detail: detail, Stale: stale}
	if code >= http.StatusInternalServerError {
		props.Ref = mw.Ref(c)
	}
	return form.Draw(c, code, errs.Page(props))
}

// toLogin sends whoever is not signed in to the sign-in page, and from there
// back to the page they were on.
func toLogin(c echo.Context) error {
	next := form.PageOf(c.Request())
	if form.HX(c) {
		next = form.From(c.Request())
	}
	if next == link.Home || next == link.Webhooks {
		next = "" // where one goes anyway
	}
	return form.Onward(c, link.LoginNext(next))
}

package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/app/web/mw"
	"hookline/app/web/status"
	"hookline/models"
)

// problem is what a program is told when a call fails (RFC 9457).
type problem struct {
	Type   string              `json:"type,omitzero" doc:"Names the kind of problem; its address explains it." example:"https://hookline.example.com/api/docs#problem-invalid"`
	Title  string              `json:"title" doc:"The kind of problem in short." example:"Some values need a change"`
	Status int                 `json:"status" doc:"The HTTP status." example:"422"`
	Detail string              `json:"detail" doc:"What is wrong here, and how to mend it." example:"Some values need a change before this can be saved."`
	Errors []models.FieldError `json:"errors,omitzero" doc:"What is wrong with single members. Field is the path to the member, for example headers.0.value."`
	Ref    string              `json:"request_id,omitzero" doc:"Only of internal errors: names the line in the server's log."`
}

// failure is an error that the domain has no word for, because only HTTP knows
// it: a wrong method or content type.
type failure struct {
	status int
	detail string
}

func (f failure) Error() string { return f.detail }

// kinds are the titles, and the last part of the type, of what can go wrong.
var kinds = []struct {
	status      int
	slug, title string
	mend        string // for the docs page
}{
	{400, "malformed", "The request cannot be read", "The body or the query string is broken. The detail says where."},
	{401, "unauthenticated", "An API token is needed", "Send a valid token as Authorization: Bearer hl_…"},
	{403, "denied", "The token may not do this", "Use a token with one of the call's scopes."},
	{404, "not-found", "Not found", "Check the id and the path. What belongs to others is not found either."},
	{405, "method-not-allowed", "This method is not allowed here", "The Allow header lists those that are."},
	{408, "timeout", "The body took too long", "Send it again."},
	{409, "conflict", "This conflicts with the present state", "The detail says with what."},
	{413, "too-large", "The body is too large", "An event may have 1 MiB, a batch 16 MiB."},
	{415, "unsupported-media-type", "Only JSON is read", "Send Content-Type: application/json and no Content-Encoding."},
	{422, "invalid", "Some values need a change", "errors names each member and how to mend it."},
	{429, "too-many", "Too many requests", "Wait as long as Retry-After says."},
	{500, "internal", "Something went wrong in Hookline", "Nothing you sent is to blame. The server's log tells more under the request id."},
	{503, "unavailable", "Not possible right now", "Nothing was stored. Send it again after Retry-After seconds."},
}

// retryAfter is how many seconds a caller waits after a 503.
const retryAfter = 5

// problemOf turns any error into what a program may know of it.
func (s *server) problemOf(err error) problem {
	var domain *models.Error
	var own failure
	var routing *echo.HTTPError
	switch {
	case errors.As(err, &domain):
		p := s.problem(status.Of(domain.Code), domain.Message)
		p.Errors = domain.Fields[:min(len(domain.Fields), 2*maxFaults)]
		return p
	case errors.As(err, &own):
		return s.problem(own.status, own.detail)
	case errors.Is(err, echo.ErrNotFound):
		return s.problem(http.StatusNotFound, "There is nothing at this address. /api/docs lists all calls.")
	case errors.Is(err, echo.ErrMethodNotAllowed):
		return s.problem(http.StatusMethodNotAllowed, "The address is right, but not with this method. The Allow header lists those it takes.")
	case errors.As(err, &routing) && routing.Code < http.StatusInternalServerError:
		return s.problem(routing.Code, http.StatusText(routing.Code))
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return s.problem(http.StatusServiceUnavailable, "The call was given up before it was done. Send it again.")
	}
	return s.problem(http.StatusInternalServerError, "Something went wrong in Hookline. Its log tells more under this request id.")
}

func (s *server) problem(code int, detail string) problem {
	p := problem{Type: "about:blank", Title: http.StatusText(code), Status: code, Detail: detail}
	for _, k := range kinds {
		if k.status == code {
			p.Type, p.Title = s.BaseURL+"/api/docs#problem-"+k.slug, k.title
		}
	}
	return p
}

// statusClientGone is nginx's number for a client that did not wait; nobody sees
// it but the log.
const statusClientGone = 499

// fail answers with a problem document. What is ours to mend goes to the log.
func (s *server) fail(c echo.Context, err error) error {
	if errors.Is(err, context.Canceled) && c.Request().Context().Err() != nil {
		return c.NoContent(statusClientGone)
	}
	if told, down := service.DatabaseDown(err); down {
		s.Log.Error("an API call has no database", "ref", mw.Ref(c), "route", c.Path(), "error", err)
		err = told
	}
	p := s.problemOf(err)
	if p.Status == http.StatusInternalServerError {
		p.Ref = mw.Ref(c)
		s.Log.Error("an API call failed", "ref", p.Ref, "route", c.Path(), "error", err)
	}
	if c.Response().Committed {
		return nil
	}
	h := c.Response().Header()
	switch p.Status {
	case http.StatusUnauthorized:
		h.Set("WWW-Authenticate", "Bearer")
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		h.Set("Retry-After", strconv.Itoa(status.RetryAfter(err, retryAfter)))
	case http.StatusRequestEntityTooLarge, http.StatusRequestTimeout:
		h.Set("Connection", "close") // the rest of the body is not worth reading
	}
	body, err := json.Marshal(p, answerFormat)
	if err != nil {
		return err
	}
	return c.Blob(p.Status, "application/problem+json", body)
}

// problems answers every error under /api with a problem document, also those of
// the router (404, 405), which know no handler of ours. A panic is one more
// error; its stack goes to the log alone.
func (s *server) problems(next echo.HandlerFunc) echo.HandlerFunc {
	guarded := mw.Recover(s.Log)(next)
	return func(c echo.Context) error {
		if !ours(c.Request().URL.Path) {
			return next(c)
		}
		if err := guarded(c); err != nil {
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

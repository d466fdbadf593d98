package api

import (
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/labstack/echo/v4"

	"hookline/app/policy"
	"hookline/models"
)

// route is a row of the table of calls.
type route struct {
	method, path string // the path after base, with {name} for parameters
	action       policy.Action
	summary      string
	description  string
	tag          string
	status       int    // of success; 200 when 0
	body         string // an example, for the docs
	emptyBody    bool   // the body may be left out
	answer       string // an example
	problems     []int  // beyond those that every call may have
	resends      bool   // makes requests of their own again
}

func (r route) success() int {
	if r.status == 0 {
		return http.StatusOK
	}
	return r.status
}

// none is the answer without a body.
type none struct{}

// located is an answer that says where the new object is.
type located interface{ location() string }

// encoded is an answer that writes itself.
type encoded interface{ encode() ([]byte, error) }

// handler is a use case: who asks, and the input with parameters and body.
type handler[I, O any] func(ctx context.Context, actor models.Actor, in *I) (O, error)

// add describes a call and serves it. I has a field a parameter, and Body when
// the call takes one; O is the body of the answer.
func add[I, O any](s *server, r route, h handler[I, O]) {
	later[I, O](s, r)
	params := paramsOf(reflect.TypeFor[I]())
	body, hasBody := reflect.TypeFor[I]().FieldByName("Body")
	s.serve(r, func(c echo.Context) error {
		actor, err := s.allowed(c, r.action)
		if err != nil {
			return err
		}
		in := new(I)
		v := reflect.ValueOf(in).Elem()
		if err := bind(c, params, v); err != nil {
			return err
		}
		if hasBody {
			if err := bindBody(c.Request(), r, v.FieldByIndex(body.Index)); err != nil {
				return err
			}
		}
		out, err := h(c.Request().Context(), actor, in)
		if err != nil {
			return err
		}
		return answer(c, r.success(), out)
	})
}

func bindBody(req *http.Request, r route, field reflect.Value) error {
	body, err := readBody(req, models.MaxEventBytes)
	if err != nil {
		return err
	}
	if len(body) == 0 && r.emptyBody {
		return nil
	}
	return decode(body, field.Addr().Interface())
}

// serve adds the route to echo, whose parameters are spelled :name.
func (s *server) serve(r route, h echo.HandlerFunc) {
	path := base + strings.NewReplacer("{", ":", "}", "").Replace(r.path)
	if r.method == http.MethodGet {
		s.get(path, h)
		return
	}
	s.echo.Add(r.method, path, s.countHops(r, h))
}

// get adds a handler for GET, and for HEAD, which answers the same without a body:
// net/http leaves that out.
func (s *server) get(path string, h echo.HandlerFunc) {
	s.echo.GET(path, h)
	s.echo.HEAD(path, h)
}

func answer(c echo.Context, status int, out any) error {
	if _, empty := out.(none); empty {
		return c.NoContent(status)
	}
	body, err := encode(out)
	if err != nil {
		return err
	}
	if l, ok := out.(located); ok {
		c.Response().Header().Set(echo.HeaderLocation, base+l.location())
	}
	return c.Blob(status, echo.MIMEApplicationJSON, body)
}

func encode(out any) ([]byte, error) {
	if e, ok := out.(encoded); ok {
		return e.encode()
	}
	return json.Marshal(out, answerFormat)
}

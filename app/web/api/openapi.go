package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/labstack/echo/v4"
)

// describer is huma's adapter to no router: calls are described through huma,
// and served by serve (see doc.go).
type describer struct{}

func (describer) Handle(*huma.Operation, func(huma.Context)) {}

func (describer) ServeHTTP(http.ResponseWriter, *http.Request) {}

const about = `Tell Hookline what happened with POST /events; it delivers to every webhook that subscribes to it, and keeps every attempt in the log.

Send an API token as Authorization: Bearer hl_…; each call names the scopes it takes, any one of which will do. Bodies are JSON: one object, no member twice, no unknown members. Times are RFC 3339 in UTC, ids are strings. Errors are problem documents (RFC 9457). Lists come newest first, up to limit at a time, with next_cursor for the page after; unknown query parameters are ignored. HEAD works where GET does. Whole numbers may be spelled 5000.0 or 5e3.`

// Answers have [] where there is nothing, never null.
func init() { huma.DefaultArrayNullable = false }

func newDescription(baseURL string) huma.API {
	schemas := huma.NewMapRegistry("#/components/schemas/", schemaName)
	return huma.NewAPI(huma.Config{OpenAPI: &huma.OpenAPI{
		OpenAPI: "3.1.0",
		Info:    &huma.Info{Title: "Hookline API", Version: "1", Description: about},
		Servers: []*huma.Server{{URL: baseURL + base}},
		Components: &huma.Components{
			Schemas: schemas,
			SecuritySchemes: map[string]*huma.SecurityScheme{"token": {
				Type: "http", Scheme: "bearer", Description: "An API token, made under API tokens, with hookline token add, or with POST /tokens.",
			}},
		},
	}}, describer{})
}

var typeArgument = regexp.MustCompile(`\[.*?([A-Za-z]+)\]`)

// schemaName is the Go type's name with a capital; list[webhook] → ListOfWebhook.
func schemaName(t reflect.Type, hint string) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name := t.Name()
	if name == "" {
		name = hint
	}
	name = typeArgument.ReplaceAllStringFunc(name, func(arg string) string {
		parts := typeArgument.FindStringSubmatch(arg)
		return "Of" + capital(parts[1])
	})
	return capital(name)
}

func capital(word string) string {
	if word == "" {
		return ""
	}
	return strings.ToUpper(word[:1]) + word[1:]
}

// everyCall may fail in these ways; calls with a body in those, too.
var (
	everyCall = []int{http.StatusUnauthorized, http.StatusForbidden, http.StatusInternalServerError, http.StatusServiceUnavailable}
	withBody  = []int{http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity}
)

// describe adds a call to the OpenAPI document, from its input and output types.
func describe[I, O any](s *server, r route) {
	op := huma.Operation{
		OperationID: operationID(r), Method: r.method, Path: r.path, DefaultStatus: r.success(),
		Summary: r.summary, Description: strings.TrimSpace(r.description + "\n\nScopes: " + strings.Join(scopesOf(r.action), ", ") + "."),
		Tags: []string{r.tag}, Security: []map[string][]string{{"token": {}}},
		Extensions: map[string]any{"x-scopes": scopesOf(r.action)},
		Responses:  map[string]*huma.Response{},
	}
	if _, empty := any(*new(O)).(none); empty {
		huma.Register(s.describe, op, func(context.Context, *I) (*struct{}, error) { return nil, nil })
	} else {
		huma.Register(s.describe, op, func(context.Context, *I) (*struct{ Body O }, error) { return nil, nil })
	}
	s.complete(r, s.operation(r))
}

// operation is what huma made of a route.
func (s *server) operation(r route) *huma.Operation {
	item := s.describe.OpenAPI().Paths[r.path]
	switch r.method {
	case http.MethodGet:
		return item.Get
	case http.MethodPost:
		return item.Post
	case http.MethodPut:
		return item.Put
	case http.MethodPatch:
		return item.Patch
	default:
		return item.Delete
	}
}

// complete adds what huma cannot know: examples and our own problem documents.
func (s *server) complete(r route, op *huma.Operation) {
	codes := slices.Concat(everyCall, r.problems)
	if op.RequestBody != nil {
		codes = append(codes, withBody...)
		op.RequestBody.Required = !r.emptyBody
		for _, media := range op.RequestBody.Content {
			media.Example = example(r.body)
		}
	}
	if strings.Contains(r.path, "{") {
		codes = append(codes, http.StatusNotFound)
	}
	if r.method == http.MethodGet && len(op.Parameters) > 0 {
		codes = append(codes, http.StatusUnprocessableEntity)
	}
	delete(op.Responses, "default")
	schema := s.describe.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[problem](), true, "Problem")
	for _, code := range codes {
		op.Responses[fmt.Sprint(code)] = &huma.Response{
			Description: s.problem(code, "").Title,
			Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schema}},
		}
	}
	if media := op.Responses[fmt.Sprint(r.success())].Content["application/json"]; media != nil {
		media.Example = example(r.answer)
	}
}

func example(text string) any {
	if text == "" {
		return nil
	}
	return json.RawMessage(text)
}

// operationID is stable: client generators name functions after it.
func operationID(r route) string {
	path := strings.NewReplacer("{", "", "}", "", "/", "-").Replace(strings.TrimPrefix(r.path, "/"))
	return strings.ToLower(r.method) + "-" + path
}

// later notes that a call is to be described. It is done when the first one
// asks, because a start should not wait for it.
func later[I, O any](s *server, r route) {
	s.routes = append(s.routes, r)
	s.descriptions = append(s.descriptions, func() { describe[I, O](s, r) })
}

// mountDescription serves the OpenAPI document and the docs page. They hold no
// secrets and need no token.
func (s *server) mountDescription() {
	document := sync.OnceValues(func() ([]byte, error) {
		s.describe = newDescription(s.BaseURL)
		for _, describe := range s.descriptions {
			describe()
		}
		return json.Marshal(s.describe.OpenAPI())
	})
	page := sync.OnceValues(func() ([]byte, error) {
		if _, err := document(); err != nil {
			return nil, err
		}
		return s.docsPage()
	})
	s.get("/api/openapi.json", func(c echo.Context) error { return blob(c, echo.MIMEApplicationJSON, document) })
	s.get("/api/docs", func(c echo.Context) error { return blob(c, echo.MIMETextHTMLCharsetUTF8, page) })
}

func blob(c echo.Context, kind string, content func() ([]byte, error)) error {
	b, err := content()
	if err != nil {
		return err
	}
	return c.Blob(http.StatusOK, kind, b)
}

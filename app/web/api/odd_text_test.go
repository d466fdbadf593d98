package api_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
	"hookline/models"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// opaque are members that are JSON of the caller's, kept byte for byte, in which an
// escaped NUL is a character like any other.
var opaque = []string{"data", "fields", "sample", "schema"}

// A13: a NUL, and bytes that are no UTF-8, are the caller's fault on every call,
// wherever they stand, on both databases. The calls and their members are those of
// the OpenAPI document.
func TestA13_OddTextIsRefusedEverywhere(t *testing.T) {
	for name, database := range map[string]string{"SQLite": "", "Postgres": pgtest.New(t)} {
		t.Run(name, func(t *testing.T) {
			d := newDeskOn(t, database, false)
			document := d.call("GET", "/api/openapi.json", "").is(200)
			hook := d.webhook("https://example.com/")
			for path, item := range document["paths"].(map[string]any) {
				for method, op := range item.(map[string]any) {
					o := oddCall{desk: d, t: t, method: strings.ToUpper(method), path: path, webhook: hook, document: document}
					o.paths()
					o.query(op.(map[string]any))
					o.headers()
					o.body(op.(map[string]any))
				}
			}
		})
	}
}

type oddCall struct {
	*desk
	t                     *testing.T
	method, path, webhook string
	document              map[string]any
}

// refused wants a 4xx; in an opaque member anything but an error of the server.
func (o oddCall) refused(a answer, where string) {
	o.t.Helper()
	require.Less(o.t, a.status, 500, "%s %s: %s: %s", o.method, o.path, where, a.body)
	if parts := strings.Split(where, "."); slices.ContainsFunc(parts, func(part string) bool { return slices.Contains(opaque, part) }) {
		return
	}
	if strings.HasSuffix(o.path, "/batch") && a.status == http.StatusAccepted { // each event is answered by itself
		require.Contains(o.t, a.body, `"error"`, where)
		return
	}
	if strings.HasSuffix(o.path, "/preview") && a.status == http.StatusOK { // it draws the rest, and says what is wrong
		if !strings.HasPrefix(where, "webhook.retry.") { // which a request does not show; the call that saves refuses it
			require.Contains(o.t, a.body, `"errors":[{`, where)
		}
		return
	}
	require.GreaterOrEqual(o.t, a.status, 400, "%s %s: %s: %s", o.method, o.path, where, a.body)
}

func (o oddCall) address() string {
	return strings.Replace(address(o.path), models.WebhookPrefix+"_"+noID, o.webhook, 1)
}

func (o oddCall) paths() {
	parts := strings.Split(o.path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, "{") {
			continue
		}
		for _, odd := range []string{"%00", "a%00b", "%FF", "%C3%28", "%ED%A0%80", strings.TrimPrefix(noID, "0") + "%00"} {
			odds := slices.Clone(parts)
			odds[i] = odd
			o.refused(o.call(o.method, address(strings.Join(odds, "/")), `{}`), part)
		}
	}
}

func (o oddCall) query(op map[string]any) {
	list, _ := op["parameters"].([]any)
	for _, p := range list {
		if p := p.(map[string]any); p["in"] == "query" {
			for _, odd := range []string{"%00", "a%00b", "%FF", "a%C3%28"} {
				o.refused(o.call(o.method, o.address()+"?"+url.QueryEscape(p["name"].(string))+"="+odd, `{}`), p["name"].(string))
			}
		}
	}
}

func (o oddCall) headers() {
	for _, name := range []string{"Authorization", "Idempotency-Key"} {
		a := o.call(o.method, o.address(), `{}`, name, "caf\xe9\xff")
		require.Less(o.t, a.status, 500, "%s %s: %s: %s", o.method, o.path, name, a.body)
	}
}

// body puts odd text in the place of every text of the body's schema, one by one,
// beside an example of the others.
func (o oddCall) body(op map[string]any) {
	request, _ := op["requestBody"].(map[string]any)
	if request == nil {
		return
	}
	media := request["content"].(map[string]any)["application/json"].(map[string]any)
	example, _ := media["example"].(map[string]any)
	if example == nil {
		example = map[string]any{}
	}
	o.members(media["schema"].(map[string]any), nil, example, func(body map[string]any, where string) {
		text, err := json.Marshal(body)
		require.NoError(o.t, err)
		for _, odd := range []string{`a\u0000b`, `\u0000`, "a\xffb", `\ud800`} {
			o.refused(o.call(o.method, o.address(), strings.ReplaceAll(string(text), "ODD", odd)), where)
		}
	})
}

// members calls try with the body for every text in the schema.
func (o oddCall) members(schema map[string]any, at []string, example map[string]any, try func(body map[string]any, where string)) {
	if len(at) > 5 {
		return
	}
	if ref, _ := schema["$ref"].(string); ref != "" {
		name := ref[strings.LastIndex(ref, "/")+1:]
		schema = o.document["components"].(map[string]any)["schemas"].(map[string]any)[name].(map[string]any)
	}
	properties, _ := schema["properties"].(map[string]any)
	switch kind := fmt.Sprint(schema["type"]); {
	case len(properties) > 0:
		for name, of := range properties {
			if readOnly, _ := of.(map[string]any)["readOnly"].(bool); !readOnly && name != "$schema" {
				o.members(of.(map[string]any), append(slices.Clone(at), name), example, try)
			}
		}
	case strings.Contains(kind, "array"):
		o.members(schema["items"].(map[string]any), append(slices.Clone(at), "[]"), example, try)
	case strings.Contains(kind, "string"):
		try(planted(example, at, "ODD"), strings.Join(at, "."))
	case strings.Contains(kind, "object"):
		try(planted(example, at, map[string]any{"a": "ODD"}), strings.Join(at, "."))
		try(planted(example, at, map[string]any{"ODD": "a"}), strings.Join(at, "."))
	}
}

// planted is the example with a value at the place.
func planted(example map[string]any, at []string, value any) map[string]any {
	for i := len(at) - 1; i > 0; i-- {
		if at[i] == "[]" {
			value = []any{value}
		} else {
			value = map[string]any{at[i]: value}
		}
	}
	body := map[string]any{}
	for name, v := range example {
		body[name] = v
	}
	body[at[0]] = value
	return body
}

// The same through the doors that take no token.
func TestA13_OddTextIsRefusedAtTheDoor(t *testing.T) {
	d := newDesk(t)
	for _, path := range []string{"/api/v1/%00", "/api/%FF", "/healthz/%00", "/metrics?a=%00", "/api/docs?%FF"} {
		require.Less(t, d.call(http.MethodGet, path, "").status, 500, path)
	}
}

// An event that names a participant by text no database stores fails alone.
func TestD6_OneOddParticipantFailsAlone(t *testing.T) {
	for name, database := range map[string]string{"SQLite": "", "Postgres": pgtest.New(t)} {
		t.Run(name, func(t *testing.T) {
			d := newDeskOn(t, database, false)
			a := d.call("POST", "/api/v1/events/batch", `{"events":[
				{"type":"release.published","data":{},"participant":{"email":"a\u0000b@example.com"}},
				{"type":"release.published","data":{},"participant":{"email":"ada@example.com"}}]}`).is(202)
			results := a["results"].([]any)
			require.Contains(t, results[0], "error")
			require.Contains(t, results[1], "id")
		})
	}
}

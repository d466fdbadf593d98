package api_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"
)

// document is the OpenAPI document, as far as the tests look at it.
type document struct {
	OpenAPI string
	Servers []struct{ URL string }
	Paths   map[string]map[string]struct {
		OperationID, Summary string
		Parameters           []struct{ Name, In string }
		RequestBody          *struct {
			Required bool
			Content  map[string]struct {
				Schema  map[string]any
				Example json.RawMessage
			}
		}
		Responses map[string]struct {
			Description string
			Content     map[string]struct{ Schema map[string]any }
		}
		Security []map[string][]string
		XScopes  []string `json:"x-scopes"`
	}
	Components struct {
		Schemas         map[string]map[string]any
		SecuritySchemes map[string]map[string]string
	}
}

func describedBy(t *testing.T, d *desk) (document, string) {
	a := d.call("GET", "/api/openapi.json", "", "Authorization", "")
	require.Equal(t, 200, a.status, a.body)
	var doc document
	require.NoError(t, json.Unmarshal([]byte(a.body), &doc))
	return doc, a.body
}

func TestOpenAPIDescribesEveryCallB9(t *testing.T) {
	doc, text := describedBy(t, newDesk(t))
	require.Equal(t, "3.1.0", doc.OpenAPI)
	require.Equal(t, "https://hookline.example.com/api/v1", doc.Servers[0].URL)
	require.Equal(t, "bearer", doc.Components.SecuritySchemes["token"]["scheme"])
	for _, ref := range regexp.MustCompile(`"#/components/schemas/([^"]+)"`).FindAllStringSubmatch(text, -1) {
		require.Contains(t, doc.Components.Schemas, ref[1])
	}
	seen := map[string]bool{}
	for path, item := range doc.Paths {
		for method, op := range item {
			name := method + " " + path
			require.False(t, seen[op.OperationID], name)
			seen[op.OperationID] = true
			require.NotEmpty(t, op.Summary, name)
			require.Contains(t, op.XScopes, "admin", name)
			require.Contains(t, op.Security[0], "token", name)
			for _, status := range []string{"401", "403", "500", "503"} {
				require.Contains(t, op.Responses[status].Content, "application/problem+json", name)
			}
			for _, param := range regexp.MustCompile(`\{(\w+)\}`).FindAllStringSubmatch(path, -1) {
				require.Contains(t, fmt.Sprint(op.Parameters), "{"+param[1]+" path}", name)
			}
			if op.RequestBody != nil {
				require.NotEmpty(t, op.RequestBody.Content["application/json"].Schema, name)
				require.NotEqual(t, "null", string(op.RequestBody.Content["application/json"].Example), name)
			}
		}
	}
	query := fmt.Sprint(doc.Paths["/deliveries"]["get"].Parameters)
	for _, name := range []string{"limit", "cursor", "webhook_id", "state", "event_type", "status", "since", "until", "q"} {
		require.Contains(t, query, "{"+name+" query}")
	}
	for _, name := range []string{"webhook_id", "event_id", "state", "event_type", "status", "host", "since", "until", "q", "tests", "rate"} {
		require.Contains(t, doc.Components.Schemas["BulkInput"]["properties"], name, "a bulk call takes what the log takes")
	}
	require.Contains(t, fmt.Sprint(doc.Paths["/events"]["post"].Parameters), "{Idempotency-Key header}")
	require.False(t, doc.Paths["/deliveries/{id}/retrigger"]["post"].RequestBody.Required)
}

// Answers have the members that the document names: a schema that lags
// behind fails here.
func TestAnswersHaveTheMembersTheDocumentNames(t *testing.T) {
	d := newDelivering(t)
	doc, _ := describedBy(t, d)
	hook := d.webhook(receiver(t, okay))
	event := d.publish(anEvent)
	delivery := d.deliveryOf(event)
	d.until("/api/v1/deliveries/"+delivery, inState("succeeded"))
	for call, path := range map[string]string{
		"/webhooks": "/webhooks", "/webhooks/{id}": "/webhooks/" + hook, "/events/{id}": "/events/" + event, "/deliveries": "/deliveries",
		"/deliveries/{id}": "/deliveries/" + delivery, "/tokens": "/tokens", "/event-types": "/event-types", "/event-types/{name}": "/event-types/form.submitted",
	} {
		var got any
		require.NoError(t, json.Unmarshal([]byte(d.call("GET", "/api/v1"+path, "").body), &got))
		conforms(t, doc, call, doc.Paths[call]["get"].Responses["200"].Content["application/json"].Schema, got)
	}
}

func conforms(t *testing.T, doc document, at string, schema map[string]any, got any) {
	if ref, _ := schema["$ref"].(string); ref != "" {
		schema = doc.Components.Schemas[strings.TrimPrefix(ref, "#/components/schemas/")]
	}
	switch v := got.(type) {
	case []any:
		for _, item := range v {
			conforms(t, doc, at+"[]", schema["items"].(map[string]any), item)
		}
	case map[string]any:
		if schema["additionalProperties"] == true {
			return
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, member := range v {
			require.Contains(t, properties, name, at)
			conforms(t, doc, at+"."+name, properties[name].(map[string]any), member)
		}
		required, _ := schema["required"].([]any)
		for _, name := range required {
			require.Contains(t, v, name, at)
		}
	}
}

func TestDocsPageMentionsEveryCallAndNeedsNoScriptB9(t *testing.T) {
	d := newDesk(t)
	doc, _ := describedBy(t, d)
	a := d.call("GET", "/api/docs", "", "Authorization", "")
	require.Equal(t, 200, a.status, a.body)
	require.Equal(t, "text/html; charset=UTF-8", a.header.Get("Content-Type"))
	page, err := goquery.NewDocumentFromReader(strings.NewReader(a.body))
	require.NoError(t, err)
	require.Zero(t, page.Find("script, style, [style], iframe, object").Length())
	page.Find("*").Each(func(_ int, s *goquery.Selection) {
		for _, attr := range s.Nodes[0].Attr {
			require.False(t, strings.HasPrefix(attr.Key, "on"), attr.Key)
			if attr.Key == "href" || attr.Key == "src" {
				require.Regexp(t, `^(#|/)`, attr.Val, "nothing from elsewhere")
			}
		}
	})
	ids := map[string]bool{}
	page.Find("[id]").Each(func(_ int, s *goquery.Selection) {
		id, _ := s.Attr("id")
		require.False(t, ids[id], "id %s is there twice", id)
		ids[id] = true
	})
	page.Find(`a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
		require.True(t, ids[strings.TrimPrefix(s.AttrOr("href", ""), "#")], s.AttrOr("href", ""))
	})
	for path, item := range doc.Paths {
		for method, op := range item {
			section := page.Find("section#" + op.OperationID)
			text := section.Text()
			require.Contains(t, text, strings.ToUpper(method)+" "+path)
			require.Contains(t, text, "curl ")
			for _, scope := range op.XScopes {
				require.Contains(t, text, scope)
			}
			for _, param := range op.Parameters {
				require.Contains(t, text, param.Name)
			}
		}
	}
}

// The type of a problem document leads to its explanation.
func TestProblemTypesAreExplained(t *testing.T) {
	d := newDesk(t)
	page := d.call("GET", "/api/docs", "").body
	for _, a := range []answer{
		d.call("GET", "/api/nope", ""), d.call("GET", "/api/v1/tokens", "", "Authorization", ""), d.call("PATCH", "/api/v1/tokens", ""), d.call("POST", "/api/v1/events", "{"),
		d.call("POST", "/api/v1/events", "{}"), d.call("POST", "/api/v1/events", "{}", "Content-Type", "a/b"), d.call("GET", "/api/v1/panic", ""),
	} {
		kind := a.is(a.status)["type"].(string)
		_, anchor, found := strings.Cut(kind, "https://hookline.example.com/api/docs#")
		require.True(t, found, kind)
		require.Contains(t, page, `id="`+anchor+`"`)
	}
}

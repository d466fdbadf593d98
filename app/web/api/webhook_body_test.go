package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// bodies are all shapes of the contract.
var bodies = []string{
	`{"format":"auto"}`, `{"format":"site"}`, `{"format":"step"}`, `{"format":"standard"}`, `{"format":"none"}`,
	`{"format":"json","template":"{\"text\":\"{{data.version}}\",\"n\":[1.50]}"}`,
	`{"format":"json","template":"[{\"op\":\"add\",\"value\":\"{{data.version}}\"}]","content_type":"application/json-patch+json"}`,
	`{"format":"json","template":"{}","content_type":"Application/JSON; charset=utf-8"}`,
	`{"format":"raw","template":"<v>{{data.version}}</v>","content_type":"application/xml; charset=utf-8"}`,
	`{"format":"form","fields":[{"name":"b","value":"{{data.version}}"},{"name":"a","value":"1"},{"name":"a","value":"2"}]}`,
	`{"format":"merged","encoding":"form","include_identity":true,"user_fields":["city","state"],"custom":"{\"k\":\"{{data.version}}\"}"}`,
}

func TestB3_EveryBodyAndParamsRoundTrip(t *testing.T) {
	d := newDesk(t)
	for _, body := range bodies {
		made := d.call("POST", "/api/v1/webhooks", `{"name":"B","url":"https://example.com/{{data.id}}?a={{contact.email}}","params":[{"name":"b b","value":"{{data.x}}"},{"name":"a","value":""}],`+
			`"headers":[{"name":"X-V","value":"v{{data.version}}"}],"body":`+body+`}`)
		id := made.is(201)["id"].(string)
		got := d.call("GET", "/api/v1/webhooks/"+id, "").body
		require.Contains(t, got, `"body":`+body)
		require.Contains(t, got, `"params":[{"name":"b b","value":"{{data.x}}"},{"name":"a","value":""}]`)
		require.Contains(t, got, `"url":"https://example.com/{{data.id}}?a={{contact.email}}"`)
		require.Equal(t, got, d.call("PATCH", "/api/v1/webhooks/"+id, got).body, "a whole document may be sent back")
		for _, other := range bodies {
			require.Contains(t, d.call("PATCH", "/api/v1/webhooks/"+id, `{"body":`+other+`}`).body, `"body":`+other, "from any format to any other")
		}
	}
}

// bodyPatches are merged one after another into the webhook of the test.
var bodyPatches = []struct{ patch, want string }{
	{`{"body":{"format":"raw","template":"a"}}`, `"body":{"format":"raw","template":"a","content_type":"text/plain; charset=utf-8"}`},
	{`{"body":{"content_type":"text/csv"}}`, `"body":{"format":"raw","template":"a","content_type":"text/csv"}`},
	{`{"body":{"content_type":null,"template":"b"}}`, `"body":{"format":"raw","template":"b","content_type":"text/plain; charset=utf-8"}`},
	{`{"body":{"format":"json","template":"[]","content_type":"application/ld+json"}}`, `"body":{"format":"json","template":"[]","content_type":"application/ld+json"}`},
	{`{"body":{"content_type":null}}`, `"body":{"format":"json","template":"[]"}`},
	{`{"body":{"format":"merged"}}`, `"body":{"format":"merged","encoding":"json","include_identity":false,"user_fields":[],"custom":""}`},
	{`{"body":{"user_fields":["a","b"],"include_identity":true}}`, `"include_identity":true,"user_fields":["a","b"]`},
	{`{"body":{"user_fields":["c"],"template":null}}`, `"include_identity":true,"user_fields":["c"]`},
	{`{"body":{"user_fields":null}}`, `"include_identity":true,"user_fields":[]`},
	{`{"body":{"format":"form","fields":[{"name":"a","value":"1"}]}}`, `"body":{"format":"form","fields":[{"name":"a","value":"1"}]}`},
	{`{"body":{}}`, `"body":{"format":"form","fields":[{"name":"a","value":"1"}]}`},
	{`{"body":null}`, `"body":{"format":"auto"}`},
	{`{"params":[{"name":"a","value":"1"},{"name":"a","value":"2"}]}`, `"params":[{"name":"a","value":"1"},{"name":"a","value":"2"}]`},
	{`{"params":[{"name":"b","value":""}]}`, `"params":[{"name":"b","value":""}]`},
	{`{"name":"Other"}`, `"params":[{"name":"b","value":""}]`},
	{`{"params":null}`, `"params":[]`},
}

func TestB3_BodyIsMergedAsAPatch(t *testing.T) {
	d := newDesk(t)
	id := d.webhook("https://example.com/hooks")
	for _, c := range bodyPatches {
		a := d.call("PATCH", "/api/v1/webhooks/"+id, c.patch)
		require.Equal(t, 200, a.status, "%s: %s", c.patch, a.body)
		require.Contains(t, a.body, c.want, c.patch)
		require.Equal(t, a.body, d.call("GET", "/api/v1/webhooks/"+id, "").body)
	}
}

func TestB3_BadBodiesAndParamsAreRefused(t *testing.T) {
	long := strings.Repeat("x", 64<<10+1)
	refused(t, []badWebhook{
		{"unknown member", `"body":{"format":"json","template":"{}","indent":2}`, "body.indent", "no such member"},
		{"unknown in a field", `"body":{"format":"form","fields":[{"name":"a","value":"1","secret":true}]}`, "body.fields.0.secret", "no such member"},
		{"unknown in a parameter", `"params":[{"name":"a","values":"1"}]`, "params.0.values", "no such member"},
		{"format number", `"body":{"format":1}`, "body.format", "Give a string"},
		{"json without template", `"body":{"format":"json"}`, "body.template", "Write the body"},
		{"raw without template", `"body":{"format":"raw","template":"  "}`, "body.template", "Write the body"},
		{"template with site", `"body":{"format":"site","template":"{}"}`, "body.template", "Only the format json or raw"},
		{"content type with site", `"body":{"format":"site","content_type":"text/plain"}`, "body.content_type", "Only the format json or raw"},
		{"content type that is not JSON", `"body":{"format":"json","template":"{}","content_type":"text/plain"}`, "body.content_type", "ends in +json"},
		{"content type of JSON with a line break", `"body":{"format":"json","template":"{}","content_type":"application/json;a=\r\nb"}`, "body.content_type", "ends in +json"},
		{"content type that is half JSON", `"body":{"format":"json","template":"{}","content_type":"+json"}`, "body.content_type", "ends in +json"},
		{"fields with json", `"body":{"format":"json","template":"{}","fields":[]}`, "body.fields", "Only the format form"},
		{"custom with form", `"body":{"format":"form","fields":[{"name":"a","value":"1"}],"custom":"{}"}`, "body.custom", "Only the format merged"},
		{"template too long", `"body":{"format":"raw","template":"` + long + `"}`, "body.template", "65536 bytes"},
		{"content type", `"body":{"format":"raw","template":"x","content_type":"plain"}`, "body.content_type", "text/plain"},
		{"content type line break", `"body":{"format":"raw","template":"x","content_type":"text/plain\r\nX-A: b"}`, "body.content_type", "text/plain"},
		{"no fields", `"body":{"format":"form","fields":[]}`, "body.fields", "Add a field"},
		{"field without name", `"body":{"format":"form","fields":[{"name":"a","value":"1"},{"value":"1"}]}`, "body.fields.1.name", "Give a name"},
		{"field name templated", `"body":{"format":"form","fields":[{"name":"{{data.a}}","value":"1"}]}`, "body.fields.0.name", "fixed"},
		{"fields too long", `"body":{"format":"form","fields":[{"name":"a","value":"` + long[:40000] + `"},{"name":"b","value":"` + long[:40000] + `"}]}`, "body.fields", "together"},
		{"encoding", `"body":{"format":"merged","encoding":"xml"}`, "body.encoding", "json or form"},
		{"user field empty", `"body":{"format":"merged","user_fields":["a",""]}`, "body.user_fields.1", "Give a name"},
		{"user field twice", `"body":{"format":"merged","user_fields":["a","a"]}`, "body.user_fields.1", "there twice"},
		{"user field number", `"body":{"format":"merged","user_fields":[1]}`, "body.user_fields.0", "Give a string"},
		{"identity text", `"body":{"format":"merged","include_identity":"yes"}`, "body.include_identity", "true or false"},
		{"parameter without name", `"params":[{"value":"b"}]`, "params.0.name", "Give a name"},
		{"parameter name with line break", `"params":[{"name":"a\nb","value":"b"}]`, "params.0.name", "control characters"},
		{"parameter name long", `"params":[{"name":"` + long[:257] + `","value":"b"}]`, "params.0.name", "256 bytes"},
		{"parameter value long", `"params":[{"name":"a","value":"` + long[:8193] + `"}]`, "params.0.value", "8192 bytes"},
		{"parameter value no text", `"params":[{"name":"a","value":"\u0000"}]`, "params.0.value", "no text"},
		{"parameters object", `"params":{"a":"b"}`, "params", "Give a list"},
		{"parameters too many", `"params":[` + strings.TrimSuffix(strings.Repeat(`{"name":"a","value":"b"},`, 51), ",") + `]`, "params", "at most 50"},
	})
}

// trust.md: what cannot be filled in is refused at save, with place and mend.
func TestH5_BadTemplatesAreRefusedInTheirFields(t *testing.T) {
	refused(t, []badWebhook{
		{"unclosed braces", `"body":{"format":"json","template":"{\n  \"a\": \"{{data.x\"\n}"}`, "body.template", "Line 2, column "},
		{"unknown name", `"body":{"format":"raw","template":"a\nb {{contcat.email}}"}`, "body.template", "Line 2, column 5: There is no contcat. Did you mean contact?"},
		{"invalid JSON", `"body":{"format":"json","template":"{\"a\":1,}"}`, "body.template", "Line 1, column "},
		{"form field", `"body":{"format":"form","fields":[{"name":"a","value":"1"},{"name":"b","value":"{{nofunction(1)}}"}]}`, "body.fields.1.value", "Line 1, column 3: "},
		{"custom no object", `"body":{"format":"merged","custom":"[1]"}`, "body.custom", "must be a JSON object"},
		{"header", `"headers":[{"name":"X-A","value":"1"},{"name":"X-B","value":"{{data.x"}]`, "headers.1.value", "Line 1, column 1: "},
		{"header with a line break", `"headers":[{"name":"X-A","value":"{{data.x}}\n{{data.y}}"}]`, "headers.0.value", "no line breaks"},
		{"parameter", `"params":[{"name":"a","value":"{{}}"}]`, "params.0.value", "Line 1, column 3: "},
		{"host", `"url":"https://{{data.host}}/x"`, "url", "only in the path and the query"},
		{"port", `"url":"https://example.com:{{data.port}}/x"`, "url", "only in the path and the query"},
		{"scheme", `"url":"{{data.scheme}}://example.com/x"`, "url", "only in the path and the query"},
		{"fragment", `"url":"https://example.com/{{data.x}}#a"`, "url", "never sent"},
		{"unclosed URL", `"url":"https://example.com/{{data.x"`, "url", "Line 1, column 21: "},
		{"private host with a template", `"url":"https://10.0.0.1/{{data.x}}"`, "url", "private"},
		{"user with a template", `"url":"https://u:p@example.com/{{data.x}}"`, "url", "user name"},
	})
}

// H5, H4: from the call that publishes to the receiver, and back in the attempt.
func TestH5_MissingFieldsAreToldInTheAttempt(t *testing.T) {
	d := newDelivering(t)
	bodies := make(chan string, 1)
	url := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		bodies <- r.URL.RequestURI() + " " + string(body)
	})
	id := d.webhook(url)
	require.Equal(t, 200, d.call("PATCH", "/api/v1/webhooks/"+id, `{"url":"`+url+`/{{data.form.id}}","params":[{"name":"p","value":"{{data.none}}"}],`+
		`"body":{"format":"json","template":"{\"id\":\"{{data.form.id}}\",\"who\":\"{{contact.email}}\",\"n\":\"{{data.n}}\"}"}}`).status)
	event := d.publish(`{"type":"form.submitted","data":{"form":{"id":"a/b"},"n":1.50}}`)
	require.Equal(t, `/a%2Fb?p= {"id":"a/b","who":"","n":1.50}`, <-bodies)
	got := d.until("/api/v1/deliveries/"+d.deliveryOf(event), inState("succeeded"))
	attempt := got["attempts"].([]any)[0].(map[string]any)
	require.ElementsMatch(t, []any{"data.none", "contact.email"}, attempt["missing"])
	require.True(t, strings.HasSuffix(attempt["request"].(map[string]any)["url"].(string), "/a%2Fb?p="))
}

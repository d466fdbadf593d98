package deliver

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/secret"
	"hookline/models"
)

const contact = `{"contact":{"id":"ptc_1","email":"a b+c@d/é","first_name":"Ada \"A\"","last_name":"King","full_name":"Ada King","phone":"+44 1","tags":["x","y z"],"age":36.50},` +
	`"opportunity":{"name":"Big & bold"}}`

// filled sends one request of a webhook with these templates.
func filled(t *testing.T, set func(w *models.Webhook), data string) (received, models.Attempt) {
	t.Helper()
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL)
	in.Event.Data, in.Event.Context = []byte(data), []byte(contact)
	set(in.Webhook)
	in.Webhook.URL = strings.Replace(in.Webhook.URL, "SERVER", server.URL, 1)
	a := b.Send(t.Context(), in).Attempt
	if a.Outcome != models.Success {
		require.Empty(t, got)
		return received{}, a
	}
	return <-got, a
}

func body(b models.Body) func(*models.Webhook) { return func(w *models.Webhook) { w.Body = b } }

// The example of seed 002 and what H4 says of types: a string that is one {{…}}
// alone becomes the value, byte for byte.
func TestH4_JSONTemplate(t *testing.T) {
	r, a := filled(t, body(models.Body{Format: models.BodyJSON, Template: `{
  "first_name": "{{contact.first_name}}",
  "last_name": "{{contact.last_name}}",
  "email": "{{contact.email}}",
  "phone": "{{contact.phone}}",
  "tags": "{{contact.tags}}", "age": "{{contact.age}}", "text": "age {{contact.age}}",
  "n": "{{data.big}}", "o": {"deep": ["{{data.o}}", "{{opportunity.name}}", 1.50, null]}, "event": "{{event.type}} {{event.id}} {{site.name}} {{webhook.id}}"
}`}), `{"big":12345678901234567890123,"o":{ "b":1.50, "a":"\u00e9" }}`)
	require.Equal(t, `{"first_name":"Ada \"A\"","last_name":"King","email":"a b+c@d/é","phone":"+44 1","tags":["x","y z"],"age":36.50,"text":"age 36.50",`+
		`"n":12345678901234567890123,"o":{"deep":[{"b":1.50,"a":"\u00e9"},"Big & bold",1.50,null]},"event":"release.published evt_7 Ada & \"Söhne\" wh_1"}`, string(r.body))
	require.Equal(t, "application/json", r.header.Get("Content-Type"))
	require.Equal(t, string(r.body), string(a.Request.Body))
	verify(t, r.header.Get("X-Webhook-Secret"), testKey)
	require.Empty(t, a.Missing)
}

func TestW1_RawAndForm(t *testing.T) {
	r, _ := filled(t, body(models.Body{Format: models.BodyRaw, ContentType: "application/xml; charset=utf-8", Template: "<p>{{contact.full_name}}\n{{data.n}}</p>"}), `{"n":1.50}`)
	require.Equal(t, "<p>Ada King\n1.50</p>", string(r.body))
	require.Equal(t, []string{"application/xml; charset=utf-8"}, r.header["Content-Type"])

	r, _ = filled(t, body(models.Body{Format: models.BodyRaw, Template: "x"}), `{}`)
	require.Equal(t, "text/plain; charset=utf-8", r.header.Get("Content-Type"))

	r, a := filled(t, body(models.Body{Format: models.BodyForm, Fields: []models.Param{
		{Name: "z[]", Value: "{{email}}"}, {Name: "a b", Value: "fixed & sure"}, {Name: "z[]", Value: "{{contact.tags}}"}, {Name: "none", Value: "{{data.none}}"},
	}}), `{}`)
	require.Equal(t, "z%5B%5D=a+b%2Bc%40d%2F%C3%A9&a+b=fixed+%26+sure&z%5B%5D=%5B%22x%22%2C%22y+z%22%5D&none=", string(r.body))
	require.Equal(t, "application/x-www-form-urlencoded", r.header.Get("Content-Type"))
	require.Equal(t, []string{"data.none"}, a.Missing)
}

// I7, H3: values are percent-encoded for their place, in URL and parameters;
// parameters come behind what the URL's query has.
func TestH3_I7_URLAndParameters(t *testing.T) {
	r, a := filled(t, func(w *models.Webhook) {
		w.URL = "SERVER/u/{{contact.email}}/x?email={{#urlEncode}}{{email}}{{/urlEncode}}&b={{contact.email}}"
		w.Params = []models.Param{{Name: "fixed name", Value: "a b&c"}, {Name: "who", Value: "<{{contact.first_name}}>"}, {Name: "enc", Value: "{{#urlEncode}}{{email}}{{/urlEncode}}"}, {Name: "none", Value: "{{data.x}}"}}
	}, `{}`)
	const encoded = "a%20b%2Bc%40d%2F%C3%A9"
	require.Equal(t, "/u/"+encoded+"/x?email="+encoded+"&b="+encoded+"&fixed%20name=a%20b%26c&who=%3CAda%20%22A%22%3E&enc="+encoded+"&none=", r.path)
	require.True(t, strings.HasSuffix(a.Request.URL, r.path), "the log has what was sent")
	require.Equal(t, []string{"data.x"}, a.Missing)
}

func TestH3_FixedParameters(t *testing.T) {
	for url, want := range map[string]string{"SERVER": "/?a=1&a=2%203", "SERVER/x": "/x?a=1&a=2%203", "SERVER/x?y=z": "/x?y=z&a=1&a=2%203", "SERVER/x?": "/x?a=1&a=2%203"} {
		r, a := filled(t, func(w *models.Webhook) {
			w.URL, w.Params = url, []models.Param{{Name: "a", Value: "1"}, {Name: "a", Value: "2 3"}}
		}, `{}`)
		require.Equal(t, want, r.path, url)
		require.True(t, strings.HasSuffix(a.Request.URL, strings.TrimPrefix(want, "/")))
	}
}

// H3: plain header values are filled in; a secret one is sent letter by letter.
func TestH3_Headers(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL)
	in.Event.Context = []byte(contact)
	in.Webhook.Headers = []models.Header{
		{Name: "X-Name", Value: "v {{contact.last_name}} {{data.none}}"}, {Name: "X-Enc", Value: "{{#urlEncode}}{{email}}{{/urlEncode}}"}, {Name: "user-agent", Value: "Mine/{{event.type}}"},
		b.secretHeader("wh_1", "X-Key", "{{contact.email}}"),
	}
	a := b.Send(t.Context(), in).Attempt
	h := (<-got).header
	require.Equal(t, "v King", h.Get("X-Name"), "space at the ends is no part of a value")
	require.Equal(t, "a%20b%2Bc%40d%2F%C3%A9", h.Get("X-Enc"))
	require.Equal(t, []string{"Mine/release.published"}, h["User-Agent"])
	require.Equal(t, "{{contact.email}}", h.Get("X-Key"))
	require.Equal(t, []string{"***"}, lineValues(a.Request.Headers, "X-Key"))
	require.Equal(t, []string{"v King"}, lineValues(a.Request.Headers, "X-Name"))
	require.Equal(t, []string{"data.none"}, a.Missing)
}

// Injection by data, through a real receiver: each is contained in its place.
func TestInjectionIntoURLPathAndQuery(t *testing.T) {
	const hostile = `{"v":"a../..b/admin?x=1#f&y=2/@evil.example:80\\\r\nHost: evil.example","dot":".","dots":"..","up":"x/../../admin"}`
	r, _ := filled(t, func(w *models.Webhook) {
		w.URL = "SERVER/a/{{data.v}}/b?q={{data.v}}&z=1"
		w.Params = []models.Param{{Name: "p", Value: "{{data.v}}"}}
	}, hostile)
	const contained = "a..%2F..b%2Fadmin%3Fx%3D1%23f%26y%3D2%2F%40evil.example%3A80%5C%0D%0AHost%3A%20evil.example"
	require.Equal(t, "/a/"+contained+"/b?q="+contained+"&z=1&p="+contained, r.path)
	for _, url := range []string{"SERVER/a/{{data.dots}}/b", "SERVER/a/{{data.dot}}", "SERVER/a/{{data.dot}}{{data.dot}}/b?c", "SERVER/a/{{data.up}}"} {
		_, a := filled(t, func(w *models.Webhook) { w.URL = url }, hostile)
		require.Equal(t, models.RenderError, a.Outcome, url)
		require.Contains(t, a.Error, "path")
	}
	for _, url := range []string{"https://{{data.v}}/x", "https://a.example{{data.v}}", "https://a.example:{{data.v}}/", "{{data.v}}", "{{data.v}}://a.example/"} {
		w := models.Webhook{URL: url}
		require.NotEmpty(t, misfitsOf(&w), url)
		_, a := filled(t, func(w *models.Webhook) { w.URL = url }, hostile)
		require.Equal(t, models.RenderError, a.Outcome, "nothing fills the host, even if it was stored")
	}
}

func TestInjectionIntoHeaders(t *testing.T) {
	for name, v := range map[string]string{
		"line break": `a\r\nX-Evil: 1`, "line feed": `a\nb`, "NUL": `a\u0000b`, "not ASCII": `é`, "DEL": `\u007f`, "long": strings.Repeat("x", models.MaxHeaderValue+1),
	} {
		_, a := filled(t, func(w *models.Webhook) { w.Headers = []models.Header{{Name: "X-Team", Value: "t {{data.v}}"}} }, `{"v":"`+v+`"}`)
		require.Equal(t, models.RenderError, a.Outcome, name)
		require.Equal(t, models.CauseHeader, a.Cause)
		require.Contains(t, a.Error, "the header X-Team")
		require.NotContains(t, a.Error, "Evil")
	}
}

func TestInjectionIntoBodies(t *testing.T) {
	const hostile = `{"v":"\",\"admin\":true,\"x\":\"{{contact.email}}&b=2=\u0000</script>"}`
	r, _ := filled(t, body(models.Body{Format: models.BodyJSON, Template: `{"a":"{{data.v}}","b":"x{{data.v}}x"}`}), hostile)
	require.JSONEq(t, `{"a":"\",\"admin\":true,\"x\":\"{{contact.email}}&b=2=\u0000</script>","b":"x\",\"admin\":true,\"x\":\"{{contact.email}}&b=2=\u0000</script>x"}`, string(r.body))
	r, _ = filled(t, body(models.Body{Format: models.BodyForm, Fields: []models.Param{{Name: "a", Value: "{{data.v}}"}, {Name: "b", Value: "1"}}}), hostile)
	require.Equal(t, "a=%22%2C%22admin%22%3Atrue%2C%22x%22%3A%22%7B%7Bcontact.email%7D%7D%26b%3D2%3D%00%3C%2Fscript%3E&b=1", string(r.body))
	r, _ = filled(t, body(models.Body{Format: models.BodyMerged, Encoding: "form"}), hostile)
	require.Equal(t, "v=%22%2C%22admin%22%3Atrue%2C%22x%22%3A%22%7B%7Bcontact.email%7D%7D%26b%3D2%3D%00%3C%2Fscript%3E", string(r.body))
	r, _ = filled(t, func(w *models.Webhook) { w.Method, w.Body = "GET", models.Body{Format: models.BodyMerged} }, hostile)
	require.Equal(t, "/?v=%22%2C%22admin%22:true%2C%22x%22:%22%7B%7Bcontact.email%7D%7D%26b%3D2%3D%00%3C%2Fscript%3E", r.path)
}

// A template that is too long or takes too long ends the attempt with a sentence; nothing is
// sent, and it is not a matter for a retry.
func TestTemplatesThatFail(t *testing.T) {
	long := `{"v":"` + strings.Repeat("x", 600<<10) + `"}`
	for name, tc := range map[string]struct {
		set   func(*models.Webhook)
		data  string
		out   models.Outcome
		cause models.Cause
		says  string
	}{
		"body too long":      {body(models.Body{Format: models.BodyRaw, Template: "{{data.v}}{{data.v}}"}), long, models.RenderError, models.CauseTooLong, "The body could not be filled in: "},
		"JSON too long":      {body(models.Body{Format: models.BodyJSON, Template: `["{{data.v}}","{{data.v}}"]`}), long, models.RenderError, models.CauseTooLong, "1 MiB"},
		"custom too long":    {body(models.Body{Format: models.BodyMerged, Custom: `{"a":"{{data.v}}{{data.v}}"}`}), long, models.RenderError, models.CauseTooLong, "The custom body"},
		"URL too long":       {func(w *models.Webhook) { w.URL = "SERVER/{{data.v}}" }, `{"v":"` + strings.Repeat("x", 8192) + `"}`, models.BlockedURL, models.CauseURLFilled, "longer than 8192"},
		"parameter too long": {func(w *models.Webhook) { w.Params = []models.Param{{Name: "a", Value: "{{data.v}}"}} }, long, models.BlockedURL, models.CauseURLFilled, "longer than 8192"},
		"too much work":      {body(models.Body{Format: models.BodyRaw, Template: "{{ filter(1..10000, all(1..10000, # > 0)) }}"}), "{}", models.RenderError, models.CauseTemplate, "takes too long"},
		"unreadable":         {body(models.Body{Format: models.BodyJSON, Template: `{"a":`}), "{}", models.RenderError, models.CauseTemplate, "The body cannot be read. Line 1, column "},
	} {
		_, a := filled(t, tc.set, tc.data)
		require.Equal(t, tc.out, a.Outcome, "%s: %s", name, a.Error)
		require.Equal(t, tc.cause, a.Cause, name)
		require.Contains(t, a.Error, tc.says, name)
		require.True(t, strings.HasSuffix(a.Error, ".") && len(a.Error) < 400, a.Error)
	}
}

// Whatever is wrong is found at save, in its field, all at once.
func TestBadTemplatesAreFoundInTheirFields(t *testing.T) {
	w := models.NewWebhook()
	w.URL = "https://{{data.host}}/x"
	w.Headers = []models.Header{{Name: "A", Value: "ok"}, {Name: "B", Secret: true}, {Name: "C", Value: "{{contact.email"}}
	w.Params = []models.Param{{Name: "p", Value: "{{nofunction(1)}}"}, {Name: "q", Value: "{{data.q}}"}}
	w.Body = models.Body{Format: models.BodyJSON, Template: "{\n  \"a\": 1,\n  \"b\": \"{{dat.x}}\"\n}"}
	fields := map[string]string{}
	for _, f := range misfitsOf(&w) {
		fields[f.Field] = f.Message
	}
	require.Len(t, fields, 4)
	require.Contains(t, fields["url"], "Line 1, column ")
	require.Contains(t, fields["headers.2.value"], "Line 1, column 1: ")
	require.Contains(t, fields["params.0.value"], "Line 1, column 3: ")
	require.Contains(t, fields["body.template"], "Line 3, column 11: ")

	for body, field := range map[*models.Body]string{
		{Format: models.BodyForm, Fields: []models.Param{{Name: "a", Value: "1"}, {Name: "b", Value: "{{"}}}: "body.fields.1.value",
		{Format: models.BodyMerged, Custom: `["a"]`}:                                                         "body.custom",
		{Format: models.BodyMerged, Custom: `{"a":}`}:                                                        "body.custom",
		{Format: models.BodyRaw, Template: "{{#if a}}x{{/if}}"}:                                              "body.template",
		{Format: models.BodyRaw, Template: "{{ contact.email | upper( }}"}:                                   "body.template",
		{Format: models.BodyJSON, Template: `{"a":"` + strings.Repeat("x", 64<<10) + `"}`}:                   "body.template",
	} {
		w := models.NewWebhook()
		w.URL, w.Body = "https://a.example/", *body
		faults := misfitsOf(&w)
		require.Len(t, faults, 1, field)
		require.Equal(t, field, faults[0].Field)
		require.Contains(t, faults[0].Message, "Line 1, column ")
		w.Method = "GET"
		require.Len(t, misfitsOf(&w), 1)
	}
}

// D1, promise 6: a secret is not shown, not even when a template repeats it from
// the data.
func TestFilledValuesAreMaskedD4(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL + "/{{data.v}}")
	in.Event.Data = []byte(`{"v":"canary-77"}`)
	in.Webhook.Headers = []models.Header{b.secretHeader("wh_1", "X-Key", "canary-77"), {Name: "X-V", Value: "{{data.v}}"}}
	in.Webhook.Signing.Key = b.seal(testKey, secret.SigningKey("wh_1"))
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, "/canary-77", (<-got).path)
	require.NotContains(t, a.Request.URL, "canary")
	require.Equal(t, []string{"***"}, lineValues(a.Request.Headers, "X-V"))
}

func misfitsOf(w *models.Webhook) models.FieldErrors {
	misfits, _ := CheckTemplates(w)
	return misfits
}

// B3: a JSON template goes out under the content type of JSON that it names.
func TestB3_JSONOfAnotherContentType(t *testing.T) {
	for named, sent := range map[string]string{"": "application/json", "application/json-patch+json": "application/json-patch+json"} {
		r, _ := filled(t, func(w *models.Webhook) {
			w.Body = models.Body{Format: models.BodyJSON, Template: `[{"op":"add","value":"{{data.v}}"}]`, ContentType: named}
		}, `{"v":"say \"hi\""}`)
		require.Equal(t, sent, r.header.Get("Content-Type"))
		require.Equal(t, `[{"op":"add","value":"say \"hi\""}]`, string(r.body))
	}
}

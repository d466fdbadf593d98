package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// contract is a webhook with every member of interface.md at its default.
const contract = `{"id":"%ID%","name":"Hook","description":"","enabled":true,"state":"active","method":"POST","url":"https://example.com/hooks",` +
	`"headers":[],"params":[],"auth":{"kind":"none"},"body":{"format":"auto"},"signing":{"jwt":true,"hmac":true,"standard":false,"secret":"***"},` +
	`"retry":{"preset":"quick"},"timeout_ms":10000,"rate_limit":null,"subscriptions":{"all":true,"categories":[],"types":[],"filter":""}}`

func TestWebhookHasTheContractsShapeB9(t *testing.T) {
	d := newDesk(t)
	made := d.call("POST", "/api/v1/webhooks", `{"name":" Hook ","url":"https://example.com/hooks"}`)
	w := made.is(201)
	id := w["id"].(string)
	require.Equal(t, "/api/v1/webhooks/"+id, made.header.Get("Location"))
	require.True(t, strings.HasPrefix(w["signing"].(map[string]any)["secret"].(string), "whsec_"), "shown in this answer")
	got := d.call("GET", "/api/v1/webhooks/"+id, "")
	require.Equal(t, strings.Replace(contract, "%ID%", id, 1), got.body)
	require.JSONEq(t, `{"data":[`+got.body+`],"next_cursor":null}`, d.call("GET", "/api/v1/webhooks", "").body)

	again := d.call("PATCH", "/api/v1/webhooks/"+id, got.body)
	require.Equal(t, 200, again.status, again.body)
	require.Equal(t, got.body, again.body, "a whole document may be sent back")
	copied := strings.Replace(got.body, `"id":"`+id+`",`, "", 1)
	d.call("POST", "/api/v1/webhooks", copied).is(201)
}

func TestEveryMemberOfAWebhookCanBeSet(t *testing.T) {
	d := newDesk(t)
	full := `{"name":"Full","description":"two\nlines","enabled":false,"method":"PUT","url":"https://example.com/x?y=1","headers":[{"name":"X-A","value":"plain"},{"name":"X-B","value":"hidden","secret":true}],` +
		`"params":[],"auth":{"kind":"none"},"body":{"format":"site"},"signing":{"jwt":false,"hmac":true,"standard":false,"secret":"my own signing key"},` +
		`"retry":{"preset":"custom","attempts":5,"delays_ms":[1000,60000],"retry_on":["5xx","404"]},"timeout_ms":2500,"rate_limit":{"per_second":2.5},` +
		`"subscriptions":{"all":false,"categories":["releases"],"types":["approval.status_changed"],"filter":""}}`
	a := d.call("POST", "/api/v1/webhooks", full)
	id := a.is(201)["id"].(string)
	want := strings.NewReplacer(`{"name":"Full"`, `{"id":"`+id+`","state":"active","name":"Full"`, `"hidden"`, `"***"`, `"my own signing key"`, `"***"`, `"plain"`, `"plain","secret":false`).Replace(full)
	require.JSONEq(t, want, strings.ReplaceAll(a.body, `"plain"}`, `"plain","secret":false}`))
	got := d.call("GET", "/api/v1/webhooks/"+id, "").body
	require.Equal(t, got, d.call("PATCH", "/api/v1/webhooks/"+id, got).body)
}

// patches are merged one after another into the webhook of the test.
var patches = []struct {
	name, patch string
	want        string // to be found in the answer
}{
	{"nothing", `{}`, `"name":"Hook"`},
	{"one member", `{"name":"Other"}`, `"name":"Other","description":"","enabled":true`},
	{"nested merge", `{"signing":{"jwt":false}}`, `"signing":{"jwt":false,"hmac":true,"standard":false,"secret":"***"}`},
	{"list replaced", `{"headers":[{"name":"X-A","value":"1"},{"name":"X-S","value":"hush-hush","secret":true}]}`, `"headers":[{"name":"X-A","value":"1"},{"name":"X-S","value":"***","secret":true}]`},
	{"mask keeps", `{"headers":[{"name":"X-S","value":"***","secret":true}],"signing":{"secret":"***"}}`, `"headers":[{"name":"X-S","value":"***","secret":true}]`},
	{"list null", `{"headers":null}`, `"headers":[]`},
	{"custom retry", `{"retry":{"preset":"custom","attempts":2,"delays_ms":[5]}}`, `"retry":{"preset":"custom","attempts":2,"delays_ms":[5],"retry_on":["5xx","429","timeout","network"]}`},
	{"custom retry merged", `{"retry":{"attempts":3}}`, `"attempts":3,"delays_ms":[5]`},
	{"no retries on", `{"retry":{"retry_on":[]}}`, `"retry_on":[]`},
	{"retry list null", `{"retry":{"retry_on":null}}`, `"retry_on":["5xx","429","timeout","network"]`},
	{"preset drops custom", `{"retry":{"preset":"durable","attempts":null}}`, `"retry":{"preset":"durable"}`},
	{"retry null", `{"retry":null}`, `"retry":{"preset":"quick"}`},
	{"some subscriptions", `{"subscriptions":{"all":false,"types":["form.submitted","form.submitted"]}}`, `"subscriptions":{"all":false,"categories":[],"types":["form.submitted"],"filter":""}`},
	{"more subscriptions", `{"subscriptions":{"categories":["releases"]}}`, `"categories":["releases"],"types":["form.submitted"]`},
	{"subscriptions null", `{"subscriptions":null}`, `"subscriptions":{"all":true,"categories":[],"types":[],"filter":""}`},
	{"scalars null", `{"enabled":null,"method":null,"timeout_ms":null,"description":null,"body":null,"auth":null,"params":null,"rate_limit":null,"signing":null,"id":null,"state":null}`, `"method":"POST"`},
	{"rate limit", `{"rate_limit":{"per_second":0.5}}`, `"rate_limit":{"per_second":0.5}`},
	{"rate limit kept", `{"rate_limit":{}}`, `"rate_limit":{"per_second":0.5}`},
	{"rate limit null inside", `{"rate_limit":{"per_second":null}}`, `"rate_limit":null`},
	{"rate limit of whole numbers", `{"rate_limit":{"per_second":5}}`, `"rate_limit":{"per_second":5}`},
	{"rate limit null", `{"rate_limit":null}`, `"rate_limit":null`},
	{"empty objects", `{"auth":{},"body":{},"signing":{},"retry":{},"subscriptions":{}}`, `"body":{"format":"auto"}`},
	{"off", `{"enabled":false}`, `"enabled":false`},
}

func TestPatchIsAMergePatch(t *testing.T) {
	d := newDesk(t)
	id := d.webhook("https://example.com/hooks")
	for _, c := range patches {
		t.Run(c.name, func(t *testing.T) {
			a := d.in(t).call("PATCH", "/api/v1/webhooks/"+id, c.patch)
			require.Equal(t, 200, a.status, a.body)
			require.Contains(t, a.body, c.want)
			require.Equal(t, a.body, d.call("GET", "/api/v1/webhooks/"+id, "").body)
		})
	}
}

// badWebhooks are wrong for POST and PATCH alike, put over a sound document.
var badWebhooks = []badWebhook{
	{"unknown", `"colour":1`, "colour", "Known are id, name"},
	{"unknown nested", `"signing":{"algorithm":"x"}`, "signing.algorithm", "Known are jwt, hmac"},
	{"unknown in a header", `"headers":[{"name":"X-A","value":"1"},{"name":"X-B","vale":"1"}]`, "headers.1.vale", "no such member"},
	{"name number", `"name":5`, "name", "Give a string"},
	{"name empty", `"name":"  "`, "name", "Give the webhook a name"},
	{"name null", `"name":null`, "name", "Give the webhook a name"},
	{"name with NUL", `"name":"a\u0000b"`, "name", "control characters"},
	{"enabled string", `"enabled":"yes"`, "enabled", "true or false"},
	{"method", `"method":"TRACE"`, "method", "POST, PUT"},
	{"url null", `"url":null`, "url", "URL of your receiver"},
	{"url number", `"url":7`, "url", "Give a string"},
	{"url internal", `"url":"https://10.0.0.1/x"`, "url", ""},
	{"url private", `"url":"https://10.0.0.1/x"`, "url", ""},
	{"url with password", `"url":"https://a:b@example.com/"`, "url", ""},
	{"url scheme", `"url":"ftp://example.com/"`, "url", ""},
	{"url rubbish", `"url":"://"`, "url", ""},
	{"headers object", `"headers":{}`, "headers", "Give a list"},
	{"header string", `"headers":["X-A: 1"]`, "headers.0", "Give an object"},
	{"header value", `"headers":[{"name":"X-A","value":1}]`, "headers.0.value", "Give a string"},
	{"header reserved", `"headers":[{"name":"X-A","value":"1"},{"name":"content-type","value":"x"}]`, "headers.1.name", "reserved"},
	{"header of ours", `"headers":[{"name":"X-Hookline-Delivery-Id","value":"x"}]`, "headers.0.name", "reserved"},
	{"header name broken", `"headers":[{"name":"X A","value":"x"}]`, "headers.0.name", "no spaces"},
	{"header name missing", `"headers":[{"value":"x"}]`, "headers.0.name", "header name"},
	{"header line break", `"headers":[{"name":"X-A","value":"a\r\nX-B: c"}]`, "headers.0.value", "line breaks"},
	{"secret header line break", `"headers":[{"name":"X-A","value":"a\nb","secret":true}]`, "headers.0.value", "line breaks"},
	{"header twice", `"headers":[{"name":"X-A","value":"1"},{"name":"x-a","value":"1"}]`, "headers.1.name", "there twice"},
	{"secret not entered", `"headers":[{"name":"X-A","value":"***","secret":true}]`, "headers.0.value", "Enter the secret"},
	{"plain mask", `"headers":[{"name":"X-A","value":"***"}]`, "headers.0.value", "Enter the value again"},
	{"auth", `"auth":{"kind":"bearer","token":"top secret"}`, "auth.token", "it has no spaces"},
	{"auth unknown", `"auth":{"kind":"magic"}`, "auth.kind", "Choose one of none"},
	{"auth more", `"auth":{"kind":"none","token":"x"}`, "auth.token", "The kind none has no token"},
	{"auth without token", `"auth":{"kind":"bearer"}`, "auth.token", "Enter the token."},
	{"auth masked", `"auth":{"kind":"bearer","token":"***"}`, "auth.token", "does not pass over"},
	{"auth long", `"auth":{"kind":"bearer","token":"` + strings.Repeat("a", 4097) + `"}`, "auth.token", "4"},
	{"auth line break", `"auth":{"kind":"api_key","header":"X-Key","value":"a\r\nX-Evil: 1"}`, "auth.value", "no line breaks"},
	{"auth header", `"auth":{"kind":"api_key","header":"X Key","value":"v"}`, "auth.header", "no spaces or colons"},
	{"auth reserved", `"auth":{"kind":"api_key","header":"Host","value":"v"}`, "auth.header", "Host is reserved: it follows from the URL"},
	{"auth no header", `"auth":{"kind":"api_key","value":"v"}`, "auth.header", "for example X-Api-Key"},
	{"auth twice", `"auth":{"kind":"bearer","token":"t"},"headers":[{"name":"authorization","value":"x"}]`, "auth.kind", "would both set"},
	{"key twice", `"auth":{"kind":"api_key","header":"x-key","value":"v"},"headers":[{"name":"X-Key","value":"x"}]`, "auth.kind", "would both set"},
	{"basic colon", `"auth":{"kind":"basic","username":"a:b","password":"p"}`, "auth.username", "cannot have a colon"},
	{"basic of nothing", `"auth":{"kind":"basic","username":"","password":""}`, "auth.username", "Enter the user name, the password or both"},
	{"basic no password", `"auth":{"kind":"basic","username":"u"}`, "auth.password", "Enter the password"},
	{"oauth empty", `"auth":{"kind":"oauth2"}`, "auth.client_id", "Enter the client id"},
	{"oauth no url", `"auth":{"kind":"oauth2","client_id":"a","client_secret":"s"}`, "auth.token_url", "Give the provider's token URL"},
	{"oauth private url", `"auth":{"kind":"oauth2","client_id":"a","client_secret":"s","token_url":"https://10.0.0.1/"}`, "auth.token_url", "target guard refused"},
	{"oauth template", `"auth":{"kind":"oauth2","client_id":"a","client_secret":"s","token_url":"https://a.example/{{event.id}}"}`, "auth.token_url", "cannot have {{"},
	{"oauth scope", `"auth":{"kind":"oauth2","client_id":"a","client_secret":"s","token_url":"https://a.example.com/","scope":"a  b"}`, "auth.scope", "single spaces"},
	{"oauth both", `"auth":{"kind":"oauth2","client_id":"a","connection":"oac_01kf2j7q8e5t9v3m6x0y4z1b2c"}`, "auth.connection", "not both"},
	{"oauth no such", `"auth":{"kind":"oauth2","connection":"oac_01kf2j7q8e5t9v3m6x0y4z1b2c"}`, "auth.connection", "no such OAuth connection"},
	{"auth string", `"auth":"none"`, "auth", "Give an object"},
	{"auth kind number", `"auth":{"kind":1}`, "auth.kind", "Give a string"},
	{"standard with a key of another form", `"signing":{"standard":true,"secret":"a key of my own"}`, "signing.secret", "whsec_"},
	{"rate limit too low", `"rate_limit":{"per_second":0.001}`, "rate_limit.per_second", "0.01 to 1,000"},
	{"rate limit too high", `"rate_limit":{"per_second":1000.5}`, "rate_limit.per_second", "0.01 to 1,000"},
	{"rate limit huge", `"rate_limit":{"per_second":1e999}`, "rate_limit.per_second", "number"},
	{"rate limit zero", `"rate_limit":{"per_second":0}`, "rate_limit.per_second", "Send null"},
	{"rate limit text", `"rate_limit":{"per_second":"5"}`, "rate_limit.per_second", "Give a number"},
	{"rate limit number", `"rate_limit":5`, "rate_limit", "Give an object"},
	{"rate limit unknown", `"rate_limit":{"per_minute":5}`, "rate_limit.per_minute", "Known are per_second"},
	{"filter", `"subscriptions":{"filter":"data.x >"}`, "subscriptions.filter", "Line 1, column"},
	{"body format unknown", `"body":{"format":"yaml"}`, "body.format", "Choose one of auto, site, step"},
	{"body list", `"body":[]`, "body", "Give an object"},
	{"key short", `"signing":{"secret":"1234567"}`, "signing.secret", "8 to 512"},
	{"key empty", `"signing":{"secret":""}`, "signing.secret", "8 to 512"},
	{"key number", `"signing":{"secret":12345678}`, "signing.secret", "Give a string"},
	{"signing list", `"signing":[]`, "signing", "Give an object"},
	{"preset", `"retry":{"preset":"often"}`, "retry.preset", "quick, patient"},
	{"attempts without custom", `"retry":{"preset":"quick","attempts":4}`, "retry.attempts", "Only the preset custom"},
	{"attempts too many", `"retry":{"preset":"custom","attempts":51,"delays_ms":[1]}`, "retry.attempts", "1 to 50"},
	{"attempts none", `"retry":{"preset":"custom","delays_ms":[1]}`, "retry.attempts", "1 to 50"},
	{"attempts fraction", `"retry":{"preset":"custom","attempts":1.5}`, "retry.attempts", "whole number"},
	{"attempts huge", `"retry":{"preset":"custom","attempts":1e99}`, "retry.attempts", "number"},
	{"attempts beyond int64", `"retry":{"preset":"custom","attempts":99999999999999999999}`, "retry.attempts", "too large"},
	{"delay negative", `"retry":{"preset":"custom","attempts":2,"delays_ms":[-1]}`, "retry.delays_ms", "between 0 and"},
	{"delay that would wrap", `"retry":{"preset":"custom","attempts":2,"delays_ms":[18446744073709551]}`, "retry.delays_ms", "between 0 and"},
	{"delay text", `"retry":{"preset":"custom","attempts":2,"delays_ms":["10s"]}`, "retry.delays_ms.0", "whole number"},
	{"retry on", `"retry":{"preset":"custom","attempts":2,"delays_ms":[1],"retry_on":["teapot"]}`, "retry.retry_on", "not a reason"},
	{"timeout short", `"timeout_ms":999`, "timeout_ms", "1000 to 30000"},
	{"timeout that would wrap", `"timeout_ms":18446744083709`, "timeout_ms", "1000 to 30000"},
	{"subscribed type", `"subscriptions":{"types":["no.such"]}`, "subscriptions.types", "no event type"},
	{"subscribed category", `"subscriptions":{"categories":["nope"]}`, "subscriptions.categories", "no category"},
	{"subscriptions list", `"subscriptions":["a.b"]`, "subscriptions", "Give an object"},
	{"state", `"state":"gone"`, "state", "use enabled"},
	{"id", `"id":"wh_01kf2j7q8e5t9v3m6x0y4z1b2c"`, "id", "never changes"},
}

func TestBadWebhooksAreRefusedAndNothingIsStored(t *testing.T) { refused(t, badWebhooks) }

type badWebhook = struct{ name, members, field, says string }

func refused(t *testing.T, cases []badWebhook) {
	d := newDesk(t)
	id := d.webhook("https://example.com/hooks")
	before, counts := d.call("GET", "/api/v1/webhooks/"+id, "").body, d.counts()
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := d.in(t)
			sound := `"name":"N","url":"https://example.com/"`
			if strings.HasPrefix(c.members, `"name"`) {
				sound = `"url":"https://example.com/"`
			} else if strings.HasPrefix(c.members, `"url"`) {
				sound = `"name":"N"`
			}
			made := d.call("POST", "/api/v1/webhooks", "{"+sound+","+c.members+"}")
			patched := d.call("PATCH", "/api/v1/webhooks/"+id, "{"+c.members+"}")
			for _, a := range []answer{made, patched} {
				_, fields := a.problem(422)
				require.Contains(t, fields, c.field)
				require.Contains(t, fields[c.field], c.says)
				require.NotContains(t, a.body, "t0psecret", "input is not shown back")
			}
		})
	}
	require.Equal(t, before, d.call("GET", "/api/v1/webhooks/"+id, "").body)
	require.Equal(t, counts, d.counts())
}

func TestNameAndURLAreNeeded(t *testing.T) {
	_, fields := newDesk(t).call("POST", "/api/v1/webhooks", `{}`).problem(422)
	require.Len(t, fields, 2)
	require.Contains(t, fields, "name")
	require.Contains(t, fields, "url")
}

func TestSigningKeyIsShownWhenHooklineMadeItD4(t *testing.T) {
	d := newDesk(t)
	secret := func(a answer) any { return a.is(a.status)["signing"].(map[string]any)["secret"] }
	unsigned := d.call("POST", "/api/v1/webhooks", `{"name":"U","url":"https://example.com/","signing":{"jwt":false,"hmac":false}}`)
	require.Nil(t, secret(unsigned))
	id := unsigned.is(201)["id"].(string)
	got := d.call("GET", "/api/v1/webhooks/"+id, "").body
	require.Equal(t, got, d.call("PATCH", "/api/v1/webhooks/"+id, got).body, "null for no key may be sent back")

	made := secret(d.call("PATCH", "/api/v1/webhooks/"+id, `{"signing":{"hmac":true}}`)).(string)
	require.True(t, strings.HasPrefix(made, "whsec_"), "the call that made the key shows it")
	require.Equal(t, models.Mask, secret(d.call("PATCH", "/api/v1/webhooks/"+id, `{"name":"V"}`)))
	require.Equal(t, models.Mask, secret(d.call("PATCH", "/api/v1/webhooks/"+id, `{"signing":{"secret":"a key of my own"}}`)))
	_, fields := d.call("PATCH", "/api/v1/webhooks/"+id, `{"signing":{"secret":null}}`).problem(422)
	require.Contains(t, fields["signing.secret"], "***")
	own := d.call("POST", "/api/v1/webhooks", `{"name":"O","url":"https://example.com/","signing":{"secret":"a key of my own"}}`)
	require.Equal(t, models.Mask, secret(own))
}

func TestWholeDocumentDoesNotWakeAWebhookThatWasSwitchedOff(t *testing.T) {
	d := newDesk(t)
	id := d.webhook("https://example.com/hooks")
	require.NoError(t, d.store.DisableWebhook(t.Context(), id, 1, models.DisabledFailing))
	got := d.call("GET", "/api/v1/webhooks/"+id, "")
	require.Equal(t, "disabled_failing", got.is(200)["state"])
	if got.is(200)["enabled"] == true {
		require.Equal(t, got.body, d.call("PATCH", "/api/v1/webhooks/"+id, got.body).body)
	}
	require.Equal(t, "active", d.call("PATCH", "/api/v1/webhooks/"+id, `{"enabled":true}`).is(200)["state"])
}

func TestDuplicateHasNoSecretsI10(t *testing.T) {
	d := newDesk(t)
	a := d.call("POST", "/api/v1/webhooks", `{"name":"A","url":"https://example.com/","headers":[{"name":"X-P","value":"p"},{"name":"X-S","value":"hush","secret":true}]}`)
	original := a.is(201)
	res := d.call("POST", "/api/v1/webhooks/"+original["id"].(string)+"/duplicate", "")
	copied := res.is(201)
	require.Equal(t, "A (copy)", copied["name"])
	require.Equal(t, false, copied["enabled"])
	require.Len(t, copied["headers"], 1)
	require.NotEqual(t, original["signing"], copied["signing"])
	require.Equal(t, map[string]any{"auth": nil, "headers": []any{"X-S"}}, copied["left_out"])
	require.Equal(t, "/api/v1/webhooks/"+copied["id"].(string), res.header.Get("Location"))
}

func TestDeletedWebhookIsGone(t *testing.T) {
	d := newDesk(t)
	id := d.webhook("https://example.com/hooks")
	a := d.call("DELETE", "/api/v1/webhooks/"+id, "")
	require.Equal(t, 204, a.status)
	require.Empty(t, a.body)
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		d.call(method, "/api/v1/webhooks/"+id, "{}").problem(404)
	}
}

func TestWebhookPages(t *testing.T) {
	d := newDesk(t)
	var ids []string
	for range 5 {
		ids = append([]string{d.webhook("https://example.com/hooks")}, ids...)
	}
	var seen []string
	for path := "/api/v1/webhooks?limit=2"; path != ""; {
		v := d.call("GET", path, "").is(200)
		for _, item := range v["data"].([]any) {
			seen = append(seen, item.(map[string]any)["id"].(string))
		}
		path = ""
		if cursor, more := v["next_cursor"].(string); more {
			path = "/api/v1/webhooks?limit=2&cursor=" + cursor
		}
	}
	require.Equal(t, ids, seen, "newest first, each once")
}

// Z3: a subscription to an archived type counts again once the type is restored, as
// the form keeps it.
func TestZ3_ArchivedSubscriptionsStay(t *testing.T) {
	d := newDesk(t)
	path := "/api/v1/webhooks/" + d.call("POST", "/api/v1/webhooks",
		`{"name":"A","url":"https://example.com/","subscriptions":{"types":["contact.created","contact.updated"]}}`).is(201)["id"].(string)
	d.call("DELETE", "/api/v1/event-types/contact.created", "").is(204)
	subs := d.call("PATCH", path, `{"subscriptions":{"types":["contact.deleted"]}}`).is(200)["subscriptions"].(map[string]any)
	require.ElementsMatch(t, []any{"contact.created", "contact.deleted"}, subs["types"])
	d.call("PATCH", path, `{"name":"B"}`).is(200)
}

// H2: null removes a basic password, as an empty one does.
func TestH2_NullRemovesAPassword(t *testing.T) {
	d := newDesk(t)
	path := "/api/v1/webhooks/" + d.call("POST", "/api/v1/webhooks", `{"name":"A","url":"https://example.com/","auth":{"kind":"basic","username":"ada","password":"canary"}}`).is(201)["id"].(string)
	auth := d.call("PATCH", path, `{"auth":{"password":null}}`).is(200)["auth"].(map[string]any)
	require.Equal(t, "", auth["password"])
	require.Empty(t, d.secretOf(path))
}

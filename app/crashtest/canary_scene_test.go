package crashtest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
)

// canaryScene is a server with planted secrets, and a record of all it answers.
type canaryScene struct {
	site       site
	p          *process
	planted    *canaries
	record     *record
	shown      map[int]string // answers that show a new secret, its only time
	setupToken string
	owner      *browser
	api        api
	echo       *apptest.Receiver
	webhookID  string
}

// newCanaryScene starts a server; a PostgreSQL address gets a password to hide.
func newCanaryScene(t *testing.T, s site, database ...string) *canaryScene {
	t.Helper()
	c := &canaryScene{planted: &canaries{spellings: map[string]string{}}, record: &record{}, shown: map[int]string{}}
	if len(database) > 0 {
		s.database = strings.Replace(database[0], "tester@", "tester:"+c.planted.plant("database password")+"@", 1)
	}
	c.site, c.p = s, s.serve(t)
	key, err := os.ReadFile(s.path("master.key"))
	require.NoError(t, err)
	c.planted.add("master key", strings.TrimSpace(string(key)))
	c.owner = newBrowser(t, c.p.url)
	c.record.through(c.owner.client)
	c.echo = apptest.NewReceiver(t)
	c.echo.Answer(echo)
	return c
}

// echo sends all that it was sent back, in headers and body, in the spellings
// that receivers use.
func echo(w http.ResponseWriter, req *http.Request) {
	var lines []string
	for name, values := range req.Header {
		for _, v := range values {
			w.Header().Add("X-Echo-"+name, v)
			quoted, _ := json.Marshal(v)
			_, bare, _ := strings.Cut(v, " ")
			lines = append(lines, name+": "+v, string(quoted), url.QueryEscape(v), html.EscapeString(v), "without its scheme: "+bare)
		}
	}
	w.WriteHeader(http.StatusTeapot)
	_, _ = fmt.Fprintln(w, strings.Join(lines, "\n"))
}

// once notes that the newest answer shows a new secret, its only time.
func (c *canaryScene) once(name string) { c.shown[c.record.last()] = name }

// tail is a secret without the beginning that is shown as its hint.
func tail(secret string) string { return secret[len(secret)-24:] }

// play does everything that touches a secret, then looks through all answers.
func (c *canaryScene) play(t *testing.T) {
	c.setUp(t)
	c.signInAgain(t)
	c.byAPI(t)
	c.mistakesByAPI(t)
	c.byPages(t)
	c.crawl(t)
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/api/openapi.json", "/api/docs", "/api/v1/nothing", "/nothing"} {
		_, err := c.api.call(http.MethodGet, path, nil)
		require.NoError(t, err)
	}
	for _, r := range c.echo.Got() {
		// For five minutes whoever has it can pass for us.
		c.planted.add("signed token", r.Header.Get("X-Webhook-Secret"))
	}
	c.record.check(t, c.planted, c.shown)
	c.checkSaid(t, c.p)
}

func (c *canaryScene) byAPI(t *testing.T) {
	token := c.site.token(t)
	c.planted.add("API token", tail(token))
	c.api = newAPI(t, c.p.url, token)
	c.record.through(c.api.client)
	headers := func(name string) []map[string]any {
		return []map[string]any{
			{"name": "X-Key", "value": c.planted.plant(name+" header") + ` "<&>/ %41`, "secret": true},
			{"name": "Authorization", "value": "Bearer " + c.planted.plant(name+" bearer"), "secret": true},
			{"name": "X-Open", "value": "open", "secret": false},
		}
	}
	c.webhookID = c.api.addWebhook(t, "Echo", c.echo.URL, map[string]any{
		"headers": headers("first"), "signing": map[string]any{"secret": c.planted.plant("first signing key")},
		"retry": map[string]any{"preset": "none"},
		"auth":  map[string]any{"kind": "api_key", "header": "X-Own-Key", "value": c.planted.plant("API key")},
	})
	path := "/api/v1/webhooks/" + c.webhookID
	c.deliver(t, "one")
	c.api.must(t, http.StatusOK, http.MethodPatch, path, map[string]any{
		"headers": headers("second"), "signing": map[string]any{"secret": c.planted.plant("second signing key")},
	}, nil)
	c.deliver(t, "two")
	c.rotateStandard(t, path)
	c.deliver(t, "signed-with-two-keys")
	var whole map[string]any
	c.api.must(t, http.StatusOK, http.MethodGet, path, nil, &whole)
	c.api.must(t, http.StatusOK, http.MethodPatch, path, whole, nil) // *** keeps them
	c.api.must(t, http.StatusOK, http.MethodPost, path+"/test", map[string]any{"event_type": eventType}, nil)
	c.duplicate(t, path)
	c.deliver(t, "three")
	c.byOAuth(t, path, headers("third")[:1])
	for _, list := range []string{"/webhooks", "/deliveries", "/event-types", "/tokens", "/oauth-connections"} {
		c.api.must(t, http.StatusOK, http.MethodGet, "/api/v1"+list, nil, nil)
	}
}

// rotateStandard leaves the webhook with two keys of Standard Webhooks.
func (c *canaryScene) rotateStandard(t *testing.T, path string) {
	t.Helper()
	key := func(name string) string {
		return "whsec_" + base64.StdEncoding.EncodeToString([]byte(c.planted.plant(name)))
	}
	c.api.must(t, http.StatusOK, http.MethodPatch, path, map[string]any{
		"signing": map[string]any{"standard": true, "secret": key("old standard key")},
	}, nil)
	c.api.must(t, http.StatusOK, http.MethodPost, path+"/rotate-secret", map[string]any{"secret": key("standard key"), "overlap_seconds": 3600}, nil)
}

// byOAuth has tokens fetched with a connection of the workspace, and then with a
// client of the webhook's own; the token server sends secrets back when it refuses.
func (c *canaryScene) byOAuth(t *testing.T, path string, headers []map[string]any) {
	t.Helper()
	tokens := apptest.NewTokenServer(t)
	tokens.Rotate(c.planted.plant("connection's client secret"))
	var connection struct{ ID string }
	c.api.must(t, http.StatusCreated, http.MethodPost, "/api/v1/oauth-connections",
		map[string]any{"name": "Provider", "client_id": tokens.ID, "client_secret": tokens.Secret, "token_url": tokens.URL}, &connection)
	test := "/api/v1/oauth-connections/" + connection.ID + "/test"
	c.api.must(t, http.StatusOK, http.MethodPost, test, nil, nil)
	c.api.must(t, http.StatusOK, http.MethodPatch, path,
		map[string]any{"headers": headers, "auth": map[string]any{"kind": "oauth2", "connection": connection.ID}}, nil)
	c.deliver(t, "four")
	tokens.Rotate("what the client does not know")
	c.api.must(t, http.StatusOK, http.MethodPost, test, nil, nil)
	tokens.Rotate(c.planted.plant("own client secret"))
	c.api.must(t, http.StatusOK, http.MethodPatch, path, map[string]any{"auth": map[string]any{
		"kind": "oauth2", "client_id": tokens.ID, "client_secret": tokens.Secret, "token_url": tokens.URL,
	}}, nil)
	c.deliver(t, "five")
	for _, r := range c.echo.Got() {
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer access-token-"); ok {
			c.planted.add("access token", token)
		}
	}
}

// duplicate makes copies, whose new key each one answer shows.
func (c *canaryScene) duplicate(t *testing.T, path string) {
	t.Helper()
	var copied struct {
		Signing struct{ Secret string }
	}
	c.api.must(t, http.StatusCreated, http.MethodPost, path+"/duplicate", nil, &copied)
	c.planted.add("made key", copied.Signing.Secret)
	c.once("made key")
	var made struct{ Token string }
	c.api.must(t, http.StatusCreated, http.MethodPost, "/api/v1/tokens", map[string]any{"name": "By API", "scopes": []string{"events:read"}}, &made)
	c.planted.add("token made by API", tail(made.Token))
	c.once("token made by API")
}

// deliver publishes an event, and reads what came of it. The receiver refuses it,
// so its whole answer is worth a look to people.
func (c *canaryScene) deliver(t *testing.T, id string) {
	t.Helper()
	c.api.publish(t, id)
	eventually(t, "attempted", func() bool {
		deliveries := c.api.event(t, id).Deliveries
		return len(deliveries) == 1 && deliveries[0].State == "failed"
	})
	d := c.api.event(t, id).Deliveries[0].ID
	r := c.api.must(t, http.StatusOK, http.MethodGet, "/api/v1/deliveries/"+d, nil, nil)
	require.Contains(t, string(r.body), "X-Echo-X-Key", "the echo is in the log")
	require.Contains(t, string(r.body), "***")
	c.api.must(t, http.StatusAccepted, http.MethodPost, "/api/v1/deliveries/"+d+"/retrigger", nil, nil)
}

// mistakesByAPI: what is refused may be a secret, so no answer repeats it.
func (c *canaryScene) mistakesByAPI(t *testing.T) {
	path := "/api/v1/webhooks/" + c.webhookID
	secret := func(value string) string {
		return fmt.Sprintf(`{"headers":[{"name":"X-Key","value":%s,"secret":true}]}`, value)
	}
	for name, body := range map[string]string{
		"line break":       secret(`"CANARY\nx"`),
		"not ASCII":        secret(`"CANARYé"`),
		"too long":         secret(`"CANARY` + strings.Repeat("x", 9000) + `"`),
		"not text":         secret(`{"a":"CANARY"}`),
		"reserved name":    `{"headers":[{"name":"Host","value":"CANARY","secret":true}]}`,
		"invalid name":     `{"headers":[{"name":"a b","value":"CANARY","secret":true}]}`,
		"unknown member":   `{"headers":[{"name":"X","value":"CANARY","secret":true,"color":"CANARY"}]}`,
		"unknown auth":     `{"auth":{"kind":"bearer","token":"two CANARY"}}`,
		"key too long":     `{"signing":{"secret":"CANARY` + strings.Repeat("x", 600) + `"}}`,
		"key not text":     `{"signing":{"secret":["CANARY"]}}`,
		"userinfo":         `{"url":"http://user:CANARY@127.0.0.1/"}`,
		"cut short":        `{"signing":{"secret":"CANARY"`,
		"bad escape":       `{"signing":{"secret":"CANARY\x"}}`,
		"twice":            `{"signing":{"secret":"CANARY","secret":"CANARY"}}`,
		"a list":           `["CANARY"]`,
		"two documents":    `{"signing":{"secret":"CANARY"}} {"signing":{"secret":"CANARY"}}`,
		"no JSON":          `CANARY`,
		"bad and good one": `{"name":"","signing":{"secret":"CANARY"}}`,
	} {
		body = strings.ReplaceAll(body, "CANARY", c.planted.plant("refused for "+name))
		r, err := c.api.call(http.MethodPatch, path, []byte(body))
		require.NoError(t, err)
		require.Contains(t, []int{http.StatusBadRequest, http.StatusUnprocessableEntity}, r.status, "%s: %s", name, r.body)
	}
	c.api.must(t, http.StatusUnprocessableEntity, http.MethodPatch, path,
		map[string]any{"headers": []map[string]any{{"name": "X-Key", "value": "***", "secret": false}}}, nil)
	wrong := c.api
	wrong.token = "hl_" + c.planted.plant("wrong API token")
	wrong.must(t, http.StatusUnauthorized, http.MethodGet, path, nil, nil)
}

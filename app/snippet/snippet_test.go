package snippet_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/secret"
	"hookline/app/snippet"
	"hookline/models"
)

const (
	key      = "whsec_b25lIGtleSBvZiB0aGlydHkgdHdvIGJ5dGVzIHllcyE="
	otherKey = "whsec_dGhlIG90aGVyIGtleSBvZiB0aGlydHkgdHdvIGJ5dGU="
	prefix   = "X-Site"
	data     = `{"name":"Zoë & <b>\"Ada\"</b>","n":12345678901234567890123,"e":"😀"}`
)

// combinations of signatures, by the name of the subtest.
var combinations = map[string]models.Signing{
	"jwt":                    {JWT: true},
	"hmac":                   {HMAC: true},
	"standard":               {Standard: true},
	"jwt and hmac":           {JWT: true, HMAC: true},
	"jwt and standard":       {JWT: true, Standard: true},
	"hmac and standard":      {HMAC: true, Standard: true},
	"jwt, hmac and standard": {JWT: true, HMAC: true, Standard: true},
}

var all = combinations["jwt, hmac and standard"]

// desk sends real deliveries.
type desk struct {
	t      *testing.T
	box    *secret.Box
	client *egress.Client
}

func newDesk(t *testing.T) desk {
	box, err := secret.Load("", filepath.Join(t.TempDir(), "data"), true)
	require.NoError(t, err)
	client := egress.New(egress.Config{AllowHTTP: true, AllowTargets: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	t.Cleanup(client.Close)
	return desk{t, box, client}
}

func (d desk) seal(text, place string) models.Sealed {
	d.t.Helper()
	sealed, err := d.box.Seal(text, place)
	require.NoError(d.t, err)
	return sealed
}

// webhook signs with the key.
func (d desk) webhook(s models.Signing, key string) models.Webhook {
	w := models.NewWebhook()
	w.ID, w.Version, w.Signing = "wh_1", 1, s
	w.Signing.Key = d.seal(key, secret.SigningKey(w.ID))
	return w
}

// send makes one attempt, when the clock shows now, and returns the answer's status.
func (d desk) send(w models.Webhook, url string, now time.Time) int {
	d.t.Helper()
	w.URL = url
	sender := deliver.NewSender(d.client, d.box, func() time.Time { return now })
	ex := sender.Send(d.t.Context(), deliver.Input{
		Webhook:  &w,
		Settings: models.Settings{SiteName: "Site", SiteDomain: "site.example", HeaderPrefix: prefix},
		Type:     models.EventType{Name: "release.published", Title: "Release published"},
		Delivery: models.Delivery{ID: "dlv_01kf2j0000000000000000000a"},
		Event:    models.Event{ID: "evt_7", Type: "release.published", Data: []byte(data)},
	})
	require.Contains(d.t, []models.Outcome{models.Success, models.HTTPError}, ex.Attempt.Outcome, "%s", ex.Attempt.Error)
	return ex.Attempt.Status
}

// request is a delivery on its way.
type request struct {
	header http.Header
	body   []byte
}

// caught is a real delivery, for somebody on the way to change.
func (d desk) caught(w models.Webhook) request {
	d.t.Helper()
	got := make(chan request, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- request{r.Header.Clone(), body}
	}))
	defer server.Close()
	require.Equal(d.t, http.StatusOK, d.send(w, server.URL, time.Now()))
	return <-got
}

// post sends a request on, changed.
func (d desk) post(url string, r request, change func(*request)) int {
	d.t.Helper()
	r.header, r.body = r.header.Clone(), bytes.Clone(r.body)
	change(&r)
	req, err := http.NewRequestWithContext(d.t.Context(), http.MethodPost, url, bytes.NewReader(r.body))
	require.NoError(d.t, err)
	req.Header = r.header
	res, err := http.DefaultClient.Do(req)
	require.NoError(d.t, err)
	require.NoError(d.t, res.Body.Close())
	return res.StatusCode
}

func (d desk) code(w models.Webhook, language string) snippet.Snippet {
	d.t.Helper()
	list, err := snippet.For(w, prefix)
	require.NoError(d.t, err)
	for _, s := range list {
		if s.Language == language {
			return s
		}
	}
	d.t.Fatalf("no snippet for %s", language)
	return snippet.Snippet{}
}

const (
	accepted = http.StatusNoContent
	refused  = http.StatusUnauthorized
	minutes6 = 6 * time.Minute
)

// B12: each snippet, for each combination of signatures, run against real
// deliveries.
func TestB12_SnippetsVerifyRealDeliveries(t *testing.T) {
	for _, r := range found(t) {
		for name, signing := range combinations {
			t.Run(r.language+" "+name, func(t *testing.T) {
				d := newDesk(t)
				w := d.webhook(signing, key)
				url := r.serve(t, d.code(w, r.language), key)
				now := time.Now()
				require.Equal(t, accepted, d.send(w, url, now))
				require.Equal(t, refused, d.send(d.webhook(signing, otherKey), url, now), "a wrong key")

				timed := refused
				if signing.HMAC && !signing.JWT && !signing.Standard {
					timed = accepted // there is no time in it, and the snippet says so
				}
				require.Equal(t, timed, d.send(w, url, now.Add(-minutes6)), "an old timestamp")
				require.Equal(t, timed, d.send(w, url, now.Add(minutes6)), "a timestamp of the future")

				d.tamper(w, url)
				require.Equal(t, accepted, d.send(w, url, now), "and it is still there")
			})
		}
	}
}

// tamper sends requests that somebody on the way has changed.
func (d desk) tamper(w models.Webhook, url string) {
	d.t.Helper()
	genuine := d.caught(w)
	require.Equal(d.t, accepted, d.post(url, genuine, func(*request) {}))
	for name, change := range map[string]func(*request){
		"a byte more":      func(r *request) { r.body = append(r.body, ' ') },
		"a byte less":      func(r *request) { r.body = r.body[1:] },
		"another byte":     func(r *request) { r.body[len(r.body)/2] ^= 1 },
		"no body":          func(r *request) { r.body = nil },
		"the same in JSON": func(r *request) { r.body = bytes.Replace(r.body, []byte(`{`), []byte("{ "), 1) },
	} {
		require.Equal(d.t, refused, d.post(url, genuine, change), name)
	}
	for _, header := range signedHeaders(w.Signing) {
		for _, value := range []string{"", "x", "v1,", "v1, v1,AAAA", "..", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "é\xff", strings.Repeat("v1,x ", 500), genuine.header.Get(header) + "x", flipped(genuine.header.Get(header))} {
			require.Equal(d.t, refused, d.post(url, genuine, func(r *request) { r.header.Set(header, value) }), "%s: %q", header, value)
		}
		require.Equal(d.t, refused, d.post(url, genuine, func(r *request) { r.header.Del(header) }), "without %s", header)
	}
}

// signedHeaders are the headers that the signatures are in, or cover.
func signedHeaders(s models.Signing) (names []string) {
	if s.Standard {
		names = append(names, "webhook-id", "webhook-timestamp", "webhook-signature")
	}
	if s.JWT {
		names = append(names, "x-webhook-secret", "Idempotency-Key")
	}
	if s.HMAC {
		names = append(names, "X-Hmac-Signature")
	}
	return names
}

// flipped is the value with another character in its middle.
func flipped(value string) string {
	b := []byte(value)
	b[len(b)/2] ^= 1
	return string(b)
}

package deliver

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/egress"
	"hookline/app/secret"
	"hookline/models"
)

const (
	testKey    = "It's a Secret to Everybody"
	deliveryID = "dlv_01kf2j0000000000000000000a"
	eventData  = `{ "b":1.50, "a":"<é\u00e9>", "big":12345678901234567890123 }`
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// loopback is a client that may reach test servers.
func loopback(t testing.TB) *egress.Client {
	t.Helper()
	client := egress.New(egress.Config{
		AllowHTTP:    true,
		AllowTargets: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
	})
	t.Cleanup(client.Close)
	return client
}

// newBox is a fresh key; every test has its own.
func newBox(t testing.TB) *secret.Box {
	t.Helper()
	box, err := secret.Load("", filepath.Join(t.TempDir(), "data"), true)
	require.NoError(t, err)
	return box
}

type rig struct {
	*Sender
	t   testing.TB
	box *secret.Box
}

func newRig(t testing.TB) rig {
	box := newBox(t)
	return rig{NewSender(loopback(t), box, func() time.Time { return noon }), t, box}
}

// input is a signed webhook to url and an event for it.
func (b rig) input(url string) Input {
	w := models.NewWebhook()
	w.ID, w.Version, w.URL = "wh_1", 1, url
	w.Signing.Key = b.seal(testKey, secret.SigningKey(w.ID))
	return Input{
		Webhook: &w,
		Settings: models.Settings{
			SiteName: `Ada & "Söhne"`, SiteDomain: "site.example", HeaderPrefix: models.DefaultHeaderPrefix,
		},
		Type: models.EventType{
			Name: "release.published", Title: "Release published", Description: "A <b>release</b> is out.",
		},
		Delivery: models.Delivery{ID: deliveryID, Attempts: 2},
		Event:    models.Event{ID: "evt_7", Type: "release.published", Data: []byte(eventData)},
	}
}

func (b rig) seal(clear, place string) models.Sealed {
	b.t.Helper()
	sealed, err := b.box.Seal(clear, place)
	require.NoError(b.t, err)
	return sealed
}

// secretHeader is a header as the store holds it.
func (b rig) secretHeader(webhookID, name, value string) models.Header {
	return models.Header{Name: name, Secret: true, Sealed: b.seal(value, secret.HeaderValue(webhookID, name))}
}

// received is a request as the receiver got it.
type received struct {
	method, path string
	header       http.Header
	body         []byte
	length       int64
}

// receiver answers with answer, and keeps what it got.
func receiver(t testing.TB, answer http.HandlerFunc) (*httptest.Server, chan received) {
	t.Helper()
	got := make(chan received, 16)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(err)
		}
		got <- received{r.Method, r.URL.RequestURI(), r.Header.Clone(), body, r.ContentLength}
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	return server, got
}

func answerOK(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "thanks") }

func lineValues(lines []models.HeaderLine, name string) (values []string) {
	for _, l := range lines {
		if l.Name == name {
			values = append(values, l.Value)
		}
	}
	return values
}

// resolveInside answers every name with an inner address.
func resolveInside(context.Context, string) ([]netip.Addr, error) {
	return []netip.Addr{netip.MustParseAddr("10.0.0.5")}, nil
}

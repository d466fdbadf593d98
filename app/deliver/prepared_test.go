package deliver

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/secret"
	"hookline/models"
)

func TestPreparedIsKeptPerVersionAndSettings(t *testing.T) {
	b := newRig(t)
	in := b.input("https://hooks.example.com/x")
	first := b.prepared(&in)
	require.Same(t, first, b.prepared(&in))

	newer := *in.Webhook
	newer.Version, newer.URL = 2, "https://hooks.example.com/y"
	in.Webhook = &newer
	second := b.prepared(&in)
	require.NotSame(t, first, second)
	require.Equal(t, "/y", second.url.Path)

	in.Settings.HeaderPrefix = "X-Acme"
	third := b.prepared(&in)
	require.Equal(t, "X-Acme-Event", third.names.event)
	require.Same(t, third, b.prepared(&in))
}

// D1: a rotated credential counts for the next attempt of an old delivery.
func TestRotatedSecretCountsAtOnceD1(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL)
	in.Webhook.Headers = []models.Header{b.secretHeader("wh_1", "X-Key", "canary-old")}
	b.Send(t.Context(), in)
	require.Equal(t, "canary-old", (<-got).header.Get("X-Key"))

	rotated := *in.Webhook
	rotated.Version++
	rotated.Headers = []models.Header{b.secretHeader("wh_1", "X-Key", "canary-new")}
	in.Webhook = &rotated
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, "canary-new", (<-got).header.Get("X-Key"))
	require.Equal(t, int64(2), a.WebhookVersion)
}

// Z5: what a person changes for one test neither uses nor spoils what the real
// deliveries use.
func TestTestHookDoesNotTouchTheCacheZ5(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL + "/real")
	b.Send(t.Context(), in)
	require.Equal(t, "/real", (<-got).path)

	edited := *in.Webhook
	edited.URL = server.URL + "/edited"
	edited.Signing.Key = b.seal("another key", secret.SigningKey("wh_1"))
	test := in
	test.Webhook, test.Delivery.Test = &edited, true
	b.Send(t.Context(), test)
	r := <-got
	require.Equal(t, "/edited", r.path)
	verify(t, r.header.Get("X-Webhook-Secret"), "another key")

	b.Send(t.Context(), in)
	r = <-got
	require.Equal(t, "/real", r.path)
	verify(t, r.header.Get("X-Webhook-Secret"), testKey)
}

func TestCacheIsBounded(t *testing.T) {
	c := newCache()
	for i := range maxCached + 100 {
		c.put(fmt.Sprint("wh_", i), &prepared{version: 1})
	}
	require.Len(t, c.byID, maxCached)
	last := fmt.Sprint("wh_", maxCached+99)
	require.NotNil(t, c.get(last, 1, models.Settings{}))
	c.put(last, &prepared{version: 2})
	require.Len(t, c.byID, maxCached, "a new version takes its own place")
}

func TestPreparedConcurrently(t *testing.T) {
	b := newRig(t)
	var done sync.WaitGroup
	for i := range 8 {
		done.Go(func() {
			for v := range 50 {
				in := b.input("https://hooks.example.com/x")
				in.Webhook.ID, in.Webhook.Signing = fmt.Sprint("wh_", i%3), models.Signing{}
				in.Webhook.Version = int64(v)
				if p := b.prepared(&in); p.version != int64(v) {
					t.Errorf("asked for version %d, got %d", v, p.version)
				}
			}
		})
	}
	done.Wait()
}

// A secret that does not open is an outcome with a sentence, and nothing is
// sent; the sentence holds no key (promise 6).
func TestSecretThatDoesNotOpen(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	for _, tc := range []struct {
		name string
		set  func(*models.Webhook)
		want string
	}{
		{"header of another webhook", func(w *models.Webhook) {
			w.Headers = []models.Header{b.secretHeader("wh_other", "X-Key", "canary-3")}
		}, "The value of the secret header X-Key could not be opened with the master key. Enter it again in the webhook's settings."},
		{"header moved to another name", func(w *models.Webhook) {
			h := b.secretHeader(w.ID, "X-Other", "canary-3")
			h.Name = "X-Key"
			w.Headers = []models.Header{h}
		}, "The value of the secret header X-Key could not be opened with the master key. Enter it again in the webhook's settings."},
		{"key of another master key", func(w *models.Webhook) {
			w.Signing.Key = rig{nil, t, newBox(t)}.seal("canary-4", secret.SigningKey(w.ID))
		}, "The signing key could not be opened with the master key. Enter it again in the webhook's settings."},
		{"no key", func(w *models.Webhook) { w.Signing.Key = nil },
			"The webhook signs its requests but has no signing key. Set one, or switch signing off."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			in := b.input(server.URL + "/x")
			in.Delivery.Test = true
			tc.set(in.Webhook)
			ex := b.Send(t.Context(), in)
			cause := models.CauseSealed
			if tc.name == "no key" {
				cause = models.CauseNoKey
			}
			require.Equal(t, models.Attempt{
				Number: 3, WebhookVersion: 1, StartedAt: noon, Outcome: models.AuthError, Cause: cause, Error: tc.want,
				Request: models.LoggedRequest{Method: "POST", URL: server.URL + "/x"},
			}, ex.Attempt)
		})
	}
	require.Empty(t, got)
}

// The prepared parts of a webhook, its keys among them, go with the webhook.
func TestI10_DeletedWebhooksAreForgotten(t *testing.T) {
	c := newCache()
	for id, version := range map[string]int64{"same": 1, "changed": 1, "deleted": 1} {
		c.put(id, &prepared{version: version})
	}
	c.dropOutdated(models.NewConfig(7, models.Settings{}, models.Access{}, []*models.Webhook{{ID: "same", Version: 1}, {ID: "changed", Version: 2}}, nil, nil))
	require.Len(t, c.byID, 1)
	require.NotNil(t, c.get("same", 1, models.Settings{}))
}

package snippet_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"go/format"
	"hookline/app/secret"
	"hookline/app/snippet"
	"hookline/models"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// B1, B12: a receiver that still has the old key takes deliveries for Standard
// Webhooks until the overlap ends, and not after. One that has both takes all
// signatures before, while and after.
func TestB12_SnippetsInARotation(t *testing.T) {
	for _, r := range found(t) {
		t.Run(r.language, func(t *testing.T) {
			d := newDesk(t)
			now := time.Now()
			w := d.webhook(models.Signing{Standard: true}, key)
			w.Signing.OldKey, w.Signing.OldKeyUntil = d.seal(otherKey, secret.OldSigningKey(w.ID)), now.Add(time.Minute)
			url := r.serve(t, d.code(w, r.language), otherKey)
			require.Equal(t, accepted, d.send(w, url, now))
			require.Equal(t, refused, d.send(w, url, now.Add(time.Minute)), "the overlap is over")

			both := r.serve(t, d.code(d.webhook(all, key), r.language), otherKey, key)
			require.Equal(t, accepted, d.send(d.webhook(all, key), both, now))
			require.Equal(t, accepted, d.send(d.webhook(all, otherKey), both, now))
			require.Equal(t, refused, d.send(d.webhook(all, "whsec_YSB0aGlyZCBrZXkgb2YgdGhpcnR5IHR3byBieXRlcyE="), both, now))
		})
	}
}

// B12: signatures of two different keys do not add up to one that fits.
func TestB12_SnippetsDoNotMixKeys(t *testing.T) {
	for _, r := range found(t) {
		t.Run(r.language, func(t *testing.T) {
			d := newDesk(t)
			signing := models.Signing{HMAC: true, Standard: true}
			one, other := d.caught(d.webhook(signing, key)), d.caught(d.webhook(signing, otherKey))
			url := r.serve(t, d.code(d.webhook(signing, key), r.language), key, otherKey)
			require.Equal(t, accepted, d.post(url, one, func(*request) {}))
			require.Equal(t, refused, d.post(url, one, func(r *request) { r.header["X-Hmac-Signature"] = other.header["X-Hmac-Signature"] }))
		})
	}
}

// B12: the receiver serves the webhook's own method; GET and DELETE have no body.
func TestB12_SnippetsServeTheMethod(t *testing.T) {
	for _, r := range found(t) {
		t.Run(r.language, func(t *testing.T) {
			d := newDesk(t)
			w := d.webhook(all, key)
			w.Method = http.MethodGet
			url := r.serve(t, d.code(w, r.language), key)
			require.Equal(t, accepted, d.send(w, url, time.Now()))
			w.Method = http.MethodPatch
			require.NotEqual(t, accepted, d.send(w, url, time.Now()))
		})
	}
}

// B12: a key that is the prefix alone would be an empty one, with which anybody
// can sign.
func TestB12_SnippetsRefuseAnEmptyStandardKey(t *testing.T) {
	for _, r := range found(t) {
		t.Run(r.language, func(t *testing.T) {
			d := newDesk(t)
			w := d.webhook(models.Signing{Standard: true}, key)
			url := r.serve(t, d.code(w, r.language), models.StandardKeyPrefix)
			require.Equal(t, refused, d.send(w, url, time.Now()))
			forged := d.caught(w)
			mac := hmac.New(sha256.New, nil)
			_, _ = fmt.Fprintf(mac, "%s.%s.%s", forged.header.Get("webhook-id"), forged.header.Get("webhook-timestamp"), forged.body)
			forged.header.Set("webhook-signature", "v1,"+base64.StdEncoding.EncodeToString(mac.Sum(nil)))
			require.NotEqual(t, accepted, d.post(url, forged, func(*request) {}))
		})
	}
}

// B12: without any key a snippet says what is missing and ends, rather than verify
// nothing. PHP has no start: there each request fails.
func TestB12_SnippetsDoNotStartWithoutAKey(t *testing.T) {
	for _, r := range found(t) {
		t.Run(r.language, func(t *testing.T) {
			d := newDesk(t)
			w := d.webhook(models.Signing{HMAC: true}, key)
			if r.language == "php" {
				require.Equal(t, http.StatusInternalServerError, d.send(w, r.serve(t, d.code(w, r.language)), time.Now()))
				return
			}
			said, err := r.ready(t, d.code(w, r.language)).CombinedOutput()
			require.Error(t, err)
			require.Contains(t, string(said), "Set WEBHOOK_SECRET")
		})
	}
}

// Z2, D7: with the workspace's prefix, formatted, the same every time, and free of
// anything of the webhook that is not the receiver's business.
func TestB12_SnippetText(t *testing.T) {
	for name, signing := range combinations {
		w := models.NewWebhook()
		w.Name, w.URL, w.Signing = "canary-name", "https://canary.example/", signing
		list, err := snippet.For(w, prefix)
		require.NoError(t, err)
		again, err := snippet.For(w, prefix)
		require.NoError(t, err)
		require.Equal(t, list, again)
		text, err := json.Marshal(list)
		require.NoError(t, err)
		require.NotContains(t, string(text), "canary")
		require.NotContains(t, string(text), "no value")
		for _, s := range list {
			require.Contains(t, s.Code, "WEBHOOK_SECRET")
			require.Contains(t, strings.ToLower(strings.ReplaceAll(s.Code, "_", "-")), "x-site-event", s.Title)
			require.NotRegexp(t, `(?m)[ \t]+$`, s.Code, s.Title)
			require.NotContains(t, s.Code, "\n\n\n\n", s.Title)
			require.True(t, strings.HasSuffix(s.Code, "\n") && !strings.HasSuffix(s.Code, "\n\n"), s.Title)
			require.Equal(t, name == "hmac", strings.Contains(s.Code, "There is no time in it"), "%s in %s", s.Title, name)
		}
		formatted, err := format.Source([]byte(list[0].Code))
		require.NoError(t, err)
		require.Equal(t, string(formatted), list[0].Code)
	}
	none, err := snippet.For(models.Webhook{}, prefix)
	require.NoError(t, err)
	require.Empty(t, none)
}

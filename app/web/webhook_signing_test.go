package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// B1: Standard Webhooks are switched on in the form; a key of another form is
// refused beside the key's field with nothing saved, and a generated one fits.
func TestB1_StandardOnTheForm(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", receiver(t, http.StatusOK))
	edit := "/webhooks/" + w.ID + "/edit"
	b.visit(edit)
	a := b.submit("/webhooks/"+w.ID, url.Values{"signing.key": {"enter"}, "signing.secret": {"a key of my own"}, "signing.standard": {"true"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), "For Standard Webhooks a key is whsec_ and the base64 of 24 to 64 bytes.")
	require.NotContains(t, a.body, "a key of my own")
	require.Equal(t, 1, a.doc.Find(`input[type=checkbox][name="signing.standard"][checked]`).Length(), "the choice is kept")

	b.visit(edit)
	require.Equal(t, http.StatusSeeOther, b.submit("/webhooks/"+w.ID, url.Values{"signing.key": {"enter"}, "signing.secret": {"a key of my own"}}).StatusCode)
	b.visit(edit)
	a = b.submit("/webhooks/"+w.ID, url.Values{"signing.standard": {"true"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), "The stored key does not fit Standard Webhooks")
	require.False(t, s.get(w.ID).Signing.Standard)

	b.visit(edit)
	a = b.submit("/webhooks/"+w.ID, url.Values{"signing.key": {"make"}, "signing.overlap": {"24h"}, "signing.standard": {"true"}})
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Regexp(t, `^whsec_[A-Za-z0-9+/]{43}=$`, a.doc.Find("#signing-key").Text())
	require.Contains(t, a.text(), "Requests are signed with this key from now on. While the old one is kept, you can go back to it.", "the old key cannot sign for Standard Webhooks")
	require.True(t, s.get(w.ID).Signing.Standard)

	b.visit(edit)
	a = b.submit("/webhooks/"+w.ID, url.Values{"signing.key": {"make"}, "signing.overlap": {"24h"}})
	require.Contains(t, a.text(), "While the old key is kept, webhook-signature is made with it too")
	require.Contains(t, b.visit("/webhooks/"+w.ID).text(), "webhook-signature is made with both keys")

	b.visit(edit)
	require.Equal(t, http.StatusSeeOther, b.submit("/webhooks/"+w.ID, url.Values{"signing.standard": nil}).StatusCode)
	require.False(t, s.get(w.ID).Signing.Standard)
}

// B12: the Details page has the receiver's code in every language for all who may
// see the webhook, and nothing of its key.
func TestB12_DetailsShowAReceiver(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", receiver(t, http.StatusOK))
	b.visit("/webhooks/" + w.ID + "/edit")
	made := b.submit("/webhooks/"+w.ID, url.Values{"signing.key": {"make"}, "signing.standard": {"true"}})
	key := made.doc.Find("#signing-key").Text()
	require.NotEmpty(t, key)
	a := b.visit("/webhooks/" + w.ID)
	require.NotContains(t, a.body, strings.TrimPrefix(key, models.StandardKeyPrefix))
	for language, line := range map[string]string{
		"go": `"crypto/hmac"`, "node": `from "node:crypto"`, "python": "import hmac", "php": "hash_hmac(", "ruby": "OpenSSL::HMAC",
	} {
		code := a.doc.Find("pre#snippet-" + language).Text()
		require.Contains(t, code, line)
		require.Contains(t, code, "WEBHOOK_SECRET")
		require.Equal(t, 1, a.doc.Find(`button[data-copy="snippet-`+language+`"]`).Length(), "a copy button")
	}

	b.visit("/webhooks/" + w.ID + "/edit")
	require.Equal(t, http.StatusSeeOther, b.submit("/webhooks/"+w.ID, url.Values{"signing.standard": nil, "signing.jwt": nil, "signing.hmac": nil}).StatusCode)
	a = b.visit("/webhooks/" + w.ID)
	require.Contains(t, a.text(), "Requests are not signed")
	require.Zero(t, a.doc.Find("pre#snippet-go").Length())
}

// B6: the log shows the signature that was sent, and the command to send the
// request again has it; the preview has a place for it.
func TestB6_CurlOfAStandardDelivery(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", receiver(t, http.StatusOK))
	b.visit("/webhooks/" + w.ID + "/edit")
	b.submit("/webhooks/"+w.ID, url.Values{"signing.key": {"make"}, "signing.overlap": {"1h"}, "signing.standard": {"true"}})
	b.visit("/webhooks/" + w.ID + "/test")
	page := b.visit(b.submit("/webhooks/"+w.ID+"/test", url.Values{"event_type": {"contact.created"}}).log())
	curl := page.doc.Find("#curl").Text()
	require.Regexp(t, `-H 'webhook-signature: v1,[A-Za-z0-9+/]{43}= v1,[A-Za-z0-9+/]{43}='`, curl)
	require.Regexp(t, `-H 'webhook-id: dlv_\w+'`, curl)
	require.Regexp(t, `-H 'webhook-timestamp: \d+'`, curl)
	require.Contains(t, curl, `-H 'x-webhook-secret: '"$SIGNING_X_WEBHOOK_SECRET"`)

	preview := b.visit("/webhooks/" + w.ID).doc.Find("#preview-headers").Text()
	require.Regexp(t, `webhook-signature\s*\*\*\*`, preview)
}

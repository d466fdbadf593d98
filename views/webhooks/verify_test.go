package webhooks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// B1: what the overlap means is said for the signatures that the webhook makes.
func TestB1_WordsOfTheOverlap(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for _, tc := range []struct {
		s        models.Signing
		oldSigns bool
		kept     string
		shown    string
	}{
		{models.Signing{Standard: true}, true, "receivers accept them with either", "change over one by one"},
		{models.Signing{Standard: true, HMAC: true}, true, "webhook-signature is made with both keys", "webhook-signature is made with it too"},
		{models.Signing{Standard: true, HMAC: true}, false, "The new key signs", "you can go back to it"},
		{models.Signing{JWT: true, HMAC: true}, false, "The new key signs", "you can go back to it"},
	} {
		require.Contains(t, oldKeyText(tc.s, tc.oldSigns), tc.kept)
		p := KeyShownProps{Webhook: models.Webhook{Signing: tc.s}, OldKeySigns: tc.oldSigns}
		p.Page.Now = now
		require.NotContains(t, p.usage(), "old", "there is none")
		p.Webhook.Signing.OldKey, p.Webhook.Signing.OldKeyUntil = models.Sealed("\x01"), now.Add(time.Hour)
		require.Contains(t, p.usage(), tc.shown)
	}
	require.Equal(t, "the signed token", checked(models.Signing{JWT: true}))
	require.Equal(t, "the Standard Webhooks signature and its time, the signed token and the HMAC of the body", checked(models.Signing{JWT: true, HMAC: true, Standard: true}))
}

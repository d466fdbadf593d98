package deliver

import (
	"encoding/base64"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/secret"
	"hookline/models"
)

// H2, I5: what each kind sends, and that the log has *** for it, also when the
// receiver sends it back.
func TestH2_I5_EachKindSendsItsHeader(t *testing.T) {
	const canary = "canary-cred/1+é"
	for name, c := range map[string]struct {
		auth       models.Auth
		secret     string
		header, is string
	}{
		"bearer":       {models.Auth{Kind: models.AuthBearer}, "canary-1234", "Authorization", "Bearer canary-1234"},
		"api_key":      {models.Auth{Kind: models.AuthAPIKey, Header: "X-Api-Key"}, "canary {{event.id}}", "X-Api-Key", "canary {{event.id}}"},
		"basic":        {models.Auth{Kind: models.AuthBasic, Username: "ada"}, canary, "Authorization", "Basic " + base64.StdEncoding.EncodeToString([]byte("ada:"+canary))},
		"basic_token":  {models.Auth{Kind: models.AuthBasicToken}, "Y2FuYXJ5OmNhbmFyeQ==", "Authorization", "Basic Y2FuYXJ5OmNhbmFyeQ=="},
		"unencoded I5": {models.Auth{Kind: models.AuthBasicToken}, "canary-as:it-stands", "Authorization", "Basic canary-as:it-stands"},
		"none":         {models.Auth{Kind: models.AuthNone}, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := newRig(t)
			server, got := receiver(t, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, "you sent "+r.Header.Get(c.header))
			})
			in := b.input(server.URL)
			in.Webhook.Auth = c.auth
			if c.secret != "" {
				in.Webhook.Auth.Secret = b.seal(c.secret, secret.WebhookAuth("wh_1", c.auth.Kind))
			}
			a := b.Send(t.Context(), in).Attempt
			require.Equal(t, models.Success, a.Outcome, a.Error)
			sent := (<-got).header
			if c.header == "" {
				require.NotContains(t, sent, "Authorization")
				return
			}
			require.Equal(t, []string{c.is}, sent.Values(c.header))
			require.Equal(t, []string{"***"}, lineValues(a.Request.Headers, c.header))
			require.NotContains(t, string(a.Response.Body), c.secret)
			noCanary(t, a)

			shown, err := b.Preview(in)
			require.NoError(t, err)
			require.Equal(t, []string{"***"}, lineValues(shown.Request.Headers, c.header))
		})
	}
}

// Z5: a value moved from another place or kind does not open, and nothing is sent.
func TestAuthSecretOfAnotherPlaceDoesNotOpen(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	for _, place := range []string{secret.WebhookAuth("wh_2", models.AuthBearer), secret.WebhookAuth("wh_1", models.AuthOAuth2), secret.SigningKey("wh_1")} {
		in := b.input(server.URL)
		in.Delivery.Test = true
		in.Webhook.Auth = models.Auth{Kind: models.AuthBearer, Secret: b.seal("canary", place)}
		a := b.Send(t.Context(), in).Attempt
		require.Equal(t, models.AuthError, a.Outcome)
		require.Equal(t, models.CauseSealed, a.Cause)
		noCanary(t, a)
	}
	require.Empty(t, got)
}

// A header that became the workspace's own after the webhook was saved is not
// quietly left out: the request would go without its key.
func TestAPIKeyHeaderThatIsReservedNow(t *testing.T) {
	b := newRig(t)
	in := b.input("https://h.example/")
	in.Settings.HeaderPrefix = "X-Acme"
	in.Webhook.Auth = models.Auth{Kind: models.AuthAPIKey, Header: "X-Acme-Key", Secret: b.seal("canary", secret.WebhookAuth("wh_1", models.AuthAPIKey))}
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, models.AuthError, a.Outcome)
	require.Contains(t, a.Error, "X-Acme-Key")
}

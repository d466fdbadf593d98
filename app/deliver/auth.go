package deliver

import (
	"context"
	"encoding/base64"
	"net/http"
	"time"

	"hookline/app/secret"
	"hookline/models"
)

// authentication is how a webhook's requests prove who sends them (H2): a header
// whose value is always the same, or a client that access tokens are fetched with.
// Values are literal; no template is rendered in them.
type authentication struct {
	name, value string // of the header; no name for none
	client      *tokenClient
	tokens      *tokenSource // of client; set by the sender
	shared      int64        // version of the workspace's connection, 0 without one
}

// credential is the header as one attempt sends it. The log shows ***.
type credential struct {
	name, value string
	token       *accessToken // when it was fetched
}

// openAuth opens the webhook's credentials, and returns what must not be logged.
// Like the rest of prepare it does not fail, but keeps the fault.
func (p *prepared) openAuth(w *models.Webhook, open opener) (opened []string) {
	a := w.Auth
	p.auth = authentication{name: sentName(a.SentIn()), shared: sharedVersion(a)}
	if a.Kind == models.AuthOAuth2 {
		return p.openClient(w, open)
	}
	if p.auth.name == "" {
		return nil
	}
	// The prefix may have changed after the webhook was saved.
	if why := models.ReservedHeader(a.Header, p.settings.HeaderPrefix); why != "" {
		p.fail(models.AuthError, models.CauseNotBuilt, "The API key cannot be sent in %s: %s. Choose another header for it.", a.Header, why)
		return nil
	}
	clear, err := openCredential(w, open)
	if err != nil {
		p.fail(models.AuthError, models.CauseSealed, "The secret of the webhook's authentication %s", reseal)
		return nil
	}
	p.auth.value = headerValue(a, clear)
	return []string{clear, p.auth.value}
}

// openCredential is the secret in clear; basic authentication may do without.
func openCredential(w *models.Webhook, open opener) (string, error) {
	if w.Auth.Kind == models.AuthBasic && len(w.Auth.Secret) == 0 {
		return "", nil
	}
	return open(w.Auth.Secret, secret.WebhookAuth(w.ID, w.Auth.Kind))
}

// headerValue is what stands in the header for a secret in clear.
func headerValue(a models.Auth, clear string) string {
	switch a.Kind {
	case models.AuthBearer:
		return "Bearer " + clear
	case models.AuthBasicToken: // as it stands (I5)
		return "Basic " + clear
	case models.AuthBasic: // RFC 7617
		return "Basic " + base64.StdEncoding.EncodeToString([]byte(a.Username+":"+clear))
	}
	return clear
}

// openClient opens the client that tokens are fetched with: the webhook's own, or
// the connection's, whose change counts for every later attempt (D1).
func (p *prepared) openClient(w *models.Webhook, open opener) (opened []string) {
	client, key, place := w.Auth.Client(), w.ID, secret.WebhookAuth(w.ID, w.Auth.Kind)
	if w.Auth.Connection != "" {
		if w.Auth.Shared == nil {
			p.fail(models.AuthError, models.CauseNoConnection, "The OAuth connection of the webhook is not there any more. Choose another.")
			return nil
		}
		client, key, place = w.Auth.Shared.OAuthClient, w.Auth.Shared.ID, secret.ConnectionSecret(w.Auth.Shared.ID)
	}
	clear, err := open(client.Secret, place)
	if err != nil {
		p.fail(models.AuthError, models.CauseSealed, "The OAuth client secret %s", reseal)
		return nil
	}
	p.auth.client = newTokenClient(client, key, clear)
	return []string{clear}
}

// sharedVersion is that of the connection that the webhook uses.
func sharedVersion(a models.Auth) int64 {
	if a.Shared == nil {
		return 0
	}
	return a.Shared.Version
}

// credential returns the header for one attempt, and fetches a token for it if
// there is none. ctx ends when our own side stops; until is the attempt's deadline.
func (p *prepared) credential(ctx context.Context, until time.Time) (credential, *fault) {
	if p.auth.client == nil {
		return credential{name: p.auth.name, value: p.auth.value}, nil
	}
	token, f := p.auth.tokens.token(ctx, until)
	if f != nil {
		return credential{}, f
	}
	return credential{name: p.auth.name, value: "Bearer " + token.value, token: token}, nil
}

// shownCredential stands for it in a preview.
func (p *prepared) shownCredential() credential {
	return credential{name: p.auth.name, value: models.Mask}
}

// authenticate adds the credential to the message, in the log as ***.
func (m *message) authenticate(c credential) {
	if c.name == "" {
		return
	}
	if m.header == nil {
		m.header = http.Header{}
	}
	m.header[c.name] = []string{c.value}
	m.lines = append(m.lines, models.HeaderLine{Name: c.name, Value: models.Mask})
	if c.token != nil {
		m.secrets = c.token.secrets
	}
}

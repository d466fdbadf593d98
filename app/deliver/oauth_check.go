package deliver

import (
	"context"
	"time"

	"hookline/app/secret"
	"hookline/models"
)

// CheckConnection fetches a new token for the connection, past the one in use,
// and puts it into use.
func (s *Sender) CheckConnection(ctx context.Context, c models.OAuthConnection) models.TokenCheck {
	clear, err := s.box.Open(c.Secret, secret.ConnectionSecret(c.ID))
	if err != nil {
		return models.TokenCheck{Outcome: models.AuthError, Cause: models.CauseSealed, Error: "The OAuth client secret " + reseal}
	}
	source := s.tokens.of(newTokenClient(c.OAuthClient, c.ID, clear))
	begun := time.Now()
	token, f := source.flight(ctx, begun.Add(models.DefaultTimeout), "afresh", source.afresh)
	check := models.TokenCheck{OK: f == nil, Took: time.Since(begun)}
	switch {
	case f == gaveUp:
		check.Outcome, check.Error = models.AuthError, "The test was stopped before the token server had answered."
	case f != nil:
		check.Outcome, check.Cause, check.Error = f.outcome, f.cause, f.sentence
	default:
		check.Lasts = token.expires.Sub(s.now()).Round(time.Second)
	}
	if check.Outcome == models.BlockedURL {
		check.Took = 0 // how long a refusal took would tell about the network behind the guard
	}
	return check
}

// afresh asks the token server whatever token is in use. Without the lease the
// token is used here and not kept.
func (t *tokenSource) afresh(ctx context.Context, until time.Time) (token *accessToken, f *fault) {
	if t.kept == nil {
		token, f = t.fetch(ctx, until)
	} else {
		_, _ = t.kept.LeaseToken(ctx, t.client.key, time.Until(until)+leaseReserve)
		token, f = t.fetchAndStore(ctx, until)
	}
	if f == nil {
		t.use(token)
	}
	return token, f
}

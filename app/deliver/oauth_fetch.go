package deliver

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"hookline/app/egress"
	"hookline/models"
)

// fetch makes the one request of RFC 6749, 4.4.2, as I6 spells it: POST, form-
// encoded, id and secret in the body. It goes through the guarded client, which
// is no http.Client (it follows no redirect and vets every address), so the
// request is written here and not by an OAuth library.
func (t *tokenSource) fetch(ctx context.Context, until time.Time) (*accessToken, *fault) {
	u, err := t.guarded.CheckURL(t.client.TokenURL)
	if err != nil {
		return nil, &fault{outcome: models.BlockedURL, cause: models.CauseTokenBlocked, sentence: err.Error()}
	}
	left := time.Until(until)
	if left <= 0 {
		return nil, lateFault()
	}
	asked := t.now()
	res := t.guarded.Do(ctx, egress.Request{
		Method: http.MethodPost, URL: u, Timeout: left, Body: t.client.form(),
		Header: http.Header{contentType: {"application/x-www-form-urlencoded"}, "Accept": {"application/json"}},
	})
	if f := unanswered(res); f != nil {
		return nil, f
	}
	return readToken(res, asked)
}

// form is the body; scope is there only if one is configured.
func (c *tokenClient) form() []byte {
	v := url.Values{"client_id": {c.ClientID}, "client_secret": {c.secret}, "grant_type": {"client_credentials"}}
	if c.Scope != "" {
		v.Set("scope", c.Scope)
	}
	return []byte(v.Encode())
}

// unanswered is the fault of a request that got no whole answer.
func unanswered(res egress.Result) *fault {
	cause := models.CauseTokenNetwork
	switch res.Kind {
	case egress.KindResponse:
		return nil
	case egress.KindCancelled:
		return gaveUp
	case egress.KindBlocked:
		// Nothing but the guard's sentence (trust.md).
		return &fault{outcome: models.BlockedURL, cause: models.CauseTokenBlocked, sentence: res.Reason}
	case egress.KindTimeout:
		cause = models.CauseTokenTimeout
	case egress.KindTLS:
		cause = models.CauseTokenTLS
	}
	// The client's sentences are about "the receiver", and quote nothing of it.
	return &fault{outcome: models.AuthError, cause: cause, sentence: strings.ReplaceAll(res.Reason, "receiver", "token server")}
}

func lateFault() *fault {
	return &fault{outcome: models.AuthError, cause: models.CauseTokenTimeout, sentence: "No access token could be had from the token server in time."}
}

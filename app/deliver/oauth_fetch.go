package deliver

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/oauth2/clientcredentials"

	"hookline/app/egress"
	"hookline/models"
)

// Sentences about a token server's answer. They quote nothing of it but a code of
// models.OAuthErrors: an answer can hold the secret that was sent.
const (
	tokenNotJSON  = "The token server did not answer with JSON."
	tokenWebPage  = "The token server answered with a web page instead of JSON."
	tokenTooLong  = "The token server's answer is longer than 16 KiB."
	tokenMissing  = "The token server's answer has no access_token."
	tokenNoBearer = "The token server gave a token of another type than Bearer."
	tokenNotASCII = "The token server gave a token that a header cannot carry."
)

// tokenRequest is one request of RFC 6749, 4.4.2. x/oauth2 writes it and reads the
// answer; it is sent by the guarded client.
type tokenRequest struct {
	guarded   Client
	res       egress.Result
	expiresIn json.RawMessage
}

// fetch asks the token server for a token.
func (t *tokenSource) fetch(ctx context.Context, until time.Time) (*accessToken, *fault) {
	u, err := t.guarded.CheckURL(t.client.TokenURL)
	if err != nil {
		return nil, &fault{outcome: models.BlockedURL, cause: models.CauseTokenBlocked, sentence: err.Error()}
	}
	left := time.Until(until)
	if left <= 0 {
		return nil, lateFault()
	}
	config := clientcredentials.Config{
		ClientID: t.client.ClientID, ClientSecret: t.client.secret, TokenURL: u.String(), AuthStyle: oauth2.AuthStyleInParams,
	}
	if t.client.Scope != "" {
		config.Scopes = []string{t.client.Scope}
	}
	asked, r := t.now(), tokenRequest{guarded: t.guarded}
	token, err := config.Token(context.WithValue(ctx, oauth2.HTTPClient, egress.HTTPClient(r.do, left)))
	if f := r.fault(token, err); f != nil {
		return nil, f
	}
	return newAccessToken(token.AccessToken, asked.Add(tokenLife(r.expiresIn))), nil
}

// do sends the request and keeps the answer. x/oauth2 gets two members of it alone,
// under their exact names: it would take any case of a name, refuse the answer for
// an optional member of another type, and read plain text as a form.
func (r *tokenRequest) do(ctx context.Context, req egress.Request) egress.Result {
	req.Header.Set("Accept", "application/json")
	r.res = r.guarded.Do(ctx, req)
	members := object(r.res.Body)
	r.expiresIn = members["expires_in"]
	res := r.res
	res.Header = http.Header{contentType: {"application/json"}}
	res.Body, _ = json.Marshal(map[string]json.RawMessage{"access_token": members["access_token"], "token_type": members["token_type"]})
	return res
}

// object returns the members of a JSON object, by their exact names; nil for
// anything else.
func object(body []byte) (members map[string]json.RawMessage) {
	if json.Unmarshal(body, &members) != nil {
		return nil
	}
	return members
}

// fault says why the answer gives no token; nil when it does. err is that of
// x/oauth2.
func (r *tokenRequest) fault(token *oauth2.Token, err error) *fault {
	success := r.res.Status >= 200 && r.res.Status <= 299
	switch {
	case r.res.Kind != egress.KindResponse:
		return unanswered(r.res)
	case !success:
		return r.refusal()
	case r.res.Truncated:
		return answerFault(models.CauseTokenTooLong, tokenTooLong)
	case object(r.res.Body) == nil:
		return r.notJSON()
	case err != nil:
		return answerFault(models.CauseTokenMissing, tokenMissing)
	case !strings.EqualFold(token.Type(), "Bearer"):
		return answerFault(models.CauseTokenUnusable, tokenNoBearer)
	case !models.ValidHeaderValue("Bearer "+token.AccessToken) || strings.ContainsAny(token.AccessToken, " \t"):
		return answerFault(models.CauseTokenUnusable, tokenNotASCII)
	}
	return nil
}

func answerFault(cause models.Cause, sentence string) *fault {
	return &fault{outcome: models.AuthError, cause: cause, sentence: sentence}
}

// refusal is the fault of an answer that is no success. A code that is not the
// standard's is not shown.
func (r *tokenRequest) refusal() *fault {
	status := r.res.Status
	if status >= 300 && status < 400 {
		return answerFault(models.CauseTokenRedirect, fmt.Sprintf("The token server answered with a redirect (%d), which Hookline does not follow.", status))
	}
	answered := strings.TrimSpace(fmt.Sprintf("The token server answered %d %s", status, http.StatusText(status)))
	var code string
	if json.Unmarshal(object(r.res.Body)["error"], &code) != nil || !slices.Contains(models.OAuthErrors, code) {
		return answerFault(models.CauseTokenHTTP, answered+".")
	}
	return answerFault(models.CauseOAuth(code), answered+" ("+code+").")
}

func (r *tokenRequest) notJSON() *fault {
	if bytes.HasPrefix(bytes.TrimSpace(r.res.Body), []byte("<")) || strings.HasPrefix(r.res.Header.Get(contentType), "text/html") {
		return answerFault(models.CauseTokenNotJSON, tokenWebPage)
	}
	return answerFault(models.CauseTokenNotJSON, tokenNotJSON)
}

// unanswered is the fault of a request without a whole answer.
func unanswered(res egress.Result) *fault {
	cause := models.CauseTokenNetwork
	switch res.Kind {
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
	return answerFault(cause, strings.ReplaceAll(res.Reason, "receiver", "token server"))
}

func lateFault() *fault {
	return answerFault(models.CauseTokenTimeout, "No access token could be had from the token server in time.")
}

// A token is used until it expires less a margin: it must still be valid when the
// receiver looks at it.
const (
	marginShare = 10 // of a short life
	longMargin  = time.Minute
)

// tokenLife is how long a token is used. Without a readable expires_in that is as
// long as tokens are kept: a 401 ends it sooner.
func tokenLife(expiresIn json.RawMessage) time.Duration {
	digits := strings.TrimSpace(strings.Trim(string(expiresIn), ` "`)) // some servers send a string
	seconds, err := strconv.ParseFloat(digits, 64)
	if (err != nil && !math.IsInf(seconds, 0)) || math.IsNaN(seconds) {
		return models.MaxTokenLife
	}
	seconds = max(0, min(seconds, models.MaxTokenLife.Seconds()+longMargin.Seconds()))
	life := time.Duration(seconds * float64(time.Second))
	return min(life-min(life/marginShare, longMargin), models.MaxTokenLife)
}

package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"time"

	"hookline/app/secret"
	"hookline/models"
)

// How access tokens are had and used (OAuth 2.0 client credentials, I6).
//
//	oauth.go          one source of tokens for each set of credentials: cached, one fetch for many
//	oauth_fetch.go    the request to the token server
//	oauth_answer.go   what its answer means
//	oauth_kept.go     the database behind the cache: restarts and other nodes reuse a token
//	oauth_refused.go  what follows when the receiver answers 401
//
// Fetching a token and sending the request share the webhook's timeout. A token
// that cannot be had ends the attempt as auth_error: Quick and Patient fail the
// delivery at once (I4), Durable and Custom with "auth" try again later. A 401
// of the receiver ends the attempt as any 401 does, so it stands in the log as an
// attempt of its own; but Exchange.Again asks for the next one at once, with a new
// token and without using up a try, up to models.MaxTokenRenewals times.

// Tokens keeps access tokens, sealed. *store.Store does.
type Tokens interface {
	// AccessToken returns the token kept under key for these credentials; one
	// without Sealed when there is none.
	AccessToken(ctx context.Context, key, credentials string) (models.AccessToken, error)
	// LeaseToken asks to be the one that fetches; false while another node is.
	LeaseToken(ctx context.Context, key string, d time.Duration) (bool, error)
	// SaveToken keeps what was fetched, and ends the lease.
	SaveToken(ctx context.Context, t models.AccessToken) error
	EndTokenLease(ctx context.Context, key string) error
}

// tokenClient are credentials in clear. It is not changed once made.
type tokenClient struct {
	models.OAuthClient
	key         string // of the webhook or connection it belongs to
	credentials string // tells them from those before a change
	secret      string
}

func newTokenClient(c models.OAuthClient, key, clear string) *tokenClient {
	sum := sha256.New()
	// The secret goes in sealed: in clear, its hash would help to guess it.
	for _, part := range []string{c.TokenURL, c.ClientID, c.Scope, string(c.Secret)} {
		sum.Write([]byte(part))
		sum.Write([]byte{0})
	}
	return &tokenClient{OAuthClient: c, key: key, credentials: hex.EncodeToString(sum.Sum(nil)[:16]), secret: clear}
}

// tokenSources has the source of each set of credentials, so that all webhooks of
// a connection share its token.
type tokenSources struct {
	guarded Client
	box     *secret.Box
	now     func() time.Time
	kept    Tokens // nil: tokens live in memory alone

	mu    sync.Mutex
	byKey map[string]*tokenSource
}

func newTokenSources(client Client, box *secret.Box, now func() time.Time) *tokenSources {
	return &tokenSources{guarded: client, box: box, now: now, byKey: map[string]*tokenSource{}}
}

// of returns the source of these credentials; the one before a change is
// forgotten. When there are too many, any other makes room: its token is kept in
// the database.
func (s *tokenSources) of(c *tokenClient) *tokenSource {
	s.mu.Lock()
	defer s.mu.Unlock()
	if t := s.byKey[c.key]; t != nil && t.client.credentials == c.credentials {
		return t
	}
	if _, known := s.byKey[c.key]; !known && len(s.byKey) >= maxCached {
		for other := range s.byKey {
			delete(s.byKey, other)
			break
		}
	}
	t := &tokenSource{tokenSources: s, client: c, gate: make(chan struct{}, 1)}
	t.last.Store(new(fetched))
	s.byKey[c.key] = t
	return t
}

// accessToken is a token in clear.
type accessToken struct {
	value   string
	expires time.Time
	secrets mask // to hide it in what receivers send back
}

func newAccessToken(value string, expires time.Time) *accessToken {
	return &accessToken{value: value, expires: expires, secrets: newMask([]string{value})}
}

// tokenSource has the token of one set of credentials.
type tokenSource struct {
	*tokenSources
	client  *tokenClient
	current atomic.Pointer[accessToken] // nil when there is none to use
	bad     atomic.Pointer[accessToken] // the last that a receiver refused
	last    atomic.Pointer[fetched]     // never nil

	gate     chan struct{} // who has put something in fetches; the others wait
	failures int           // in a row; with the gate
	pace     pace          // of renewals
}

// fetched is what came of asking the token server.
type fetched struct {
	token *accessToken
	fault *fault
	at    time.Time
}

// gaveUp says that our own side stopped meanwhile: there is no outcome.
var gaveUp = &fault{}

// token returns a token to use now, and fetches one if it must. However many ask
// at once, one fetches, and all get what came of it.
func (t *tokenSource) token(ctx context.Context, until time.Time) (*accessToken, *fault) {
	if token := t.usable(); token != nil {
		return token, nil
	}
	before := t.last.Load()
	if f := t.enter(ctx, until); f != nil {
		return nil, f
	}
	defer t.leave()
	if token := t.usable(); token != nil {
		return token, nil
	}
	if now := t.last.Load(); now != before && t.shares(now) {
		return now.token, now.fault
	}
	return t.obtain(ctx, until)
}

func (t *tokenSource) usable() *accessToken {
	token := t.current.Load()
	if token == nil || !token.expires.After(t.now()) {
		return nil
	}
	return token
}

// enter waits for the gate.
func (t *tokenSource) enter(ctx context.Context, until time.Time) *fault {
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case t.gate <- struct{}{}:
		return nil
	case <-ctx.Done():
		return gaveUp
	case <-timer.C:
		return lateFault()
	}
}

func (t *tokenSource) leave() { <-t.gate }

// shares reports whether what another got while this one waited counts here too.
// A timeout does not: the other may have had less time. Nor does a token that a
// receiver refused since.
func (t *tokenSource) shares(f *fetched) bool {
	if f.fault != nil {
		return f.fault.cause != models.CauseTokenTimeout
	}
	return f.token != nil && f.token != t.bad.Load()
}

// A token server that keeps failing is asked once a second at most: failing
// deliveries must not become a storm for it. The clock is the real one, since it
// is the pace of real requests.
const (
	patientAfter = 3
	failurePause = time.Second
)

// obtain asks the token server, or takes what another node got from it. The
// caller has the gate.
func (t *tokenSource) obtain(ctx context.Context, until time.Time) (*accessToken, *fault) {
	if last := t.last.Load(); t.failures >= patientAfter && time.Since(last.at) < failurePause {
		return nil, last.fault
	}
	token, f := t.throughDatabase(ctx, until)
	if f == gaveUp {
		return nil, f
	}
	t.last.Store(&fetched{token: token, fault: f, at: time.Now()})
	if f != nil {
		t.failures++
		return nil, f
	}
	t.failures = 0
	t.current.Store(token)
	return token, nil
}

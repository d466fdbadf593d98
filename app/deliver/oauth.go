package deliver

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"hookline/app/secret"
	"hookline/models"
)

// Access tokens (OAuth 2.0 client credentials, I6).
//
//	oauth.go        one source of tokens for each set of credentials: cached, one fetch for many
//	oauth_fetch.go  the request to the token server and its answer
//	oauth_store.go  the database behind the cache: restarts and other nodes reuse a token
//	oauth_renew.go  a receiver that answers 401
//	oauth_check.go  the test of a connection
//
// The fetch and the request share the webhook's timeout. A failed fetch ends the
// attempt as auth_error: Quick and Patient fail the delivery at once (I4), Durable
// and Custom with "auth" retry. A 401 of the receiver is logged as an attempt of its
// own; Exchange.Again then asks for the next attempt at once, with a new token and
// without using up a try, up to models.MaxTokenRenewals times.

// Tokens keeps access tokens, sealed. *store.Store implements it.
type Tokens interface {
	// AccessToken returns the token kept under key for these credentials; a token
	// without Sealed when there is none.
	AccessToken(ctx context.Context, key, credentials string) (models.AccessToken, error)
	// LeaseToken asks for the right to fetch; false while another node has it.
	LeaseToken(ctx context.Context, key string, d time.Duration) (bool, error)
	// SaveToken keeps a fetched token and ends the lease.
	SaveToken(ctx context.Context, t models.AccessToken) error
	EndTokenLease(ctx context.Context, key string) error
}

// tokenClient holds credentials in clear. It is immutable.
type tokenClient struct {
	models.OAuthClient
	key         string // of the webhook or connection
	credentials string // a fingerprint; it changes with any part of the credentials
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
// a connection share its token. An evicted source loses nothing: its token is in
// the database.
type tokenSources struct {
	guarded       Client
	box           *secret.Box
	now           func() time.Time
	kept          Tokens // nil: tokens live in memory alone
	byCredentials *lru.Cache[[2]string, *tokenSource]
}

func newTokenSources(client Client, box *secret.Box, now func() time.Time) *tokenSources {
	cache, _ := lru.New[[2]string, *tokenSource](maxCached) // fails for a size below 1 only
	return &tokenSources{guarded: client, box: box, now: now, byCredentials: cache}
}

// of returns the source of these credentials.
func (s *tokenSources) of(c *tokenClient) *tokenSource {
	id := [2]string{c.key, c.credentials}
	if t, ok := s.byCredentials.Get(id); ok {
		return t
	}
	t := &tokenSource{tokenSources: s, client: c, renewals: rate.NewLimiter(rate.Every(renewEvery), renewBurst)}
	t.last.Store(new(fetched))
	if other, ok, _ := s.byCredentials.PeekOrAdd(id, t); ok {
		return other
	}
	return t
}

// accessToken is a token in clear.
type accessToken struct {
	value   string
	expires time.Time
	secrets mask // hides the token in a receiver's answer
}

func newAccessToken(value string, expires time.Time) *accessToken {
	return &accessToken{value: value, expires: expires, secrets: newMask([]string{value})}
}

// tokenSource has the token of one set of credentials.
type tokenSource struct {
	*tokenSources
	client   *tokenClient
	current  atomic.Pointer[accessToken] // nil when no token is usable
	bad      atomic.Pointer[accessToken] // the last token that a receiver refused
	last     atomic.Pointer[fetched]     // never nil
	flights  singleflight.Group
	renewals *rate.Limiter
}

// fetched is the result of a fetch.
type fetched struct {
	token    *accessToken
	fault    *fault
	at       time.Time
	failures int // in a row
}

// gaveUp: the caller's context ended, so the attempt has no outcome.
var gaveUp = &fault{}

// token returns a usable token and fetches it when there is none. Concurrent
// callers share one fetch and its result.
func (t *tokenSource) token(ctx context.Context, until time.Time) (*accessToken, *fault) {
	if token := t.usable(); token != nil {
		return token, nil
	}
	return t.flight(ctx, until, "", t.obtain)
}

func (t *tokenSource) usable() *accessToken {
	token := t.current.Load()
	if token == nil || !token.expires.After(t.now()) {
		return nil
	}
	return token
}

type fetchFunc func(ctx context.Context, until time.Time) (*accessToken, *fault)

// flight calls fetch, or waits for the result of a call of the same name. A
// result that another caller's deadline or context spoiled starts a new flight.
func (t *tokenSource) flight(ctx context.Context, until time.Time, name string, fetch fetchFunc) (*accessToken, *fault) {
	wait, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	for {
		var leads atomic.Bool
		result := t.flights.DoChan(name, func() (any, error) {
			leads.Store(true)
			token, f := fetch(ctx, until)
			return fetched{token: token, fault: f}, nil
		})
		select {
		case r := <-result:
			if f := r.Val.(fetched); leads.Load() || t.shares(f) {
				return f.token, f.fault
			}
		case <-wait.Done():
			switch {
			case leads.Load(): // fetch ends now too, with a better sentence
				f := (<-result).Val.(fetched)
				return f.token, f.fault
			case ctx.Err() != nil:
				return nil, gaveUp
			}
			return nil, lateFault()
		}
	}
}

// shares reports whether another caller's result counts for this caller too.
func (t *tokenSource) shares(f fetched) bool {
	if f.fault != nil {
		return f.fault != gaveUp && f.fault.cause != models.CauseTokenTimeout
	}
	return f.token != t.bad.Load()
}

// A failing token server gets one request a second after its first failures. The
// clock is the real one, since real requests are limited.
const (
	patientAfter = 3
	failurePause = time.Second
)

// obtain takes the token from the database or the token server. Only a flight
// calls it.
func (t *tokenSource) obtain(ctx context.Context, until time.Time) (*accessToken, *fault) {
	if token := t.usable(); token != nil {
		return token, nil
	}
	last := t.last.Load()
	if last.failures >= patientAfter && time.Since(last.at) < failurePause {
		return nil, last.fault
	}
	token, f := t.storedOrFetched(ctx, until)
	switch f {
	case gaveUp:
	case nil:
		t.use(token)
	default:
		t.last.Store(&fetched{fault: f, at: time.Now(), failures: last.failures + 1})
	}
	return token, f
}

func (t *tokenSource) use(token *accessToken) {
	t.last.Store(new(fetched))
	t.current.Store(token)
}

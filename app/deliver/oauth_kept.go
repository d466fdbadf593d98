package deliver

import (
	"context"
	"time"

	"hookline/app/secret"
	"hookline/models"
)

const (
	firstLook    = 20 * time.Millisecond // at another node's fetch; each look waits twice as long
	longestLook  = 500 * time.Millisecond
	leaseReserve = 2 * time.Second // of a lease beyond the deadline, to store the token
)

// throughDatabase takes the token that is kept, or holds the lease and fetches
// one. While another node holds the lease it waits for that one's token. The
// database is only a help: when it cannot be written, the token is fetched all
// the same.
func (t *tokenSource) throughDatabase(ctx context.Context, until time.Time) (*accessToken, *fault) {
	if t.kept == nil {
		return t.fetch(ctx, until)
	}
	for wait := firstLook; ; wait = min(2*wait, longestLook) {
		leased, err := t.kept.LeaseToken(ctx, t.client.key, time.Until(until)+leaseReserve)
		if token := t.stored(ctx); token != nil {
			if leased {
				t.giveBack(ctx)
			}
			return token, nil
		}
		if leased || err != nil {
			return t.fetchAndKeep(ctx, until)
		}
		if f := pause(ctx, until, wait); f != nil {
			return nil, f
		}
	}
}

func pause(ctx context.Context, until time.Time, wait time.Duration) *fault {
	left := time.Until(until)
	timer := time.NewTimer(min(wait, max(left, 0)))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return gaveUp
	case <-timer.C:
	}
	if left <= wait {
		return lateFault()
	}
	return nil
}

// stored is the token in the database if it can be used: fresh, readable, and not
// the one that a receiver has just refused.
func (t *tokenSource) stored(ctx context.Context) *accessToken {
	kept, err := t.kept.AccessToken(ctx, t.client.key, t.client.credentials)
	if err != nil || len(kept.Sealed) == 0 || !kept.ExpiresAt.After(t.now()) {
		return nil
	}
	clear, err := t.box.Open(kept.Sealed, t.place())
	if bad := t.bad.Load(); err != nil || (bad != nil && bad.value == clear) {
		return nil
	}
	return newAccessToken(clear, kept.ExpiresAt)
}

func (t *tokenSource) place() string { return secret.AccessToken(t.client.key, t.client.credentials) }

func (t *tokenSource) fetchAndKeep(ctx context.Context, until time.Time) (*accessToken, *fault) {
	token, f := t.fetch(ctx, until)
	if f != nil {
		t.giveBack(ctx)
		return nil, f
	}
	sealed, err := t.box.Seal(token.value, t.place())
	if err == nil {
		err = t.kept.SaveToken(context.WithoutCancel(ctx), models.AccessToken{
			Key: t.client.key, Credentials: t.client.credentials, Sealed: sealed, ExpiresAt: token.expires,
		})
	}
	if err != nil {
		t.giveBack(ctx) // it is in memory, which is all that this attempt needs
	}
	return token, nil
}

// giveBack ends the lease. If that fails, it ends by itself.
func (t *tokenSource) giveBack(ctx context.Context) {
	_ = t.kept.EndTokenLease(context.WithoutCancel(ctx), t.client.key)
}

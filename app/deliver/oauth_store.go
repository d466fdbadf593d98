package deliver

import (
	"context"
	"time"

	"hookline/app/secret"
	"hookline/models"
)

const (
	firstWait    = 20 * time.Millisecond // for another node's fetch; each wait doubles
	longestWait  = 500 * time.Millisecond
	leaseReserve = 2 * time.Second // of a lease beyond the deadline, to store the token
)

// storedOrFetched returns the token in the database, or takes the lease and fetches
// a token. While another node has the lease it waits for that node's token. A
// database that cannot be written does not stop the fetch.
func (t *tokenSource) storedOrFetched(ctx context.Context, until time.Time) (*accessToken, *fault) {
	if t.kept == nil {
		return t.fetch(ctx, until)
	}
	wait, cancel := context.WithDeadline(ctx, until)
	defer cancel()
	for pause := firstWait; ; pause = min(2*pause, longestWait) {
		leased, err := t.kept.LeaseToken(ctx, t.client.key, time.Until(until)+leaseReserve)
		if token := t.stored(ctx); token != nil {
			if leased {
				t.endLease(ctx)
			}
			return token, nil
		}
		if leased || err != nil {
			return t.fetchAndStore(ctx, until)
		}
		select {
		case <-time.After(pause):
		case <-wait.Done():
			if ctx.Err() != nil {
				return nil, gaveUp
			}
			return nil, lateFault()
		}
	}
}

// stored returns the token in the database if it is usable: fresh, readable, and not
// refused by a receiver.
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

// fetchAndStore fetches a token with the lease in hand, and ends the lease.
func (t *tokenSource) fetchAndStore(ctx context.Context, until time.Time) (*accessToken, *fault) {
	token, f := t.fetch(ctx, until)
	if f != nil {
		t.endLease(ctx)
		return nil, f
	}
	sealed, err := t.box.Seal(token.value, t.place())
	if err == nil {
		err = t.kept.SaveToken(context.WithoutCancel(ctx), models.AccessToken{
			Key: t.client.key, Credentials: t.client.credentials, Sealed: sealed, ExpiresAt: token.expires,
		})
	}
	if err != nil {
		t.endLease(ctx) // the token in memory is enough for this attempt
	}
	return token, nil
}

// endLease frees the lease before it expires; without the database it expires.
func (t *tokenSource) endLease(ctx context.Context) {
	_ = t.kept.EndTokenLease(context.WithoutCancel(ctx), t.client.key)
}

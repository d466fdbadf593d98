package deliver

import (
	"sync"
	"time"

	"hookline/models"
)

const (
	sentAgain   = " The request is sent again at once with a new access token."
	stillNot    = " New access tokens were refused too."
	notThisSoon = " No new access token is fetched, since the last ones were refused within seconds."
)

// renew answers a 401: it says whether the request is to be sent again at once
// (Exchange.Again), with which token being token()'s business, and writes into the
// log what follows. renewals is how often that was done for this delivery already.
func (t *tokenSource) renew(ex *Exchange, token *accessToken, renewals int) {
	a := &ex.Attempt
	a.Cause = models.CauseRefused
	switch {
	case renewals >= models.MaxTokenRenewals:
		a.Error += stillNot
	case !t.refused(token):
		a.Error += notThisSoon
	default:
		ex.Again, a.Cause = true, models.CauseRenewed
		a.Error += sentAgain
	}
}

// refused takes a token out of use, and reports whether another may be had. Of
// many deliveries whose token was refused, the first to tell counts; for the
// others a newer one is there by then, or is being fetched.
func (t *tokenSource) refused(token *accessToken) bool {
	if t.current.Load() != token {
		return true
	}
	if !t.pace.allow(time.Now()) {
		return false
	}
	t.bad.Store(token)
	t.current.CompareAndSwap(token, nil)
	return true
}

// A receiver that refuses every token must not make us ask for new ones without
// end: renewBurst at once, then one every renewEvery.
const (
	renewBurst = 10
	renewEvery = 10 * time.Second
)

// pace is a token bucket, of tokens in the other sense; its zero value is full.
type pace struct {
	mu    sync.Mutex
	spent float64
	at    time.Time
}

func (p *pace) allow(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.spent = max(0, p.spent-now.Sub(p.at).Seconds()/renewEvery.Seconds())
	p.at = now
	if p.spent > renewBurst-1 {
		return false
	}
	p.spent++
	return true
}

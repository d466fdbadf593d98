package deliver

import (
	"time"

	"hookline/models"
)

const (
	sentAgain   = " The request is sent again at once with a new access token."
	stillNot    = " New access tokens were refused too."
	notThisSoon = " No new access token is fetched, since the last ones were refused within seconds."
)

// A receiver that refuses every token causes renewBurst fetches at once, then one
// every renewEvery.
const (
	renewBurst = 10
	renewEvery = 10 * time.Second
)

// renew answers a 401: it sets Exchange.Again when a new token may be fetched, and
// logs what follows. renewals counts the earlier ones of this try.
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

// refused takes a token out of use and reports whether a new token may be fetched.
// Of many deliveries with the same token only the first is charged: the others find
// a newer token, or its fetch under way.
func (t *tokenSource) refused(token *accessToken) bool {
	if t.current.Load() != token {
		return true
	}
	if !t.renewals.Allow() {
		return false
	}
	t.bad.Store(token)
	t.current.CompareAndSwap(token, nil)
	return true
}

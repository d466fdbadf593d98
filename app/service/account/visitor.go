package account

import (
	"time"

	"hookline/app/ratelimit"
)

// Visitor describes the sender of a request that is not signed in.
type Visitor struct {
	// Network is what one client has to itself: an IPv4 address, or the /64 of an
	// IPv6 one.
	Network string
	// Browser is the mark of a browser that a user signed in with before; see
	// browserMark.
	Browser string
}

// networkLimit holds a network to so many tries, whatever they are of.
var networkLimit = ratelimit.Limit{Every: 10 * time.Second, Burst: 50}

// visitorLimits hold visitors to so many tries that name an account. An account is
// counted together with the network that asks, so that a stranger cannot use up
// the tries that its owner has elsewhere. Many networks that try one account share a
// limit of their own, which is wider. A browser that signed in to the account before
// is counted by itself alone: strangers cannot use that up.
//
// Nothing of this depends on whether the account exists.
type visitorLimits struct {
	tries   *ratelimit.Buckets
	pair    ratelimit.Limit // an account from one network
	account ratelimit.Limit // an account from all networks together
	browser ratelimit.Limit // an account from a browser that is known
}

// allow counts a try from a network.
func (l visitorLimits) allow(account, network string) bool {
	// A network that is refused makes no other bucket.
	return l.tries.Allow("network "+network, networkLimit) &&
		l.tries.Allow(pairKey(account, network), l.pair) &&
		l.tries.Allow("account "+account, l.account)
}

// succeeded gives back what tries from a network took.
func (l visitorLimits) succeeded(account, network string) {
	l.tries.Reset(pairKey(account, network))
	l.tries.Reset("account " + account)
}

// allowBrowser counts a try from a browser that is known.
func (l visitorLimits) allowBrowser(account, browser string) bool {
	return l.tries.Allow(browserKey(account, browser), l.browser)
}

// succeededIn gives back what tries from a browser took.
func (l visitorLimits) succeededIn(account, browser string) {
	l.tries.Reset(browserKey(account, browser))
}

func pairKey(account, network string) string { return "pair " + network + " " + account }

func browserKey(account, browser string) string { return "browser " + browser + " " + account }

package service

// Visitor describes the sender of a request that is not signed in.
type Visitor struct {
	// Network is what one client has to itself: an IPv4 address, or the /64 of an
	// IPv6 one.
	Network string
	// Browser is the mark of a browser that a user signed in with before; see
	// browserMark.
	Browser string
}

// visitorPace holds visitors to so many tries that name an account. An account is
// counted together with the network that asks, so that a stranger cannot use up
// what its owner has elsewhere. Many networks that try one account share a limit
// of their own, which is wider. A browser that signed in to the account before
// is counted by itself alone: strangers cannot use that up.
//
// Nothing of this depends on whether the account exists.
type visitorPace struct {
	*throttle
	pair    limit // an account from one network
	account limit // an account from all networks together
	browser limit // an account from a browser that is known
}

// allow counts a try from a network.
func (p visitorPace) allow(account, network string) bool {
	// A network that is refused makes no other bucket.
	return p.throttle.allow("network "+network, networkLimit) &&
		p.throttle.allow(pairKey(account, network), p.pair) &&
		p.throttle.allow("account "+account, p.account)
}

// succeeded gives back what tries from a network took.
func (p visitorPace) succeeded(account, network string) {
	p.forget(pairKey(account, network))
	p.forget("account " + account)
}

// allowBrowser counts a try from a browser that is known.
func (p visitorPace) allowBrowser(account, browser string) bool {
	return p.throttle.allow(browserKey(account, browser), p.browser)
}

// succeededIn gives back what tries from a browser took.
func (p visitorPace) succeededIn(account, browser string) { p.forget(browserKey(account, browser)) }

func pairKey(account, network string) string { return "pair " + network + " " + account }

func browserKey(account, browser string) string { return "browser " + browser + " " + account }

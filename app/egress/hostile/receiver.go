// Package hostile is a collection of receivers that break the rules: each is a
// small server on loopback that does one thing a webhook receiver should not
// do. The tests of the outgoing client and of the engine run the same table, so
// that what one of them survives the other does too.
package hostile

import (
	"crypto/x509"
	"slices"
)

// TB is the part of testing.TB that a receiver needs. It keeps the testing
// package out of everything that links this one.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// The kinds of outcome, spelled as in egress.Kind.
const (
	Response = "response"
	Timeout  = "timeout"
	Network  = "network"
	TLS      = "tls"
)

// Receiver is one way of misbehaving and what a sender should make of it.
type Receiver struct {
	Name string
	// Start begins serving on loopback until the test ends and returns the URL.
	// Where it is https, the authority to trust is Roots.
	Start func(tb TB) string

	Want      string // the kind of the outcome
	Status    int    // the status, where Want is Response (0: not checked)
	Truncated bool   // whether the kept body must be marked so
	Reason    string // a part of the sentence that a person reads; "" for none

	// Stalls says that only the sender's deadline ends the exchange, so that a
	// test should set a short one.
	Stalls bool
	// Upload is how many bytes of body the request needs for the effect.
	Upload int
	// Calls is how many requests to send in a row, 0 meaning one; Want holds for
	// each of them.
	Calls int
}

// All returns every receiver of the collection.
func All() []Receiver {
	return slices.Concat(connections(), headers(), informational(), statuses(), bodies(), chunks(), handshakes())
}

// Roots is the authority that signed the certificates of the https receivers,
// as far as they are meant to be trusted.
func Roots() *x509.CertPool { return authority().pool }

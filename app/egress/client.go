package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/netip"
	"time"
)

const (
	maxResponseHeader = 64 << 10 // bytes of status line, headers and 1xx answers together
	maxRead           = 64 << 10 // bytes of a response body that are read
	maxKept           = 16 << 10 // bytes of it that are kept, unless the request asks for more
	defaultTimeout    = 10 * time.Second
	defaultConns      = 64
	userAgent         = "Hookline/1"

	// idleTimeout stays below the 60 s after which common load balancers drop
	// a silent connection, so that we are the side that closes.
	idleTimeout = 55 * time.Second
)

// Config says what a Client may reach and how. The zero value is the strict
// one: https only, public addresses only, system roots, Go's resolver.
type Config struct {
	// AllowHTTP lets plain http URLs pass; meant for development.
	AllowHTTP bool
	// AllowTargets are networks that may be reached in spite of the address
	// rules. They are the operator's choice, never a user's.
	AllowTargets []netip.Prefix
	// Resolve looks up the addresses of a host name (ASCII, without the
	// trailing dot). Nil means Go's own resolver.
	Resolve func(ctx context.Context, host string) ([]netip.Addr, error)
	// MaxConns is how many idle connections are kept per host, and at least how
	// many in total. 0 means 64. It should be no lower than the number of
	// requests sent to one host at a time, or connections are made and dropped
	// in turn.
	MaxConns int
	// RootCAs are the certificate authorities trusted for https; nil means
	// those of the system.
	RootCAs *x509.CertPool
}

// Client sends requests to URLs that others chose. It is safe for concurrent
// use, and one Client should serve the whole process, because it holds the
// pool of connections.
type Client struct {
	allowHTTP bool
	guard     guard
	resolve   func(ctx context.Context, host string) ([]netip.Addr, error)
	dialer    net.Dialer
	tls       *tls.Config
	transport *http.Transport

	// closing ends when Close is called; dials hang on it because they outlive
	// the request that began them.
	closing context.Context
	close   context.CancelFunc
}

// New makes a Client. Call Close when it is no longer needed.
func New(cfg Config) *Client {
	c := &Client{
		allowHTTP: cfg.AllowHTTP,
		guard:     newGuard(cfg.AllowTargets),
		resolve:   cfg.Resolve,
	}
	if c.resolve == nil {
		c.resolve = lookup
	}
	c.closing, c.close = context.WithCancel(context.Background())
	c.dialer = net.Dialer{KeepAlive: 30 * time.Second, Control: c.guard.control}
	c.tls = &tls.Config{
		MinVersion: tls.VersionTLS12,
		RootCAs:    cfg.RootCAs,
		NextProtos: []string{"http/1.1"},
		// A resumed session spares a receiver the costly half of the handshake
		// after each idle time-out; Go checks name and expiry again on resuming.
		ClientSessionCache: tls.NewLRUClientSessionCache(256),
	}
	c.transport = c.newTransport(cfg.MaxConns)
	return c
}

// newTransport holds the HTTP half of the promises.
//
// HTTP/1.1 only, on purpose. With HTTP/2 all requests to a host would share one
// connection: one stalled stream window or one reset would fail 64 deliveries at
// once, and ending an attempt at its deadline could no longer mean closing its
// connection. HTTP/1.1 gives each exchange its own connection for as long as it
// lasts, every webhook receiver speaks it, and a hostile receiver has far less
// protocol to play with.
func (c *Client) newTransport(conns int) *http.Transport {
	if conns <= 0 {
		conns = defaultConns
	}
	var h1 http.Protocols
	h1.SetHTTP1(true)
	return &http.Transport{
		Proxy:                  nil, // a proxy would resolve names behind the guard's back
		DialContext:            c.dialPlain,
		DialTLSContext:         c.dialTLS,
		Protocols:              &h1,
		DisableCompression:     true,
		MaxResponseHeaderBytes: maxResponseHeader,
		MaxIdleConnsPerHost:    conns,
		MaxIdleConns:           max(256, 2*conns), // many receivers, so more in total than for one
		IdleConnTimeout:        idleTimeout,
	}
}

// Close drops the idle connections and ends dials under way. Requests in flight
// on a connection go on to their end; a request that needs a new connection
// afterwards comes back as KindCancelled.
func (c *Client) Close() {
	c.close()
	c.transport.CloseIdleConnections()
}

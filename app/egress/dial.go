package egress

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/netip"
	"strconv"
	"time"
)

const (
	// stagger is how long one address is given before the next is tried beside
	// it (RFC 8305 recommends a quarter of a second), so that a dead IPv6 route
	// does not eat the attempt's time.
	stagger = 250 * time.Millisecond
	// maxDials bounds what a name with hundreds of addresses can make us do.
	maxDials = 6
)

// errClosed is what a dial reports after Client.Close.
var errClosed = errors.New("egress: client closed")

// tlsFailure marks an error of the handshake, so that reasons need not guess.
type tlsFailure struct{ err error }

func (e *tlsFailure) Error() string { return "tls handshake: " + e.err.Error() }
func (e *tlsFailure) Unwrap() error { return e.err }

// dialPlain is the transport's DialContext.
func (c *Client) dialPlain(ctx context.Context, _, hostport string) (net.Conn, error) {
	ctx, end := c.dialContext(ctx)
	defer end()
	conn, _, err := c.dialVetted(ctx, hostport)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

// dialTLS is the transport's DialTLSContext. The handshake is done here and not
// by the transport, because there it would not end with the request's deadline.
func (c *Client) dialTLS(ctx context.Context, _, hostport string) (net.Conn, error) {
	ctx, end := c.dialContext(ctx)
	defer end()
	raw, host, err := c.dialVetted(ctx, hostport)
	if err != nil {
		return nil, err
	}
	exchangeOf(ctx).dialing(phaseHandshake)
	cfg := c.tls.Clone()
	cfg.ServerName = host
	conn := tls.Client(raw, cfg)
	if err := conn.HandshakeContext(ctx); err != nil {
		raw.Close()
		return nil, c.closedOr(&tlsFailure{err})
	}
	return &secureConn{conn, raw}, nil
}

// dialContext gives a dial its end. net/http detaches dials from the request,
// so that a connection that comes too late for it can serve the next one. That
// is worth keeping (else a busy pool would throw handshakes away), but a dial
// must not outlive the deadline of its request, the caller's shutdown, or Close.
func (c *Client) dialContext(ctx context.Context) (context.Context, func()) {
	ex := exchangeOf(ctx)
	deadline := ex.deadline
	if deadline.IsZero() {
		deadline = time.Now().Add(defaultTimeout)
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	stopClosing := context.AfterFunc(c.closing, cancel)
	stopCaller := func() bool { return true }
	if ex.caller != nil {
		stopCaller = context.AfterFunc(ex.caller, cancel)
	}
	return ctx, func() {
		stopClosing()
		stopCaller()
		cancel()
	}
}

// dialVetted resolves, vets every answer, and connects to one of the vetted
// addresses. The name is resolved once: what was vetted is what is dialled.
func (c *Client) dialVetted(ctx context.Context, hostport string) (*watchedConn, string, error) {
	if c.closing.Err() != nil {
		return nil, "", errClosed
	}
	host, port, err := net.SplitHostPort(hostport)
	if err != nil {
		return nil, "", err
	}
	n, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, "", err
	}
	addrs, err := c.vetted(ctx, host)
	if err != nil {
		return nil, "", c.closedOr(err)
	}
	exchangeOf(ctx).dialing(phaseConnect)
	conn, err := c.dialFirst(ctx, addrs, uint16(n))
	return conn, host, c.closedOr(err)
}

func (c *Client) closedOr(err error) error {
	if err != nil && c.closing.Err() != nil {
		return errClosed
	}
	return err
}

// vetted returns the addresses of a host if every one of them may be reached.
// A bad answer refuses all: a name that mixes public and inner addresses is
// either an attack or a mistake, and trying the good ones would hide it.
func (c *Client) vetted(ctx context.Context, host string) ([]netip.Addr, error) {
	if a, err := netip.ParseAddr(host); err == nil {
		return []netip.Addr{plainAddr(a)}, c.guard.check(a)
	}
	exchangeOf(ctx).dialing(phaseResolve)
	answers, err := c.resolve(ctx, host)
	if err != nil {
		return nil, &lookupError{err}
	}
	if len(answers) == 0 {
		return nil, &lookupError{&net.DNSError{Err: "no answer", IsNotFound: true}}
	}
	vet := c.guard.check
	if _, inner := innerName(host); inner {
		vet = c.guard.checkInner
	}
	addrs := make([]netip.Addr, 0, len(answers))
	for _, a := range answers {
		if err := vet(a); err != nil {
			return nil, err
		}
		addrs = append(addrs, plainAddr(a))
	}
	return addrs, nil
}

// lookupError marks an error of the name lookup.
type lookupError struct{ err error }

func (e *lookupError) Error() string { return "lookup: " + e.err.Error() }
func (e *lookupError) Unwrap() error { return e.err }

// pureGo avoids the C resolver, which accepts legacy spellings such as 127.1.
var pureGo = &net.Resolver{PreferGo: true}

// lookup resolves with Go's resolver. The dot at the end keeps the machine's
// search domains out: in a cluster they would turn api.example.com into names
// of the cluster first. The names of a private network need them: there, api and
// api.default.svc are short for names of the cluster.
func lookup(ctx context.Context, host string) ([]netip.Addr, error) {
	if _, inner := innerName(host); !inner {
		host += "."
	}
	return pureGo.LookupNetIP(ctx, "ip", host)
}

// dialFirst connects to the first address that answers: in the order given,
// each next one after stagger or as soon as one failed.
func (c *Client) dialFirst(ctx context.Context, addrs []netip.Addr, port uint16) (*watchedConn, error) {
	addrs = addrs[:min(len(addrs), maxDials)]
	if len(addrs) == 1 {
		return c.dialAddr(ctx, addrs[0], port)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type result struct {
		conn *watchedConn
		err  error
	}
	results := make(chan result)
	start := func(a netip.Addr) {
		go func() {
			conn, err := c.dialAddr(ctx, a, port)
			select {
			case results <- result{conn, err}:
			case <-ctx.Done(): // another address was faster
				if conn != nil {
					conn.Close()
				}
			}
		}()
	}
	next := time.NewTimer(stagger)
	defer next.Stop()
	start(addrs[0])
	started, failed := 1, 0
	var first error
	for {
		select {
		case r := <-results:
			if r.err == nil {
				return r.conn, nil
			}
			failed++
			first = worse(first, r.err)
			if failed == len(addrs) {
				return nil, first
			}
		case <-next.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if started < len(addrs) {
			start(addrs[started])
			started++
			next.Reset(stagger)
		}
	}
}

// worse keeps the first error, unless the later one is the guard's.
func worse(first, later error) error {
	if _, blocked := errors.AsType[*TargetError](later); first == nil || blocked {
		return later
	}
	return first
}

func (c *Client) dialAddr(ctx context.Context, a netip.Addr, port uint16) (*watchedConn, error) {
	conn, err := c.dialer.DialContext(ctx, "tcp", netip.AddrPortFrom(a, port).String())
	if err != nil {
		return nil, err
	}
	return &watchedConn{Conn: conn}, nil
}

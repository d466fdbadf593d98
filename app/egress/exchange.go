package egress

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

// phase is how far an exchange came. It is asked only when the deadline struck,
// to say what the time was spent on.
type phase int32

const (
	phaseNone phase = iota
	phaseResolve
	phaseConnect
	phaseHandshake
	phaseSend
	phaseWait
	phaseHeaders
	phaseBody
)

// errDeadline is the cause of our own deadline, as against the caller's.
var errDeadline = errors.New("egress: deadline of the exchange")

// maxReplays bounds how often one attempt may send its request again because a
// kept connection turned out to be dead, and how often because one held somebody
// else's answer. Without it net/http would go through every idle connection in turn.
const maxReplays = 2

var errReplays = errors.New("egress: several kept connections were of no use")

// exchange is one call of Do. It is the request's context, so that the dial can
// find it although net/http detaches dials from requests.
type exchange struct {
	context.Context // ends at the deadline

	caller   context.Context
	deadline time.Time
	dial     atomic.Int32 // phase of the dial begun for this exchange
	wire     atomic.Int32 // phase on a connection; 0 while there is none
	conn     atomic.Pointer[watchedConn]
	leftover atomic.Bool // the answer was there before the request
	replays  int         // by net/http
	data     []byte
	trace    httptrace.ClientTrace
	marks    marks
}

type exchangeKey struct{}

// Value makes the exchange findable from contexts derived from it.
func (ex *exchange) Value(key any) any {
	if _, ok := key.(exchangeKey); ok {
		return ex
	}
	return ex.Context.Value(key)
}

// exchangeOf returns the exchange that a dial was begun for. Outside of any
// exchange it returns an empty one, never nil.
func exchangeOf(ctx context.Context) *exchange {
	if ex, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return ex
	}
	return &exchange{}
}

func (ex *exchange) dialing(p phase) {
	ex.dial.Store(int32(p))
	ex.marks.mark(p)
}

// reached raises the phase on the wire. The hooks run on different goroutines:
// an early response may overtake the end of the upload.
func (ex *exchange) reached(p phase) {
	ex.marks.mark(p)
	for {
		old := ex.wire.Load()
		if old >= int32(p) || ex.wire.CompareAndSwap(old, int32(p)) {
			return
		}
	}
}

func (ex *exchange) phase() phase {
	if p := ex.wire.Load(); p != 0 {
		return phase(p)
	}
	return phase(ex.dial.Load())
}

func (ex *exchange) gotConn(info httptrace.GotConnInfo) {
	ex.marks.connected(info.Reused)
	ex.reached(phaseSend)
	if conn := watched(info.Conn); conn != nil {
		conn.armed.Store(true)
		ex.conn.Store(conn)
	}
}

func (ex *exchange) wroteRequest(info httptrace.WroteRequestInfo) {
	if info.Err == nil {
		ex.reached(phaseWait)
	}
}

func (ex *exchange) gotFirstByte() {
	ex.reached(phaseHeaders)
	if conn := ex.conn.Load(); conn != nil && conn.leftover() {
		ex.leftover.Store(true)
	}
}

// roundTrip sends the request, and sends it again on another connection if the
// answer was not one to it.
func (ex *exchange) roundTrip(t *http.Transport, req *http.Request) (*http.Response, error) {
	for again := 0; ; again++ {
		resp, err := t.RoundTrip(req)
		if !ex.leftover.Load() {
			return resp, err
		}
		// net/http may have the connection back in its pool by now. It sees the
		// close soon; a request that is quicker finds it dead and moves on, which
		// is why net/http's own repetitions are counted apart.
		ex.conn.Load().Close()
		if err == nil {
			resp.Body.Close()
		}
		if again == maxReplays {
			return nil, errReplays
		}
		req = req.WithContext(req.Context()) // a copy
		if req.Body != nil {
			req.Body = ex.body()
		}
		ex.wire.Store(0)
		ex.marks.restart()
		ex.leftover.Store(false)
	}
}

// request builds what the transport sends. The caller's header map is copied
// only if something has to be added to it.
func (ex *exchange) request(r Request, u *url.URL) *http.Request {
	ex.trace.GotConn = ex.gotConn
	ex.trace.WroteRequest = ex.wroteRequest
	ex.trace.GotFirstResponseByte = ex.gotFirstByte
	req := &http.Request{
		Method: r.Method, URL: u, Host: u.Host, Header: sentHeader(r.Header),
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
	if len(r.Body) > 0 {
		ex.data = r.Body
		req.ContentLength = int64(len(r.Body))
		req.Body, req.GetBody = ex.body(), ex.replay
	}
	return req.WithContext(httptrace.WithClientTrace(ex, &ex.trace))
}

// replay is called by net/http before it repeats a request on its own.
func (ex *exchange) replay() (io.ReadCloser, error) {
	if ex.replays++; ex.replays > maxReplays {
		return nil, errReplays
	}
	return ex.body(), nil
}

// body is a new reader of the request's body. net/http knows this pair of types
// as "in memory" and then sends the headers and the body in one write.
func (ex *exchange) body() io.ReadCloser { return io.NopCloser(bytes.NewReader(ex.data)) }

// sentHeader returns h with our User-Agent if it has none, and marked as safe
// to repeat. The mark matters when a receiver closes a kept connection just as
// the request is written: net/http then takes a fresh connection, instead of
// failing the attempt. Everything sent from here is at-least-once by contract.
// An empty X-Idempotency-Key is net/http's way to say so; it is not sent.
func sentHeader(h http.Header) http.Header {
	agent, repeatable := false, false
	for k := range h {
		switch http.CanonicalHeaderKey(k) {
		case "User-Agent":
			agent = true
		case "Idempotency-Key", "X-Idempotency-Key":
			repeatable = true
		}
	}
	if agent && repeatable {
		return h
	}
	sent := make(http.Header, len(h)+2)
	for k, v := range h {
		sent[k] = v
	}
	if !agent {
		sent["User-Agent"] = []string{userAgent}
	}
	if !repeatable {
		sent["X-Idempotency-Key"] = nil
	}
	return sent
}

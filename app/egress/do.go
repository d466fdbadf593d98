package egress

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// Request is one HTTP exchange to make. Do changes nothing in it. The body may
// still be read for a moment after Do returned (a receiver can answer before it
// took everything), so it must not be overwritten afterwards.
type Request struct {
	Method string
	URL    *url.URL
	Header http.Header
	Body   []byte
	// Timeout is the one deadline for the whole exchange, from the name lookup
	// to the last byte of the response body. 0 means 10 s.
	Timeout time.Duration
	// Keep is how many bytes of the response body the Result holds, at most the
	// 64 KiB that are read. 0 means 16 KiB.
	Keep int
}

// Kind is what became of an exchange.
type Kind string

// Each exchange ends in exactly one of these.
const (
	KindResponse  Kind = "response"  // the receiver answered; look at Status
	KindTimeout   Kind = "timeout"   // the deadline struck, or the network gave up waiting
	KindNetwork   Kind = "network"   // lookup, connection or the rules of HTTP failed
	KindTLS       Kind = "tls"       // no trusted connection: certificate or handshake
	KindBlocked   Kind = "blocked"   // a rule of ours refused the request; repeating it cannot help
	KindCancelled Kind = "cancelled" // the caller's context ended first, or Close was called: not the receiver's doing
)

// Result is what became of a Request. Kind decides; Status alone does not.
//
// A response whose body breaks off, or is not finished at the deadline, is
// judged by what at-least-once needs. With a 2xx status it is KindNetwork or
// KindTimeout: the receiver may have failed after it sent its headers, and a
// repetition costs less than a loss. With any other status it is a failure
// anyhow, and the status says more than the broken body (a 410 must be heeded),
// so it stays KindResponse, marked Truncated, with the defect in Reason. In both
// cases Status, Header and Body hold what did arrive.
type Result struct {
	Kind Kind
	// Reason is a sentence for people. It is empty for a complete response.
	Reason string
	Status int
	Header http.Header
	Body   []byte
	// Truncated says that the response was longer than Body. It is no failure.
	Truncated bool
	Duration  time.Duration
	Started   time.Time
	// Timing is zero for KindBlocked: it would tell of what lies behind the guard.
	Timing Timing
	// Cause names Reason for programs, e.g. connection_refused; "" when there is
	// no Reason, or none that has a name.
	Cause string
}

// Do makes one HTTP exchange and reports what became of it. It follows no
// redirect, keeps no cookie and decompresses nothing: a 3xx is a response. It
// sends `User-Agent: Hookline/1` if r.Header has none.
//
// The rules of CheckURL are applied to r.URL once more; a URL that came from
// CheckURL passes at the cost of a scan.
func (c *Client) Do(ctx context.Context, r Request) Result {
	started := time.Now()
	ex := &exchange{caller: ctx, marks: marks{started: started}}
	res := c.exchange(ex, r)
	res.Started, res.Duration = started, time.Since(started)
	if res.Kind != KindBlocked {
		res.Timing = ex.marks.timing(res.Duration)
	}
	return res
}

func (c *Client) exchange(ex *exchange, r Request) Result {
	if r.URL == nil {
		return Result{Kind: KindBlocked, Reason: noHost}
	}
	u, err := c.normalise(r.URL)
	if err != nil {
		return Result{Kind: KindBlocked, Reason: err.Error()}
	}
	if r.Timeout <= 0 {
		r.Timeout = defaultTimeout
	}
	ex.deadline = ex.marks.started.Add(r.Timeout)
	timed, cancel := context.WithDeadlineCause(ex.caller, ex.deadline, errDeadline)
	defer cancel()
	ex.Context = timed

	// RoundTrip and not http.Client: a Client would follow redirects with the
	// secret headers, and keep cookies.
	resp, err := ex.roundTrip(c.transport, ex.request(r, u))
	if err != nil {
		return ex.failure(err, r.Timeout, u)
	}
	return ex.response(resp, r, u)
}

// response turns an answer into a Result. It always gives the connection back
// or closes it.
func (ex *exchange) response(resp *http.Response, r Request, u *url.URL) Result {
	defer resp.Body.Close()
	if resp.StatusCode < 100 {
		// net/http lets 000 pass; no such status exists.
		return Result{Kind: KindNetwork, Cause: causes[notHTTP], Reason: notHTTP}
	}
	res := Result{Kind: KindResponse, Status: resp.StatusCode, Header: resp.Header}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		return res // what follows is not HTTP; closing the body closes the connection
	}
	ex.reached(phaseBody)
	var err error
	res.Body, res.Truncated, err = readBody(resp.Body, r.Keep)
	if err == nil {
		return res
	}
	broken := ex.failure(err, r.Timeout, u)
	if broken.Kind == KindCancelled || res.Status/100 == 2 {
		res.Kind, res.Cause, res.Reason = broken.Kind, broken.Cause, broken.Reason
		return res
	}
	res.Truncated, res.Cause, res.Reason = true, broken.Cause, broken.Reason
	return res
}

package capture

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"hookline/app/egress"
	"hookline/models"
)

// Client is egress.Client, but for requests to this installation's own capture
// URLs, which it hands over in memory.
type Client struct {
	*egress.Client
	bin *Bin
}

// NewClient puts bin before the guarded client.
func NewClient(guarded *egress.Client, bin *Bin) *Client { return &Client{guarded, bin} }

// CheckURL is egress.Client's, but a capture URL of this installation passes. It
// does not say whether the endpoint still exists.
func (c *Client) CheckURL(raw string) (*url.URL, error) {
	if u, _, ours := c.bin.Match(raw); ours {
		return u, nil
	}
	return c.Client.CheckURL(raw)
}

// Do is egress.Client's: one exchange, one deadline, and a value whatever came
// of it.
func (c *Client) Do(ctx context.Context, r egress.Request) egress.Result {
	if r.URL == nil {
		return c.Client.Do(ctx, r)
	}
	_, clear, ours := c.bin.Match(r.URL.String())
	if !ours {
		return c.Client.Do(ctx, r)
	}
	started := time.Now()
	res := c.bin.exchange(ctx, r, clear)
	res.Started, res.Duration = started, time.Since(started)
	if res.Kind != egress.KindBlocked {
		res.Timing.Wait = res.Duration // there is no network in between
	}
	return res
}

const defaultTimeout = 10 * time.Second

const gone = "This capture URL is no longer valid: its endpoint was deleted, or its URL rotated. Copy the new URL from the Capture page into the webhook."

var errDeadline = errors.New("capture: deadline of the exchange")

func (b *Bin) exchange(ctx context.Context, r egress.Request, clear string) egress.Result {
	if r.Timeout <= 0 {
		r.Timeout = defaultTimeout
	}
	ctx, cancel := context.WithTimeoutCause(ctx, r.Timeout, errDeadline)
	defer cancel()
	found, err := b.Find(ctx, clear)
	if models.CodeOf(err) == models.NotFound {
		return egress.Result{Kind: egress.KindBlocked, Cause: string(models.CauseCaptureGone), Reason: gone}
	}
	if err == nil {
		var reply Reply
		if reply, err = b.take(ctx, found, r); err == nil {
			return reply.result(r.Method)
		}
	}
	switch {
	case errors.Is(context.Cause(ctx), errDeadline):
		return egress.Result{Kind: egress.KindTimeout, Cause: "timeout_answer", Reason: fmt.Sprintf("The receiver did not answer within %g s.", r.Timeout.Seconds())}
	case ctx.Err() != nil:
		return egress.Result{Kind: egress.KindCancelled, Reason: "The attempt was stopped before it was finished."}
	}
	return egress.Result{Kind: egress.KindNetwork, Reason: "The capture endpoint could not be looked up in the database."}
}

func (b *Bin) take(ctx context.Context, found models.Capture, r egress.Request) (Reply, error) {
	if reply, ok := b.Admit(found); !ok {
		return reply, nil
	}
	if reply, ok := b.Keep(b.captured(found, r)); !ok {
		return reply, nil
	}
	return Wait(ctx, found.Answer)
}

// captured is the request as net/http would have written it: the same lines in
// the same order.
func (b *Bin) captured(found models.Capture, r egress.Request) models.Captured {
	kept := r.Body[:min(len(r.Body), models.KeptCaptureBody)]
	return models.Captured{
		CaptureID: found.ID, At: b.now(), Method: r.Method, Target: r.URL.RequestURI(),
		Headers: lines(r), Body: slices.Clone(kept), Size: int64(len(r.Body)), Truncated: len(kept) < len(r.Body),
	}
}

func lines(r egress.Request) []models.HeaderLine {
	agent := "Hookline/1"
	if v := r.Header["User-Agent"]; len(v) > 0 {
		agent = v[0]
	}
	out := []models.HeaderLine{{Name: "Host", Value: r.URL.Host}, {Name: "User-Agent", Value: agent}}
	if len(r.Body) > 0 || r.Method == http.MethodPost || r.Method == http.MethodPut || r.Method == http.MethodPatch {
		out = append(out, models.HeaderLine{Name: "Content-Length", Value: strconv.Itoa(len(r.Body))})
	}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		if name == "User-Agent" || name == "Host" || name == "Content-Length" {
			continue
		}
		for _, value := range r.Header[name] {
			out = append(out, models.HeaderLine{Name: name, Value: value})
		}
	}
	return out
}

func (r Reply) result(method string) egress.Result {
	h := http.Header{"Content-Type": {r.Type + "; charset=utf-8"}}
	if r.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(r.RetryAfter.Seconds())))
	}
	res := egress.Result{Kind: egress.KindResponse, Status: r.Status, Header: h}
	if Bodied(method, r.Status) {
		res.Body = []byte(r.Body)
		h.Set("Content-Length", strconv.Itoa(len(r.Body)))
	}
	return res
}

// Bodied reports whether such an answer may have a body (RFC 9110, 6.4.1).
func Bodied(method string, status int) bool {
	return method != http.MethodHead && status != http.StatusNoContent && status != http.StatusNotModified
}

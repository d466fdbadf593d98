package deliver

import (
	"context"
	"net/url"
	"time"

	"hookline/app/egress"
	"hookline/app/secret"
	"hookline/models"
)

// Client makes exchanges behind the target guard. *egress.Client is one;
// *capture.Client is one that knows this installation's own capture URLs.
type Client interface {
	CheckURL(raw string) (*url.URL, error)
	Do(ctx context.Context, r egress.Request) egress.Result
}

// Sender makes attempts. Safe for concurrent use.
type Sender struct {
	client Client
	box    *secret.Box
	now    func() time.Time
	cache  *cache
}

// NewSender returns a sender that sends through client, opens secrets with box
// and stamps tokens with now.
func NewSender(client Client, box *secret.Box, now func() time.Time) *Sender {
	return &Sender{client: client, box: box, now: now, cache: newCache()}
}

// Input is what an attempt is made from.
type Input struct {
	Webhook  *models.Webhook
	Settings models.Settings
	Type     models.EventType
	Delivery models.Delivery
	Event    models.Event
}

// Exchange is what came of one attempt.
type Exchange struct {
	// Attempt is what the log keeps; it holds no secret in clear.
	Attempt models.Attempt
	// RetryAfter is how long the receiver asks to be left alone, at most a
	// day; 0 when it does not ask.
	RetryAfter time.Duration
	// GivenBack says that our own side stopped before an outcome was known:
	// there is nothing to log, and the attempt does not count (promise 10).
	GivenBack bool
}

// Send makes one attempt and reports what came of it. Whatever goes wrong is an
// outcome, not an error. The secrets and the URL are those of in.Webhook as it
// is now, so a rotated credential counts for retries of old deliveries too (D1).
func (s *Sender) Send(ctx context.Context, in Input) Exchange {
	started := s.now()
	p := s.prepared(in)
	if p.fault != nil {
		return Exchange{Attempt: p.unsent(in, started, message{}, p.fault)}
	}
	m, fault := p.message(in, p.signer(started))
	if fault != nil {
		return Exchange{Attempt: p.unsent(in, started, m, fault)}
	}
	res := s.client.Do(ctx, egress.Request{
		Method: p.method, URL: m.url, Header: m.header, Body: m.body, Timeout: p.timeout,
	})
	if res.Kind == egress.KindCancelled {
		return Exchange{GivenBack: true}
	}
	ex := Exchange{Attempt: p.attempt(in, m, res)}
	if ex.Attempt.Outcome == models.HTTPError {
		ex.RetryAfter = retryAfter(res.Header, s.now())
	}
	return ex
}

// prepared takes the webhook from the cache. A test does not: the form lets a
// person change the URL and the key for one test (Z5), and such a webhook bears
// the id and version of the one it was made from.
func (s *Sender) prepared(in Input) *prepared {
	w := in.Webhook
	if in.Delivery.Test || w.ID == "" {
		return prepare(w, in.Settings, s.client.CheckURL, s.box.Open)
	}
	if p := s.cache.get(w.ID, w.Version, in.Settings); p != nil {
		return p
	}
	p := prepare(w, in.Settings, s.client.CheckURL, s.box.Open)
	s.cache.put(w.ID, p)
	return p
}

// Exchange makes a request of somebody's own through the same guarded client.
func (s *Sender) Exchange(ctx context.Context, r egress.Request) egress.Result {
	return s.client.Do(ctx, r)
}

package deliver

import (
	"context"
	"net/http"
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
	tokens *tokenSources
}

// NewSender returns a sender that sends through client, opens secrets with box
// and stamps tokens with now.
func NewSender(client Client, box *secret.Box, now func() time.Time) *Sender {
	return &Sender{client: client, box: box, now: now, cache: newCache(), tokens: newTokenSources(client, box, now)}
}

// KeepTokens lets access tokens outlive the process and be shared with other
// nodes. It is called before the first Send.
func (s *Sender) KeepTokens(kept Tokens) *Sender {
	s.tokens.kept = kept
	return s
}

// Input is what an attempt is made from.
type Input struct {
	Webhook  *models.Webhook
	Settings models.Settings
	Type     models.EventType
	Delivery models.Delivery
	Event    models.Event
	// Renewals is how often this was sent again at once, see Exchange.Again.
	Renewals int
	// KeepAnswer is how many bytes of the answer's body Exchange.Answer holds, at most
	// MaxAnswer; 0 means that there is no Exchange.Answer.
	KeepAnswer int
}

// Exchange is what came of one attempt.
type Exchange struct {
	// Attempt is what the log keeps; it holds no secret in clear.
	Attempt models.Attempt
	// Answer is the raw answer, if Input.KeepAnswer asked for it and a receiver answered.
	Answer *Answer
	// RetryAfter is how long the receiver asks to be left alone, at most a
	// day; 0 when it does not ask.
	RetryAfter time.Duration
	// GivenBack says that our own side stopped before an outcome was known:
	// there is nothing to log, and the attempt does not count (promise 10).
	GivenBack bool
	// Again says that the receiver refused the access token (401) and a new one can
	// be had: store this attempt, which does not count as a try, and Send the same
	// again at once with Renewals one higher (I6).
	Again bool
}

// Send makes one attempt and reports what came of it. Whatever goes wrong is an
// outcome, not an error. The secrets and the URL are those of in.Webhook as it
// is now, so a rotated credential counts for retries of old deliveries too (D1).
func (s *Sender) Send(ctx context.Context, in Input) (ex Exchange) {
	started := s.now()
	p := s.prepared(&in)
	if p.fault != nil {
		ex.Attempt = p.unsent(&in, started, &message{}, p.fault)
		return ex
	}
	m, fault := p.message(&in, p.signer(started))
	if fault != nil {
		ex.Attempt = p.unsent(&in, started, &m, fault)
		return ex
	}
	begun := time.Now()
	cred, fault := p.credential(ctx, begun.Add(p.timeout))
	switch {
	case fault == gaveUp:
		ex.GivenBack = true
		return ex
	case fault != nil:
		ex.Attempt = p.tokenless(&in, started, time.Since(begun), &m, fault)
		return ex
	}
	m.authenticate(cred)
	res := s.client.Do(ctx, egress.Request{
		Method: p.method, URL: m.url, Header: m.header, Body: m.body, Timeout: p.left(cred, begun), Keep: keepOf(in.KeepAnswer),
	})
	if res.Kind == egress.KindCancelled {
		ex.GivenBack = true
		return ex
	}
	ex.Answer = answerOf(res, in.KeepAnswer)
	ex.Attempt = p.attempt(&in, &m, logged(res))
	if ex.Attempt.Outcome == models.HTTPError {
		ex.RetryAfter = retryAfter(res.Header, s.now())
	}
	if cred.token != nil && ex.Attempt.Status == http.StatusUnauthorized {
		p.auth.tokens.renew(&ex, cred.token, in.Renewals)
	}
	return ex
}

// left is the time for the request: all of it, unless a token was needed first.
func (p *prepared) left(cred credential, begun time.Time) time.Duration {
	if cred.token == nil {
		return p.timeout
	}
	return max(p.timeout-time.Since(begun).Truncate(time.Millisecond), time.Millisecond)
}

// DropOutdated drops what is kept of webhooks that are not in the configuration, or not
// as they were: templates, keys and credentials.
func (s *Sender) DropOutdated(config *models.Config) { s.cache.dropOutdated(config) }

// Load prepares a webhook before its first attempt.
func (s *Sender) Load(w *models.Webhook, settings models.Settings) {
	if s.cache.room() {
		s.prepared(&Input{Webhook: w, Settings: settings})
	}
}

// prepared takes the webhook from the cache. A test does not: the form lets a
// person change the URL and the key for one test (Z5), and such a webhook bears
// the id and version of the one it was made from.
func (s *Sender) prepared(in *Input) *prepared {
	w := in.Webhook
	if in.Delivery.Test || w.ID == "" {
		return s.prepare(in)
	}
	if p := s.cache.get(w.ID, w.Version, in.Settings); p != nil && p.auth.shared == sharedVersion(w.Auth) {
		return p
	}
	p := s.prepare(in)
	s.cache.put(w.ID, p)
	return p
}

func (s *Sender) prepare(in *Input) *prepared {
	p := prepare(in.Webhook, in.Settings, s.client.CheckURL, s.box.Open)
	if p.auth.client != nil {
		p.auth.tokens = s.tokens.of(p.auth.client)
	}
	return p
}

// Exchange makes the caller's own request through the same guarded client. Text
// in the answer is UTF-8, whatever charset it came in.
func (s *Sender) Exchange(ctx context.Context, r egress.Request) egress.Result {
	return readable(s.client.Do(ctx, r))
}

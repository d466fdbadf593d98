package capture

import (
	"context"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"hookline/app/egress"
	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// Path is where capture URLs begin, below the base URL.
const Path = "/capture/in/"

// perSecond is how many requests one endpoint takes, after a burst.
const perSecond = 50

var perEndpoint = ratelimit.Limit{Every: time.Second / perSecond, Burst: 200}

// secretLength is that of secret.NewToken: 256 bits.
const secretLength = 43

// Options of a Bin. BaseURL may be empty: then no URL is one of its own. Told is
// called with an endpoint's id after requests of it were stored; it and Log may
// be nil.
type Options struct {
	Store   *store.Store
	BaseURL string
	Now     func() time.Time
	Told    func(captureID string)
	Log     *slog.Logger
}

// Bin takes requests. Safe for concurrent use.
type Bin struct {
	store *store.Store
	base  string
	now   func() time.Time
	rates *ratelimit.Buckets
	queue *queue
}

// New makes a Bin. Call Close before the store's.
func New(o Options) *Bin {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Told == nil {
		o.Told = func(string) {}
	}
	return &Bin{
		store: o.Store, base: strings.TrimSuffix(o.BaseURL, "/") + Path, now: o.Now,
		rates: ratelimit.New(o.Now), queue: newQueue(o.Store, o.Told, o.Log),
	}
}

// Close stores what waits. What comes afterwards is dropped.
func (b *Bin) Close() { b.queue.close() }

// URL is the address of the endpoint with this secret.
func (b *Bin) URL(clear string) string { return b.base + clear }

// Secret is what comes behind Path in a path, up to the next slash.
func Secret(path string) (clear string, ok bool) {
	rest, ok := strings.CutPrefix(path, Path)
	if !ok {
		return "", false
	}
	clear, _, _ = strings.Cut(rest, "/")
	return clear, isSecret(clear)
}

func isSecret(text string) bool {
	if len(text) != secretLength {
		return false
	}
	for i := range len(text) {
		c := text[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') {
			return false
		}
	}
	return true
}

// Match reports whether the text is a URL of this installation's capture, letter
// by letter as URL gives it, with any path and query behind, and its secret.
// Everything else, however alike, is for the guard to judge.
func (b *Bin) Match(raw string) (u *url.URL, clear string, ok bool) {
	rest, ours := strings.CutPrefix(raw, b.base)
	if !ours || b.base == Path || len(raw) > models.MaxURL || len(rest) < secretLength {
		return nil, "", false
	}
	clear, behind := rest[:secretLength], rest[secretLength:]
	if !isSecret(clear) || (behind != "" && behind[0] != '/' && behind[0] != '?') {
		return nil, "", false
	}
	if !utf8.ValidString(behind) || strings.ContainsFunc(behind, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '\\' || r == '#' }) {
		return nil, "", false
	}
	raw = egress.EncodeURL(raw)
	u, err := url.Parse(raw)
	if err != nil || u.User != nil || len(raw) > models.MaxURL {
		return nil, "", false
	}
	return u, clear, true
}

// Find returns the endpoint with this secret; NotFound when there is none, or
// none any more.
func (b *Bin) Find(ctx context.Context, clear string) (models.Capture, error) {
	return b.store.CaptureByHash(ctx, secret.Hash(clear))
}

// Reply is an answer to a sender.
type Reply struct {
	Status     int
	Type       string
	Body       string
	RetryAfter time.Duration // 0: none
}

// Admit says whether the endpoint takes a request now; if not, with what it is
// turned away.
func (b *Bin) Admit(c models.Capture) (Reply, bool) {
	if b.rates.Allow(c.ID, perEndpoint) {
		return Reply{}, true
	}
	b.queue.drop(c.ID)
	return Reply{
		Status: http.StatusTooManyRequests, Type: models.PlainAnswer, RetryAfter: time.Second,
		Body: "This capture endpoint takes " + strconv.Itoa(perSecond) + " requests a second. Send the rest later.\n",
	}, false
}

// Keep gives an admitted request its id, and takes it. It never waits for the database; false
// means that there was no room, and the request is counted as dropped.
func (b *Bin) Keep(r models.Captured) (Reply, bool) {
	r.ID = store.NewID(models.CapturedPrefix)
	if b.queue.put(r) {
		return Reply{}, true
	}
	return Reply{
		Status: http.StatusServiceUnavailable, Type: models.PlainAnswer, RetryAfter: time.Second,
		Body: "More requests arrive than can be kept. Send this one later.\n",
	}, false
}

// Wait takes the endpoint's delay, and returns its answer, or an error when ctx
// ended first.
func Wait(ctx context.Context, a models.CaptureAnswer) (Reply, error) {
	if a.Delay > 0 {
		timer := time.NewTimer(a.Delay)
		defer timer.Stop()
		select {
		case <-ctx.Done():
			return Reply{}, ctx.Err()
		case <-timer.C:
		}
	}
	return Reply{Status: a.Status, Type: a.Type, Body: a.Body}, ctx.Err()
}

// Flush waits until what arrived before is stored; for tests.
func (b *Bin) Flush() { b.queue.flush() }

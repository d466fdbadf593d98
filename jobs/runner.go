package jobs

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"hookline/app/deliver"
	"hookline/models"
)

// Store is what the jobs need of the database.
type Store interface {
	Config() *models.Config
	FreshConfig(ctx context.Context) (*models.Config, error)
	NewClaimID() string
	Waiting(ctx context.Context) ([]models.Waiting, error)
	Claim(ctx context.Context, webhookID string, limit int) ([]models.Work, error)
	Finish(ctx context.Context, f models.Finish) (held bool, err error)
	Holds(ctx context.Context, deliveryID, claimID string) (bool, error)
	ReleaseAll(ctx context.Context) error
	DisableWebhook(ctx context.Context, id string, version int64, state models.WebhookState) error
	DeleteExpiredSessions(ctx context.Context) error
	PruneDeliveries(ctx context.Context, before time.Time, p models.PruneStep) (models.Pruned, error)
	PruneBodies(ctx context.Context, before time.Time, p models.PruneStep) (models.Pruned, error)
	PruneEvents(ctx context.Context, before time.Time, p models.PruneStep) (models.Pruned, error)
	GiveSpaceBack(ctx context.Context, before time.Time, p models.PruneStep) (models.Pruned, error)
	EmptyWAL(ctx context.Context) error
	DropOldKeys(ctx context.Context) error
	DropOldTokens(ctx context.Context) error
	MergeStats(ctx context.Context) error
	PruneCaptured(ctx context.Context) error
}

// Permits is what several nodes share of the webhooks' rate limits.
type Permits interface {
	// TakePermits takes up to n of a webhook's permits to send. It returns how many
	// it got, and how long until the next is free.
	TakePermits(ctx context.Context, webhookID string, p models.GCRA, n int) (got int, wait time.Duration, err error)
}

// Sender makes one attempt. *deliver.Sender is one.
type Sender interface {
	Send(ctx context.Context, in deliver.Input) deliver.Exchange
}

// Options of a Runner. Permits, Now, Jitter, Observe and Changed may be nil.
type Options struct {
	Workers int     // requests in flight at once
	Permits Permits // nil: this node is the only one, and keeps rate limits in memory
	Log     *slog.Logger
	Now     func() time.Time
	Jitter  func() float64 // in [0, 1)
	Observe func(models.Outcome, time.Duration)
	Changed func(webhookID string) // a delivery of it is new here, or has a result
}

// Runner drains pending deliveries until it is stopped.
type Runner struct {
	Options
	store  Store
	sender Sender
	wake   chan struct{}
	abort  context.CancelFunc // ends attempts in flight
	ctx    context.Context    // of attempts
	work   sync.WaitGroup     // attempts and their results

	mu           sync.Mutex
	lanes        map[string]*lane
	held         map[string]*item // by delivery id: queued or in flight here
	quick        ring
	slow         ring
	inFlight     int
	inSlow       int // of inFlight, in lanes that are slow
	unstored     int // answered, but not stored yet
	bytes        int // of queued events
	stopping     bool
	ratesVersion int64 // the version of the configuration whose limits the lanes keep
}

// NewRunner makes a Runner; Run starts it.
func NewRunner(store Store, sender Sender, o Options) *Runner {
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	if o.Jitter == nil {
		o.Jitter = rand.Float64
	}
	if o.Observe == nil {
		o.Observe = func(models.Outcome, time.Duration) {}
	}
	if o.Changed == nil {
		o.Changed = func(string) {}
	}
	ctx, abort := context.WithCancel(context.Background())
	return &Runner{
		Options: o, store: store, sender: sender, wake: make(chan struct{}, 1), ctx: ctx, abort: abort,
		lanes: map[string]*lane{}, held: map[string]*item{},
	}
}

// grace is how long attempts in flight may go on after a stop; the rest of the
// promised 15 seconds is for storing their results and for GiveBack.
const grace = 12 * time.Second

// Run drains until ctx ends, then stops in two steps: no more claims; attempts
// in flight end, or after the grace are cancelled and given back uncounted. What
// still waits stays claimed until GiveBack.
func (r *Runner) Run(ctx context.Context) {
	schedule := r.startSchedule(ctx)
	r.drain(ctx)
	<-schedule.Stop().Done()

	r.mu.Lock()
	r.stopping = true
	r.stopRateLimits()
	r.mu.Unlock()
	cut := time.AfterFunc(grace, r.abort)
	r.work.Wait()
	cut.Stop()
	r.abort()
}

// GiveBack lets others have what this node still holds. It comes last, when Run
// has returned and nobody publishes or tests any more: what they held would be
// given away under them.
func (r *Runner) GiveBack(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 1500*time.Millisecond)
	defer cancel()
	if err := r.store.ReleaseAll(ctx); err != nil {
		r.Log.Warn("could not give back waiting deliveries; others take them over when the lease ends", "error", err)
	}
}

// Wake makes the runner look at the table now.
func (r *Runner) Wake() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

// Stats are what a runner holds now.
type Stats struct{ Queued, InFlight, Lanes int }

// Stats counts without stopping anything.
func (r *Runner) Stats() Stats {
	r.mu.Lock()
	defer r.mu.Unlock()
	return Stats{Queued: len(r.held) - r.inFlight - r.unstored, InFlight: r.inFlight, Lanes: len(r.lanes)}
}

// Waits reports whether this node has the delivery in memory, but not on the wire
// yet.
func (r *Runner) Waits(deliveryID string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	it := r.held[deliveryID]
	return it != nil && it.element != nil
}

// Lane is what this node has in memory for a webhook.
func (r *Runner) Lane(webhookID string) models.Lane {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lanes[webhookID]
	if l == nil {
		return models.Lane{}
	}
	return models.Lane{Queued: l.queued(), InFlight: l.inFlight, Limit: l.limit, Slow: l.slow, Limited: l.limited(r.Now())}
}

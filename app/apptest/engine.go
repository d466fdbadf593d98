// Package apptest gives tests the real thing: a real database, the real sender
// and engine, scripted receivers, and a clock that they move by hand.
package apptest

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/netip"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/secret"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/jobs"
	"hookline/models"
)

// System is the actor that may do everything.
var System = models.Actor{System: true}

// Options of an Engine; the zero value is SQLite in a temporary folder, real
// time, 16 workers.
type Options struct {
	Database string // "" = SQLite in Dir
	Dir      string // "" = a temporary folder
	Clock    *Clock
	Egress   *egress.Config // nil = loopback over http allowed
	Workers  int
	Node     string
	Sender   jobs.Sender // of the runner; nil = the real one
	// Unaware of what other nodes change in the configuration: it does not listen
	// to PostgreSQL, which would hold virtual time up.
	Unaware bool
	Box     *secret.Box
	Log     *slog.Logger
}

// Engine is a node without its web server, running.
type Engine struct {
	*service.Service
	Store  *store.Store
	Box    *secret.Box
	Runner *jobs.Runner
	Client *egress.Client

	mu       sync.Mutex
	observed chan struct{} // closed and replaced with every attempt's result
	stop     func()
}

// Loopback lets tests reach servers on this machine.
func Loopback() egress.Config {
	return egress.Config{AllowHTTP: true, AllowTargets: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}}
}

// NewEngine starts an engine that ends with the test.
func NewEngine(t testing.TB, o Options) *Engine {
	t.Helper()
	if o.Dir == "" {
		o.Dir = t.TempDir()
	}
	if o.Database == "" {
		o.Database = "sqlite:" + filepath.Join(o.Dir, "hookline.db")
	}
	if o.Node == "" {
		o.Node = "n1"
	}
	if o.Workers == 0 {
		o.Workers = 16
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	now := func() time.Time { return time.Now().UTC() }
	if o.Clock != nil {
		now = o.Clock.Now
	}
	e := &Engine{Box: o.Box, observed: make(chan struct{})}
	var err error
	if e.Box == nil {
		e.Box, err = secret.Load("", o.Dir, true)
		require.NoError(t, err)
	}
	e.Store, err = store.Open(t.Context(), store.Options{Database: o.Database, Migrate: true, Node: o.Node, Now: now, Log: o.Log})
	require.NoError(t, err)
	config := Loopback()
	if o.Egress != nil {
		config = *o.Egress
	}
	config.MaxConns = o.Workers
	e.Client = egress.New(config)
	sender := deliver.NewSender(e.Client, e.Box, now).KeepTokens(e.Store)
	e.Runner = jobs.NewRunner(e.Store, cmp.Or[jobs.Sender](o.Sender, sender), jobs.Options{
		Workers: o.Workers, Permits: e.permits(), Log: o.Log, Now: now, Observe: e.observe, Jitter: func() float64 { return 0.5 },
	})
	e.Service = service.New(service.Deps{
		Store: e.Store, Box: e.Box, Sender: sender, Targets: e.Client, Queue: e.Runner, Now: now, SiteDomain: "example.com",
	})
	require.NoError(t, e.EventTypes.Seed(t.Context()))
	require.NoError(t, e.Store.SaveSettings(t.Context(), models.Settings{SiteName: "Test site", SiteDomain: "site.example.com", HeaderPrefix: "X-Hookline"}))
	e.run(t, o, now)
	return e
}

// permits is where nodes that share a database share rate limits too.
func (e *Engine) permits() jobs.Permits {
	if e.Store.Shared() {
		return e.Store
	}
	return nil
}

func (e *Engine) run(t testing.TB, o Options, now func() time.Time) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() { e.Runner.Run(ctx) })
	bulk := jobs.Bulk{Batches: e.Bulk, Log: o.Log, Now: now}
	wg.Go(func() { bulk.Run(ctx) })
	if !o.Unaware {
		wg.Go(func() { e.Store.WatchConfig(ctx) })
	}
	e.stop = sync.OnceFunc(func() {
		cancel()
		wg.Wait()
		e.Runner.GiveBack(context.Background())
		e.Client.Close()
		require.NoError(t, e.Store.Close())
	})
	t.Cleanup(e.stop)
}

// Stop ends the engine as SIGTERM does, and waits for it.
func (e *Engine) Stop() { e.stop() }

func (e *Engine) observe(models.Outcome, time.Duration) {
	e.mu.Lock()
	defer e.mu.Unlock()
	close(e.observed)
	e.observed = make(chan struct{})
}

// Await returns once done says so; it is asked after every attempt's result.
func (e *Engine) Await(t testing.TB, done func() bool) {
	t.Helper()
	deadline := time.After(Patience)
	for {
		e.mu.Lock()
		next := e.observed
		e.mu.Unlock()
		if done() {
			return
		}
		select {
		case <-next:
		case <-deadline:
			t.Fatal("gave up waiting")
		}
	}
}

// AwaitAttempts returns the delivery once it has made n attempts.
func (e *Engine) AwaitAttempts(t testing.TB, id string, n int) service.DeliveryDetail {
	t.Helper()
	var d service.DeliveryDetail
	e.Await(t, func() bool {
		var err error
		d, err = e.Deliveries.Get(context.Background(), System, id)
		require.NoError(t, err)
		return d.Delivery.Attempts >= n
	})
	return d
}

// AddWebhook makes a webhook to url; change, which may be nil, edits its draft.
func (e *Engine) AddWebhook(t testing.TB, url string, change func(*service.WebhookDraft)) models.Webhook {
	t.Helper()
	saved, err := e.Webhooks.Create(t.Context(), System, Draft("Receiver", url, change))
	require.NoError(t, err)
	return saved.Webhook
}

// Draft is the draft of a new webhook, with the defaults for all that no change sets.
func Draft(name, url string, changes ...func(*service.WebhookDraft)) service.WebhookDraft {
	d := service.WebhookDraft{Settings: models.NewWebhook().Settings()}
	d.Settings.Name, d.Settings.URL = name, url
	for _, change := range changes {
		if change != nil {
			change(&d)
		}
	}
	return d
}

// PublishOne publishes an event that makes exactly one delivery, and returns it.
func (e *Engine) PublishOne(t testing.TB, eventType, data string) models.Delivery {
	t.Helper()
	event, err := e.Events.Publish(t.Context(), System, service.NewEvent{Type: eventType, Data: json.RawMessage(data)})
	require.NoError(t, err)
	require.Equal(t, 1, event.Deliveries)
	detail, err := e.Events.Get(t.Context(), System, event.ID)
	require.NoError(t, err)
	return detail.Deliveries[0]
}

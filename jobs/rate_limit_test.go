package jobs_test

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/deliver"
	"hookline/app/service"
	"hookline/models"
)

// sent is a sender that notes when it was asked to send, by webhook. Time is
// virtual where it is used, so an answer takes exactly as long as it says.
type sent struct {
	mu     sync.Mutex
	start  time.Time
	at     map[string][]time.Duration
	status int
	takes  time.Duration
}

// The clock of every test here is that of its synctest bubble: what sleeps waits
// for virtual time, which moves only when all else stands still.
func newSent() *sent { return &sent{start: time.Now(), at: map[string][]time.Duration{}, status: 200} }

func (s *sent) Send(_ context.Context, in deliver.Input) deliver.Exchange {
	s.mu.Lock()
	s.at[in.Webhook.ID] = append(s.at[in.Webhook.ID], time.Since(s.start))
	status, takes := s.status, s.takes
	s.mu.Unlock()
	time.Sleep(takes)
	a := models.Attempt{Number: in.Delivery.Attempts + 1, StartedAt: time.Now().UTC(), Duration: takes + 1, Outcome: models.Success, Status: status}
	if status != 200 {
		a.Outcome = models.HTTPError
	}
	return deliver.Exchange{Attempt: a}
}

func (s *sent) of(id string) []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]time.Duration(nil), s.at[id]...)
}

// restart counts from now on.
func (s *sent) restart() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.start = time.Now()
}

func (s *sent) answer(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

// every is n times, apart by d.
func every(d time.Duration, n int) []time.Duration {
	out := make([]time.Duration, n)
	for i := range out {
		out[i] = time.Duration(i) * d
	}
	return out
}

func limited(perSecond float64) func(*service.WebhookDraft) {
	return func(d *service.WebhookDraft) { d.Settings.RateLimit = &models.RateLimit{PerSecond: perSecond} }
}

func publish(t *testing.T, e *apptest.Engine, n int) (ids []string) {
	t.Helper()
	list := make([]service.NewEvent, n)
	for i := range list {
		list[i] = service.NewEvent{Type: eventType, Data: json.RawMessage(`{}`)}
	}
	for _, p := range e.Events.PublishBatch(t.Context(), apptest.System, list) {
		require.NoError(t, p.Err)
		ids = append(ids, p.Event.ID)
	}
	return ids
}

// I9: attempts go out at exactly the limit, whether they came to the lane in
// memory or through the table, and a webhook without a limit is not held up.
// Waiting costs neither attempts nor tries.
func TestI9_ExactPacing(t *testing.T) {
	for _, c := range []struct {
		perSecond float64
		n         int
	}{{5, 200}, {0.1, 4}, {20, 100}} {
		t.Run(fmt.Sprint(c.perSecond), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newSent()
				e := apptest.NewEngine(t, apptest.Options{Sender: s})
				slow := e.AddWebhook(t, "https://slow.example.com", limited(c.perSecond))
				free := e.AddWebhook(t, "https://free.example.com", nil)
				s.restart()
				publish(t, e, c.n)
				synctest.Wait()
				require.Equal(t, make([]time.Duration, c.n), s.of(free.ID), "the neighbour is done at once")
				pause := models.GCRAOf(c.perSecond).Every
				time.Sleep(time.Duration(c.n) * pause)
				synctest.Wait()
				require.Equal(t, every(pause, c.n), s.of(slow.ID))
				requireOneAttemptEach(t, e, slow.ID, c.n)
			})
		})
	}
}

func requireOneAttemptEach(t *testing.T, e *apptest.Engine, webhookID string, n int) {
	t.Helper()
	counted := 0
	for page := (models.PageRequest{Limit: 100}); ; {
		list, err := e.Deliveries.List(t.Context(), apptest.System, models.DeliveryFilter{WebhookID: webhookID}, page)
		require.NoError(t, err)
		for _, d := range list.Items {
			require.Equal(t, models.Succeeded, d.State)
			require.Equal(t, 1, d.Attempts)
			require.Equal(t, 1, d.Tries)
			counted++
		}
		if list.Older == "" {
			require.Equal(t, n, counted)
			return
		}
		page.Cursor = list.Older
	}
}

// I9: below the highest limits attempts need not keep their distance, but in no
// second are there more than the limit and 50 ms worth of it.
func TestI9_HighLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSent()
		s.takes = 3 * time.Millisecond
		e := apptest.NewEngine(t, apptest.Options{Sender: s})
		hook := e.AddWebhook(t, "https://slow.example.com", limited(1000))
		s.restart()
		publish(t, e, 3000)
		time.Sleep(3 * time.Second)
		synctest.Wait()
		at := s.of(hook.ID)
		require.Len(t, at, 3000)
		requireAtMost(t, at, 1050)
	})
}

// requireAtMost in any second.
func requireAtMost(t *testing.T, at []time.Duration, most int) {
	t.Helper()
	for i := range at {
		if i+most < len(at) {
			require.GreaterOrEqual(t, at[i+most]-at[i], time.Second, "from %s", at[i])
		}
	}
}

// I9: retries count against the limit too, and wait without losing a try.
func TestI9_RetriesCount(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSent()
		s.answer(500)
		e := apptest.NewEngine(t, apptest.Options{Sender: s})
		hook := e.AddWebhook(t, "https://slow.example.com", func(d *service.WebhookDraft) {
			limited(0.5)(d)
			d.Settings.Retry = models.Retry{Preset: models.RetryCustom, Attempts: 3, Delays: []time.Duration{time.Millisecond}, RetryOn: []string{models.On5xx}}
		})
		s.restart()
		publish(t, e, 4)
		time.Sleep(30 * time.Second)
		synctest.Wait()
		require.Equal(t, every(2*time.Second, 12), s.of(hook.ID))
		list, err := e.Deliveries.List(t.Context(), apptest.System, models.DeliveryFilter{}, models.PageRequest{})
		require.NoError(t, err)
		for _, d := range list.Items {
			require.Equal(t, models.Failed, d.State)
			require.Equal(t, 3, d.Tries)
		}
	})
}

// I9: a change of the limit counts at once, for what waits too.
func TestI9_ChangeCountsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSent()
		e := apptest.NewEngine(t, apptest.Options{Sender: s})
		hook := e.AddWebhook(t, "https://slow.example.com", limited(models.MinRateLimit))
		set := func(perSecond float64) {
			_, err := e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, func(d *service.WebhookDraft) { d.Settings.RateLimit = &models.RateLimit{PerSecond: perSecond} })
			require.NoError(t, err)
			synctest.Wait()
		}
		s.restart()
		publish(t, e, 300)
		time.Sleep(10 * time.Second)
		require.Len(t, s.of(hook.ID), 1)
		set(10)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		at := s.of(hook.ID)
		require.InDelta(t, 101, len(at), 1)
		require.Equal(t, 100*time.Millisecond, at[len(at)-1]-at[len(at)-2])
		set(models.MinRateLimit)
		time.Sleep(50 * time.Second)
		require.Len(t, s.of(hook.ID), len(at)+1, "one that was as good as due, and no more")
		set(0)
		require.Len(t, s.of(hook.ID), 300)
		requireOneAttemptEach(t, e, hook.ID, 300)
	})
}

// I9, promise 10: a stop gives waiting ones back uncounted, and the next start
// goes on at the limit.
func TestI9_StopAndStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSent()
		o := apptest.Options{Sender: s, Dir: t.TempDir()}
		first := apptest.NewEngine(t, o)
		hook := first.AddWebhook(t, "https://slow.example.com", limited(2))
		publish(t, first, 20)
		time.Sleep(4 * time.Second)
		first.Stop()
		before := len(s.of(hook.ID))
		require.InDelta(t, 9, before, 1)

		time.Sleep(time.Second)
		s.restart() // a new engine may send before it is returned
		second := apptest.NewEngine(t, o)
		time.Sleep(20 * time.Second)
		require.Equal(t, every(500*time.Millisecond, 20-before), s.of(hook.ID)[before:])
		requireOneAttemptEach(t, second, hook.ID, 20)
	})
}

// I9: a lane in memory holds what goes out within a fraction of a lease, so that
// no lease runs out while something waits, and claims come in batches.
func TestI9_LaneHoldsWhatGoesOutSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newSent()
		e := apptest.NewEngine(t, apptest.Options{Sender: s})
		hook := e.AddWebhook(t, "https://slow.example.com", limited(4))
		publish(t, e, 400)
		for range 90 {
			time.Sleep(time.Second)
			synctest.Wait()
			lane := e.Runner.Lane(hook.ID)
			require.True(t, lane.Limited)
			require.LessOrEqual(t, lane.Queued, 21)
			require.Positive(t, lane.Queued)
		}
	})
}

// I9, B13: nodes that share a database share the limit, and what one of them has
// in memory holds up neither the other nor a webhook without a limit.
func TestI9_NodesShareTheLimit(t *testing.T) {
	for _, perSecond := range []float64{4, 200} {
		t.Run(fmt.Sprint(perSecond), func(t *testing.T) {
			database, dir := pgtest.New(t), t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				s := newSent()
				o := apptest.Options{Sender: s, Database: database, Dir: dir, Unaware: true}
				one := apptest.NewEngine(t, o)
				hook := one.AddWebhook(t, "https://slow.example.com", limited(perSecond))
				free := one.AddWebhook(t, "https://free.example.com", nil)
				o.Node = "n2"
				two := apptest.NewEngine(t, o)
				n := int(perSecond) * 20
				s.restart()
				publish(t, one, n/2)
				publish(t, two, n/2)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				require.Len(t, s.of(free.ID), n)
				time.Sleep(30 * time.Second)
				synctest.Wait()
				at := s.of(hook.ID)
				require.Len(t, at, n)
				burst := models.GCRAOf(perSecond).Burst
				requireAtMost(t, at, int(perSecond)+3*burst-1)
				require.LessOrEqual(t, at[n-1], 25*time.Second, "together they reach it")
				requireOneAttemptEach(t, one, hook.ID, n)
			})
		})
	}
}

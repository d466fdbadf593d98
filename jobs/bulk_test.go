package jobs_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/jobs"
	"hookline/models"
)

// bulkDesk is a database with deliveries that failed, and no engine: what bulk
// jobs do to them stays to be seen.
type bulkDesk struct {
	*service.Service
	t       *testing.T
	file    string
	store   *store.Store
	webhook models.Webhook
	worked  []worked
}

// worked is how many deliveries a batch dealt with, and when.
type worked struct {
	at time.Time
	n  int
}

func newBulkDesk(t *testing.T) *bulkDesk {
	d := &bulkDesk{t: t, file: filepath.Join(t.TempDir(), "hookline.db")}
	d.open("n1")
	d.webhook = d.addWebhook()
	return d
}

// open opens the database as serve does; a process before counts as dead.
func (d *bulkDesk) open(node string) {
	now := func() time.Time { return time.Now().UTC() }
	st, err := store.Open(context.Background(), store.Options{Database: "sqlite:" + d.file, Exclusive: true, Migrate: true, Node: node, Now: now})
	require.NoError(d.t, err)
	d.store, d.Service = st, service.New(service.Deps{Store: st, Now: now})
}

func (d *bulkDesk) addWebhook() models.Webhook {
	w := models.NewWebhook()
	w.ID, w.Name, w.URL, w.Version = newID(models.WebhookPrefix), "Receiver", "https://example.com/hook", 1
	require.NoError(d.t, d.store.CreateWebhook(context.Background(), w))
	return w
}

func newID(prefix string) string { return models.FormatID(prefix, uuid.Must(uuid.NewV7())) }

// fail adds n deliveries that have failed.
func (d *bulkDesk) fail(w models.Webhook, n int) (ids []string) {
	now := time.Now()
	for range n {
		e := models.Event{ID: newID(models.EventPrefix), Type: eventType, Data: json.RawMessage(`{}`), OccurredAt: now, CreatedAt: now}
		work := models.Work{Event: e, ClaimID: "n0.1", LeaseUntil: now.Add(models.Lease), Delivery: models.Delivery{
			ID: newID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: w.ID, State: models.Pending, DueAt: now, CreatedAt: now,
		}}
		require.NoError(d.t, d.store.Publish(context.Background(), nil, []store.Publication{{Event: e, Deliveries: []models.Work{work}}})[0].Err)
		_, err := d.store.Finish(context.Background(), models.Finish{DeliveryID: work.ID, ClaimID: "n0.1", Attempt: &models.Attempt{Outcome: models.HTTPError, Status: 500}, State: models.Failed, Tries: 1})
		require.NoError(d.t, err)
		ids = append(ids, work.ID)
	}
	return ids
}

func (d *bulkDesk) start(in service.BulkInput) models.BulkJob {
	j, err := d.Bulk.Start(context.Background(), apptest.System, in)
	require.NoError(d.t, err)
	return j
}

func (d *bulkDesk) job(id string) models.BulkJob {
	j, err := d.store.BulkJob(context.Background(), id)
	require.NoError(d.t, err)
	return j
}

// work runs the worker for a time of the bubble's clock.
func (d *bulkDesk) work(during time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), during)
	defer cancel()
	b := jobs.Bulk{Batches: noting{d.Bulk, d}, Log: slog.New(slog.DiscardHandler), Now: time.Now}
	b.Run(ctx)
}

// noting writes down what each step did.
type noting struct {
	*service.Bulk
	d *bulkDesk
}

func (n noting) handled() (sum int) {
	page, err := n.Bulk.List(context.Background(), apptest.System, service.BulkList{}, models.PageRequest{})
	require.NoError(n.d.t, err)
	for _, j := range page.Items {
		sum += j.Handled()
	}
	return sum
}

func (n noting) Step(ctx context.Context) (time.Time, error) {
	before := n.handled()
	next, err := n.Bulk.Step(ctx)
	if did := n.handled() - before; did > 0 {
		n.d.worked = append(n.d.worked, worked{time.Now(), did})
	}
	return next, err
}

func (d *bulkDesk) states(ids []string) map[models.DeliveryState]int {
	out := map[models.DeliveryState]int{}
	for _, id := range ids {
		got, err := d.store.Delivery(context.Background(), id)
		require.NoError(d.t, err)
		out[got.State]++
	}
	return out
}

func retriggerFailed(rate int) service.BulkInput {
	return service.BulkInput{Kind: models.BulkRetrigger, Filter: models.DeliveryFilter{State: models.Failed}, Rate: rate}
}

// B6: the rate holds in each batch and across them.
func TestB6_BulkKeepsItsRate(t *testing.T) {
	for rate, seconds := range map[int]int{1: 9, 4: 20, 20: 5, 50: 2, 1000: 1} {
		synctest.Test(t, func(t *testing.T) {
			d := newBulkDesk(t)
			defer d.store.Close()
			ids := d.fail(d.webhook, min(100, rate*seconds))
			asked := time.Now()
			j := d.start(retriggerFailed(rate))
			d.work(time.Duration(seconds+1) * time.Second)
			got := d.job(j.ID)
			require.Equal(t, models.BulkDone, got.State)
			require.Equal(t, len(ids), got.Done)
			require.Equal(t, len(ids), got.Matched)
			require.Equal(t, map[models.DeliveryState]int{models.Pending: len(ids)}, d.states(ids))
			sum := 0
			for _, w := range d.worked {
				// Deliveries sent before this batch took their time at the rate.
				require.GreaterOrEqual(t, w.at.Sub(asked)+10*time.Millisecond, models.BulkDuration(sum, rate), "rate %d", rate)
				sum += w.n
			}
			took := d.worked[len(d.worked)-1].at.Sub(asked)
			require.LessOrEqual(t, took, models.BulkDuration(len(ids), rate)+models.BulkInterval, "nor does it dawdle")
		})
	}
}

// B6: cancelled between two batches; what was done stays done.
func TestB6_BulkIsCancelledBetweenBatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newBulkDesk(t)
		defer d.store.Close()
		ids := d.fail(d.webhook, 60)
		j := d.start(retriggerFailed(20))
		d.work(900 * time.Millisecond)
		_, err := d.Bulk.Cancel(context.Background(), apptest.System, j.ID)
		require.NoError(t, err)
		d.work(10 * time.Second)
		got := d.job(j.ID)
		require.Equal(t, models.BulkCancelled, got.State)
		require.Equal(t, 20, got.Done)
		require.Equal(t, map[models.DeliveryState]int{models.Pending: 20, models.Failed: 40}, d.states(ids))
		_, err = d.Bulk.Cancel(context.Background(), apptest.System, j.ID)
		require.Equal(t, models.Conflict, models.CodeOf(err))
	})
}

// B6: after a crash the job goes on where it was, and takes nothing twice.
func TestB6_BulkGoesOnAfterACrash(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newBulkDesk(t)
		ids := d.fail(d.webhook, 60)
		j := d.start(retriggerFailed(20))
		d.work(900 * time.Millisecond)
		require.Equal(t, map[models.DeliveryState]int{models.Pending: 20, models.Failed: 40}, d.states(ids))
		for _, id := range ids[:20] {
			require.NoError(t, d.store.Cancel(context.Background(), id)) // a second retrigger would show
		}
		require.NoError(t, d.store.Close()) // without giving the job back
		d.open("n2")
		defer func() { _ = d.store.Close() }()
		asked := time.Now()
		d.worked = nil
		d.work(5 * time.Second)
		require.Equal(t, models.BulkDone, d.job(j.ID).State)
		require.Equal(t, 60, d.job(j.ID).Done)
		require.Equal(t, map[models.DeliveryState]int{models.Cancelled: 20, models.Pending: 40}, d.states(ids))
		require.LessOrEqual(t, d.worked[0].at.Sub(asked), time.Second, "no lease to wait for: the file's lock proves the death")
	})
}

// B6: what belongs to a deleted webhook is skipped, and counted.
func TestB6_BulkSkipsWhatItCannotRetrigger(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newBulkDesk(t)
		defer d.store.Close()
		gone := d.addWebhook()
		stay, lost := d.fail(d.webhook, 10), d.fail(gone, 15)
		require.NoError(t, d.store.DeleteWebhook(context.Background(), gone.ID))
		j := d.start(retriggerFailed(20))
		d.work(4 * time.Second)
		got := d.job(j.ID)
		require.Equal(t, models.BulkDone, got.State)
		require.Equal(t, 10, got.Done)
		require.Equal(t, 15, got.Skipped)
		require.Equal(t, map[models.DeliveryState]int{models.Pending: 10}, d.states(stay))
		require.Equal(t, map[models.DeliveryState]int{models.Failed: 15}, d.states(lost))
	})
}

// B6: a job may do no more than whoever started it may do at that moment.
func TestB6_BulkStopsWithTheRightsOfItsStarter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := newBulkDesk(t)
		defer d.store.Close()
		ids := d.fail(d.webhook, 60)
		ctx := context.Background()
		_, token, err := d.Tokens.Create(ctx, apptest.System, "Night shift", []models.Scope{models.DeliveriesWrite}, time.Time{})
		require.NoError(t, err)
		j, err := d.Bulk.Start(ctx, models.Actor{Token: &token}, retriggerFailed(20))
		require.NoError(t, err)
		d.work(900 * time.Millisecond)
		require.NoError(t, d.Tokens.Revoke(ctx, apptest.System, token.ID))
		d.work(5 * time.Second)
		got := d.job(j.ID)
		require.Equal(t, models.BulkFailed, got.State)
		require.Equal(t, "The API token that started it was revoked.", got.Reason)
		require.Equal(t, map[models.DeliveryState]int{models.Pending: 20, models.Failed: 40}, d.states(ids))
	})
}

// B6: two nodes, one job: each delivery is retriggered once.
func TestB6_TwoNodesRetriggerOnce(t *testing.T) {
	database, dir := pgtest.New(t), t.TempDir()
	first := apptest.NewEngine(t, apptest.Options{Database: database, Dir: dir, Node: "n1"})
	second := apptest.NewEngine(t, apptest.Options{Database: database, Dir: dir, Node: "n2", Box: first.Box})
	r := apptest.NewReceiver(t)
	r.AnswerStatus(404)
	first.AddWebhook(t, r.URL, nil)
	const n = 60
	for range n {
		first.PublishOne(t, eventType, `{}`)
	}
	r.Wait(t, n)
	require.Eventually(t, func() bool {
		p, err := first.Bulk.Preview(t.Context(), apptest.System, retriggerFailed(0))
		return err == nil && p.Count == n
	}, apptest.Patience, time.Millisecond)
	r.AnswerStatus(200)
	var wg sync.WaitGroup
	for _, e := range []*apptest.Engine{first, second} {
		wg.Go(func() {
			_, err := e.Bulk.Start(context.Background(), apptest.System, retriggerFailed(200))
			require.NoError(t, err)
		})
	}
	wg.Wait()
	r.Wait(t, 2*n)
	require.Eventually(t, func() bool {
		page, err := first.Bulk.List(t.Context(), apptest.System, service.BulkList{State: models.BulkRunning}, models.PageRequest{})
		return err == nil && len(page.Items) == 0
	}, apptest.Patience, time.Millisecond)
	got := map[string]int{}
	for _, req := range r.Got() {
		got[req.Header.Get("Idempotency-Key")]++
	}
	require.Len(t, got, n)
	for id, times := range got {
		require.Equal(t, 2, times, id)
	}
}

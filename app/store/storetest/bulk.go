package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// failed stores a delivery that has failed.
func (s *suite) failed(t *testing.T, webhookID string) string {
	t.Helper()
	w := s.publish(t, webhookID, s.NewClaimID())
	s.fail(t, w)
	return w.ID
}

func (s *suite) fail(t *testing.T, w models.Work) {
	t.Helper()
	require.True(t, s.finish(t, models.Finish{
		DeliveryID: w.ID, ClaimID: w.ClaimID, Attempt: s.attempt(models.HTTPError, 500), State: models.Failed, Tries: 1,
	}))
}

// bulk stores a job over everything that f matches now.
func (s *suite) bulk(t *testing.T, kind models.BulkKind, f models.DeliveryFilter) models.BulkJob {
	t.Helper()
	through, err := s.NewestDelivery(s.ctx)
	require.NoError(t, err)
	j := models.BulkJob{
		ID: newID(models.JobPrefix), Kind: kind, WebhookID: f.WebhookID, Filter: f, Rate: 50, State: models.BulkRunning,
		Through: through, CreatedBy: "usr_1", CreatedByName: "Pat", CreatedAt: s.clock.At, NextAt: s.clock.At,
	}
	require.NoError(t, s.CreateBulkJob(s.ctx, j))
	return j
}

func (s *suite) targets(t *testing.T, j models.BulkJob, after string, limit int) []store.BulkTarget {
	t.Helper()
	list, err := s.BulkTargets(s.ctx, j, after, limit)
	require.NoError(t, err)
	return list
}

func targetIDs(list []store.BulkTarget) []string {
	var out []string
	for _, target := range list {
		out = append(out, target.ID)
	}
	return out
}

func (s *suite) state(t *testing.T, id string) models.DeliveryState {
	t.Helper()
	d, err := s.Delivery(s.ctx, id)
	require.NoError(t, err)
	return d.State
}

// B6: the set is what matched when it was asked for, the oldest first.
func testBulkSet(t *testing.T, s *suite) {
	hook, other := s.webhook(t), s.webhook(t)
	first, second := s.failed(t, hook.ID), s.failed(t, hook.ID)
	s.failed(t, other.ID)
	probe := s.work(hook.ID, s.NewClaimID())
	probe.Test = true
	require.NoError(t, s.Publish(s.ctx, nil, []store.Publication{{Event: probe.Event, Deliveries: []models.Work{probe}}})[0].Err)
	s.fail(t, probe)
	late := s.publish(t, hook.ID, s.NewClaimID())

	j := s.bulk(t, models.BulkRetrigger, models.DeliveryFilter{WebhookID: hook.ID, State: models.Failed})
	s.clock.At = s.clock.At.Add(time.Second)
	s.fail(t, late)      // there already, but it fails only now
	s.failed(t, hook.ID) // made and failed afterwards
	got := s.targets(t, j, "", 10)
	require.Equal(t, []store.BulkTarget{{ID: first, WebhookID: hook.ID}, {ID: second, WebhookID: hook.ID}}, got)
	require.Equal(t, []string{second}, targetIDs(s.targets(t, j, first, 10)))
	require.Equal(t, []string{first}, targetIDs(s.targets(t, j, "", 1)))

	j.Tests = true
	require.Equal(t, []string{first, second, probe.ID}, targetIDs(s.targets(t, j, "", 10)))
	for limit, want := range map[int]string{2: second, 3: probe.ID, 4: j.Through} {
		n, last, err := s.CountBulk(s.ctx, j, "", limit)
		require.NoError(t, err)
		require.Equal(t, min(limit, 3), n)
		require.Equal(t, want, last)
	}
}

// B6: what a node holds in its lane is to be cancelled, too.
func testBulkCancelSet(t *testing.T, s *suite) {
	hook := s.webhook(t)
	s.failed(t, hook.ID)
	held, waits := s.publish(t, hook.ID, s.NewClaimID()), s.publish(t, hook.ID, "")
	j := s.bulk(t, models.BulkCancel, models.DeliveryFilter{State: models.Pending})
	list := s.targets(t, j, "", 10)
	require.Equal(t, []string{held.ID, waits.ID}, targetIDs(list))

	after := j
	after.State, after.Reached, after.CountedTo = models.BulkDone, j.Through, j.Through
	changed, ok, err := s.AdvanceBulk(s.ctx, j, store.BulkBatch{Job: after, Change: list})
	require.NoError(t, err)
	require.True(t, ok)
	require.ElementsMatch(t, list, changed)
	require.Equal(t, models.Cancelled, s.state(t, held.ID))
	require.Equal(t, models.Cancelled, s.state(t, waits.ID))
	ended, err := s.BulkJob(s.ctx, j.ID)
	require.NoError(t, err)
	require.Equal(t, models.BulkDone, ended.State)
	require.Equal(t, s.clock.At, ended.FinishedAt)
	require.Equal(t, 2, ended.Done)
	require.Equal(t, models.CodeOf(s.EndBulkJob(s.ctx, j.ID, models.BulkCancelled, "")), models.Conflict)
}

// B6: a batch and the job's place move together or not at all, and a batch is
// made once, whoever tries.
func testBulkAdvance(t *testing.T, s *suite) {
	hook := s.webhook(t)
	first, second := s.failed(t, hook.ID), s.failed(t, hook.ID)
	j := s.bulk(t, models.BulkRetrigger, models.DeliveryFilter{WebhookID: hook.ID, State: models.Failed})
	list := s.targets(t, j, "", 10)
	gone := s.webhook(t)
	list = append(list, store.BulkTarget{ID: s.failed(t, gone.ID), WebhookID: gone.ID})
	require.NoError(t, s.DeleteWebhook(s.ctx, gone.ID))
	// The second one is retriggered by hand meanwhile, and on the wire.
	require.NoError(t, s.Retrigger(s.ctx, second))
	running := s.claimOne(t, hook.ID)

	after := j
	after.Reached, after.Matched, after.CountedTo = second, 3, j.Through
	after.NextAt = s.clock.At.Add(time.Second)
	batch := store.BulkBatch{Job: after, Change: list}
	changed, held, err := s.AdvanceBulk(s.ctx, j, batch)
	require.NoError(t, err)
	require.True(t, held)
	require.Equal(t, []string{first}, targetIDs(changed))
	got, err := s.BulkJob(s.ctx, j.ID)
	require.NoError(t, err)
	require.Equal(t, 1, got.Done)
	require.Equal(t, 2, got.Skipped)
	require.Equal(t, second, got.Reached)
	require.Equal(t, after.NextAt, got.NextAt)
	d, err := s.Delivery(s.ctx, first)
	require.NoError(t, err)
	require.Equal(t, models.Pending, d.State)
	require.Zero(t, d.Tries)
	require.True(t, d.FinishedAt.IsZero())

	// The same batch again, as after a crash before the answer or by another node.
	s.fail(t, running)
	require.NoError(t, s.Cancel(s.ctx, first))
	_, held, err = s.AdvanceBulk(s.ctx, j, batch)
	require.NoError(t, err)
	require.False(t, held)
	require.Equal(t, models.Cancelled, s.state(t, first), "undone with the batch")
	again, err := s.BulkJob(s.ctx, j.ID)
	require.NoError(t, err)
	require.Equal(t, got, again)

	require.NoError(t, s.EndBulkJob(s.ctx, j.ID, models.BulkCancelled, ""))
	next := got
	next.Reached = j.Through
	_, held, err = s.AdvanceBulk(s.ctx, got, store.BulkBatch{Job: next})
	require.NoError(t, err)
	require.False(t, held, "a cancelled job goes no further")
}

// B6: one node works at a job; another takes over when its lease ends, or at once
// when it gave the job back.
func testBulkLease(t *testing.T, s *suite) {
	hook := s.webhook(t)
	s.failed(t, hook.ID)
	j := s.bulk(t, models.BulkRetrigger, models.DeliveryFilter{WebhookID: hook.ID, State: models.Failed})
	other := s.open(t, "n2", s.clock)
	finds := func(st *store.Store) bool {
		_, found, err := st.NextBulkJob(s.ctx)
		require.NoError(t, err)
		return found
	}
	require.True(t, finds(s.Store))
	require.True(t, finds(other))
	after := j
	after.Reached = "dlv_0"
	_, held, err := s.AdvanceBulk(s.ctx, j, store.BulkBatch{Job: after})
	require.NoError(t, err)
	require.True(t, held)
	require.True(t, finds(s.Store))
	require.False(t, finds(other))
	stolen := after
	stolen.Reached = "dlv_1"
	_, held, err = other.AdvanceBulk(s.ctx, after, store.BulkBatch{Job: stolen})
	require.NoError(t, err)
	require.False(t, held, "a lease is respected")

	s.clock.At = s.clock.At.Add(15 * time.Second)
	require.True(t, finds(other))
	_, held, err = other.AdvanceBulk(s.ctx, after, store.BulkBatch{Job: stolen})
	require.NoError(t, err)
	require.True(t, held)
	require.False(t, finds(s.Store))
	require.NoError(t, other.ReleaseAll(s.ctx))
	require.True(t, finds(s.Store))
}

func testBulkList(t *testing.T, s *suite) {
	hook := s.webhook(t)
	a := s.bulk(t, models.BulkRetrigger, models.DeliveryFilter{WebhookID: hook.ID, State: models.Failed})
	b := s.bulk(t, models.BulkCancel, models.DeliveryFilter{})
	require.NoError(t, s.EndBulkJob(s.ctx, b.ID, models.BulkFailed, "Because."))
	list := func(f store.BulkFilter) (ids []string) {
		jobs, err := s.BulkJobs(s.ctx, f, store.Page{Limit: 10})
		require.NoError(t, err)
		for _, j := range jobs {
			ids = append(ids, j.ID)
		}
		return ids
	}
	require.Equal(t, []string{b.ID, a.ID}, list(store.BulkFilter{}))
	require.Equal(t, []string{a.ID}, list(store.BulkFilter{State: models.BulkRunning}))
	require.Equal(t, []string{a.ID}, list(store.BulkFilter{WebhookID: hook.ID}))
	require.Equal(t, []string{b.ID, a.ID}, list(store.BulkFilter{CreatedBy: "usr_1"}))
	require.Empty(t, list(store.BulkFilter{CreatedBy: "usr_2"}))
	ended, err := s.BulkJob(s.ctx, b.ID)
	require.NoError(t, err)
	require.Equal(t, "Because.", ended.Reason)
	_, err = s.BulkJob(s.ctx, newID(models.JobPrefix))
	require.Equal(t, models.NotFound, models.CodeOf(err))
}

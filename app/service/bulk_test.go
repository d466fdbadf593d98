package service_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/models"
)

// B6, Z8: a job takes deliveries of granted webhooks only, and ends when a grant
// does; who sees some webhooks only does not learn of others' jobs.
func TestB6_BulkKeepsToGrants(t *testing.T) {
	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	shared, other := e.AddWebhook(t, target, nil), e.AddWebhook(t, target, nil)
	off := false
	for _, w := range []models.Webhook{shared, other} {
		_, err := e.Webhooks.SetEnabled(t.Context(), apptest.System, w.ID, true)
		require.NoError(t, err)
	}
	for range 20 {
		_, err := e.Events.Publish(t.Context(), apptest.System, service.NewEvent{Type: "release.published", Data: json.RawMessage(`{}`)})
		require.NoError(t, err)
	}
	for _, w := range []models.Webhook{shared, other} { // what is pending waits
		_, err := e.Webhooks.Edit(t.Context(), apptest.System, w.ID, func(d *service.WebhookDraft) { d.Settings.Enabled, d.Wake = off, true })
		require.NoError(t, err)
	}
	pat, err := e.Accounts.Add(t.Context(), "pat@example.com", "Pat", models.Member, "correct horse battery")
	require.NoError(t, err)
	actor := models.Actor{User: &pat}
	grant := models.Grant{ID: "grt_1", WebhookID: shared.ID, UserID: pat.ID, Level: models.ViewGrant, CreatedAt: shared.CreatedAt}
	require.NoError(t, e.Store.SaveGrant(t.Context(), grant))
	cancel := service.BulkInput{Kind: models.BulkCancel, Rate: 1}

	ofShared, ofOther := cancel, cancel
	ofShared.Filter.WebhookID, ofOther.Filter.WebhookID = shared.ID, other.ID
	_, err = e.Bulk.Start(t.Context(), actor, ofShared)
	require.Equal(t, models.Denied, models.CodeOf(err), "view is not enough")
	_, err = e.Bulk.Start(t.Context(), actor, ofOther)
	require.Equal(t, models.NotFound, models.CodeOf(err))
	preview, err := e.Bulk.Preview(t.Context(), actor, cancel)
	require.NoError(t, err)
	require.Zero(t, preview.Count)

	grant.Level = models.EditGrant
	require.NoError(t, e.Store.SaveGrant(t.Context(), grant))
	everything, err := e.Bulk.Preview(t.Context(), apptest.System, cancel)
	require.NoError(t, err)
	require.Equal(t, 40, everything.Count)
	job, err := e.Bulk.Start(t.Context(), actor, cancel)
	require.NoError(t, err)
	require.Equal(t, 20, job.Matched, "the shared webhook's alone")
	foreign, err := e.Bulk.Start(t.Context(), apptest.System, ofShared)
	require.NoError(t, err)
	_, err = e.Bulk.Get(t.Context(), actor, foreign.ID)
	require.Equal(t, models.NotFound, models.CodeOf(err))
	_, err = e.Bulk.Cancel(t.Context(), actor, foreign.ID)
	require.Equal(t, models.NotFound, models.CodeOf(err))
	list, err := e.Bulk.List(t.Context(), actor, service.BulkList{}, models.PageRequest{})
	require.NoError(t, err)
	require.Len(t, list.Items, 1)

	// The clock stands, so at one delivery a second the job waits after its first.
	require.NoError(t, e.Store.DeleteGrant(t.Context(), shared.ID, grant.ID))
	clock.Advance(5 * time.Second)
	require.Eventually(t, func() bool {
		job, err = e.Store.BulkJob(t.Context(), job.ID)
		return err == nil && job.State == models.BulkFailed
	}, apptest.Patience, time.Millisecond)
	require.Contains(t, job.Reason, "may no longer")
	require.LessOrEqual(t, job.Done, 1)
}

// B6, B10: who asked for what, and who stopped it, is in the audit log.
func TestB6_BulkJobsAreAudited(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	job, err := e.Bulk.Start(t.Context(), apptest.System, service.BulkInput{Kind: models.BulkRetrigger, Filter: models.DeliveryFilter{State: models.AnyProblem, Host: "example.com"}})
	require.NoError(t, err)
	_, err = e.Bulk.Cancel(t.Context(), apptest.System, job.ID)
	log, logErr := e.Store.Audits(t.Context(), models.AuditFilter{SubjectID: job.ID}, store.Page{Limit: 10})
	require.NoError(t, logErr)
	if err == nil { // else it had ended: nothing matched
		require.Equal(t, "job.cancelled", log[0].Action)
		log = log[1:]
	}
	require.Len(t, log, 1)
	require.Equal(t, "job.started", log[0].Action)
	require.Equal(t, "Bulk retrigger", log[0].Subject)
	require.Contains(t, log[0].Changes[0].After, `state=problem`)
}

// B6: a preview does not count a million; a job counts on while it works.
func TestB6_BulkCountsLargeSetsAsItGoes(t *testing.T) {
	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	hook := e.AddWebhook(t, target, nil)
	off, n := false, models.BulkCountLimit+500
	events := make([]store.Publication, n)
	for i := range events {
		now := clock.Now()
		ev := models.Event{ID: newTestID(models.EventPrefix), Type: "release.published", Data: json.RawMessage(`{}`), OccurredAt: now, CreatedAt: now}
		events[i] = store.Publication{Event: ev, Deliveries: []models.Work{{Event: ev, Delivery: models.Delivery{
			ID: newTestID(models.DeliveryPrefix), EventID: ev.ID, EventType: ev.Type, WebhookID: hook.ID, State: models.Pending, DueAt: now, CreatedAt: now,
		}}}}
	}
	_, err := e.Webhooks.Edit(t.Context(), apptest.System, hook.ID, func(d *service.WebhookDraft) { d.Settings.Enabled, d.Wake = off, true })
	require.NoError(t, err)
	for _, p := range e.Store.Publish(t.Context(), nil, events) {
		require.NoError(t, p.Err)
	}
	cancel := service.BulkInput{Kind: models.BulkCancel, Rate: models.MaxBulkRate}
	preview, err := e.Bulk.Preview(t.Context(), apptest.System, cancel)
	require.NoError(t, err)
	require.Equal(t, models.BulkCountLimit, preview.Count)
	require.True(t, preview.More)
	job, err := e.Bulk.Start(t.Context(), apptest.System, cancel)
	require.NoError(t, err)
	require.False(t, job.Counted())
	require.Eventually(t, func() bool {
		job, err = e.Store.BulkJob(t.Context(), job.ID)
		return err == nil && job.Done > 0
	}, apptest.Patience, time.Millisecond)
	require.True(t, job.Counted())
	require.Equal(t, n, job.Matched)
	require.Equal(t, 250, job.Done, "a batch of a quarter of a second")
	require.Eventually(t, func() bool {
		clock.Advance(models.BulkInterval)
		job, err = e.Store.BulkJob(t.Context(), job.ID)
		return err == nil && job.State == models.BulkDone
	}, apptest.Patience, time.Millisecond)
	require.Equal(t, n, job.Done)
}

func newTestID(prefix string) string { return models.FormatID(prefix, uuid.Must(uuid.NewV7())) }

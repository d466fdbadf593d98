package views_test

import (
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/link"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// bulkPages are those of bulk jobs (B6).
func bulkPages() map[string]templ.Component {
	w, off := webhook(), webhook()
	off.Name, off.Enabled = script+" "+longOne, false
	usual := models.DeliveryFilter{WebhookID: w.ID, State: models.AnyProblem, Since: time.Date(2026, 6, 23, 9, 0, 0, 0, time.UTC)}
	attack := models.DeliveryFilter{WebhookID: w.ID, State: models.Failed, EventType: script, Status: script, Host: longOne, Search: script + longOne}
	asked := link.Bulk{Filter: filter(usual)}
	hostile := link.Bulk{Filter: filter(attack).WithUnread("since", script).WithUnread("until", rtl), Tests: true}
	job := func(state models.BulkState, done, skipped, matched int) models.BulkJob {
		j := models.BulkJob{
			ID: "job_01kf2j8x5vd0qz3m7c9r4t6y8b", Kind: models.BulkRetrigger, WebhookID: w.ID, Rate: 50, State: state, Done: done, Skipped: skipped, Matched: matched,
			CreatedBy: "usr_1", CreatedByName: "The Owner", CreatedAt: before(3 * time.Minute),
		}
		if state != models.BulkRunning {
			j.FinishedAt = before(time.Minute)
		}
		return j
	}
	show := func(j models.BulkJob, f models.DeliveryFilter, name string) deliveries.JobProps {
		j.Filter = f
		return deliveries.JobProps{Page: page("/jobs/" + j.ID), Job: j, Webhook: name, CanCancel: true}
	}
	large := job(models.BulkRunning, 4120, 3, 14123)
	large.Through = "dlv_2"
	large.CreatedByName = script
	stopped := job(models.BulkFailed, 812, 0, 2000)
	stopped.Reason = "The API token that started it was revoked."
	cancelled := job(models.BulkCancelled, 12, 0, 30)
	cancelled.Kind, cancelled.ID, cancelled.WebhookID, cancelled.CreatedByName = models.BulkCancel, "job_2", "", longOne
	return map[string]templ.Component{
		"bulk-retrigger": deliveries.Bulk(deliveries.BulkProps{Page: page("/"), Kind: models.BulkRetrigger, Filter: asked, Webhook: &w, Rate: "50", Count: 1234}),
		"bulk-cancel":    deliveries.Bulk(deliveries.BulkProps{Page: page("/"), Kind: models.BulkCancel, Filter: link.Bulk{Filter: filter(models.DeliveryFilter{State: models.Pending})}, Rate: "7", Count: 10000, More: true}),
		"bulk-nothing":   deliveries.Bulk(deliveries.BulkProps{Page: page("/"), Kind: models.BulkRetrigger, Filter: asked, Webhook: &w, Rate: "50"}),
		"bulk-wrong": deliveries.Bulk(deliveries.BulkProps{Page: page("/"), Kind: models.BulkRetrigger, Filter: hostile, Webhook: &off, Rate: "50", Errors: ui.Errors{
			"since": "Give a date and time such as 2026-05-01T09:00; it is taken as UTC.", "status": "Give an HTTP status, 100 to 599, or a class of them such as 5xx.",
		}}),
		"bulk-hostile": deliveries.Bulk(deliveries.BulkProps{Page: page("/"), Kind: models.BulkRetrigger, Filter: hostile, Webhook: &off, Rate: script, Count: 1, Errors: ui.Errors{"rate": "Give a rate from 1 to 1000 deliveries a second."}}),
		"job-running":  deliveries.Job(show(job(models.BulkRunning, 412, 3, 1234), usual, w.Name)),
		"job-large":    deliveries.Job(show(large, attack, script)),
		"job-done":     deliveries.Job(show(job(models.BulkDone, 1231, 3, 1234), usual, w.Name)),
		"job-stopped":  deliveries.Job(show(stopped, attack, off.Name)),
		"jobs": deliveries.Jobs(deliveries.JobsProps{Page: page("/jobs"), Pager: ui.PagerProps{Older: "/jobs?cursor=c"}, Jobs: []deliveries.JobProps{
			show(job(models.BulkRunning, 412, 3, 1234), usual, w.Name), show(cancelled, attack, ""), func() deliveries.JobProps { s := stopped; s.ID = "job_3"; return show(s, attack, script) }(),
		}}),
		"jobs-first": deliveries.Jobs(deliveries.JobsProps{Page: page("/jobs")}),
		"logs-bulk": webhooks.Logs(webhooks.LogsProps{Webhook: w, May: webhooks.All, Log: func() deliveries.LogProps {
			l := log(link.Logs{Of: w.ID}, rows())
			l.Running = []models.BulkJob{job(models.BulkRunning, 412, 3, 1234), large}
			return l
		}()}),
	}
}

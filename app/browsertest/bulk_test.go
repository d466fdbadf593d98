package browsertest

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// failMany makes n deliveries that have failed at r, and returns their webhook.
func failMany(t *testing.T, s *apptest.Server, r *apptest.Receiver, n int) models.Webhook {
	t.Helper()
	r.AnswerStatus(http.StatusInternalServerError)
	name, none := "Orders", models.Retry{Preset: models.RetryNone}
	saved, err := s.Service.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, r.URL, func(d *service.WebhookDraft) {
		d.Settings.Retry = none
	}))
	require.NoError(t, err)
	for range n {
		require.Equal(t, 202, s.Call(t, "POST", "/api/v1/events", map[string]any{"type": "release.published", "data": map[string]any{}}, nil))
	}
	s.AwaitState(t, models.Failed, n)
	r.AnswerStatus(http.StatusOK)
	return saved.Webhook
}

// B6: everything failed, the receiver is mended, and all of it is sent again.
func TestB6_BulkRetriggerWalk(t *testing.T) {
	s := apptest.NewServer(t, nil)
	r := apptest.NewReceiver(t)
	b := open(t, s)
	b.setUp()
	const n = 30
	hook := failMany(t, s, r, n)

	b.visit("/webhooks/" + hook.ID + "/logs")
	b.follow(chromedp.Click(button("Retrigger all…")))
	require.Contains(t, b.text("main"), "30 deliveries match")
	b.shot("bulk-preview")
	// Since a time to come nothing matches.
	b.do(chromedp.SetValue(field("since"), "2100-01-01 09:00"))
	b.follow(chromedp.Click(button("Count again")))
	require.Contains(t, b.text("main"), "Nothing matches")
	b.do(chromedp.SetValue(field("since"), "nine o'clock"))
	require.Equal(t, int64(http.StatusUnprocessableEntity), b.follow(chromedp.Click(button("Count again"))))
	require.Contains(t, b.text("main"), "Give a date and time such as")
	b.do(chromedp.SetValue(field("since"), "2020-01-01 09:00"))
	b.follow(chromedp.Click(button("Count again")))
	b.do(chromedp.SetValue(field("rate"), "20"))
	b.follow(chromedp.Click(button("Retrigger 30 deliveries")))
	require.Regexp(t, "^/jobs/job_", b.at())
	b.do(chromedp.Evaluate[chromedp.Void](`window.stayed = true`))
	b.await(`document.querySelector("progress").value > 0`)
	b.shot("bulk-job")
	b.await(`document.querySelector("main").innerText.includes("30 deliveries were retriggered") && window.stayed`)
	b.shot("bulk-done")
	r.Wait(t, 2*n)
	s.AwaitState(t, models.Succeeded, n)
	b.visit("/jobs")
	require.Contains(t, b.text("main"), "30 of 30")
	b.quiet()
}

// B6: the same by plain forms and links, stopped half way.
func TestB6_BulkWithoutJavaScript(t *testing.T) {
	s := apptest.NewServer(t, nil)
	r := apptest.NewReceiver(t)
	b := open(t, s)
	b.withoutScript()
	b.setUp()
	const n = 30
	hook := failMany(t, s, r, n)
	b.visit("/webhooks/" + hook.ID + "/logs?state=failed")
	b.follow(chromedp.Click(button("Retrigger all…")))
	b.do(chromedp.SetValue(field("rate"), "1"))
	b.follow(chromedp.Click(button("Retrigger 30 deliveries")))
	job := b.at()
	b.visit("/webhooks/" + hook.ID + "/logs")
	require.Contains(t, b.text("main"), "Bulk retrigger", "the log tells of it")
	b.visit(job)
	b.follow(chromedp.Click(button("Refresh")))
	b.follow(chromedp.Click(button("Stop")))
	require.Contains(t, b.text("main"), "The rest stays as it was.")
	page, err := s.Service.Bulk.List(t.Context(), apptest.System, service.BulkList{}, models.PageRequest{})
	require.NoError(t, err)
	require.Equal(t, models.BulkCancelled, page.Items[0].State)
	require.Less(t, page.Items[0].Done, n)
}

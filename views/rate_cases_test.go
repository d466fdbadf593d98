package views_test

import (
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/home"
	"hookline/views/link"
	"hookline/views/settings"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// ratePages are what waits for a rate limit, what relies on a webhook, what a
// copy lacks, and tests that came too often.
func ratePages() map[string]templ.Component {
	w := webhook()
	w.RateLimit = 0.5
	limited := waitingFor(0, 1204, models.WaitLimit, 41*time.Minute)
	limited.RateLimit = 0.5
	hostile := waitingFor(2, models.MaxBacklog, models.WaitLimit, 3*time.Hour)
	hostile.Name, hostile.RateLimit = script+longOne, 100
	slow := deliveryPages()["delivery-pending"]
	slow.RateLimit = 0.5
	again := deliveryPages()["delivery-hostile"]
	again.RateLimit = 20
	refused := testProps()
	refused.Errors = ui.Errors{"": "You sent more tests than 30 a minute. Wait a few seconds and send this one again."}
	client := connections()[0]
	return map[string]templ.Component{
		"rate-home":     home.Home(home.Props{Page: page("/"), Webhooks: 2, Stats: sampleStats(models.LastHour), Waiting: []home.Waiting{hostile, limited}}),
		"rate-logs":     webhooks.Logs(webhooks.LogsProps{Webhook: w, Log: log(link.Logs{Of: w.ID}, limitedRows(rows())), May: webhooks.All}),
		"rate-index":    deliveries.Index(log(link.Logs{}, limitedRows(wideRows()))),
		"rate-delivery": deliveries.Show(slow),
		"rate-retry":    deliveries.Show(again),
		"rate-details": webhooks.Show(webhooks.ShowProps{
			Page: page("/webhooks/" + w.ID), Webhook: w, Stats: sampleStats(models.LastDay), Preview: preview(), Types: types(), May: webhooks.All,
			Waiting: &limited.Backlog, Uses: uses(),
		}),
		"copy-details": webhooks.Show(webhooks.ShowProps{Page: page("/webhooks/" + w.ID), Webhook: w, Preview: preview(), Types: types(), May: webhooks.All, LeftOut: leftOut()}),
		"copy-key":     webhooks.KeyShown(webhooks.KeyShownProps{Page: page("/"), Webhook: w, Key: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYq=", CopyOf: "wh_2", LeftOut: leftOut()}),
		"delete-used":  webhooks.Delete(webhooks.DeleteProps{Page: page("/"), Webhook: w, Pending: 1204, Uses: uses()}),
		"test-refused": webhooks.TestPage(refused),
		"oauth-refused": settings.Connection(settings.ConnectionProps{
			Page: page("/"), ID: client.ID, Name: client.Name, Values: settings.ConnectionValuesOf(client), Test: &settings.ConnectionTest{Refused: refused.Errors[""]},
		}),
	}
}

// limitedRows are those rows, of which the first and third wait for a rate limit.
func limitedRows(list []deliveries.RowProps) []deliveries.RowProps {
	list[0].RateLimit, list[2].RateLimit = 0.5, 100
	return list
}

func uses() []webhooks.Use {
	return []webhooks.Use{
		{Label: "Events", Text: "12 event types are sent to it"},
		{Label: "API token", Text: "Shop backend, which made it", Href: link.Tokens},
		{Label: "Team", Text: "Logistics, may edit", Href: link.WebhookPermissions("wh_1")},
		{Label: "Person", Text: script + ", may view", Href: link.WebhookPermissions("wh_1")},
		{Label: "Person", Text: longOne + ", may edit", Href: link.WebhookPermissions("wh_1")},
	}
}

func leftOut() models.LeftOut {
	return models.LeftOut{Auth: models.AuthBearer, Headers: []string{"X-Api-Key", "X-" + longOne}}
}

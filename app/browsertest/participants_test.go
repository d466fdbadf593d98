package browsertest

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
)

// D6 and H5, as one does it: add somebody, be told of a slip in the JSON while
// typing it, find them by what they are called, and see the event that names them.
func TestD6_ParticipantsInTheBrowser(t *testing.T) {
	s := apptest.NewServer(t, nil)
	b := open(t, s)
	b.setUp()
	b.follow(chromedp.Click(`//aside//a[normalize-space()="Participants"]`))
	require.Contains(t, b.text("main"), "No participants yet")
	b.shot("participants-first")
	b.follow(chromedp.Click(`//main//a[normalize-space()="Add participant"]`))
	b.do(
		chromedp.SendKeys(field("email"), "ada@example.com"),
		chromedp.SendKeys(field("identifiers.0.name"), "slack_user_id"), chromedp.SendKeys(field("identifiers.0.value"), "U01ADA"),
		chromedp.Evaluate[chromedp.Void](`document.querySelector("[name=fields]").value = ""`), chromedp.SendKeys(field("fields"), `{"first_name":"Ada", "last_name":"Lovelace", "n":1.0,`),
	)
	b.await(`document.querySelector("[data-json-state]").textContent.startsWith("Line 1, column 54")`)
	b.follow(chromedp.Click(button("Add participant")))
	require.Contains(t, b.text("main"), "Line 1, column", "the server says the same")
	b.do(
		chromedp.Evaluate[chromedp.Void](`document.querySelector("[name=fields]").value = ""`),
		chromedp.SendKeys(field("fields"), `{"first_name":"Ada", "last_name":"Lovelace", "n":1.0, "city":"London"}`),
	)
	b.await(`document.querySelector("[data-json-state]").textContent === "Valid JSON"`)
	b.follow(chromedp.Click(button("Add participant")))
	require.Contains(t, b.text("h1"), "Ada Lovelace")
	require.Contains(t, b.text("main"), "contact.created")
	b.shot("participant")

	require.Equal(t, 202, s.Call(t, "POST", "/api/v1/events", map[string]any{
		"id": "order-1", "type": "payment.received", "data": map[string]any{}, "participant": map[string]any{"email": "ADA@example.com", "fields": map[string]any{"city": "Turin"}},
	}, nil))
	b.visit("/participants")
	b.do(chromedp.Evaluate[chromedp.Void](`window.stayed = true`), chromedp.SendKeys(field("q"), "love"))
	b.await(`location.search === "?q=love" && document.querySelectorAll("#results tbody tr").length === 1`)
	b.await(`window.stayed === true`)
	b.follow(chromedp.Click(`//main//a[normalize-space()="Ada Lovelace"]`))
	b.follow(chromedp.Click(`//main//a[normalize-space()="payment.received"]`))
	require.Contains(t, b.text("main"), "Turin")
	b.shot("event-participant")
	b.quiet()
}

package browsertest

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
)

// Z1, Z2, Z7, D9: from nothing to a delivery that is seen, opened and retriggered.
func TestFirstDelivery(t *testing.T) {
	s := apptest.NewServer(t, nil)
	r := apptest.NewReceiver(t)
	r.AnswerStatus(http.StatusNotFound)
	b := open(t, s)
	b.setUp()
	b.shot("home-first")

	b.follow(chromedp.Click(`//main//a[@href="/webhooks/destinations"]`))
	b.follow(chromedp.Click(`//main//a[@href="/webhooks/new"]`))
	b.do(chromedp.SendKeys(field("name"), "Orders to the warehouse"), chromedp.SendKeys(field("url"), r.URL+"/hooks"))
	b.shot("webhook-new")
	b.follow(chromedp.Click(button("Add webhook")))
	b.shot("webhook-key")
	require.Contains(t, b.text("main"), "whsec_", "the key that was made is shown, once")

	require.Equal(t, 202, s.Call(t, "POST", "/api/v1/events", map[string]any{"type": "release.published", "data": map[string]any{"n": 1}}, nil))
	first := r.Wait(t, 1)[0]

	b.visit("/webhooks")
	b.shot("webhooks")
	b.follow(chromedp.Click(`//main//a[normalize-space()="Orders to the warehouse"]`))
	require.NotContains(t, b.text("main"), "whsec_", "afterwards it is masked")
	b.shot("webhook")
	b.follow(chromedp.Click(`//main//nav//a[contains(., "Logs")]`))
	b.await(`document.querySelector("main").innerText.includes("404")`)
	b.shot("logs")

	// Z7: the row updates in place; the address stays.
	r.AnswerStatus(http.StatusOK)
	logs := b.at()
	b.do(chromedp.Evaluate[chromedp.Void](`window.stayed = true`))
	b.do(chromedp.Click(button("Retrigger")))
	again := r.Wait(t, 2)[1]
	b.await(`document.querySelector("tbody").innerText.includes("200")`)
	b.await(`window.stayed === true`)
	require.Equal(t, logs, b.at())
	require.Equal(t, first.Header.Get("Idempotency-Key"), again.Header.Get("Idempotency-Key"))

	// Z7: the detail opens beside the log, under an address of its own.
	b.do(chromedp.Click(button("Detail")))
	b.await(`document.querySelector("#drawer").open && document.querySelector("#drawer").innerText.includes("Idempotency-Key")`)
	require.Contains(t, b.at(), "/deliveries/dlv_")
	b.shot("delivery-drawer")
	b.do(chromedp.Click(`//dialog[@id="drawer"]//button[normalize-space()="Retrigger"]`))
	r.Wait(t, 3)
	b.visit(b.at())
	require.Contains(t, b.text("main"), "Idempotency-Key")
	b.shot("delivery")
	b.quiet()
}

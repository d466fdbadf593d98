package browsertest

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/browser"
	"hookline/app/service"
	"hookline/models"
)

const nasty = `</script><script>window.pwned=1</script>"'><img src=x onerror="window.pwned=1">`

// logScene is a webhook whose receiver answers badly, and an owner's browser.
func logScene(t *testing.T) (*tab, *apptest.Receiver, models.Webhook) {
	t.Helper()
	s := apptest.NewServer(t, nil)
	r := apptest.NewReceiver(t)
	b := open(t, s)
	b.setUp()
	name, target, key := "Orders "+nasty, r.URL+"/hooks", "a-long-signing-key"
	saved, err := s.Service.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, target, func(d *service.WebhookDraft) {
		d.Settings.Signing.Secret = &key
		d.Settings.Headers = []models.HeaderSettings{{Name: "Authorization", Value: "Bearer hunter2hunter2", Secret: true}}
		d.Settings.Retry = models.Retry{Preset: models.RetryNone}
	}))
	require.NoError(t, err)
	return b, r, saved.Webhook
}

// publish makes an event with a hostile payload.
func (b *tab) publish() {
	b.t.Helper()
	require.Equal(b.t, http.StatusAccepted, b.Call(b.t, "POST", "/api/v1/events", map[string]any{"type": "release.published", "data": map[string]any{"note": nasty}}, nil))
}

// signIn opens another browser of the same person.
func (b *tab) signIn() *tab {
	b.t.Helper()
	other := open(b.t, b.Server)
	other.visit("/login")
	other.do(chromedp.SendKeys(field("email"), email), chromedp.SendKeys(field("password"), password))
	other.follow(chromedp.Submit(field("password")))
	return other
}

func (b *tab) keys(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		b.do(browser.Press(k))
	}
}

const isLive = `document.querySelector("[data-live-label]")?.textContent === "Live"`

// Two browsers: what one does, the other sees, without a hand on it.
func TestB6_TwoBrowsers(t *testing.T) {
	b, r, hook := logScene(t)
	other := b.signIn()
	other.visit("/deliveries")
	other.await(isLive)
	other.await(`document.querySelector(".log-empty h2").checkVisibility()`)
	r.AnswerStatus(http.StatusNotFound)
	b.publish()
	r.Wait(t, 1)
	other.await(`document.querySelectorAll("#log tr").length === 1 && document.querySelector("#log").innerText.includes("404") && !document.querySelector(".log-empty h2").checkVisibility()`)

	b.visit("/webhooks/" + hook.ID + "/logs")
	b.await(isLive)
	r.AnswerStatus(http.StatusOK)
	b.do(chromedp.Click(`#log [id^="retrigger-"]`))
	other.await(`document.querySelector("#log tr").innerText.includes("200")`)
	b.await(`document.querySelector("#log tr").innerText.includes("200") && document.querySelector("#toasts").innerText.includes("due now")`)
	b.do(chromedp.Click(`#log [id^="again-"]`))
	other.await(`document.querySelectorAll("#log tr").length === 2 && new Set([...document.querySelectorAll("#log tr")].map(e => e.id)).size === 2`)
	b.await(`document.querySelectorAll("#log tr").length === 2`)
	r.Wait(t, 3)

	// The session ends elsewhere: nothing more is told, and the next click asks to sign in.
	other.do(chromedp.Evaluate[chromedp.Void](`fetch("/logout", {method: "POST", headers: {"X-CSRF-Token": document.querySelector('meta[name="csrf-token"]').content}, redirect: "manual"}).then(() => {})`, chromedp.EvalAwaitPromise))
	other.await(`document.querySelector("[data-live-label]").textContent === "No longer live"`)
	other.follow(chromedp.Click(`#log [data-row-link]`))
	require.True(t, strings.HasPrefix(other.at(), "/login?next="), other.at())
	b.quiet()
}

// A lost connection comes back, with what came meanwhile.
func TestB6_LiveAfterALostConnection(t *testing.T) {
	b, r, _ := logScene(t)
	target, err := url.Parse(b.BaseURL)
	require.NoError(t, err)
	var down atomic.Bool
	proxy := httputil.NewSingleHostReverseProxy(target)
	line := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if down.Load() {
			panic(http.ErrAbortHandler)
		}
		proxy.ServeHTTP(w, req)
	}))
	defer line.Close()
	defer line.CloseClientConnections()
	b.publish()
	r.Wait(t, 1)
	b.do(chromedp.Navigate(line.URL + "/deliveries"))
	b.await(isLive)
	down.Store(true)
	line.CloseClientConnections()
	b.await(`document.querySelector("[data-live-label]").textContent === "Connecting"`)
	b.publish()
	r.Wait(t, 2)
	down.Store(false)
	b.await(isLive + ` && document.querySelectorAll("#log tr").length === 2`)
}

// The drawer has an address: Back closes it, a reload is the page, and the focus
// comes back to the row.
func TestB6_DrawerHasAnAddress(t *testing.T) {
	b, r, hook := logScene(t)
	r.Answer(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Nasty", nasty)
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte(nasty + strings.Repeat("W", 400)))
	})
	b.publish()
	b.publish()
	r.Wait(t, 2)
	logs := "/webhooks/" + hook.ID + "/logs?status=4xx"
	b.visit(logs)
	b.await(`document.querySelectorAll("#log tr").length === 2 && document.querySelector("#log").innerText.includes("418")`)
	b.shot("logs-live")
	b.do(chromedp.Click(`#log tr:nth-child(1) [data-row-link]`))
	b.await(`document.querySelector("#drawer").open && location.pathname.startsWith("/deliveries/dlv_") && document.querySelector("#response-body").textContent.includes("<script>")`)
	first := b.at()
	b.shot("drawer")
	require.Empty(t, browser.Axe(t, b.ctx, browser.AxeSource(t)))
	b.do(chromedp.Click(`[data-drawer-step="1"]`))
	b.await(`location.pathname !== ` + quoted(first) + ` && document.querySelector("#follow").dataset.delivery === location.pathname.slice(12)`)
	b.do(chromedp.NavigateBack())
	b.await(`!document.querySelector("#drawer").open && location.search === "?status=4xx" && document.activeElement.closest("tr") === document.querySelector("#log tr:nth-child(2)")`)

	b.do(chromedp.Click(`#log tr:nth-child(1) td[data-label="Created"]`)) // anywhere in the row
	b.await(`document.querySelector("#drawer").open`)
	b.do(chromedp.Reload())
	b.await(`document.querySelector("h1 .mono")?.textContent === "release.published" && !document.querySelector("#drawer")`)
	b.do(chromedp.NavigateBack())
	require.Eventually(t, func() bool { // the page goes while it is asked
		rows, err := chromedp.Run(b.ctx, chromedp.Evaluate[int](`document.querySelectorAll("#log tr").length`))
		return err == nil && rows == 2
	}, apptest.Patience, 20*time.Millisecond)
	require.Equal(t, logs, b.at())

	for _, width := range []int64{360, 1280} {
		b.do(chromedp.EmulateViewport(width, 800))
		b.do(chromedp.Click(`#log tr:nth-child(1) [data-row-link]`))
		b.await(`document.querySelector("#drawer").open && document.documentElement.scrollWidth <= innerWidth && document.querySelector("#drawer-body").scrollWidth <= document.querySelector("#drawer-body").clientWidth`)
		b.await(`document.querySelector(".shell").inert === (innerWidth < 1024)`)
		b.shot("drawer-" + map[bool]string{true: "phone", false: "desk"}[width == 360])
		b.keys(kb.Escape)
		b.await(`!document.querySelector("#drawer").open && !document.querySelector(".shell").inert`)
	}
	b.await(`window.pwned === undefined`)
	require.NotContains(t, b.html(), "hunter2")
	b.quiet()
}

// By keys alone: to the log, along it, open, retrigger, close.
func TestB6_LogsByKeys(t *testing.T) {
	b, r, _ := logScene(t)
	r.AnswerStatus(http.StatusBadGateway)
	b.publish()
	b.publish()
	r.Wait(t, 2)
	b.keys("g")
	b.follow(browser.Press("d"))
	require.Equal(t, "/deliveries", b.at())
	b.await(isLive + ` && document.querySelector("#log tr:nth-child(2)")?.innerText.includes("502")`)
	r.AnswerStatus(http.StatusOK)
	b.keys("j", "j", "r")
	b.await(`document.querySelector("#log tr:nth-child(2)").innerText.includes("200") && document.activeElement.closest("tr") === document.querySelector("#log tr:nth-child(2)")`)
	r.Wait(t, 3)
	b.keys("k", kb.Enter)
	b.await(`document.querySelector("#drawer").open && document.querySelector("#delivery").innerText.includes("502")`)
	b.keys("r")
	r.Wait(t, 4)
	b.await(`document.querySelector("#drawer").open && document.querySelector("#delivery").innerText.includes("Delivered: the receiver answered 200") && document.querySelector("#log tr:nth-child(1)").innerText.includes("200")`)
	b.keys(kb.Escape)
	b.await(`!document.querySelector("#drawer").open && document.activeElement.closest("tr") === document.querySelector("#log tr:nth-child(1)")`)
	b.keys("/")
	b.await(`document.activeElement.id === "search"`)
	b.do(browser.Press("dlv_"))
	b.await(`location.search === "?q=dlv_" && document.querySelectorAll(".filter-chip").length === 1 && document.querySelectorAll("#log tr").length === 2 && document.activeElement.id === "search"`)
	b.await(isLive)
	b.quiet()
}

// The same with plain forms and links.
func TestB6_LogsWithoutJavaScript(t *testing.T) {
	b, r, _ := logScene(t)
	r.AnswerStatus(http.StatusBadGateway)
	b.publish()
	b.AwaitState(t, models.Failed, 1)
	b.withoutScript()
	b.visit("/deliveries")
	b.do(chromedp.SetValue(field("state"), "problem"), chromedp.Click(chromedp.CSS(".log-more summary")), chromedp.SendKeys(field("status"), "9xx"))
	require.Equal(t, int64(http.StatusUnprocessableEntity), b.follow(chromedp.Click(button("Filter"))))
	require.Contains(t, b.text("main"), "100 to 599")
	b.do(chromedp.SetValue(field("status"), "5xx"))
	b.follow(chromedp.Click(button("Filter")))
	b.follow(chromedp.Click(button("Refresh")))
	b.shot("nojs-logs")
	b.follow(chromedp.Click(chromedp.CSS("[data-row-link]")))
	require.Contains(t, b.text("h1"), "release.published")
	b.follow(chromedp.Click(chromedp.CSS("#retrigger")))
	r.Wait(t, 2)
	require.Contains(t, b.text("main"), "Attempt 1")
}

func quoted(s string) string { return "\"" + s + "\"" }

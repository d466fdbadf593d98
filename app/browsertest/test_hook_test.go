package browsertest

import (
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/browser"
	"hookline/app/service"
	"hookline/models"
)

// testScene is a webhook whose receiver answers 500 with hostile headers and body.
func testScene(t *testing.T) (b *tab, r *apptest.Receiver, page string) {
	t.Helper()
	s := apptest.NewServer(t, nil)
	r = apptest.NewReceiver(t)
	r.Answer(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Evil", attack)
		w.Header().Set("X-Long", strings.Repeat("w", 3000))
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte("<html>" + attack + "\x00\xff\u202etxt.exe" + strings.Repeat("w", 5000)))
	})
	name := attack
	saved, err := s.Service.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, r.URL+"/"+strings.Repeat("path", 60), func(d *service.WebhookDraft) {
		d.Settings.Headers = []models.HeaderSettings{{Name: "X-Secret", Value: "canary-secret", Secret: true}}
	}))
	require.NoError(t, err)
	b = open(t, s)
	return b, r, "/webhooks/" + saved.Webhook.ID
}

const result = `document.activeElement?.id === "test-result-title"`

// Z5, W6: by the keyboard alone, from the button to the result and back.
func TestZ5_TestHookByKeyboard(t *testing.T) {
	b, r, page := testScene(t)
	b.setUp()
	b.visit(page)
	opener := chromedp.CSS(`[data-opens=send-test]`)
	b.do(chromedp.Focus(opener), browser.Press(kb.Enter))
	b.await(`document.querySelector("#send-test").open && document.querySelector("#test-data") !== null`)
	b.await(`document.activeElement.closest("#send-test") !== null`)
	b.await(`document.querySelector("#test-secret").value === "***"`)
	b.shots("test-dialog")

	// Broken, it tells the place while one types, and the server tells the same.
	b.do(chromedp.Focus(chromedp.CSS("#test-data")), chromedp.SetValue(chromedp.CSS("#test-data"), "{\n  \"a\": 1\n  \"b\": 2"))
	b.do(chromedp.SendKeys(chromedp.CSS("#test-data"), "\n}"))
	b.await(`document.querySelector("[data-json-state]").textContent.startsWith("Line 3, column 3")`)
	b.do(chromedp.SetValue(chromedp.CSS("#test-secret"), "a-key-for-one-test"), chromedp.Focus(chromedp.CSS("#test-send")), browser.Press(kb.Enter))
	b.await(`document.querySelector("#test-data-error")?.textContent.includes("Line 3, column 3") === true`)
	b.await(`document.activeElement?.id === "test-data"`)
	b.await(`document.querySelector("#test-secret").value === "***"`)
	require.Empty(t, r.Got(), "nothing was sent")
	b.shots("test-dialog-wrong")

	b.do(chromedp.SetValue(chromedp.CSS("#test-data"), `{"mended":true}`), chromedp.Focus(chromedp.CSS("#test-send")), browser.Press(kb.Enter))
	b.await(result)
	require.Contains(t, string(r.Wait(t, 1)[0].Body), `{"mended":true}`)
	dialog := b.text("#send-test")
	for _, want := range []string{"500", "Timing", "Request as sent", "X-Hmac-Signature", `"mended"`, "Response", "X-Evil", "<html>"} {
		require.Contains(t, dialog, want)
	}
	require.NotContains(t, b.html(), "canary-secret")
	b.shots("test-dialog-result")

	b.do(browser.Press(kb.Escape))
	b.await(`!document.querySelector("#send-test").open && document.activeElement.matches("[data-opens=send-test]")`)
	b.do(browser.Press(kb.Enter))
	b.await(`document.querySelector("#send-test").open && document.querySelector("#test-result-title") === null && document.querySelector("#test-data") !== null`)
	b.await(`window.pwned === undefined`)
	b.quiet()
}

// chooseTheme sends the form of the user menu.
func chooseTheme(theme string) string {
	return `(() => {
		const call = new XMLHttpRequest()
		call.open("POST", "/theme", false)
		call.setRequestHeader("Content-Type", "application/x-www-form-urlencoded")
		call.setRequestHeader("X-CSRF-Token", document.querySelector("meta[name=csrf-token]").content)
		call.setRequestHeader("HX-Request", "true")
		call.send("theme=` + theme + `")
	})()`
}

// Z5: page and open dialog, with what a hostile receiver answered, in both themes
// and at both widths: axe finds nothing, nothing runs, nothing sticks out.
func TestZ5_TestHookLooksRight(t *testing.T) {
	b, _, page := testScene(t)
	b.setUp()
	axe := browser.AxeSource(t)
	for _, theme := range []string{"light", "dark"} {
		for _, width := range []int64{1280, 360} {
			b.do(chromedp.EmulateViewport(width, 800), chromedp.Evaluate[chromedp.Void](chooseTheme(theme)))
			check := func() {
				require.Empty(t, browser.Axe(t, b.ctx, axe), "%s %d", theme, width)
				b.await(`document.documentElement.scrollWidth <= innerWidth && document.querySelector("#test-hook").scrollWidth <= document.querySelector("#test-hook").parentElement.clientWidth`)
				b.await(`window.pwned === undefined`)
			}
			send := chromedp.Evaluate[chromedp.Void](`document.querySelector("#test-send").click()`)
			b.visit(page)
			b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("[data-opens=send-test]").click()`))
			b.await(`document.querySelector("#test-data") !== null`)
			check()
			b.do(send)
			b.await(result)
			check()
			b.visit(page + "/test")
			check()
			b.do(send)
			b.await(result)
			check()
		}
	}
	b.quiet()
}

// Z5, ui.md: the same with plain forms and links alone.
func TestZ5_TestHookWithoutJavaScript(t *testing.T) {
	b, r, page := testScene(t)
	b.withoutScript()
	b.setUp()
	b.visit(page)
	b.follow(chromedp.Click(chromedp.CSS(`[data-opens=send-test]`)))
	require.Equal(t, page+"/test", b.at())
	b.do(chromedp.SetValue(field("event_type"), "contact.created"))
	b.follow(chromedp.Click(chromedp.CSS(`button[name=action][value=load]`)))
	payload, err := chromedp.Run(b.ctx, chromedp.Value(chromedp.CSS("#test-data")))
	require.NoError(t, err)
	require.Contains(t, payload, "contact")
	b.do(chromedp.SetValue(field("data"), "{\n\"a\": }"))
	require.Equal(t, int64(http.StatusUnprocessableEntity), b.follow(chromedp.Click(chromedp.CSS("#test-send"))))
	require.Contains(t, b.text("#test-data-error"), "Line 2, column 6")
	b.do(chromedp.SetValue(field("data"), `{"plain":true}`))
	b.follow(chromedp.Click(chromedp.CSS("#test-send")))
	got := r.Wait(t, 1)
	require.Contains(t, string(got[0].Body), `{"plain":true}`)
	require.Equal(t, "contact.created", got[0].Header.Get("X-Hookline-Event"))
	require.Contains(t, b.text("#test-hook"), "500")
	b.follow(chromedp.Click(`//main//a[normalize-space()="Open in the log"]`))
	require.Contains(t, b.at(), "/deliveries/dlv_")
	require.NotContains(t, b.html(), "canary-secret")
	b.quiet()
}

// shots are pictures in both themes and at both widths, of what is on the screen.
func (b *tab) shots(name string) {
	b.t.Helper()
	if os.Getenv("HOOKLINE_SHOTS") == "" {
		return
	}
	for _, theme := range []string{"light", "dark"} {
		b.do(chromedp.Evaluate[chromedp.Void](`document.documentElement.dataset.theme = "` + theme + `"`))
		for _, width := range []int64{360, 1280} {
			b.do(chromedp.EmulateViewport(width, 900))
			b.shot(name + "-" + theme + "-" + map[int64]string{360: "360", 1280: "1280"}[width])
		}
	}
	b.do(chromedp.Evaluate[chromedp.Void](`document.documentElement.dataset.theme = "system"`))
}

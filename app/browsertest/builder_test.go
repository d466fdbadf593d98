package browsertest

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/browser"
)

// I14, H5: the Slack preset from nothing to a delivered message, with the preview.
func TestI14_SlackFromNothingToADeliveredMessage(t *testing.T) {
	s := apptest.NewServer(t, nil)
	r := apptest.NewReceiver(t)
	b := open(t, s)
	b.setUp()
	b.visit("/webhooks")
	b.follow(chromedp.Click(button("Add webhook")))
	b.shots("destinations")
	b.follow(chromedp.Click(`//main//a[contains(., "Slack")]`))
	b.do(chromedp.SendKeys(field("answer.title"), "Out now"))
	b.shots("destination-slack")
	b.follow(chromedp.Click(button("Continue")))
	require.Contains(t, b.text("main"), "Filled in for Slack.")
	b.await(`document.querySelector("#preview-body").textContent.includes("Out now")`)
	require.NotContains(t, b.text("#preview"), "fault")

	// As one types, the preview follows, and the last of it wins.
	b.do(chromedp.SendKeys(field("url"), r.URL+"/services/{{event.type}}"))
	b.await(`document.querySelector("#preview-url")?.textContent.endsWith("/services/appointment.booked")`)
	b.do(chromedp.SendKeys(field("url"), "?broken={{"))
	b.await(`document.querySelector("[data-faults]")?.textContent.includes("URL") && document.querySelector("#f-url-error") !== null && document.querySelector("#f-url").ariaInvalid === "true"`)
	b.shots("builder-fault")
	b.do(chromedp.SetValue(field("url"), r.URL+"/services/T0"), chromedp.SendKeys(field("url"), "1"))
	b.await(`document.querySelector("[data-faults]") === null && document.querySelector("#f-url-error") === null && document.querySelector("#preview-url").textContent.endsWith("/services/T01")`)

	// Another source has other values.
	b.do(chromedp.Evaluate[chromedp.Void](`(() => { const s = document.querySelector("[name='source.event_type']"); s.value = "release.published"; s.dispatchEvent(new Event("input", { bubbles: true })) })()`))
	b.await(`document.querySelector("#preview-body").textContent.includes("release.published") && document.querySelector("#palette-list").textContent.includes("data.release")`)
	b.shots("builder-slack")
	require.Empty(t, browser.Axe(t, b.ctx, browser.AxeSource(t)))

	b.follow(chromedp.Click(button("Add webhook")))
	require.Equal(t, 202, s.Call(t, "POST", "/api/v1/events", map[string]any{"type": "release.published", "data": map[string]any{"release": map[string]any{"title": "Torque"}}}, nil))
	got := r.Wait(t, 1)[0]
	require.Equal(t, "/services/T01", got.Path)
	var message struct{ Text string }
	require.NoError(t, json.Unmarshal(got.Body, &message), string(got.Body))
	require.Equal(t, "Out now", message.Text)
	require.Contains(t, string(got.Body), "Torque")
	b.quiet()
}

// H5: values by the keyboard alone, at the cursor, quoted where JSON needs it; what
// is not there is marked.
func TestH5_ValuesAreInsertedByKeyboard(t *testing.T) {
	s := apptest.NewServer(t, nil)
	b := open(t, s)
	b.setUp()
	b.visit("/webhooks/new")
	b.do(chromedp.SendKeys(field("url"), "https://hooks.example.com/"))
	b.do(chromedp.Focus(chromedp.CSS(`[data-insert="f-url"]`)), browser.Press(kb.Enter))
	b.await(`document.querySelector("#palette").matches(":popover-open") && document.activeElement.id === "palette-search"`)
	b.do(browser.Press("event type"))
	b.shots("builder-palette")
	require.Empty(t, browser.Axe(t, b.ctx, browser.AxeSource(t)))
	b.do(chromedp.Focus(chromedp.CSS("#palette-search")), browser.Press(kb.Enter))
	b.await(`document.activeElement.id === "f-url" && document.activeElement.value === "https://hooks.example.com/{{event.type}}"`)
	b.await(`document.querySelector("#preview-url")?.textContent.includes("hooks.example.com/appointment.booked")`)

	// In JSON outside of a string the marks of one come with it.
	b.do(chromedp.Click(chromedp.CSS("#f-body-format-json")))
	b.do(chromedp.SendKeys(field("body.template"), `{"who": `))
	b.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#f-body-template").dispatchEvent(new KeyboardEvent("keydown", { key: " ", ctrlKey: true, bubbles: true }))`))
	b.await(`document.activeElement.id === "palette-search"`)
	b.do(browser.Press("contact.email"), browser.Press(kb.Enter))
	b.await(`document.querySelector("#f-body-template").value === '{"who": "{{contact.email}}"'`)
	b.do(browser.Press("}"))
	b.await(`document.querySelector("[data-missing]")?.textContent.includes("contact.email") && document.querySelector("#f-body-template").hasAttribute("data-has-missing")`)
	// Escape closes it and nothing is inserted.
	b.do(chromedp.Focus(chromedp.CSS(`[data-insert="f-url"]`)), browser.Press(kb.Enter))
	b.await(`document.activeElement.id === "palette-search"`)
	b.do(browser.Press(kb.Escape))
	b.await(`!document.querySelector("#palette").matches(":popover-open") && document.activeElement.closest(".takes").contains(document.querySelector("#f-url"))`)
	b.quiet()
}

// ui.md: the builder with plain forms alone.
func TestH5_BuilderWithoutJavaScript(t *testing.T) {
	s := apptest.NewServer(t, nil)
	r := apptest.NewReceiver(t)
	b := open(t, s)
	b.withoutScript()
	b.setUp()
	b.visit("/webhooks/destinations")
	b.follow(chromedp.Click(`//main//a[contains(., "Custom")]`))
	b.do(
		chromedp.SendKeys(field("name"), "Plain"), chromedp.SendKeys(field("url"), r.URL+"/{{event.type}}"),
		chromedp.SendKeys(field("params.0.name"), "who"), chromedp.SendKeys(field("params.0.value"), "{{contact.nobody}}"),
		chromedp.Click(chromedp.CSS("#f-body-format-json")), chromedp.SendKeys(field("body.template"), `{"t": "{{event.title}"}`),
	)
	b.follow(chromedp.Click(chromedp.CSS(`button[name=action][value=preview]`)))
	require.Contains(t, b.text("#f-body-template-error"), "Line 1")
	b.shot("builder-nojs")
	b.do(chromedp.SetValue(field("body.template"), `{"t": "{{event.title}}"}`))
	b.follow(chromedp.Click(chromedp.CSS(`button[name=action][value=preview]`)))
	require.Contains(t, b.text("#preview-url"), "/appointment.booked?who=")
	require.Contains(t, b.text("[data-missing]"), "contact.nobody")
	require.Contains(t, b.text("#palette"), "event.title")
	require.Equal(t, int64(http.StatusCreated), b.follow(chromedp.Click(button("Add webhook"))))
	require.Equal(t, "who", b.webhook().Params[0].Name)
	b.quiet()
}

package browsertest

import (
	"net/http"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
)

// ui.md: the same flow with plain forms and links alone.
func TestWithoutJavaScript(t *testing.T) {
	s := apptest.NewServer(t, nil)
	r := apptest.NewReceiver(t)
	r.AnswerStatus(http.StatusNotFound)
	b := open(t, s)
	_, err := chromedp.Call(b.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	require.NoError(t, err)
	b.setUp()
	b.visit("/webhooks/new")
	b.do(chromedp.SendKeys(field("name"), "Plain"), chromedp.SendKeys(field("url"), r.URL))
	// D4: rows for headers are there without a script.
	b.do(chromedp.SendKeys(field("headers.0.name"), "X-Key"), chromedp.SendKeys(field("headers.0.value"), "plain-secret"), chromedp.Click(field("headers.0.secret")))
	b.follow(chromedp.Click(button("Add webhook")))
	hook := b.webhook()
	require.True(t, hook.Headers[0].Secret)

	// Z9: the status toggle is a button in a form.
	b.visit("/webhooks")
	b.follow(chromedp.Click(chromedp.CSS(`main [role=switch]`)))
	require.False(t, b.webhook().Enabled)
	b.follow(chromedp.Click(chromedp.CSS(`main [role=switch]`)))
	require.True(t, b.webhook().Enabled)

	require.Equal(t, 202, s.Call(t, "POST", "/api/v1/events", map[string]any{"type": "release.published", "data": map[string]any{}}, nil))
	r.Wait(t, 1)
	b.visit("/webhooks/" + hook.ID + "/logs")
	b.follow(chromedp.Click(button("Retrigger")))
	r.Wait(t, 2)
	b.follow(chromedp.Click(button("Detail")))
	require.NotContains(t, b.html(), "plain-secret")

	// The typed confirmation, wrong once.
	b.visit("/webhooks/" + hook.ID + "/delete")
	b.do(chromedp.SendKeys(field("confirm"), "other"))
	require.Equal(t, int64(http.StatusUnprocessableEntity), b.follow(chromedp.Submit(field("confirm"))))
	b.do(chromedp.SetValue(field("confirm"), "Plain"))
	b.follow(chromedp.Submit(field("confirm")))
	require.Equal(t, "/webhooks", b.at())
	list, err := s.Service.Webhooks.List(t.Context(), apptest.System, "", service.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, list.Items)
}

// webhook is the only one there is.
func (b *tab) webhook() models.Webhook {
	b.t.Helper()
	list, err := b.Service.Webhooks.List(b.t.Context(), apptest.System, "", service.PageRequest{})
	require.NoError(b.t, err)
	require.Len(b.t, list.Items, 1)
	return *list.Items[0]
}

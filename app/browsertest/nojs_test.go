package browsertest

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/config"
	"hookline/models"
)

// ui.md: the same flow with plain forms and links alone.
func TestWithoutJavaScript(t *testing.T) {
	s := apptest.NewServer(t, func(c *config.Server) {
		require.NoError(t, c.OutgoingAddresses.UnmarshalText([]byte("192.0.2.7,2001:db8::/64")))
	})
	r := apptest.NewReceiver(t)
	r.AnswerStatus(http.StatusNotFound)
	b := open(t, s)
	b.withoutScript()
	b.setUp()
	b.visit("/webhooks/new")
	b.do(chromedp.SendKeys(field("name"), "Plain"), chromedp.SendKeys(field("url"), r.URL))
	// D4: rows for headers are there without a script.
	b.do(chromedp.SendKeys(field("headers.0.name"), "X-Key"), chromedp.SendKeys(field("headers.0.value"), "plain-secret"), chromedp.Click(field("headers.0.secret")))
	b.follow(chromedp.Click(button("Add webhook")))
	hook := b.webhook()
	require.True(t, hook.Headers[0].Secret)

	// W8: the addresses that a receiver is to let in, as the operator said.
	for _, page := range []string{"/settings", "/webhooks/" + hook.ID} {
		b.visit(page)
		require.Contains(t, b.text("main"), "192.0.2.7")
		require.Contains(t, b.text("main"), "2001:db8::/64")
	}
	var settings struct {
		Outgoing []string `json:"outgoing_addresses"`
	}
	require.Equal(t, http.StatusOK, s.Call(t, "GET", "/api/v1/settings", nil, &settings))
	require.Equal(t, []string{"192.0.2.7", "2001:db8::/64"}, settings.Outgoing)

	// Z9: the status toggle is a button in a form.
	b.visit("/webhooks")
	b.follow(chromedp.Click(chromedp.CSS(`main [role=switch]`)))
	require.False(t, b.webhook().Enabled)
	b.follow(chromedp.Click(chromedp.CSS(`main [role=switch]`)))
	require.True(t, b.webhook().Enabled)

	require.Equal(t, 202, s.Call(t, "POST", "/api/v1/events", map[string]any{"type": "release.published", "data": map[string]any{}}, nil))
	s.AwaitState(t, models.Failed, 1)
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
	list, err := s.Service.Webhooks.List(t.Context(), apptest.System, "", models.PageRequest{})
	require.NoError(t, err)
	require.Empty(t, list.Items)
}

// webhook is the only one there is.
func (b *tab) webhook() models.Webhook {
	b.t.Helper()
	list, err := b.Service.Webhooks.List(b.t.Context(), apptest.System, "", models.PageRequest{})
	require.NoError(b.t, err)
	require.Len(b.t, list.Items, 1)
	return *list.Items[0]
}

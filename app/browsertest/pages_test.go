package browsertest

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/browser"
	"hookline/app/service"
	"hookline/models"
)

const attack = `"><script>window.pwned=1</script><img src=x onerror="window.pwned=1"><svg onload=window.pwned=1>'{{7*7}}`

// hostileWorld fills the app with what an attacker would put into names, event
// data, and answers, and returns every page that shows it.
func hostileWorld(t *testing.T, s *apptest.Server) []string {
	t.Helper()
	r := apptest.NewReceiver(t)
	r.Answer(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Evil", attack)
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusNotFound)
		_, _ = w.Write([]byte("<html>" + attack + "\x00\xff\u202etxt.exe"))
	})
	name, target := attack, r.URL+"/?q=%22%3E%3Cscript%3E"
	saved, err := s.Service.Webhooks.Create(t.Context(), apptest.System, apptest.Draft(name, target, func(d *service.WebhookDraft) {
		d.Settings.Description = name
		d.Settings.Headers = []models.HeaderSettings{{Name: "X-Plain", Value: attack}, {Name: "X-Secret", Value: "canary-secret", Secret: true}}
	}))
	require.NoError(t, err)
	data, err := json.Marshal(map[string]string{attack: attack, "hx-get": "/logout"})
	require.NoError(t, err)
	d, err := s.Service.Webhooks.Test(t.Context(), apptest.System, saved.Webhook.ID, service.TestInput{Data: data})
	require.NoError(t, err)
	_, _, err = s.Service.Tokens.Create(t.Context(), apptest.System, attack[:100], []models.Scope{models.Admin}, saved.Webhook.CreatedAt.AddDate(1, 0, 0))
	require.NoError(t, err)
	who, err := s.Service.Participants.Create(t.Context(), apptest.System, service.ParticipantInput{
		Identifiers: models.ObjectOf([]models.ObjectMember{{Name: attack[:60], Value: models.JSONText(attack)}}), Fields: models.ObjectOf([]models.ObjectMember{{Name: "full_name", Value: models.JSONText(attack)}}),
	})
	require.NoError(t, err)
	job, err := s.Service.Bulk.Start(t.Context(), apptest.System, service.BulkInput{
		Kind: models.BulkRetrigger, Tests: true, Filter: models.DeliveryFilter{WebhookID: saved.Webhook.ID, State: models.Failed, EventType: attack, Search: attack},
	})
	require.NoError(t, err)
	hook := "/webhooks/" + saved.Webhook.ID
	return []string{
		"/", "/?range=7d", "/webhooks", "/webhooks?q=%3Cscript%3E", "/webhooks/new", "/webhooks/destinations", "/webhooks/destinations/teams", hook, hook + "/edit", hook + "/logs", hook + "/logs?state=failed&q=x", hook + "/delete",
		"/deliveries", "/deliveries?state=problem&status=4xx&host=%3Cscript%3E&event_type=%22%3E&range=24h", "/deliveries/" + d.Delivery.ID, "/tokens",
		"/deliveries/retrigger?state=failed&tests=true&webhook_id=" + saved.Webhook.ID, "/deliveries/cancel?since=%22%3E%3Cscript%3E&q=%3Cscript%3E", "/jobs", "/jobs/" + job.ID, "/api/docs", "/no/such/page", hook + "x",
		"/participants", "/participants?q=%3Cscript%3E", "/participants/" + who.ID, "/participants/" + who.ID + "/delete",
	}
}

// trust.md, tests 6 and 14; ui.md: every page, in both themes and at both widths,
// full of hostile text: axe finds nothing, no script runs, the policy is never
// breached, nothing sticks out at the side, and no secret shows.
func TestEveryPage(t *testing.T) {
	s := apptest.NewServer(t, nil)
	axe := browser.AxeSource(t)
	b := open(t, s)
	b.setUp()
	for _, path := range hostileWorld(t, s) {
		b.visit(path)
		browser.Inspect(t, b.ctx, axe, path)
		b.await(`window.pwned === undefined`)
		require.NotContains(t, b.html(), "canary-secret", path)
	}
	b.quiet()
}

func (b *tab) html() string {
	b.t.Helper()
	html, err := chromedp.Run(b.ctx, chromedp.OuterHTML(chromedp.CSS("html")))
	require.NoError(b.t, err)
	return html
}

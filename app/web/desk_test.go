package web_test

import (
	"context"
	"encoding/csv"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/service"
)

// B10: the log says in words who did what; its export cannot run formulas.
func TestB10_AuditPageAndExport(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/audit")
	w := s.webhook(`=HYPERLINK("http://evil.example","Orders")`, "https://hooks.example.com/")
	for _, name := range []string{"\u200b=", "\ufeff+", "＝1+1", " @SUM"} {
		s.webhook(name, "https://hooks.example.com/")
	}
	off := false
	_, err := s.svc.Webhooks.Edit(context.Background(), system, w.ID, func(d *service.WebhookDraft) { d.Settings.Enabled, d.Wake = off, true })
	require.NoError(t, err)
	a := b.get("/audit")
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Contains(t, a.text(), "switched off the webhook")
	require.Equal(t, 2, a.doc.Find(`a[href="/webhooks/`+w.ID+`"]`).Length(), "made, and switched off")
	require.Contains(t, b.get("/audit?action=token").text(), "No entry matches")
	require.Equal(t, http.StatusBadRequest, b.get("/audit?since=yesterday").StatusCode)

	a = b.get("/audit.csv?action=webhook")
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Contains(t, a.Header.Get("Content-Disposition"), "attachment")
	require.Contains(t, a.Header.Get("Content-Type"), "text/csv")
	text, hasMark := strings.CutPrefix(a.body, "\ufeff")
	require.True(t, hasMark)
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 7)
	for _, row := range rows {
		for _, cell := range row {
			require.False(t, strings.ContainsAny(cell[:min(1, len(cell))], "=+-@\t\r"), cell)
			require.NotContains(t, []string{"\u200b=", "\ufeff+", "＝1+1", " @SUM"}, cell)
		}
	}
	require.Contains(t, rows[1][6], "'=HYPERLINK")
	require.Contains(t, rows[1][8], `enabled: "true" → "false"`)
}

// D7: what was typed stays in a form that could not be saved.
func TestD7_SettingsPage(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/settings")
	post := func(prefix, days string) answer {
		return b.do(http.MethodPost, "/settings", url.Values{
			"csrf": {b.csrf()}, "site_name": {"Northwind"}, "site_domain": {"northwind.example.com"}, "header_prefix": {prefix}, "retention.days": {days}, "retention.body_days": {"7"},
		})
	}
	a := post("Webhook", "soon")
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Equal(t, "soon", a.doc.Find(`input[name="retention.days"]`).AttrOr("value", ""))
	require.Contains(t, a.text(), "Standard Webhooks")
	require.Equal(t, http.StatusSeeOther, post("X-Acme", "90").StatusCode)
	a = b.get("/settings")
	require.Contains(t, a.text(), "X-Acme-Delivery-Id")
	require.Equal(t, 90, s.store.Config().Settings.Retention.Days)
}

// Z4: the catalog by hand: JSON faults by line and column, schema and sample checked.
func TestZ4_EventTypePages(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/new-event-type")
	post := func(path string, v url.Values) answer {
		v.Set("csrf", b.csrf())
		return b.do(http.MethodPost, path, v)
	}
	v := url.Values{"name": {"order.paid"}, "category": {"orders"}, "title": {"Paid"}, "sample": {"{\r\n  \"id\": 1,\r\n  \"id\": 2\r\n}"}, "schema": {`{"type":`}}
	a := post("/event-types", v)
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), "Line 3, column")
	require.Contains(t, a.text(), "Line 1, column 9: the JSON ends too early")
	v.Set("sample", `{"id":"1"}`)
	v.Set("schema", `{"properties":{"id":{"type":"integer"}}}`)
	a = post("/event-types", v)
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), "id: The sample does not fit the schema")
	v.Set("sample", `{"id":1}`)
	require.Equal(t, "/event-types/order.paid", post("/event-types", v).location())
	require.Equal(t, http.StatusConflict, post("/event-types", v).StatusCode)
	require.Equal(t, "/event-types/order.paid", post("/event-types/order.paid/archive", url.Values{}).location())
	require.Contains(t, b.get("/event-types/order.paid").text(), "This type is archived")
	require.Equal(t, "/event-types/order.paid", post("/event-types/order.paid/restore", url.Values{}).location())
	require.Equal(t, http.StatusConflict, post("/event-categories/orders", url.Values{"name": {"releases"}}).StatusCode)
	require.Equal(t, "/event-types", post("/event-categories/orders", url.Values{"name": {"sales"}}).location())
}

// B16: an event that was sent by hand says where it went, and why not elsewhere.
func TestB16_SendAndExplain(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	s.webhook("Gets all", "https://hooks.example.com/")
	off := s.webhook("Off then", "https://hooks.example.com/")
	no := false
	_, err := s.svc.Webhooks.Edit(context.Background(), system, off.ID, func(d *service.WebhookDraft) { d.Settings.Enabled, d.Wake = no, true })
	require.NoError(t, err)
	b.visit("/send-event?type=release.published")
	require.Contains(t, b.get("/send-event?type=release.published").text(), "It goes to 1 webhook")
	send := func(data string) answer {
		return b.do(http.MethodPost, "/send-event", url.Values{"csrf": {b.csrf()}, "type": {"release.published"}, "data": {data}})
	}
	require.Equal(t, http.StatusUnprocessableEntity, send("{").StatusCode)
	to := send(`{"version":"3"}`).location()
	require.True(t, strings.HasPrefix(to, "/events/evt_"), to)

	s.clock.add(1_000_000_000)
	yes := true
	_, err = s.svc.Webhooks.Edit(context.Background(), system, off.ID, func(d *service.WebhookDraft) { d.Settings.Enabled, d.Wake = yes, true })
	require.NoError(t, err)
	s.webhook("Made later", "https://hooks.example.com/")
	text := b.get(to).text()
	require.Contains(t, text, "Gets all")
	require.Contains(t, text, "It was switched off. Command line changed that later")
	require.Contains(t, text, "The webhook was made later")
	require.Contains(t, b.get("/events").text(), "1 waiting")
	require.Contains(t, b.get("/events?id="+to[len("/events/"):]).text(), "release.published")
	require.Contains(t, b.get("/audit").text(), "published the event")
}

package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/service"
)

// B5: the form tries its filter on what came in, with and without a script, and
// saves nothing by it.
func TestB5_TheFormTriesItsFilter(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	for _, data := range []string{`{"n":5}`, `{"n":6}`, `{"n":"<script>six</script>"}`} {
		_, err := s.svc.Events.Publish(context.Background(), system, service.NewEvent{Type: "form.submitted", Data: json.RawMessage(data)})
		require.NoError(t, err)
	}
	fields := with(templated, url.Values{"subscriptions.all": {"false"}, "subscriptions.types": {"form.submitted"}, "subscriptions.filter": {"data.n == 6"}})
	b.visit("/webhooks/new")

	a := b.post("/webhooks/filter", fields, "HX-Request", "true")
	require.Equal(t, http.StatusOK, a.StatusCode, a.text())
	require.Zero(t, a.doc.Find("form").Length(), "the part alone")
	rows := a.doc.Find("#filter-result li")
	require.Equal(t, 3, rows.Length())
	require.Contains(t, rows.Eq(0).Text(), "Not sent")
	require.Contains(t, rows.Eq(0).Text(), `data.n is "<script>six</script>"`)
	require.Contains(t, rows.Eq(2).Text(), "data.n is 5")
	require.Contains(t, a.text(), "Of the last 3 events, 1 would be sent.")

	b.visit("/webhooks/new")
	a = b.submit("/webhooks", with(fields, url.Values{"action": {"filter"}}))
	require.Equal(t, http.StatusOK, a.StatusCode, a.text())
	require.Contains(t, a.doc.Find("#filter-result").Text(), "1 would be sent")
	require.Equal(t, "data.n == 6", a.doc.Find(`[name="subscriptions.filter"]`).Text())
	require.NotContains(t, a.body, "typed-header-secret")

	b.visit("/webhooks/new")
	a = b.submit("/webhooks", with(fields, url.Values{"action": {"filter"}, "subscriptions.filter": {"data.n == "}}))
	require.Contains(t, a.text(), "Line 1, column")
	require.Contains(t, a.doc.Find("#filter-result").Text(), "not a filter yet")
	require.Equal(t, "true", a.doc.Find(`[name="subscriptions.filter"]`).AttrOr("aria-invalid", ""))

	page, err := s.svc.Webhooks.List(context.Background(), system, "", pageOne)
	require.NoError(t, err)
	require.Empty(t, page.Items, "nothing was saved")
}

// A saved filter is told of where one looks: the list, the details, and the event
// that it kept back (B16).
func TestB5_PagesTellOfTheFilter(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks/new")
	fields := with(templated, url.Values{"name": {"Only six"}, "params.0.value": {"x"}, "headers.0.secret": nil, "subscriptions.filter": {"data.n == 6"}})
	a := b.submit("/webhooks", with(signed, fields))
	require.Contains(t, []int{http.StatusOK, http.StatusCreated, http.StatusSeeOther}, a.StatusCode, a.text())
	require.Contains(t, b.visit("/webhooks").text(), "All events, filtered")
	page, err := s.svc.Webhooks.List(context.Background(), system, "", pageOne)
	require.NoError(t, err)
	require.Len(t, page.Items, 1)
	require.Contains(t, b.visit("/webhooks/"+page.Items[0].ID).text(), "data.n == 6")

	e, err := s.svc.Events.Publish(context.Background(), system, service.NewEvent{Type: "form.submitted", Data: json.RawMessage(`{"n":5}`)})
	require.NoError(t, err)
	shown := b.visit("/events/" + e.ID).text()
	require.Contains(t, shown, "Filtered out")
	require.Contains(t, shown, "data.n is 5")
	odd, err := s.svc.Events.Publish(context.Background(), system, service.NewEvent{Type: "form.submitted", Data: json.RawMessage(`{"n":6}`)})
	require.NoError(t, err)
	require.Equal(t, 1, odd.Deliveries)
}

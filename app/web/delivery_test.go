package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func TestD9_LogsFilterAndPage(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	var made []models.Delivery
	for range 5 {
		made = append(made, s.delivery(w))
	}
	_, err := s.svc.Deliveries.Cancel(t.Context(), system, made[0].ID)
	require.NoError(t, err)
	logs := "/webhooks/" + w.ID + "/logs"
	rows := func(path string) []string {
		var ids []string
		for _, n := range b.visit(path).doc.Find("tbody tr[id]").Nodes {
			ids = append(ids, n.Attr[0].Val[len("row-"):])
		}
		return ids
	}
	require.Equal(t, []string{made[4].ID, made[3].ID}, rows(logs+"?limit=2"))
	older := b.page.Find(`a[href*="cursor="]`).AttrOr("href", "")
	require.Equal(t, []string{made[2].ID, made[1].ID}, rows(older))
	require.Equal(t, []string{made[0].ID}, rows(logs+"?state=cancelled"))
	require.Equal(t, "cancelled", b.page.Find(`select[name="state"] option[selected]`).AttrOr("value", ""))
	require.Len(t, rows(logs+"?event_type=release.published"), 5)
	require.Empty(t, rows(logs+"?event_type=contact.created"))
	require.Equal(t, []string{made[1].ID}, rows(logs+"?q="+made[1].ID))
	for _, bad := range []string{"?limit=x", "?limit=0", "?limit=9999"} {
		require.Equal(t, http.StatusBadRequest, b.get(logs+bad).StatusCode, bad)
	}
	require.Equal(t, http.StatusUnprocessableEntity, b.get(logs+"?cursor=odd").StatusCode)
}

func TestZ7_RetriggerUpdatesTheRowInPlace(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	d := s.delivery(w)
	_, err := s.svc.Deliveries.Cancel(t.Context(), system, d.ID)
	require.NoError(t, err)
	logs := "/webhooks/" + w.ID + "/logs?state=cancelled"
	b.visit(logs)
	a := b.submit("/deliveries/"+d.ID+"/retrigger", nil, "HX-Request", "true", "HX-Current-URL", s.URL+logs)
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Zero(t, a.doc.Find("title").Length(), "a row, not a page")
	require.Contains(t, a.body, `id="row-`+d.ID+`"`)
	require.Contains(t, a.body, `hx-swap-oob="beforeend:#toasts"`)
	require.Contains(t, a.body, b.csrf())
	require.NotContains(t, a.body, "Cancelled")
}

func TestZ7_RetriggerAndCancelByPlainForm(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	d := s.delivery(w)
	page, logs := "/deliveries/"+d.ID, "/webhooks/"+w.ID+"/logs?state=cancelled"

	b.visit(page)
	require.Equal(t, page, b.submit(page+"/cancel", nil).location())
	require.Contains(t, b.visit(page).text(), "The delivery is cancelled.")
	require.Equal(t, http.StatusConflict, b.post(page+"/cancel", nil).StatusCode)

	b.visit(logs)
	require.Equal(t, logs, b.submit(page+"/retrigger", nil).location(), "back to the log as it was filtered")
	require.Contains(t, b.visit(page).text(), "The delivery is due now.")

	a := b.post(page+"/retrigger", url.Values{"new_id": {"true"}})
	require.Regexp(t, "^/deliveries/dlv_", a.location())
	require.NotEqual(t, page, a.location())
	require.Contains(t, b.visit(a.location()).text(), "This is a new delivery of the same event.")
	require.Equal(t, http.StatusBadRequest, b.post(page+"/retrigger", url.Values{"new_id": {"1"}}).StatusCode)
}

func TestZ7_DetailShowsEachAttempt(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", receiver(t, http.StatusOK))
	b.visit("/webhooks/" + w.ID + "/test")
	path := b.submit("/webhooks/"+w.ID+"/test", nil).log()
	require.Contains(t, b.visit(path+"?attempt=1").text(), "Attempt 1, webhook version 1")
	for _, bad := range []string{"2", "0", "-1", "x", "99999999999999999999"} {
		require.Equal(t, http.StatusNotFound, b.get(path+"?attempt="+bad).StatusCode, bad)
	}
}

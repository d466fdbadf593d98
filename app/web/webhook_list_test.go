package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func TestZ1_ListShowsAndSearches(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	s.delivery(s.webhook("Orders", "https://hooks.example.com/orders"))
	s.webhook("Refunds <i>", "https://other.example.net/refunds")
	a := b.visit("/webhooks")
	for _, want := range []string{"Orders", "Refunds <i>", "hooks.example.com", "other.example.net", "All events"} {
		require.Contains(t, a.text(), want)
	}
	require.Equal(t, 1, a.doc.Find(`a[href="/webhooks/destinations"]`).Length())
	a = b.visit("/webhooks?q=refund")
	require.NotContains(t, a.doc.Find("#results").Text(), "Orders")
	require.Contains(t, a.doc.Find("#results").Text(), "Refunds")
	require.Contains(t, b.visit("/webhooks?q=%25").text(), "No webhook matches", "a wildcard is text")
	require.Equal(t, http.StatusBadRequest, b.get("/webhooks?q=%00%ff").StatusCode, "what cannot be text is refused")
	require.Equal(t, http.StatusUnprocessableEntity, b.get("/webhooks?cursor=broken").StatusCode)
}

func TestZ9_ToggleInPlaceAndByPlainForm(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	status := "/webhooks/" + w.ID + "/status"

	b.visit("/webhooks")
	a := b.submit(status, nil, "HX-Request", "true")
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Zero(t, a.doc.Find("title").Length(), "a row, not a page")
	require.Contains(t, a.body, `id="row-`+w.ID+`"`)
	require.Contains(t, a.body, `aria-checked="false"`)
	require.Contains(t, a.Header.Values("Vary"), "HX-Request")
	require.False(t, s.get(w.ID).Enabled)

	b.visit("/webhooks")
	a = b.submit(status, nil)
	require.Equal(t, "/webhooks", a.location())
	require.True(t, s.get(w.ID).Enabled)
	require.Contains(t, b.visit("/webhooks").text(), "The webhook is on.")

	b.visit("/webhooks/" + w.ID)
	a = b.submit(status, nil)
	require.Equal(t, "/webhooks/"+w.ID, a.location(), "back to where the switch stood")
	require.False(t, s.get(w.ID).Enabled)
	require.Equal(t, "/webhooks", b.post(status, url.Values{"enabled": {"true"}, "next": {"//evil.example"}}).location())
}

func TestZ9_PendingDeliveriesWaitWhileOff(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	d := s.delivery(w)
	b.visit("/webhooks/" + w.ID)
	b.submit("/webhooks/"+w.ID+"/status", nil)
	require.Contains(t, b.visit("/deliveries/"+d.ID).text(), "The webhook is switched off.")
}

func TestZ3_Subscriptions(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w, _ := create(b, with(signed, url.Values{
		"subscriptions.all": {"false"}, "subscriptions.categories": {"releases"}, "subscriptions.types": {"contact.created", "contact.deleted"},
	}))
	require.Equal(t, models.Subscriptions{Categories: []string{"releases"}, Types: []string{"contact.created", "contact.deleted"}}, w.Subscriptions)

	edit := b.visit("/webhooks/" + w.ID + "/edit").doc
	require.Equal(t, 1, edit.Find(`[name="subscriptions.all"][value="false"][checked]`).Length())
	require.Equal(t, 1, edit.Find(`[name="subscriptions.categories"][checked]`).Length())
	require.Equal(t, 2, edit.Find(`[name="subscriptions.types"][checked]`).Length())

	b.submit("/webhooks/"+w.ID, url.Values{"subscriptions.all": {"true"}})
	require.Equal(t, models.Subscriptions{All: true}, s.get(w.ID).Subscriptions)

	b.visit("/webhooks/" + w.ID + "/edit")
	b.submit("/webhooks/"+w.ID, url.Values{"subscriptions.all": {"false"}})
	require.True(t, s.get(w.ID).Subscriptions.None())

	b.visit("/webhooks/" + w.ID + "/edit")
	a := b.submit("/webhooks/"+w.ID, url.Values{"subscriptions.types": {"no.such_type"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), `There is no event type "no.such_type"`)
}

func TestZ3_ArchivedTypeKeepsItsSubscribers(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w, _ := create(b, with(signed, url.Values{"subscriptions.all": {"false"}, "subscriptions.types": {"contact.created", "contact.deleted"}}))
	require.NoError(t, s.svc.EventTypes.Archive(t.Context(), system, "contact.created"))
	b.visit("/webhooks/" + w.ID + "/edit")
	require.Zero(t, b.page.Find(`[value="contact.created"]`).Length(), "the form does not offer it")
	b.submit("/webhooks/"+w.ID, url.Values{"subscriptions.types": {"contact.updated"}})
	require.Equal(t, []string{"contact.created", "contact.updated"}, s.get(w.ID).Subscriptions.Types)
}

func TestDelete_NeedsTheTypedName(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w := s.webhook("Orders", "https://hooks.example.com/")
	d := s.delivery(w)
	path := "/webhooks/" + w.ID + "/delete"
	require.Contains(t, b.visit(path).text(), "1 delivery that waits for it is cancelled.")
	for _, typed := range []string{"", "orders", "Orders ", "<i>"} {
		a := b.submit(path, url.Values{"confirm": {typed}})
		require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
		require.Equal(t, typed, a.doc.Find(`[name="confirm"]`).AttrOr("value", ""))
	}
	require.Equal(t, "Orders", s.get(w.ID).Name)
	a := b.submit(path, url.Values{"confirm": {"Orders"}})
	require.Equal(t, "/webhooks", a.location())
	require.Contains(t, b.visit("/webhooks").text(), "The webhook is deleted.")
	require.Equal(t, http.StatusNotFound, b.get("/webhooks/"+w.ID).StatusCode)
	require.Contains(t, b.visit("/deliveries/"+d.ID).text(), "Deleted", "its log stays readable")
	require.Equal(t, http.StatusConflict, b.post("/deliveries/"+d.ID+"/retrigger", nil).StatusCode)
}

func TestZ1_ListHasPages(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	for i := range 51 {
		s.webhook(fmt.Sprintf("Orders %d", i), "https://hooks.example.com/")
	}
	a := b.visit("/webhooks?q=orders")
	require.Equal(t, 50, a.doc.Find("tbody tr[id]").Length())
	a = b.visit(a.doc.Find(`a[href*="cursor="]`).AttrOr("href", ""))
	require.Equal(t, 1, a.doc.Find("tbody tr[id]").Length())
	require.Contains(t, a.text(), "Orders 0")
	require.Equal(t, 1, a.doc.Find(`main a[href="/webhooks?q=orders"]`).Length(), "the way back")
}

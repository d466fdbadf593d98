package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/service"
	"hookline/models"
)

func rowsOf(pairs ...string) url.Values {
	v := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		n := string(rune('0' + i/2))
		v.Set("identifiers."+n+".name", pairs[i])
		v.Set("identifiers."+n+".value", pairs[i+1])
	}
	return v
}

func plus(v url.Values, pairs ...string) url.Values {
	for i := 0; i+1 < len(pairs); i += 2 {
		v.Set(pairs[i], pairs[i+1])
	}
	return v
}

// The form without a script, from nothing to deleted; nothing typed is lost.
func TestD6_ParticipantForm(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	a := b.visit("/participants")
	require.Contains(t, a.text(), "No participants yet")
	require.Contains(t, a.doc.Find("#first-participant").Text(), "/api/v1/participants")
	b.visit("/participants/new")
	a = b.submit("/participants", plus(rowsOf("slack", "U1", "", "v", "slack", "U2"), "email", "no address", "fields", "{\n  \"a\": x"))
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), "Line 2, column 8")
	require.Contains(t, a.text(), "Give the identifier a name")
	require.Contains(t, a.text(), "This name is there twice")
	require.Equal(t, "no address", a.doc.Find("#f-email").AttrOr("value", ""))
	require.Equal(t, "{\n  \"a\": x", a.doc.Find("#f-fields").Text())
	b.visit("/participants/new") // or what the page has would be sent along
	a = b.submit("/participants", plus(rowsOf("slack", strings.Repeat("x", 300)), "email", "x", "fields", ""))
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.doc.Find("#f-identifiers-0-value-error").Text(), "256 bytes")

	b.visit("/participants/new")
	a = b.submit("/participants", plus(rowsOf("slack", "U1", "", ""), "action", "more_rows", "email", "kept@example.com", "fields", "{"))
	require.Equal(t, http.StatusOK, a.StatusCode)
	require.Equal(t, "kept@example.com", a.doc.Find("#f-email").AttrOr("value", ""))
	require.Equal(t, 7, a.doc.Find(".pair").Length())

	b.visit("/participants/new")
	to := b.submit("/participants", plus(rowsOf("slack", "U1"), "email", "Ann@example.com", "fields", "{\r\n  \"full_name\": \"Ann Lee\", \"n\": 1.0}")).location()
	id := strings.TrimPrefix(to, "/participants/")
	a = b.visit(to)
	require.Contains(t, a.text(), "The participant is added")
	require.Contains(t, a.text(), "contact.created", "the events about them")
	require.Equal(t, "{\n  \"full_name\": \"Ann Lee\",\n  \"n\": 1.0\n}", a.doc.Find("#f-fields").Text())
	since := a.doc.Find(`[name="since"]`).AttrOr("value", "")

	b.visit("/participants/new")
	a = b.submit("/participants", url.Values{"email": {"ann@example.com"}, "fields": {"{}"}})
	require.Equal(t, http.StatusConflict, a.StatusCode)
	require.Contains(t, a.doc.Find("#f-email-error").Text(), id)

	s.clock.add(time.Minute)
	_, err := s.svc.Participants.Update(t.Context(), system, id, service.ParticipantInput{Fields: json.RawMessage(`{"by":"api"}`)})
	require.NoError(t, err)
	b.visit(to)
	a = b.submit(to, plus(rowsOf(), "email", "ann@example.com", "fields", `{"mine":1}`, "since", since))
	require.Equal(t, http.StatusConflict, a.StatusCode)
	require.Contains(t, a.text(), "has been changed since")
	require.Equal(t, `{"mine":1}`, a.doc.Find("#f-fields").Text())

	require.Contains(t, b.visit("/participants?q=lee").text(), "Ann Lee")
	require.Contains(t, b.visit("/participants?q=nobody").text(), "No participant matches")
	require.Equal(t, 1, b.get("/participants-suggest?q=ann").doc.Find(`[data-value="`+id+`"]`).Length())
	b.visit(to + "/delete")
	a = b.submit(to+"/delete", url.Values{"confirm": {"Ann"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Equal(t, "/participants", b.submit(to+"/delete", url.Values{"confirm": {"Ann@example.com"}}).location())
	require.Equal(t, http.StatusNotFound, b.get(to).StatusCode)
}

// The page of an event leads to whom it is about, as long as they are there.
func TestH5_EventPageShowsTheParticipant(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	e, err := s.svc.Events.Publish(t.Context(), system, service.NewEvent{
		Type: "release.published", Data: json.RawMessage(`{}`),
		Participant: &models.ParticipantRef{Email: "ann@example.com", Fields: json.RawMessage(`{"full_name":"Ann <b>Lee"}`)},
	})
	require.NoError(t, err)
	a := b.visit("/events/" + e.ID)
	require.Equal(t, "Ann <b>Lee", a.doc.Find(`a[href="/participants/`+e.ParticipantID+`"]`).Text())
	require.Contains(t, a.doc.Find("#event-contact").Text(), `"full_name":"Ann <b>Lee"`)
	require.NoError(t, s.svc.Participants.Delete(t.Context(), system, e.ParticipantID))
	a = b.visit("/events/" + e.ID)
	require.Zero(t, a.doc.Find(`a[href="/participants/`+e.ParticipantID+`"]`).Length())
	require.Contains(t, a.doc.Find("#event-contact").Text(), "Ann", "the snapshot stays")
}

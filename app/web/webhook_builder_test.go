package web_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/service"
	"hookline/models"
)

var templated = url.Values{
	"name": {"Chat"}, "url": {"https://hooks.example.com/{{event.type}}"}, "method": {"POST"}, "subscriptions.all": {"true"},
	"params.0.name": {"who"}, "params.0.value": {"{{contact.nickname}}"},
	"headers.0.name": {"X-Key"}, "headers.0.value": {"typed-header-secret"}, "headers.0.secret": {"true"},
	"auth.kind": {"none"}, "body.format": {"json"}, "body.template": {`{"text": "{{event.title}} of {{site.name}}"}`},
	"source.event_type": {"release.published"}, "source.shown": {"release.published  "},
}

// H5: the preview is what would be sent, and says what is not there.
func TestH5_PreviewRendersWhatWasTypedAndSavesNothing(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks/new")
	a := b.submit("/webhooks", with(templated, url.Values{"action": {"preview"}}))
	require.Equal(t, http.StatusOK, a.StatusCode, a.text())
	preview := a.doc.Find("#preview-request")
	require.Contains(t, preview.Find("#preview-url").Text(), "https://hooks.example.com/release.published")
	require.Contains(t, preview.Find("#preview-body").Text(), `"Release Published of `)
	require.Contains(t, preview.Find("[data-marked]").Text(), "?who=missing: contact.nickname")
	require.Equal(t, "contact.nickname", strings.TrimPrefix(preview.Find("mark.missing").Text(), "missing: "))
	require.Contains(t, preview.Text(), "***")
	require.Contains(t, preview.Find("[data-missing]").Text(), "contact.nickname")
	require.Contains(t, preview.Text(), " bytes")
	require.Contains(t, a.doc.Find("#palette-list").Text(), "data.release")

	require.NotContains(t, a.body, "typed-header-secret", "a typed secret is not echoed")
	require.Contains(t, a.text(), "Enter this again: a secret is not shown")
	require.Equal(t, "{{contact.nickname}}", a.doc.Find(`[name="params.0.value"]`).AttrOr("value", ""))
	require.Contains(t, a.doc.Find(`[name="body.template"]`).Text(), "{{event.title}} of {{site.name}}")
	page, err := s.svc.Webhooks.List(context.Background(), system, "", pageOne)
	require.NoError(t, err)
	require.Empty(t, page.Items, "nothing was saved")
}

// A11: the form warns of a URL that leads to Hookline itself, as one types and
// without a script.
func TestA11_TheFormWarnsOfItsOwnAddress(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks/new")
	const warning = "This URL leads to Hookline itself"
	for target, warns := range map[string]bool{
		s.URL + "/api/v1/events": true, strings.ToUpper(s.URL) + "/%zz/{{event.id}}": true, s.URL + ":1/": false,
		"https://hooks.example.com/?u=" + s.URL: false, "": false,
	} {
		typed := with(templated, url.Values{"url": {target}})
		a := b.post("/webhooks/preview", typed, "HX-Request", "true")
		require.Equal(t, warns, strings.Contains(a.text(), warning), target)
		a = b.submit("/webhooks", with(typed, url.Values{"action": {"preview"}}))
		require.Equal(t, warns, strings.Contains(a.text(), warning), target)
	}
}

// H5: any participant can be chosen, by what is typed or by a pick; a text that means
// nobody says so, and the preview is there all the same.
func TestH5_ThePreviewFindsAnyParticipant(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	ids := map[string]string{}
	for _, email := range []string{"ann@example.com", "ann.marie@example.com", "bo@example.com"} {
		p, err := s.svc.Participants.Create(context.Background(), system, service.ParticipantInput{Email: &email, Fields: json.RawMessage(`{"nickname": "N-` + email + `"}`)})
		require.NoError(t, err)
		ids[email] = p.ID
	}
	for range 21 { // no longer among the newest
		_, err := s.svc.Participants.Create(context.Background(), system, service.ParticipantInput{})
		require.NoError(t, err)
	}
	b.visit("/webhooks/new")
	const text, id = "source.participant", "source.participant_id"
	for name, c := range map[string]struct{ text, id, nickname, fault string }{
		"nobody":            {},
		"the whole address": {text: "Ann@example.com", nickname: "N-ann@"},
		"the id":            {text: ids["bo@example.com"], nickname: "N-bo@"},
		"the only match":    {text: "bo", nickname: "N-bo@"},
		"a pick":            {text: "ann.marie@example.com", id: ids["ann.marie@example.com"], nickname: "N-ann.marie@"},
		"a stale pick":      {text: "bo", id: ids["ann@example.com"], nickname: "N-bo@"},
		"several":           {text: "ann", fault: "several participants"},
		"no such":           {text: "zoe", fault: "Nobody is found"},
	} {
		a := b.submit("/webhooks", with(templated, url.Values{"action": {"preview"}, text: {c.text}, id: {c.id}}))
		require.Equal(t, http.StatusOK, a.StatusCode, a.text())
		sent, _ := url.QueryUnescape(a.doc.Find("#preview-url").Text())
		require.Contains(t, sent, "who="+c.nickname, name)
		require.Contains(t, a.doc.Find("#f-source-participant-error").Text(), c.fault, name)
		require.Equal(t, c.fault == "", a.doc.Find("#f-source-participant-error").Length() == 0, name)
		if c.fault != "" {
			require.Equal(t, c.text, a.doc.Find(`[name="`+text+`"]`).AttrOr("value", ""), "what was typed stays")
		}
	}
	require.Contains(t, b.visit("/participants-suggest?"+url.Values{text: {"bo"}}.Encode()).body, ids["bo@example.com"])
}

// Issue 4: bad configuration is refused at save with place and mend, the form keeps
// what was typed, and the preview tells the same.
func TestI7_BadTemplatesAreRefusedBesideTheirField(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	for field, bad := range map[string]struct{ value, fault string }{
		"body.template":   {"{\n  \"text\": \"{{event.title}\"\n}", "ine 2"},
		"url":             {"https://hooks.example.com/{{nope(1)}}", "no function"},
		"params.0.value":  {"{{upper(}}", "olumn"},
		"headers.0.value": {"a{{", "olumn"},
	} {
		fields := with(signed, with(templated, url.Values{field: {bad.value}, "headers.0.secret": nil}))
		b.visit("/webhooks/new")
		for _, action := range []string{"", "preview"} {
			a := b.submit("/webhooks", with(fields, url.Values{"action": {action}}))
			want := http.StatusUnprocessableEntity
			if action == "preview" {
				want = http.StatusOK
			}
			require.Equal(t, want, a.StatusCode, "%s %s: %s", field, action, a.text())
			id := "#f-" + strings.NewReplacer(".", "-").Replace(field) + "-error"
			require.Contains(t, a.doc.Find(id).Text(), bad.fault, "%s %s: %s", field, action, a.doc.Find("#preview").Text())
			require.Contains(t, a.doc.Find("#error-summary").Text(), bad.fault, field)
			require.Contains(t, a.doc.Find("[data-faults]").Text(), bad.fault, field)
			typed := a.doc.Find(`[name="` + field + `"]`)
			require.Equal(t, bad.value, typed.AttrOr("value", typed.Text()), "%s keeps what was typed", field)
		}
	}
}

// I14: a preset fills the form in, and what it made can be saved.
func TestI14_APresetFillsTheFormIn(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	a := b.visit("/webhooks/destinations")
	require.Equal(t, 8, a.doc.Find(".destination").Length())
	b.visit("/webhooks/destinations/slack")
	a = b.submit("/webhooks/destinations/slack", url.Values{"name": {"Release channel"}, "url": {"https://example.com/x"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.doc.Find("#f-url-error").Text(), "hooks.slack.com")
	a = b.submit("/webhooks/destinations/slack", url.Values{"name": {"Release channel"}, "url": {"https://hooks.slack.com/services/T0/B0/x1"}, "answer.title": {"Out: {{x}}"}})
	require.Equal(t, http.StatusOK, a.StatusCode, a.text())
	require.Contains(t, a.text(), "Filled in for Slack.")
	require.Contains(t, a.doc.Find("#preview-body").Text(), "Out: {{x}}", "an answer is text, and no template: %s", a.doc.Find("#preview").Text())
	require.Empty(t, a.doc.Find("[data-faults]").Text())
	a = b.submit("/webhooks", nil)
	require.Contains(t, []int{http.StatusSeeOther, http.StatusCreated}, a.StatusCode, a.text())
	page, err := s.svc.Webhooks.List(context.Background(), system, "Release channel", pageOne)
	require.NoError(t, err)
	require.Equal(t, models.BodyJSON, page.Items[0].Body.Format)
	require.False(t, page.Items[0].Signing.JWT)
	require.InDelta(t, 1, page.Items[0].RateLimit, 0)
}

// I14: the URL of a known service offers its settings, and they leave what was typed.
func TestI14_AKnownURLOffersItsSettings(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/webhooks/new")
	const slack = "https://hooks.slack.com/services/T0/B0/x1"
	typed := with(templated, url.Values{"name": {"Releases"}, "url": {slack}, "description": {"kept"}, "subscriptions.filter": {"data.n > 1"}})
	a := b.post("/webhooks/preview", with(typed, url.Values{"preset.shown": {""}}), "HX-Request", "true")
	require.Contains(t, a.doc.Find("#preset-hint").Text(), "a URL of Slack")
	a = b.post("/webhooks/preview", with(typed, url.Values{"preset.shown": {"slack"}}), "HX-Request", "true")
	require.Zero(t, a.doc.Find("#preset-hint").Length(), "it is there already")
	a = b.post("/webhooks/preview", with(typed, url.Values{"preset.shown": {"slack"}, "url": {"https://example.com/"}}), "HX-Request", "true")
	require.Empty(t, strings.TrimSpace(a.doc.Find("#preset-hint").Text()), "and goes again")

	a = b.submit("/webhooks", with(typed, url.Values{"action": {"preview"}}))
	button := a.doc.Find(`#preset-hint button[name=action]`)
	require.Equal(t, "Use the Slack settings", strings.TrimSpace(button.Text()))
	a = b.submit("/webhooks", with(typed, url.Values{"action": {button.AttrOr("value", "")}}))
	require.Equal(t, http.StatusOK, a.StatusCode, a.text())
	require.Contains(t, a.text(), "Filled in for Slack.")
	require.Empty(t, strings.TrimSpace(a.doc.Find("#preset-hint").Text()))
	for name, want := range map[string]string{"name": "Releases", "url": slack, "params.0.name": "who", "headers.0.name": "X-Key", "rate_limit": "1", "preset": "slack"} {
		require.Equal(t, want, a.doc.Find(`[name="`+name+`"]`).AttrOr("value", ""), name)
	}
	require.Equal(t, "kept", a.doc.Find("[name=description]").Text())
	require.Equal(t, "data.n > 1", a.doc.Find(`[name="subscriptions.filter"]`).Text())
	require.Contains(t, a.doc.Find(`[name="body.template"]`).Text(), "rich_text")
	require.Contains(t, a.doc.Find("#preview-body").Text(), "rich_text")
	require.NotContains(t, a.body, "typed-header-secret")

	a = b.submit("/webhooks", with(typed, url.Values{"action": {"preset:inkit"}, "url": {"https://api.inkit.com/v1/generate"}}))
	require.Contains(t, a.text(), "Template id", "what it must be told is asked for")
	require.Equal(t, "Releases", a.doc.Find("[name=name]").AttrOr("value", ""))
	require.Equal(t, http.StatusNotFound, b.post("/webhooks", with(typed, url.Values{"action": {"preset:nope"}})).StatusCode)
}

// ui.md: each part of the Details page leads to where it is changed, for those who
// may change it.
func TestI10_DetailsLeadToTheSections(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w, _ := create(b, signed)
	a, form := b.visit("/webhooks/"+w.ID), b.visit("/webhooks/"+w.ID+"/edit")
	for _, section := range []string{"destination", "authentication", "headers", "parameters", "body", "signing", "retries", "events"} {
		require.NotZero(t, a.doc.Find(`a[href="/webhooks/`+w.ID+`/edit#`+section+`"]`).Length(), section)
		require.Equal(t, 1, form.doc.Find("section#"+section).Length())
	}
	viewer := s.another(models.Member)
	_, err := s.svc.Grants.Give(context.Background(), system, w.ID, viewer.ID, models.ViewGrant)
	require.NoError(t, err)
	require.Zero(t, s.signedIn(viewer).visit("/webhooks/"+w.ID).doc.Find(`a[href*="/edit#"]`).Length())
}

// The fields of the choice count, and the fields that the choice hides do not.
func TestH3_ParametersBodyAndLimitAreSaved(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	w, _ := create(b, with(signed, url.Values{
		"params.0.name": {"a"}, "params.0.value": {"{{event.id}}"}, "params.2.name": {"b"}, "params.2.value": {"2"}, "rate_limit": {"0.5"},
		"body.format": {"form"}, "body.fields.0.name": {"email"}, "body.fields.0.value": {"{{contact.email}}"}, "body.template": {"{ not JSON"}, "body.custom": {"nor this"},
		"auth.kind": {"none"}, "auth.token_url": {"junk"}, "auth.header": {"not a name"},
	}))
	require.Equal(t, []models.Param{{Name: "a", Value: "{{event.id}}"}, {Name: "b", Value: "2"}}, w.Params)
	require.Equal(t, models.Body{Format: models.BodyForm, Fields: []models.Param{{Name: "email", Value: "{{contact.email}}"}}}, w.Body)
	require.InDelta(t, 0.5, w.RateLimit, 0)
	b.visit("/webhooks/" + w.ID + "/edit")
	require.Equal(t, http.StatusSeeOther, b.submit("/webhooks/"+w.ID, nil).StatusCode)
	same := s.get(w.ID)
	same.Version, same.UpdatedAt = w.Version, w.UpdatedAt
	require.Equal(t, w, same, "an untouched form changes nothing")
}

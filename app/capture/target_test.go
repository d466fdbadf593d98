package capture_test

import (
	"encoding/json"
	"hookline/app/apptest"
	"hookline/app/service"
	"hookline/models"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// B4: the guard lets a webhook through to a capture URL of this very installation
// alone, and to nothing that resembles the URL.
func TestB4_TargetWithoutOpeningTheGuard(t *testing.T) {
	s := strict(t)
	pat, kim := person(t, s, "pat", models.Owner), person(t, s, "kim", models.Member)
	v, theirs := endpoint(t, s, pat), endpoint(t, s, kim)
	create := func(a models.Actor, url string) (service.Saved, error) {
		return s.Service.Webhooks.Create(t.Context(), a, apptest.Draft("x", url))
	}
	for _, url := range nearTargets(s.BaseURL, v.URL) {
		_, err := create(pat, url)
		require.Equal(t, models.Invalid, models.CodeOf(err), "%q", url)
	}
	_, err := create(pat, s.BaseURL+"/capture/in/"+strings.Repeat("a", 43))
	require.Equal(t, models.Invalid, models.CodeOf(err), "an endpoint that does not exist")
	_, err = create(pat, theirs.URL)
	require.NoError(t, err, "an owner may use one that they were given")
	token := models.Actor{Token: &models.Token{ID: "tok_01kf2j7q8e5t9v3m6x0y4z1b2c", Scopes: []models.Scope{models.WebhooksWrite}}}
	_, err = create(token, theirs.URL)
	require.Equal(t, models.Invalid, models.CodeOf(err))
}

// nearTargets are URLs that resemble the capture URL and are refused.
func nearTargets(base, target string) []string {
	secret := strings.TrimPrefix(target, base+"/capture/in/")
	port := base[strings.LastIndex(base, ":")+1:]
	return []string{
		base, base + "/", base + "/webhooks", base + "/capture/in/", base + "/capture/in/" + secret[:42], target + "x",
		base + "//capture/in/" + secret, base + "/capture/../capture/in/" + secret, base + "/capture/in/../../login?" + secret,
		base + "/Capture/in/" + secret, base + "/capture/in/%2e%2e/" + secret, base + "/capture/in/" + secret + "#x", base + "/capture/in/" + secret + `\x`,
		"HTTP" + target[4:], "http://a@" + target[7:], "http://127.0.0.1:" + port + "@evil.example/capture/in/" + secret, "http://127.0.0.1:0" + port + "/capture/in/" + secret,
		"http://localhost:" + port + "/capture/in/" + secret, "http://127.0.0.1.:" + port + "/capture/in/" + secret, "http://127.1:" + port + "/capture/in/" + secret,
		"http://[::ffff:127.0.0.1]:" + port + "/capture/in/" + secret, "https" + target[4:], "http://127.0.0.1:1/capture/in/" + secret, " " + target, target + " ", target + "/\r\nX: y",
	}
}

// B4: a webhook delivers to a capture URL, which tells an allowed reader the webhook
// and whether its signatures are valid.
func TestB4_DeliversToACaptureURL(t *testing.T) {
	s := strict(t)
	pat, kim := person(t, s, "pat", models.Owner), person(t, s, "kim", models.Member)
	v, w := targetWebhook(t, s, pat)
	detail, err := s.Service.Webhooks.Test(t.Context(), pat, w.ID, service.TestInput{Data: json.RawMessage(`{"n":1}`)})
	require.NoError(t, err)
	require.Equal(t, models.Succeeded, detail.Delivery.State)
	a := detail.Attempts[0]
	require.Equal(t, 200, a.Status)
	r := newest(t, s, pat, v)
	require.Equal(t, a.Request.Body, r.Body)
	require.Equal(t, detail.Delivery.ID, r.Header("Idempotency-Key"))
	require.Contains(t, r.Headers, models.HeaderLine{Name: "x-webhook-secret", Value: r.Header("X-Webhook-Secret")}, "in the spelling of the sender")
	o := s.Service.Captures.Origin(t.Context(), pat, r)
	require.NotNil(t, o)
	require.Equal(t, w.ID, o.WebhookID)
	require.EqualValues(t, "valid", o.HMAC)
	require.EqualValues(t, "valid", o.Token)
	require.Nil(t, s.Service.Captures.Origin(t.Context(), kim, r), "a person who may not see the webhook learns nothing of it")
	r.Body = append(r.Body, ' ')
	o = s.Service.Captures.Origin(t.Context(), pat, r)
	require.EqualValues(t, "wrong", o.HMAC)
	require.EqualValues(t, "wrong", o.Token)
}

// B4: status, time-out and a rotated URL are outcomes as of any other receiver.
func TestB4_OutcomesOfACaptureURL(t *testing.T) {
	s := strict(t)
	pat := person(t, s, "pat", models.Owner)
	v, w := targetWebhook(t, s, pat)
	send := func() models.Attempt {
		detail, err := s.Service.Webhooks.Test(t.Context(), pat, w.ID, service.TestInput{})
		require.NoError(t, err)
		return detail.Attempts[0]
	}
	_, err := s.Service.Captures.Update(t.Context(), pat, v.ID, service.CaptureInput{Status: ptr(503), Body: ptr("busy")})
	require.NoError(t, err)
	a := send()
	require.Equal(t, models.HTTPError, a.Outcome)
	require.Equal(t, "busy", string(a.Response.Body))
	_, err = s.Service.Captures.Update(t.Context(), pat, v.ID, service.CaptureInput{Delay: ptr(30 * time.Second)})
	require.NoError(t, err)
	_, err = s.Service.Webhooks.Edit(t.Context(), pat, w.ID, func(d *service.WebhookDraft) { d.Settings.TimeoutMS = time.Second.Milliseconds() })
	require.NoError(t, err)
	a = send()
	require.Equal(t, models.Timeout, a.Outcome)
	require.Contains(t, a.Error, "within 1 s")
	_, err = s.Service.Captures.Rotate(t.Context(), pat, v.ID)
	require.NoError(t, err)
	a = send()
	require.Equal(t, models.BlockedURL, a.Outcome)
	require.Contains(t, a.Error, "no longer valid")
	require.Equal(t, models.CauseCaptureGone, a.Cause)
}

// targetWebhook is a webhook that delivers to a capture URL of the actor.
func targetWebhook(t *testing.T, s *apptest.Server, a models.Actor) (models.Capture, models.Webhook) {
	t.Helper()
	v := endpoint(t, s, a)
	saved, err := s.Service.Webhooks.Create(t.Context(), a, apptest.Draft("x", "https://hooks.example.com/"))
	require.NoError(t, err)
	w, err := s.Service.Captures.Use(t.Context(), a, v.ID, saved.Webhook.ID)
	require.NoError(t, err)
	require.Equal(t, v.URL, w.URL)
	return v, w
}

// A capture URL keeps the spelling of what stands behind it, as any other URL does.
func TestB4_TargetKeepsItsSpelling(t *testing.T) {
	s := strict(t)
	pat := person(t, s, "pat", models.Owner)
	v := endpoint(t, s, pat)
	url := v.URL + "/group%2Fprojü/{{data.x}}?f={|}&y=1"
	saved, err := s.Service.Webhooks.Create(t.Context(), pat, apptest.Draft("x", url))
	require.NoError(t, err)
	over := v.URL + "/100%/ü%2F"
	for in, want := range map[*service.TestInput]string{
		{Data: json.RawMessage(`{"x":"a/b"}`)}: "/group%2Fproj%C3%BC/a%2Fb?f=%7B%7C%7D&y=1",
		{URL: over}:                            "/100%25/%C3%BC%2F",
	} {
		detail, err := s.Service.Webhooks.Test(t.Context(), pat, saved.Webhook.ID, *in)
		require.NoError(t, err)
		require.Equal(t, models.Succeeded, detail.Delivery.State, detail.Attempts[0].Error)
		require.Equal(t, v.URL+want, detail.Attempts[0].Request.URL)
		require.Equal(t, strings.TrimPrefix(v.URL, s.BaseURL)+want, newest(t, s, pat, v).Target)
	}
}

// trust.md: a replay goes where a delivery may go, and nowhere else.
func TestB4_ReplayIsGuarded(t *testing.T) {
	s := strict(t)
	pat := person(t, s, "pat", models.Member)
	v := endpoint(t, s, pat)
	wire(t, s, "PUT "+pathOf(v, s)+" HTTP/1.1\r\nHost: x\r\nx-MINE: yes\r\nuser-agent: shop/1\r\nConnection: close\r\nMetadata-Flavor: Google\r\nContent-Length: 2\r\n\r\nhi")
	r := newest(t, s, pat, v)
	for _, url := range []string{"", "http://127.0.0.1:1/", "https://127.0.0.1/", s.BaseURL + "/login", "https://169.254.169.254/", "file:///etc/passwd", "https://localhost/"} {
		_, err := s.Service.Captures.Replay(t.Context(), pat, v.ID, r.ID, service.ReplayInput{URL: url})
		require.Equal(t, models.Invalid, models.CodeOf(err), url)
	}
	res, err := s.Service.Captures.Replay(t.Context(), pat, v.ID, r.ID, service.ReplayInput{URL: v.URL + "/again"})
	require.NoError(t, err)
	require.Equal(t, 200, res.Status)
	again := newest(t, s, pat, v)
	require.Equal(t, "PUT", again.Method)
	require.Equal(t, "hi", string(again.Body))
	require.Contains(t, again.Headers, models.HeaderLine{Name: "x-MINE", Value: "yes"}, "in the spelling of the sender")
	require.Contains(t, again.Headers, models.HeaderLine{Name: "User-Agent", Value: "shop/1"})
	for _, h := range again.Headers {
		require.NotContains(t, h.Value, "Hookline/", "one User-Agent")
	}
	require.Empty(t, again.Header("Metadata-Flavor"))
	require.Empty(t, again.Header("Connection"))
	_, err = s.Service.Captures.Replay(t.Context(), pat, v.ID, r.ID, service.ReplayInput{WebhookID: "wh_01kf2j7q8e5t9v3m6x0y4z1b2c"})
	require.Error(t, err)
}

package models_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"hookline/models"
)

// Promise 6: nothing prints a sealed value, and clear text cannot pass for one.
func TestSealedNeverShows(t *testing.T) {
	s := models.Sealed("\x01topsecretbytes")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "sealed", s, "in", struct{ S models.Sealed }{s})
	encoded, err := json.Marshal(map[string]any{"s": s})
	require.NoError(t, err)
	for _, shown := range []string{
		log.String(), string(encoded), s.String(), fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s %q %x %X %d", s, s, s, s, s, s, s, s),
		fmt.Sprintf("%+v %#v", models.Header{Sealed: s}, models.Signing{Key: s}),
	} {
		require.NotContains(t, shown, "topsecret")
		require.NotContains(t, strings.ToLower(shown), fmt.Sprintf("%x", "topsecret"))
		require.NotContains(t, shown, "116 111 112", "as numbers")
	}
	_, err = models.Sealed("clear text").Value()
	require.Error(t, err)
	require.Error(t, json.Unmarshal([]byte(`"x"`), &s))
}

func TestIDs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var a, b [16]byte
		copy(a[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "a"))
		copy(b[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "b"))
		x, y := models.FormatID("wh", a), models.FormatID("wh", b)
		if _, err := models.ParseID("wh", x); err != nil {
			t.Fatal(err)
		}
		if strings.Compare(x, y) != strings.Compare(string(a[:]), string(b[:])) {
			t.Fatal("ids must sort like their bytes")
		}
	})
	for _, hostile := range []string{"", "wh", "wh_", "dlv_01kf2j0000000000000000000x", "wh_01KF2J0000000000000000000X", "wh_' OR 1=1 --             ", "wh_\x00", strings.Repeat("a", 5000), "wh_01kf2j00000000000000000il"} {
		_, err := models.ParseID("wh", hostile)
		require.Equal(t, models.NotFound, models.CodeOf(err), hostile)
	}
}

// trust.md: the reserved names, in any spelling, each with a reason.
func TestReservedHeaders(t *testing.T) {
	for _, name := range []string{
		"Host", "content-length", "Transfer-Encoding", "CONNECTION", "Keep-Alive", "TE", "Trailer", "Upgrade", "Expect", "Proxy-Authorization",
		"Idempotency-Key", "Content-Type", "webhook-id", "Webhook-Signature", "x-webhook-secret", "X-Hmac-Signature", "X-Acme-Delivery-Id",
		"Metadata-Flavor", "X-aws-ec2-metadata-token", "X-AWS-EC2-Metadata-Token-TTL-Seconds",
	} {
		require.NotEmpty(t, models.ReservedHeader(name, "X-Acme"), name)
	}
	for _, name := range []string{"Authorization", "X-Hookline-Delivery-Id", "X-Acmetag", "Accept", "User-Agent"} {
		require.Empty(t, models.ReservedHeader(name, "X-Acme"), name)
	}
}

func TestHeaderSyntax(t *testing.T) {
	for _, name := range []string{"", "a b", "a:b", "a\r", "ä", "a\x00", "(a)", strings.Repeat("a", 257)} {
		require.False(t, models.ValidHeaderName(name), name)
	}
	for _, value := range []string{" a", "a ", "a\r\nb", "a\nb", "a\x00", "é", "a\x7f", strings.Repeat("a", models.MaxHeaderValue+1)} {
		require.False(t, models.ValidHeaderValue(value), value)
	}
	require.True(t, models.ValidHeaderValue("Bearer a\tb~!"))
	require.True(t, models.ValidHeaderName("X-A_b.c~1"))
}

func TestCustomRetryIsBounded(t *testing.T) {
	w := models.NewWebhook()
	w.Name, w.Signing = "x", models.Signing{}
	for _, r := range []models.Retry{
		{Preset: "often"}, {Preset: models.RetryCustom}, {Preset: models.RetryCustom, Attempts: 2},
		{Preset: models.RetryCustom, Attempts: 51}, {Preset: models.RetryCustom, Attempts: 1, RetryOn: []string{"200"}},
		{Preset: models.RetryCustom, Attempts: 1, RetryOn: []string{"blocked"}},
	} {
		w.Retry = r
		require.NotEmpty(t, w.Validate("X-Hookline"), "%+v", r)
	}
	w.Retry = models.Retry{Preset: models.RetryCustom, Attempts: 1, RetryOn: []string{"4xx", "503", "tls"}}
	require.Empty(t, w.Validate("X-Hookline"))
}

func TestHost(t *testing.T) {
	for url, host := range map[string]string{
		"https://example.com": "example.com", "https://example.com:8443/a?b#c": "example.com:8443", "http://a.b?x": "a.b",
		"https://example.com/{{data.id}}?q={{#urlEncode}}{{ contact.email }}{{/urlEncode}}": "example.com", "https://example.com:8443?a={{data[\"/\"]}}": "example.com:8443",
	} {
		require.Equal(t, host, models.Webhook{URL: url}.Host())
	}
}

// H1: which method and format have a body.
func TestH1_HasBody(t *testing.T) {
	for _, method := range models.Methods {
		bare := method == "GET" || method == "DELETE"
		for _, format := range models.BodyFormats {
			w := models.Webhook{Method: method, Body: models.Body{Format: format}}
			want := format != models.BodyNone && (!bare || (format != models.BodyAuto && format != models.BodyMerged))
			require.Equal(t, want, w.HasBody(), "%s %s", method, format)
		}
	}
}

// B10: who changed a template is told.
func TestB10_BodiesAndParamsAreAudited(t *testing.T) {
	of := func(w models.Webhook) map[string]models.Field {
		fields := map[string]models.Field{}
		for _, f := range w.AuditFields() {
			require.NotContains(t, fields, f.Name)
			fields[f.Name] = f
		}
		return fields
	}
	a := of(models.Webhook{Body: models.Body{Format: models.BodyJSON, Template: "{}"}, Params: []models.Param{{Name: "p", Value: "1"}, {Name: "p", Value: "2"}}})
	require.Equal(t, "1", a["parameter p"].Value)
	require.Equal(t, "2", a["parameter p (2)"].Value)
	require.Equal(t, "{}", a["body.template"].Value)
	form := of(models.Webhook{Body: models.Body{Format: models.BodyForm, Fields: []models.Param{{Name: "f", Value: "{{data.x}}"}}}})
	require.Equal(t, "{{data.x}}", form["body field f"].Value)
}

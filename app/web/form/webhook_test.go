package form

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func read(t *testing.T, v url.Values) Webhook {
	t.Helper()
	f, err := ReadWebhook(v, models.Webhook{})
	require.NoError(t, err)
	return f
}

func TestWebhook_MissingFieldsStayAsTheyWere(t *testing.T) {
	stored := models.NewWebhook()
	stored.ID, stored.Version, stored.URL, stored.Method, stored.Description = "wh_1", 7, "https://example.com", "PUT", "For orders"
	stored.Enabled, stored.Timeout, stored.Retry = false, 7*time.Second, models.Retry{Preset: models.RetryDurable}
	stored.Signing.Key = models.Sealed("sealed")
	stored.Body = models.Body{Format: models.BodyRaw, Template: "x", ContentType: "text/csv"}
	stored.Auth = models.Auth{Kind: models.AuthBearer, Secret: models.Sealed("sealed")}
	stored.Subscriptions = models.Subscriptions{Types: []string{"a.b"}, Filter: "true"}
	f, err := ReadWebhook(url.Values{"name": {" Orders "}}, stored)
	require.NoError(t, err)
	require.Empty(t, f.Errors)
	want := stored.Settings()
	want.Name = "Orders"
	want.Signing.JWT, want.Signing.HMAC = false, false // a checkbox that is not ticked is not sent
	got := f.Draft()
	require.Empty(t, got.Settings.Headers)
	require.Empty(t, got.Settings.Params)
	got.Settings.Headers, got.Settings.Params = want.Headers, want.Params
	require.Equal(t, want, got.Settings)
	require.EqualValues(t, 7, got.Version)
}

// A form cannot set what it has no control for, nor a secret under another name.
func TestWebhook_SettingsWithoutAControlCannotBePosted(t *testing.T) {
	stored := models.NewWebhook()
	stored.ID, stored.Enabled = "wh_1", false
	until := time.Now()
	stored.Signing.OldKey, stored.Signing.OldKeyUntil = models.Sealed("old"), until
	f, err := ReadWebhook(url.Values{
		"id": {"wh_2"}, "enabled": {"true"}, "state": {"gone"}, "auth.token": {"t"}, "auth.password": {"p"}, "timeout_ms": {"9000"},
		"signing.old_secret_until": {"2030-01-01T00:00:00Z"}, "rate_limit.per_second": {"3"}, "retry.delays_ms": {"1"}, "NAME": {"Shouted"},
		"headers.-1.name": {"X"}, "headers": {"X"}, "headers.0": {"X"}, "auth.kind": {"bearer"}, "WebhookSettings": {"x"},
	}, stored)
	require.NoError(t, err)
	got := f.Draft().Settings
	want := stored.Settings()
	want.Auth.Kind, want.Signing.JWT, want.Signing.HMAC = models.AuthBearer, false, false
	want.Headers, want.Params = got.Headers, got.Params
	require.Empty(t, got.Headers)
	require.Equal(t, want, got)
}

func TestWebhook_ForeignFormsAreMalformed(t *testing.T) {
	for name, text := range map[string]string{
		"signing.jwt": "yes", "subscriptions.all": "1", "headers.0.secret": "on", "headers.0.remove": "x", "body.include_identity": "TRUE", "auth.no_password": "no",
		"headers.210.name": "X", "params.9999.value": "x",
	} {
		_, err := ReadWebhook(url.Values{name: {text}, "headers.0.name": {"A"}, "body.format": {"merged"}}, models.Webhook{})
		require.Equal(t, models.Malformed, models.CodeOf(err), name)
	}
}

func TestWebhook_NumbersThatCannotBeReadAreRefusedByTheModel(t *testing.T) {
	for name, v := range map[string]url.Values{
		"timeout words":    {"timeout": {"soon"}},
		"timeout NaN":      {"timeout": {"NaN"}},
		"timeout Inf":      {"timeout": {"Inf"}},
		"timeout negative": {"timeout": {"-1"}},
		"timeout huge":     {"timeout": {"1e300"}},
		"timeout empty":    {"timeout": {""}},
		"attempts words":   {"retry.preset": {"custom"}, "retry.attempts": {"three"}, "retry.delays": {"1"}},
		"attempts empty":   {"retry.preset": {"custom"}, "retry.delays": {"1"}},
		"delay words":      {"retry.preset": {"custom"}, "retry.attempts": {"3"}, "retry.delays": {"1, x"}},
		"delay huge":       {"retry.preset": {"custom"}, "retry.attempts": {"3"}, "retry.delays": {"604801"}},
		"preset":           {"retry.preset": {"eternal"}},
		"format":           {"body.format": {"xml"}},
	} {
		f := read(t, v)
		s, w := f.Draft().Settings, models.NewWebhook()
		w.Name, w.Signing = "x", models.Signing{}
		w.Timeout, w.Retry, w.Body = s.Timeout(), s.Retry, s.Body
		require.NotEmpty(t, w.Validate(models.DefaultHeaderPrefix), name)
		for control := range f.Fields.Raw {
			require.Equal(t, v.Get(control), f.Fields.Text(control), "%s: drawn as typed", name)
		}
	}
}

func TestWebhook_FieldsOfAnotherPresetAreNotRead(t *testing.T) {
	f := read(t, url.Values{"retry.preset": {"quick"}, "retry.attempts": {"junk"}, "retry.delays": {"junk"}})
	require.Empty(t, f.Errors)
	require.Equal(t, models.Retry{Preset: models.RetryQuick}, f.Draft().Settings.Retry)
}

func TestWebhook_CustomRetry(t *testing.T) {
	f := read(t, url.Values{
		"retry.preset": {"custom"}, "retry.attempts": {" 3 "}, "retry.delays": {"0.5, 60,"}, "retry.retry_on": {"5xx, 429, ,TIMEOUT"},
	})
	require.Empty(t, f.Errors)
	require.Equal(t, models.Retry{
		Preset: models.RetryCustom, Attempts: 3, Delays: []time.Duration{500 * time.Millisecond, time.Minute}, RetryOn: []string{"5xx", "429", "timeout"},
	}, f.Draft().Settings.Retry)
}

func TestWebhook_HeaderRows(t *testing.T) {
	headers := read(t, url.Values{
		"headers.10.name": {"X-Last"}, "headers.10.value": {"z"},
		"headers.2.name": {" X-First "}, "headers.2.value": {" kept as typed "},
		"headers.3.secret": {"true"},
		"headers.4.name":   {"X-Gone"}, "headers.4.remove": {"true"},
		"headers.01.name": {"X-Odd"}, "headers.x.name": {"X-Odd"}, "headers.99999.name": {"X-Odd"}, "headers.5.other": {"x"},
	}).Draft().Settings.Headers
	require.Len(t, headers, 2)
	require.Equal(t, "X-First", headers[0].Name)
	require.Equal(t, " kept as typed ", headers[0].Value)
	require.Equal(t, "X-Last", headers[1].Name)
}

func TestD4_TheRedisplayedFormNeverHasATypedSecret(t *testing.T) {
	f := read(t, url.Values{
		"signing.secret": {"typed-key"},
		"headers.0.name": {"A"}, "headers.0.value": {"typed"}, "headers.0.secret": {"true"},
		"headers.1.name": {"B"}, "headers.1.value": {models.Mask}, "headers.1.secret": {"true"},
		"headers.2.name": {"C"}, "headers.2.value": {"plain"},
	})
	fields, errs := f.Redisplay([]models.FieldError{{Field: "headers.0.value", Message: "too long"}})
	require.Empty(t, fields.Headers[0].Value)
	require.Equal(t, models.Mask, fields.Headers[1].Value)
	require.Equal(t, "plain", fields.Headers[2].Value)
	require.Equal(t, "too long", errs["headers.0.value"])
	require.NotEmpty(t, errs["signing.secret"])
	require.Empty(t, errs["headers.1.value"])
	require.Equal(t, "typed", f.Draft().Settings.Headers[0].Value, "the settings to save are untouched")
	require.NotContains(t, fmt.Sprintf("%+v", fields), "typed-key")
}

func TestKey_IsWhatADatabaseTakes(t *testing.T) {
	require.Equal(t, "ab", Key(" a\x00b\xff ", 10))
	require.Equal(t, "é", Key("éé", 3))
	require.Empty(t, Key("é", 1))
}

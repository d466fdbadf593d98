package form

import (
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
	in, faults := read(t, url.Values{"name": {" Orders "}}).Input()
	require.Empty(t, faults)
	require.Equal(t, "Orders", *in.Name)
	for _, nothing := range []any{in.URL, in.Method, in.Description, in.SigningKey, in.Body, in.Retry, in.Timeout, in.Subscriptions, in.Enabled} {
		require.Nil(t, nothing)
	}
	require.False(t, *in.JWT, "a checkbox that is not ticked is not sent")
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
		in, _ := read(t, v).Input()
		w := models.NewWebhook()
		w.Name, w.Signing = "x", models.Signing{}
		if in.Timeout != nil {
			w.Timeout = *in.Timeout
		}
		if in.Retry != nil {
			w.Retry = *in.Retry
		}
		if in.Body != nil {
			w.Body = *in.Body
		}
		require.NotEmpty(t, w.Validate(models.DefaultHeaderPrefix), name)
	}
}

func TestWebhook_FieldsOfAnotherPresetAreNotRead(t *testing.T) {
	in, faults := read(t, url.Values{"retry.preset": {"quick"}, "retry.attempts": {"junk"}, "retry.delays": {"junk"}}).Input()
	require.Empty(t, faults)
	require.Equal(t, models.Retry{Preset: models.RetryQuick}, *in.Retry)
}

func TestWebhook_CustomRetry(t *testing.T) {
	in, faults := read(t, url.Values{
		"retry.preset": {"custom"}, "retry.attempts": {" 3 "}, "retry.delays": {"0.5, 60,"}, "retry.retry_on": {"5xx, 429, ,TIMEOUT"},
	}).Input()
	require.Empty(t, faults)
	require.Equal(t, models.Retry{
		Preset: models.RetryCustom, Attempts: 3, Delays: []time.Duration{500 * time.Millisecond, time.Minute}, RetryOn: []string{"5xx", "429", "timeout"},
	}, *in.Retry)
}

func TestWebhook_HeaderRows(t *testing.T) {
	f := read(t, url.Values{
		"headers.10.name": {"X-Last"}, "headers.10.value": {"z"},
		"headers.2.name": {" X-First "}, "headers.2.value": {" kept as typed "},
		"headers.3.secret": {"true"},
		"headers.4.name":   {"X-Gone"}, "headers.4.remove": {"true"},
		"headers.01.name": {"X-Odd"}, "headers.x.name": {"X-Odd"}, "headers.99999.name": {"X-Odd"}, "headers.5.other": {"x"},
	})
	in, _ := f.Input()
	require.Len(t, *in.Headers, 2)
	require.Equal(t, "X-First", (*in.Headers)[0].Name)
	require.Equal(t, " kept as typed ", (*in.Headers)[0].Value)
	require.Equal(t, "X-Last", (*in.Headers)[1].Name)
}

func TestD4_TheRedisplayedFormNeverHasATypedSecret(t *testing.T) {
	f := read(t, url.Values{
		"signing.secret": {"typed-key"},
		"headers.0.name": {"A"}, "headers.0.value": {"typed"}, "headers.0.secret": {"true"},
		"headers.1.name": {"B"}, "headers.1.value": {models.Mask}, "headers.1.secret": {"true"},
		"headers.2.name": {"C"}, "headers.2.value": {"plain"},
	})
	values, errs := f.Redisplay([]models.FieldError{{Field: "headers.0.value", Message: "too long"}})
	require.Empty(t, values.SigningKey)
	require.Empty(t, values.Headers[0].Value)
	require.Equal(t, models.Mask, values.Headers[1].Value)
	require.Equal(t, "plain", values.Headers[2].Value)
	require.Equal(t, "too long", errs["headers.0.value"])
	require.NotEmpty(t, errs["signing.secret"])
	require.Empty(t, errs["headers.1.value"])
	in, _ := f.Input()
	require.Equal(t, "typed", (*in.Headers)[0].Value, "the values to save are untouched")
}

func TestKey_IsWhatADatabaseTakes(t *testing.T) {
	require.Equal(t, "ab", Key(" a\x00b\xff ", 10))
	require.Equal(t, "é", Key("éé", 3))
	require.Empty(t, Key("é", 1))
}

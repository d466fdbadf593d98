package webhooks

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func TestScheduleText(t *testing.T) {
	for preset, want := range map[models.RetryPreset]string{
		models.RetryQuick:   "Up to 3 attempts, after about 10 s, then 60 s. Retries 5xx answers, timeouts and network errors.",
		models.RetryPatient: "Up to 4 attempts, 3 min apart. Retries status 429, 502, 503, 504 and timeouts.",
		models.RetryDurable: "Up to 9 attempts, with growing pauses (5 s to 10 h) over about 34 hours. Retries redirects, 4xx answers, 5xx answers, timeouts, network errors, TLS errors and access tokens that cannot be fetched. 410 Gone is final and switches the webhook off.",
		models.RetryNone:    "One attempt. What fails stays failed until someone retriggers it.",
	} {
		require.Equal(t, want, presetText(preset))
	}
	custom := models.Retry{Preset: models.RetryCustom, Attempts: 3, Delays: []time.Duration{time.Second, 2 * time.Hour}, RetryOn: []string{"429"}}
	require.Equal(t, "Up to 3 attempts, after 1 s, then 2 h. Retries status 429.", scheduleText(custom.Schedule()))
	custom.Delays, custom.RetryOn = nil, nil
	require.Equal(t, "Up to 3 attempts, without pauses. Retries nothing.", scheduleText(custom.Schedule()))
}

func TestEventsText(t *testing.T) {
	for want, s := range map[string]models.Subscriptions{
		"All events":            {All: true, Types: []string{"a.b"}},
		"No events chosen":      {},
		"a.b":                   {Types: []string{"a.b"}},
		"2 types":               {Types: []string{"a.b", "a.c"}},
		"All Work Orders":       {Categories: []string{"work_orders"}},
		"All Releases, 1 type":  {Categories: []string{"releases"}, Types: []string{"a.b"}},
		"2 categories, 2 types": {Categories: []string{"a", "b"}, Types: []string{"a.b", "c.d"}},
	} {
		require.Equal(t, want, eventsText(s))
	}
}

// 100 % must mean all of them.
func TestPercentRoundsDown(t *testing.T) {
	require.Equal(t, "99%", percent(models.OutcomeCounts{Succeeded: 999, Blocked: 1}))
	require.Equal(t, "100%", percent(models.OutcomeCounts{Succeeded: 3, Retried: 5}))
	require.Equal(t, "–", percent(models.OutcomeCounts{Retried: 1}))
}

func TestFieldsNeverHoldASecret(t *testing.T) {
	w := models.NewWebhook()
	w.Headers = []models.Header{{Name: "A", Value: "leaked", Secret: true}, {Name: "B", Value: "seen"}}
	w.Signing.Key = models.Sealed("\x01sealed")
	w.Retry = models.Retry{Preset: models.RetryCustom, Attempts: 3, Delays: []time.Duration{1500 * time.Millisecond, time.Minute}, RetryOn: []string{"5xx", "429"}}
	f := FieldsOf(w.Settings())
	require.Equal(t, []models.HeaderSettings{{Name: "A", Value: models.Mask, Secret: true}, {Name: "B", Value: "seen"}}, f.Headers)
	require.Equal(t, models.Mask, *f.Signing.Secret)
	require.Equal(t, []string{"3", "1.5, 60", "5xx, 429", "10"}, []string{f.Text("retry.attempts"), f.Text("retry.delays"), f.Text("retry.retry_on"), f.Text("timeout")})
}

// The error summary can lead to each fault of models.
func TestFormFieldsKnowTheModelsNames(t *testing.T) {
	w := models.Webhook{Method: "BREW", Body: models.Body{Format: "x"}, Signing: models.Signing{JWT: true}, Headers: []models.Header{{Name: "bad name"}, {Name: "Host"}}}
	w.Retry = models.Retry{Preset: models.RetryCustom, Attempts: 99, Delays: []time.Duration{-1}, RetryOn: []string{"x"}}
	for _, fault := range w.Validate(models.DefaultHeaderPrefix) {
		label, target := formField(fault.Field)
		require.NotEmpty(t, label, fault.Field)
		require.NotEmpty(t, target, fault.Field)
	}
}

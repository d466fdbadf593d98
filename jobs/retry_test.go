package jobs

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"hookline/models"
)

var start = time.Date(2026, 6, 23, 9, 30, 0, 0, time.UTC)

func result(outcome models.Outcome, status int) models.Attempt {
	return models.Attempt{Outcome: outcome, Status: status}
}

func noToken() models.Attempt {
	return models.Attempt{Outcome: models.AuthError, Cause: models.CauseTokenTimeout}
}

// D8, I3, B2: what each preset retries, with the middle jitter.
func TestDecide(t *testing.T) {
	quick := models.Retry{Preset: models.RetryQuick}
	patient := models.Retry{Preset: models.RetryPatient}
	durable := models.Retry{Preset: models.RetryDurable}
	none := models.Retry{Preset: models.RetryNone}
	custom := models.Retry{
		Preset: models.RetryCustom, Attempts: 4, Delays: []time.Duration{time.Second, 5 * time.Second}, RetryOn: []string{"418", "timeout"},
	}
	const no = -1
	for name, c := range map[string]struct {
		policy models.Retry
		tries  int
		a      models.Attempt
		after  time.Duration // what the receiver asked for
		want   time.Duration // until the next attempt; no = failed
	}{
		"D8 quick, first 500":              {quick, 1, result(models.HTTPError, 500), 0, 10 * time.Second},
		"D8 quick, second 503":             {quick, 2, result(models.HTTPError, 503), 0, time.Minute},
		"D8 quick, third 500":              {quick, 3, result(models.HTTPError, 500), 0, no},
		"D8 quick, timeout":                {quick, 1, result(models.Timeout, 0), 0, 10 * time.Second},
		"D8 quick, network":                {quick, 1, result(models.Network, 0), 0, 10 * time.Second},
		"D8 quick, 404":                    {quick, 1, result(models.HTTPError, 404), 0, no},
		"D8 quick, 429":                    {quick, 1, result(models.HTTPError, 429), 0, no},
		"D8 quick, redirect":               {quick, 1, result(models.HTTPError, 307), 0, no},
		"D8 quick, 410":                    {quick, 1, result(models.HTTPError, 410), 0, no},
		"D8 quick, certificate":            {quick, 1, result(models.TLS, 0), 0, no},
		"B2 quick honours Retry-After":     {quick, 1, result(models.HTTPError, 503), 90 * time.Second, 90 * time.Second},
		"B2 a short Retry-After":           {quick, 1, result(models.HTTPError, 503), time.Second, 10 * time.Second},
		"I3 patient, 503":                  {patient, 1, result(models.HTTPError, 503), 0, 3 * time.Minute},
		"I3 patient, 429, third":           {patient, 3, result(models.HTTPError, 429), 0, 3 * time.Minute},
		"I3 patient, fourth":               {patient, 4, result(models.HTTPError, 503), 0, no},
		"I3 patient, 500 fails at once":    {patient, 1, result(models.HTTPError, 500), 0, no},
		"I3 patient, network":              {patient, 1, result(models.Network, 0), 0, no},
		"I3 patient, timeout":              {patient, 1, result(models.Timeout, 0), 0, 3 * time.Minute},
		"B2 durable, 404":                  {durable, 1, result(models.HTTPError, 404), 0, 5 * time.Second},
		"B2 durable, redirect":             {durable, 2, result(models.HTTPError, 301), 0, 5 * time.Minute},
		"B2 durable, certificate":          {durable, 8, result(models.TLS, 0), 0, 10 * time.Hour},
		"B2 durable, ninth":                {durable, 9, result(models.HTTPError, 500), 0, no},
		"none":                             {none, 1, result(models.HTTPError, 500), 0, no},
		"custom, its status":               {custom, 1, result(models.HTTPError, 418), 0, time.Second},
		"custom, last delay repeats":       {custom, 3, result(models.Timeout, 0), 0, 5 * time.Second},
		"custom, not its status":           {custom, 1, result(models.HTTPError, 500), 0, no},
		"a request that cannot be built":   {durable, 1, result(models.RenderError, 0), 0, no},
		"a credential that cannot be read": {durable, 1, result(models.AuthError, 0), 0, no},
		"I4 quick, no token":               {quick, 1, noToken(), 0, no},
		"I4 patient, no token":             {patient, 1, noToken(), 0, no},
		"B2 durable, no token":             {durable, 1, noToken(), 0, 5 * time.Second},
		"custom, no token":                 {custom, 1, noToken(), 0, no},
	} {
		d := Decide(c.policy.Schedule(), c.tries, c.a, c.after, start, 0.5)
		if c.want == no {
			require.Equal(t, Decision{State: models.Failed}, d, name)
			continue
		}
		require.Equal(t, Decision{State: models.Pending, DueAt: start.Add(c.want)}, d, name)
	}
}

func TestDecideEnds(t *testing.T) {
	s := models.Retry{Preset: models.RetryDurable}.Schedule()
	require.Equal(t, Decision{State: models.Succeeded}, Decide(s, 1, result(models.Success, 204), 0, start, 0.5))
	require.Equal(t, Decision{State: models.Blocked}, Decide(s, 1, result(models.BlockedURL, 0), 0, start, 0.5), "D10")
	require.Equal(t, Decision{State: models.Failed, Gone: true}, Decide(s, 1, result(models.HTTPError, 410), 0, start, 0.5), "B2")
}

// B2: at least 8 attempts over at least 24 hours, whatever the jitter.
func TestDurableSpan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := models.Retry{Preset: models.RetryDurable}.Schedule()
		at, tries := start, 1
		for {
			d := Decide(s, tries, result(models.Network, 0), 0, at, rapid.Float64Range(0, 0.999999).Draw(t, "jitter"))
			if d.State != models.Pending {
				break
			}
			if !d.DueAt.After(at) {
				t.Fatal("a retry must lie ahead")
			}
			at, tries = d.DueAt, tries+1
		}
		if tries < 8 || at.Sub(start) < 24*time.Hour {
			t.Fatalf("%d attempts over %s", tries, at.Sub(start))
		}
	})
}

package form

import (
	"math"
	"strconv"
	"strings"
	"time"

	"hookline/models"
	"hookline/views/webhooks"
)

// impossible stands for a number that cannot be read. It is out of every range,
// so the service refuses it together with all that is wrong beside it.
const impossible = -1

// seconds reads a duration as people type it, exact to the millisecond.
func seconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > models.MaxRetryDelay.Seconds() {
		return impossible, false
	}
	return time.Duration(math.Round(n*1000)) * time.Millisecond, true
}

// timeout reads the timeout; the fault is in the form's unit, seconds.
func timeout(text string, faults *models.FieldErrors) time.Duration {
	d, ok := seconds(text)
	if !ok || d < models.MinTimeout || d > models.MaxTimeout {
		faults.Add("timeout_ms", "Give a timeout from %g to %g seconds.", models.MinTimeout.Seconds(), models.MaxTimeout.Seconds())
		return impossible
	}
	return d
}

// retry reads the policy. The fields of a custom one count for it alone: behind
// another preset they may hold anything.
func retry(v webhooks.FormValues, faults *models.FieldErrors) models.Retry {
	r := models.Retry{Preset: models.RetryPreset(v.RetryPreset)}
	if r.Preset != models.RetryCustom {
		return r
	}
	n, err := strconv.Atoi(strings.TrimSpace(v.RetryAttempts))
	if err != nil {
		n = impossible
	}
	r.Attempts = n
	for _, text := range list(v.RetryDelays) {
		d, ok := seconds(text)
		if !ok {
			faults.Add("retry.delays_ms", "Give the pauses in seconds, joined by commas, for example 10, 60. Each may have up to 7 days (%g seconds).", models.MaxRetryDelay.Seconds())
		}
		r.Delays = append(r.Delays, d)
	}
	if r.Attempts > 1 && len(r.Delays) == 0 {
		faults.Add("retry.delays_ms", "Give at least one pause in seconds, or set attempts to 1.")
	}
	for _, on := range list(v.RetryOn) {
		r.RetryOn = append(r.RetryOn, strings.ToLower(on))
	}
	return r
}

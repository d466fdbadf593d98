package form

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hookline/models"
	"hookline/views/webhooks"
)

// readByHand are the controls whose texts are in units of the form: seconds, and lists
// joined by commas.
var readByHand = []string{"timeout", "rate_limit", "retry.attempts", "retry.delays", "retry.retry_on", "body.user_fields", "auth.secret", "signing.secret"}

// impossible stands for a number that cannot be read. It is out of every range, so
// the service refuses it together with all other mistakes.
const impossible = -1

// readNumbers reads numbers and lists. A text that cannot be read stays in Raw.
func (f *Webhook) readNumbers(drawn webhooks.Fields) {
	if f.posted.Has("timeout") {
		f.readTimeout(f.posted.Get("timeout"))
	}
	if f.posted.Has("rate_limit") {
		f.readRateLimit(strings.TrimSpace(f.posted.Get("rate_limit")))
	}
	if f.posted.Has("retry.preset") {
		f.readRetry()
	}
	// Names as they are stored stay while the field is untouched: a name with a comma
	// would be read as two.
	if sent := f.posted.Get("body.user_fields"); f.posted.Has("body.user_fields") && !sameLine(drawn.Text("body.user_fields"), sent) {
		f.Fields.Body.UserFields = list(sent)
	}
}

func (f *Webhook) readTimeout(text string) {
	d, ok := seconds(text)
	f.Fields.TimeoutMS = d.Milliseconds()
	if !ok {
		f.Fields.TimeoutMS, f.Fields.Raw["timeout"] = impossible, text
	}
	if d < models.MinTimeout || d > models.MaxTimeout {
		f.Errors.Add("timeout_ms", "Give a timeout from %g to %g seconds.", models.MinTimeout.Seconds(), models.MaxTimeout.Seconds())
	}
}

func (f *Webhook) readRateLimit(text string) {
	f.Fields.RateLimit = nil // no limit
	if text == "" {
		return
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) || n <= 0 {
		n, f.Fields.Raw["rate_limit"] = impossible, text
		f.Errors.Add("rate_limit.per_second", "Give a number of requests per second, for example 5 or 0.5, or leave it empty for no limit.")
	}
	f.Fields.RateLimit = &models.RateLimit{PerSecond: n}
}

// readRetry reads the policy. The fields of a custom policy count for it alone: behind
// another preset they may hold anything.
func (f *Webhook) readRetry() {
	r, raw := &f.Fields.Retry, f.Fields.Raw
	attempts, delays := f.posted.Get("retry.attempts"), f.posted.Get("retry.delays")
	n, err := strconv.Atoi(strings.TrimSpace(attempts))
	if err != nil {
		n, raw["retry.attempts"] = impossible, attempts
	}
	r.Attempts, r.Delays, r.RetryOn = n, nil, []string{}
	var errs models.FieldErrors
	for _, text := range list(delays) {
		d, ok := seconds(text)
		if !ok {
			raw["retry.delays"] = delays
			errs.Add("retry.delays_ms", "Give the pauses in seconds, joined by commas, for example 10, 60. Each may have up to 7 days (%g seconds).", models.MaxRetryDelay.Seconds())
		}
		r.Delays = append(r.Delays, d)
	}
	if r.Attempts > 1 && len(r.Delays) == 0 {
		errs.Add("retry.delays_ms", "Give at least one pause in seconds, or set attempts to 1.")
	}
	for _, reason := range list(f.posted.Get("retry.retry_on")) {
		r.RetryOn = append(r.RetryOn, strings.ToLower(reason))
	}
	if r.Preset == models.RetryCustom {
		f.Errors = slices.Concat(f.Errors, errs)
	}
}

// seconds reads a duration as people type it, exact to the millisecond.
func seconds(text string) (time.Duration, bool) {
	n, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || math.IsNaN(n) || n < 0 || n > models.MaxRetryDelay.Seconds() {
		return impossible, false
	}
	return time.Duration(math.Round(n*1000)) * time.Millisecond, true
}

package models

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// RetryPreset names a retry policy.
type RetryPreset string

const (
	RetryQuick   RetryPreset = "quick"   // D8, the default
	RetryPatient RetryPreset = "patient" // I3
	RetryDurable RetryPreset = "durable" // B2
	RetryNone    RetryPreset = "none"
	RetryCustom  RetryPreset = "custom"
)

// RetryPresets in the order the form offers them.
var RetryPresets = []RetryPreset{RetryQuick, RetryPatient, RetryDurable, RetryNone, RetryCustom}

// Retry is how a webhook retries. Attempts, Delays and RetryOn count for
// RetryCustom alone, and only that has them as JSON.
type Retry struct {
	Preset   RetryPreset `json:"preset" enum:"quick,patient,durable,none,custom"`
	Attempts int         `json:"attempts,omitzero" minimum:"1" maximum:"50" doc:"custom alone: how many in all."`
	Delays   Delays      `json:"delays_ms,omitzero" doc:"custom alone: milliseconds before attempt 2, 3, …; the last repeats."`
	RetryOn  []string    `json:"retry_on,omitzero" doc:"custom alone: 3xx, 4xx, 5xx, a status such as 429, timeout, network, tls."`
}

// Delays are pauses before attempts. As JSON they are milliseconds.
type Delays []time.Duration

// MarshalJSONTo writes milliseconds.
func (l Delays) MarshalJSONTo(e *jsontext.Encoder) error {
	list := make([]int64, len(l))
	for i, d := range l {
		list[i] = d.Milliseconds()
	}
	return json.MarshalEncode(e, list)
}

// UnmarshalJSONFrom reads milliseconds. Numbers out of the range of a duration are
// clamped, or the multiplication would bring them back into it.
func (l *Delays) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var list []int64
	if err := json.UnmarshalDecode(d, &list); err != nil {
		return err
	}
	*l = make(Delays, len(list))
	for i, ms := range list {
		(*l)[i] = milliseconds(ms)
	}
	return nil
}

func milliseconds(ms int64) time.Duration {
	const most = math.MaxInt64 / int64(time.Millisecond)
	return time.Duration(max(-most, min(ms, most))) * time.Millisecond
}

// DefaultRetryOn is what RetryCustom retries when the settings leave that out.
func DefaultRetryOn() []string { return []string{On5xx, "429", OnTimeout, OnNetwork} }

// Normal has the defaults filled in, and nothing that the preset does not use.
func (r Retry) Normal() Retry {
	if r.Preset != RetryCustom {
		return Retry{Preset: r.Preset}
	}
	if r.RetryOn == nil {
		r.RetryOn = DefaultRetryOn()
	}
	return r
}

// copied has lists of its own, which are never nil in a custom policy.
func (r Retry) copied() Retry {
	if r.Preset == RetryCustom {
		r.Delays, r.RetryOn = append(Delays{}, r.Delays...), append([]string{}, r.RetryOn...)
	}
	return r
}

// Schedule is a policy spelled out.
type Schedule struct {
	Attempts    int
	Delays      []time.Duration // before attempt 2, 3, …; the last repeats
	RetryOn     []string
	Jitter      float64 // a delay d becomes d·(1±Jitter)
	RetryAfter  bool    // a receiver's Retry-After may lengthen the delay
	GoneDisable bool    // 410 is final and switches the webhook off
}

// Outcomes that may be retried, beside single status codes.
const (
	On3xx     = "3xx"
	On4xx     = "4xx"
	On5xx     = "5xx"
	OnTimeout = "timeout"
	OnNetwork = "network"
	OnTLS     = "tls"
	// OnAuth is an access token that could not be fetched (I6). Only Durable, which
	// retries all that may pass, and Custom know it: I4 lets a failed fetch fail the
	// step at once.
	OnAuth = "auth"
)

var quick = Schedule{
	Attempts: 3,
	Delays:   []time.Duration{10 * time.Second, 60 * time.Second},
	RetryOn:  []string{On5xx, OnTimeout, OnNetwork},
	Jitter:   0.1, RetryAfter: true,
}

var patient = Schedule{
	Attempts: 4, // the first and up to 3 retries
	Delays:   []time.Duration{3 * time.Minute},
	RetryOn:  []string{"429", "502", "503", "504", OnTimeout},
}

// Nine attempts over 34 hours; with the largest negative jitter still over 24.
var durable = Schedule{
	Attempts: 9,
	Delays: []time.Duration{
		5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour,
		5 * time.Hour, 8 * time.Hour, 8 * time.Hour, 10 * time.Hour,
	},
	RetryOn: []string{On3xx, On4xx, On5xx, OnTimeout, OnNetwork, OnTLS, OnAuth},
	Jitter:  0.2, RetryAfter: true, GoneDisable: true,
}

// Schedule spells the policy out.
func (r Retry) Schedule() Schedule {
	switch r.Preset {
	case RetryPatient:
		return patient
	case RetryDurable:
		return durable
	case RetryNone:
		return Schedule{Attempts: 1}
	case RetryCustom:
		return Schedule{Attempts: r.Attempts, Delays: r.Delays, RetryOn: r.RetryOn, RetryAfter: true}
	default:
		return quick
	}
}

// Limits of a custom policy.
const (
	MaxAttempts   = 50
	MaxRetryDelay = 7 * 24 * time.Hour
)

func (r Retry) validate(errs *FieldErrors) {
	if !slices.Contains(RetryPresets, r.Preset) {
		errs.Add("retry.preset", "Choose one of quick, patient, durable, none or custom.")
		return
	}
	if r.Preset != RetryCustom {
		return
	}
	if r.Attempts < 1 || r.Attempts > MaxAttempts {
		errs.Add("retry.attempts", "Give a number from 1 to %d; the first attempt counts.", MaxAttempts)
	}
	if r.Attempts > 1 && len(r.Delays) == 0 {
		errs.Add("retry.delays_ms", "Give at least one delay in milliseconds, or set attempts to 1.")
	}
	if len(r.Delays) > MaxAttempts {
		errs.Add("retry.delays_ms", "Give at most %d delays.", MaxAttempts)
	}
	for _, d := range r.Delays {
		if d < 0 || d > MaxRetryDelay {
			errs.Add("retry.delays_ms", "Each delay must be between 0 and %d ms (7 days).", MaxRetryDelay.Milliseconds())
			break
		}
	}
	for _, on := range r.RetryOn {
		if !validRetryOn(on) {
			errs.Add("retry.retry_on", "%q is not a reason to retry: use 3xx, 4xx, 5xx, a status code such as 429, timeout, network, tls or auth.", on)
			break
		}
	}
}

func validRetryOn(on string) bool {
	switch on {
	case On3xx, On4xx, On5xx, OnTimeout, OnNetwork, OnTLS, OnAuth:
		return true
	}
	code, err := strconv.Atoi(on)
	return err == nil && len(on) == 3 && code >= 300 && code <= 599
}

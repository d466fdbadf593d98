package api

import "hookline/models"

// rateLimit is how many attempts per second a webhook gets; null where there is
// no limit (I9).
type rateLimit struct {
	PerSecond float64 `json:"per_second" minimum:"0.01" maximum:"1000" example:"5" doc:"Attempts per second, retries counted. 0.1 is one every 10 seconds."`
}

type rateLimitInput struct {
	PerSecond opt[float64] `json:"per_second,omitzero" minimum:"0.01" maximum:"1000" example:"5" doc:"Attempts per second, retries counted. 0.1 is one every 10 seconds."`
}

func rateLimitOf(w models.Webhook) *rateLimit {
	if w.RateLimit == 0 {
		return nil
	}
	return &rateLimit{PerSecond: w.RateLimit}
}

// rateLimit is the limit that the input sets; nil when it names none. Without a
// limit it says null, so 0 is a mistake.
func (in webhookInput) rateLimit(errs *models.FieldErrors) *float64 {
	none := 0.0
	if !in.RateLimit.given || in.RateLimit.null {
		if in.RateLimit.null {
			return &none
		}
		return nil
	}
	perSecond := in.RateLimit.value.PerSecond.or(none)
	if given := in.RateLimit.value.PerSecond; given.given && !given.null && given.value == 0 {
		errs.Add("rate_limit.per_second", "Send null as rate_limit for no limit, or a number from 0.01 to 1,000.")
	}
	return perSecond
}

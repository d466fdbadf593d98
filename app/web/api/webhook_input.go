package api

import (
	"time"

	"hookline/app/service"
	"hookline/models"
)

// webhookInput is a webhook as callers send it, whole or as a merge patch.
type webhookInput struct {
	ID          opt[string]             `json:"id,omitzero" readOnly:"true"`
	Name        opt[string]             `json:"name,omitzero" maxLength:"200" example:"Deploy bot"`
	Description opt[string]             `json:"description,omitzero" maxLength:"2000"`
	Enabled     opt[bool]               `json:"enabled,omitzero"`
	State       opt[string]             `json:"state,omitzero" readOnly:"true"`
	Method      opt[string]             `json:"method,omitzero" enum:"POST,PUT,PATCH,GET,DELETE"`
	URL         opt[string]             `json:"url,omitzero" maxLength:"8192" example:"https://example.com/hooks" doc:"{{…}} may stand in path and query; its value is percent-encoded."`
	Headers     opt[[]headerPart]       `json:"headers,omitzero"`
	Params      opt[[]nameValue]        `json:"params,omitzero" doc:"Query parameters, added to the URL's query and percent-encoded; values may hold {{…}}."`
	Auth        opt[authInput]          `json:"auth,omitzero"`
	Body        opt[bodyInput]          `json:"body,omitzero"`
	Signing     opt[signingInput]       `json:"signing,omitzero"`
	Retry       opt[retryInput]         `json:"retry,omitzero"`
	TimeoutMS   opt[int64]              `json:"timeout_ms,omitzero" minimum:"1000" maximum:"30000" doc:"10000 when left out."`
	RateLimit   opt[rateLimitInput]     `json:"rate_limit,omitzero" doc:"null for no limit."`
	Subs        opt[subscriptionsInput] `json:"subscriptions,omitzero"`
}

type retryInput struct {
	Preset   opt[models.RetryPreset] `json:"preset,omitzero" enum:"quick,patient,durable,none,custom"`
	Attempts opt[int]                `json:"attempts,omitzero" minimum:"1" maximum:"50" doc:"custom alone: how many in all."`
	DelaysMS opt[[]int64]            `json:"delays_ms,omitzero" doc:"custom alone: milliseconds before attempt 2, 3, …; the last repeats."`
	RetryOn  opt[[]string]           `json:"retry_on,omitzero" doc:"custom alone: 3xx, 4xx, 5xx, a status such as 429, timeout, network, tls."`
}

// resolve turns the input into what the service takes. now is the webhook that a
// patch changes; nil when one is to be made.
func (in webhookInput) resolve(now *models.Webhook) (service.WebhookInput, error) {
	var errs models.FieldErrors
	base := models.NewWebhook()
	base.Subscriptions = models.Subscriptions{} // those of an object that names none
	if now != nil {
		base = *now
	}
	in.checkReadOnly(now, &errs)
	def := models.NewWebhook()
	out := service.WebhookInput{
		Name: in.Name.or(""), Description: in.Description.or(""), Enabled: in.enabled(now), Method: in.Method.or(def.Method), URL: in.URL.or(""),
		Headers: in.headers(), Params: in.params(), Auth: in.auth(base.Auth, &errs), Body: in.body(base.Body, &errs), Timeout: in.timeout(), RateLimit: in.rateLimit(&errs),
	}
	in.signing(&out, base, &errs)
	out.Retry = in.retry(base.Retry, &errs)
	out.Subscriptions = in.subscriptions(base.Subscriptions)
	return out, errs.Err()
}

// checkReadOnly takes what only Hookline sets, when it says what is so anyway.
func (in webhookInput) checkReadOnly(now *models.Webhook, errs *models.FieldErrors) {
	id, state := "", string(models.Active)
	if now != nil {
		id, state = now.ID, string(now.State)
	}
	if v := in.ID.or(id); v != nil && *v != id {
		errs.Add("id", "Hookline makes the id, and it never changes. Leave it out.")
	}
	if v := in.State.or(state); v != nil && *v != state {
		errs.Add("state", "The state follows from what happens. Leave it out, and use enabled to switch the webhook.")
	}
}

// enabled is the switch when the caller touches it. A whole document with a
// state in it says what was seen: that must not wake a webhook which Hookline
// switched off.
func (in webhookInput) enabled(now *models.Webhook) *bool {
	on := in.Enabled.or(true)
	if on != nil && now != nil && in.State.given && *on == now.Enabled {
		return nil
	}
	return on
}

func (in webhookInput) headers() *[]service.HeaderInput {
	list := in.Headers.or(nil)
	if list == nil {
		return nil
	}
	headers := make([]service.HeaderInput, len(*list))
	for i, h := range *list {
		headers[i] = service.HeaderInput{Name: h.Name, Value: h.Value, Secret: h.Secret}
	}
	return &headers
}

func (in webhookInput) timeout() *time.Duration {
	ms := in.TimeoutMS.or(models.DefaultTimeout.Milliseconds())
	if ms == nil {
		return nil
	}
	d := milliseconds(*ms)
	return &d
}

// defaultRetryOn is what a custom policy retries that does not say.
func defaultRetryOn() []string {
	return []string{models.On5xx, "429", models.OnTimeout, models.OnNetwork}
}

func (in webhookInput) retry(base models.Retry, errs *models.FieldErrors) *models.Retry {
	if !in.Retry.given {
		return nil
	}
	r, v := base, in.Retry.value
	if in.Retry.null {
		return &models.Retry{Preset: models.RetryQuick}
	}
	v.Preset.apply(&r.Preset, models.RetryQuick)
	if r.Preset != models.RetryCustom {
		v.refuseCustom(errs)
		return &models.Retry{Preset: r.Preset}
	}
	if base.Preset != models.RetryCustom {
		r = models.Retry{Preset: models.RetryCustom, RetryOn: defaultRetryOn()}
	}
	v.Attempts.apply(&r.Attempts, 0)
	v.RetryOn.apply(&r.RetryOn, defaultRetryOn())
	if delays := v.DelaysMS.or(nil); delays != nil {
		r.Delays = make([]time.Duration, len(*delays))
		for i, ms := range *delays {
			r.Delays[i] = milliseconds(ms)
		}
	}
	return &r
}

func (v retryInput) refuseCustom(errs *models.FieldErrors) {
	const message = `Only the preset custom takes this. Set preset to custom, or leave this out.`
	if v.Attempts.given && !v.Attempts.null {
		errs.Add("retry.attempts", message)
	}
	if v.DelaysMS.given && !v.DelaysMS.null {
		errs.Add("retry.delays_ms", message)
	}
	if v.RetryOn.given && !v.RetryOn.null {
		errs.Add("retry.retry_on", message)
	}
}

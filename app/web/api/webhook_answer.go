package api

import (
	"time"

	"hookline/app/service"
	"hookline/models"
)

// Webhook is one as answers show it: the contract's shape, which a caller
// may send back as it is.
type Webhook struct {
	ID          string              `json:"id"`
	Name        string              `json:"name" example:"Deploy bot"`
	Description string              `json:"description"`
	Enabled     bool                `json:"enabled" doc:"The person's switch. While off, new events make no deliveries."`
	State       models.WebhookState `json:"state" enum:"active,pending_confirmation,disabled_failing,gone" doc:"Whether it can work at all."`
	Method      string              `json:"method" enum:"POST,PUT,PATCH,GET,DELETE"`
	URL         string              `json:"url" example:"https://example.com/hooks"`
	Headers     []headerPart        `json:"headers" nullable:"false"`
	Params      []nameValue         `json:"params" nullable:"false" doc:"Added to the URL's query, in this order."`
	Auth        authPart            `json:"auth"`
	Body        bodyPart            `json:"body"`
	Signing     signingPart         `json:"signing"`
	Retry       retryPart           `json:"retry"`
	TimeoutMS   int64               `json:"timeout_ms" example:"10000"`
	RateLimit   *rateLimit          `json:"rate_limit" doc:"null: no limit. What waits for the limit counts no attempt. A test goes at once, beside it."`
	Subs        subscriptionsPart   `json:"subscriptions"`
}

type headerPart struct {
	Name   string `json:"name" example:"X-Team"`
	Value  string `json:"value" doc:"A plain one may hold {{…}}. A secret one is sent letter by letter; it reads as ***, and sent as ***, it stays."`
	Secret bool   `json:"secret,omitzero" required:"false"`
}

type retryPart struct {
	Preset   models.RetryPreset `json:"preset" enum:"quick,patient,durable,none,custom"`
	Attempts *int               `json:"attempts,omitzero" doc:"custom alone: how many in all."`
	DelaysMS *[]int64           `json:"delays_ms,omitzero" doc:"custom alone: milliseconds before attempt 2, 3, …; the last repeats."`
	RetryOn  *[]string          `json:"retry_on,omitzero" doc:"custom alone: 3xx, 4xx, 5xx, a status such as 429, timeout, network, tls."`
}

// createdWebhook is a webhook in the answer to the call that made it.
type createdWebhook struct{ Webhook }

func (w createdWebhook) location() string { return "/webhooks/" + w.ID }

// copiedWebhook is a copy, with what has to be entered again.
type copiedWebhook struct {
	createdWebhook
	LeftOut leftOut `json:"left_out" doc:"What the original has and the copy must be given: credentials and secrets are not copied."`
}

type leftOut struct {
	Auth    *models.AuthKind `json:"auth" doc:"The kind of authentication; null for none."`
	Headers []string         `json:"headers" nullable:"false" doc:"Names of the secret headers."`
}

func leftOutOf(l models.LeftOut) leftOut {
	return leftOut{Auth: optional(l.Auth), Headers: append([]string{}, l.Headers...)}
}

// savedWebhook shows the signing key when Hookline has just made it: nobody
// could ever verify a signature otherwise.
func savedWebhook(s service.Saved) Webhook {
	w := webhookOf(s.Webhook)
	if s.NewKey != "" {
		w.Signing.Secret = &s.NewKey
	}
	return w
}

func webhookOf(w models.Webhook) Webhook {
	out := Webhook{
		ID: w.ID, Name: w.Name, Description: w.Description, Enabled: w.Enabled, State: w.State, Method: w.Method, URL: w.URL,
		Headers: make([]headerPart, len(w.Headers)), Auth: authOf(w.Auth), Params: namesAndValues(w.Params), Body: bodyOfWebhook(w.Body),
		Signing: signingOf(w.Signing), Retry: retryOf(w.Retry), TimeoutMS: w.Timeout.Milliseconds(), RateLimit: rateLimitOf(w),
		Subs: subscriptionsOf(w.Subscriptions),
	}
	for i, h := range w.Headers {
		out.Headers[i] = headerPart{Name: h.Name, Value: h.Value, Secret: h.Secret}
		if h.Secret {
			out.Headers[i].Value = models.Mask
		}
	}
	return out
}

func retryOf(r models.Retry) retryPart {
	out := retryPart{Preset: r.Preset}
	if r.Preset != models.RetryCustom {
		return out
	}
	delays := make([]int64, len(r.Delays))
	for i, d := range r.Delays {
		delays[i] = d.Milliseconds()
	}
	out.Attempts, out.DelaysMS, out.RetryOn = &r.Attempts, &delays, &r.RetryOn
	return out
}

// milliseconds is a duration as callers give it. What is far out of any range is
// cut, or the multiplication would bring it back into one.
func milliseconds(ms int64) time.Duration {
	const most = int64(366 * 24 * time.Hour / time.Millisecond)
	return time.Duration(max(-most, min(ms, most))) * time.Millisecond
}

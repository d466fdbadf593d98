package models

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// WebhookState says whether a webhook can work at all; Enabled is the person's
// switch beside it.
type WebhookState string

const (
	Active              WebhookState = "active"
	PendingConfirmation WebhookState = "pending_confirmation" // its endpoint has not sent the token back yet (W4)
	DisabledFailing     WebhookState = "disabled_failing"     // failed for too long
	Gone                WebhookState = "gone"                 // answered 410 under the Durable preset
)

// Methods a webhook may use (H1).
var Methods = []string{"POST", "PUT", "PATCH", "GET", "DELETE"}

// Webhook is a configured destination.
type Webhook struct {
	ID            string
	Version       int64 // rises with every change; each attempt names the one it used
	Name          string
	Description   string
	Enabled       bool
	State         WebhookState
	Method        string
	URL           string
	Params        []Param // added to the URL's query
	Headers       []Header
	Auth          Auth
	Body          Body
	Signing       Signing
	Retry         Retry
	Timeout       time.Duration
	RateLimit     float64 // attempts per second; 0: no limit (I9)
	Subscriptions Subscriptions
	// CreatedByToken is the token that made it, or ""; such a token without the
	// scope admin sees only its own webhooks.
	CreatedByToken string
	ConfirmHash    []byte // of the token that confirms it; nil when none is waited for
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// Bounds of a webhook's settings.
const (
	MinTimeout     = 1 * time.Second
	MaxTimeout     = 30 * time.Second
	DefaultTimeout = 10 * time.Second
	MinSigningKey  = 8 // characters
	MaxSigningKey  = 512
	MaxURL         = 8 << 10
	MaxKeyOverlap  = 30 * 24 * time.Hour
)

// NewWebhook has the defaults of a webhook that only got a name and a URL.
func NewWebhook() Webhook {
	return Webhook{
		Enabled: true, State: Active, Method: "POST", Auth: Auth{Kind: AuthNone}, Body: Body{Format: BodyAuto},
		Signing: Signing{JWT: true, HMAC: true},
		Retry:   Retry{Preset: RetryQuick}, Timeout: DefaultTimeout,
		Subscriptions: Subscriptions{All: true},
	}
}

// Delivers reports whether new events make deliveries and pending ones go out.
func (w Webhook) Delivers() bool { return w.Enabled && w.State == Active }

// Host is the destination's host as lists show it. The URL is one that passed
// the target guard, so {{…}} stands behind the host only.
func (w Webhook) Host() string {
	_, rest, _ := strings.Cut(w.URL, "://")
	if end := strings.IndexAny(rest, "/?"); end >= 0 {
		rest = rest[:end]
	}
	return rest
}

// Signs reports whether its requests are signed.
func (w Webhook) Signs() bool { return w.Signing.JWT || w.Signing.HMAC || w.Signing.Standard }

// Validate checks everything but the URL, which is the target guard's. prefix
// is the workspace's header prefix.
func (w Webhook) Validate(prefix string) FieldErrors {
	var errs FieldErrors
	checkLine(&errs, "name", w.Name, "the webhook a name", 200)
	checkText(&errs, "description", w.Description, 2000, "\n\r\t")
	if !slices.Contains(Methods, w.Method) {
		errs.Add("method", "Choose one of %s.", strings.Join(Methods, ", "))
	}
	validateParams(&errs, "params", w.Params, MaxParams, maxParamSource)
	w.Body.validate(&errs)
	if w.Timeout < MinTimeout || w.Timeout > MaxTimeout {
		errs.Add("timeout_ms", "Give a timeout from %d to %d ms.", MinTimeout.Milliseconds(), MaxTimeout.Milliseconds())
	}
	if w.Signs() && len(w.Signing.Key) == 0 {
		errs.Add("signing.secret", "Give a signing key of at least %d characters, or switch signing off.", MinSigningKey)
	}
	if !validRateLimit(w.RateLimit) {
		errs.Add("rate_limit.per_second", "Give a limit from 0.01 to 1,000 attempts per second, or none.")
	}
	w.Retry.validate(&errs)
	validateHeaders(w.Headers, prefix, &errs)
	w.Auth.validate(w.Headers, prefix, &errs)
	return errs
}

func validateHeaders(headers []Header, prefix string, errs *FieldErrors) {
	if len(headers) > MaxHeaders {
		errs.Add("headers", "Give at most %d headers.", MaxHeaders)
	}
	seen := map[string]bool{}
	for i, h := range headers {
		field := func(part string) string { return fmt.Sprintf("headers.%d.%s", i, part) }
		lower := strings.ToLower(h.Name)
		switch why := ReservedHeader(h.Name, prefix); {
		case !ValidHeaderName(h.Name):
			errs.Add(field("name"), "A header name has letters, digits and - _ . only, no spaces or colons.")
		case why != "":
			errs.Add(field("name"), "%s is reserved: %s. Use another name.", h.Name, why)
		case seen[lower]:
			errs.Add(field("name"), "%s is there twice. Join the values with commas in one header.", h.Name)
		}
		seen[lower] = true
		if !h.Secret {
			if problem := HeaderValueProblem(h.Value); problem != "" {
				errs.Add(field("value"), "%s", problem)
			}
		}
	}
}

// HeaderValueProblem says what is wrong with a header value, or "".
func HeaderValueProblem(value string) string {
	if len(value) > MaxHeaderValue {
		return fmt.Sprintf("Keep the value under %d bytes.", MaxHeaderValue)
	}
	if !ValidHeaderValue(value) {
		return "A value has visible ASCII characters, spaces and tabs only: no line breaks, and no spaces at its ends."
	}
	return ""
}

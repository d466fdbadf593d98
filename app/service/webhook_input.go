package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hookline/app/deliver"
	"hookline/app/expression"
	"hookline/app/secret"
	"hookline/models"
)

// WebhookInput is what a form or an API call says of a webhook; nil means: as it
// was. Secrets come in clear, or as models.Mask for the one there is.
type WebhookInput struct {
	// Version is that of the webhook which the input was made from: when it has been
	// changed since, nothing is saved, a Conflict. 0: whatever happened meanwhile.
	Version     int64
	Name        *string
	Description *string
	Enabled     *bool
	Method      *string
	URL         *string
	Params      *[]models.Param
	Headers     *[]HeaderInput
	Auth        *AuthInput
	Body        *models.Body
	JWT         *bool
	HMAC        *bool
	Standard    *bool
	SigningKey  *string
	// GenerateKey asks for a new signing key, shown once. KeyOverlap is how long
	// the one before is kept when a new one comes; 0 ends it at once.
	GenerateKey   bool
	KeyOverlap    time.Duration
	Retry         *models.Retry
	Timeout       *time.Duration
	RateLimit     *float64 // per second; 0: none
	Subscriptions *models.Subscriptions
}

// AuthInput is a webhook's authentication, whole; see WebhookInput for the secret.
// What the kind does not use is not looked at, and with a Connection neither is a
// client of its own.
type AuthInput struct {
	Kind       models.AuthKind
	Header     string
	Username   string
	Connection string
	ClientID   string
	TokenURL   string
	Scope      string
	Secret     string
	// NoPassword says that an empty Secret is meant: basic authentication with the
	// user name alone (RFC 7617). Else an empty one was forgotten.
	NoPassword bool
}

// HeaderInput is one custom header; see WebhookInput for secrets.
type HeaderInput struct {
	Name   string
	Value  string
	Secret bool
}

// apply puts the input over the webhook and checks the result. All faults come
// back together. It returns the signing key when it had to make one.
func (s *Webhooks) apply(w *models.Webhook, in WebhookInput) (newKey string, err error) {
	var errs models.FieldErrors
	before := *w
	set(&w.Name, in.Name)
	set(&w.Description, in.Description)
	set(&w.Enabled, in.Enabled)
	set(&w.Method, in.Method)
	set(&w.URL, in.URL)
	set(&w.Params, in.Params)
	set(&w.Body, in.Body)
	set(&w.Signing.JWT, in.JWT)
	set(&w.Signing.HMAC, in.HMAC)
	set(&w.Signing.Standard, in.Standard)
	set(&w.Retry, in.Retry)
	set(&w.Timeout, in.Timeout)
	set(&w.RateLimit, in.RateLimit)
	set(&w.Subscriptions, in.Subscriptions)
	w.Name, w.Body = strings.TrimSpace(w.Name), w.Body.Normal()
	if in.Headers != nil {
		if w.Headers, err = s.sealHeaders(*w, *in.Headers, &errs); err != nil {
			return "", err
		}
	}
	if in.Auth != nil {
		if w.Auth, err = s.sealAuth(*w, *in.Auth, &errs); err != nil {
			return "", err
		}
	}
	if newKey, err = s.setKey(w, in, &errs); err != nil {
		return "", err
	}
	errs = append(errs, w.Validate(s.store.Config().Settings.HeaderPrefix)...)
	s.checkTemplates(&before, w, &errs)
	if in.Subscriptions != nil { // else a type archived since would make the webhook unsavable
		s.checkSubscriptions(&w.Subscriptions, before.Subscriptions.Filter, &errs)
	}
	return newKey, errs.Err()
}

// applyInTurn is apply for what is saved: what is compiled for it waits its turn, so
// that it does not take the processor from publishing.
func (s *Webhooks) applyInTurn(ctx context.Context, w *models.Webhook, in WebhookInput) (newKey string, err error) {
	done, err := s.previews.acquireAlways(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	newKey, err = s.apply(w, in)
	if err == nil && w.Subscriptions.Filter != "" {
		_, _ = s.filters.of(w) // kept for the next event
	}
	return newKey, err
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// sealHeaders turns input into headers. A secret header keeps its value when it
// comes masked, and cannot turn plain without being entered again: that would
// reveal it, or lose it (D4).
func (s *Webhooks) sealHeaders(w models.Webhook, in []HeaderInput, errs *models.FieldErrors) ([]models.Header, error) {
	headers := make([]models.Header, 0, len(in))
	for i, h := range in {
		old := secretNamed(w.Headers, h.Name)
		field := fmt.Sprintf("headers.%d.value", i)
		out := models.Header{Name: h.Name, Value: h.Value, Secret: h.Secret}
		switch {
		case !h.Secret && (h.Value == models.Mask || h.Value == "" && old != nil):
			out.Value = ""
			errs.Add(field, "Enter the value again: a secret is not shown, so it cannot become plain by itself.")
		case !h.Secret && h.Value == "" && renamed(w.Headers, in, h.Name):
			errs.Add(field, "Enter the value: if this is a secret header under another name, its value does not come along. To remove that one and add an empty one, save twice.")
		case !h.Secret:
		case h.Value == models.Mask && old != nil:
			out.Value, out.Sealed = "", old.Sealed
		case h.Value == models.Mask:
			errs.Add(field, "Enter the secret value: *** keeps a stored one, under the name that it was entered for.")
		case h.Value == "":
			errs.Add(field, "Enter the secret value.")
		default:
			if problem := models.HeaderValueProblem(h.Value); problem != "" {
				errs.Add(field, "%s", problem)
			}
			sealed, err := s.box.Seal(h.Value, secret.HeaderValue(w.ID, h.Name))
			if err != nil {
				return nil, err
			}
			out.Value, out.Sealed = "", sealed
		}
		headers = append(headers, out)
	}
	return headers, nil
}

// renamed reports whether an empty plain header that was not there before may be a
// secret one under another name: one of those is missing from the input.
func renamed(old []models.Header, in []HeaderInput, name string) bool {
	if slices.ContainsFunc(old, func(h models.Header) bool { return strings.EqualFold(h.Name, name) }) {
		return false
	}
	return slices.ContainsFunc(old, func(h models.Header) bool {
		return h.Secret && !slices.ContainsFunc(in, func(i HeaderInput) bool { return strings.EqualFold(i.Name, h.Name) })
	})
}

func secretNamed(headers []models.Header, name string) *models.Header {
	i := slices.IndexFunc(headers, func(h models.Header) bool { return h.Secret && strings.EqualFold(h.Name, name) })
	if i < 0 {
		return nil
	}
	return &headers[i]
}

func (s *Webhooks) checkURL(raw string, errs *models.FieldErrors) {
	if raw == "" {
		errs.Add("url", "Give the URL of your receiver, for example https://example.com/hooks.")
	} else if problem := models.PasteProblem(raw); problem != "" {
		errs.Add("url", "%s", problem)
	} else if _, err := s.targets.CheckURL(deliver.ProbeURL(raw)); err != nil {
		errs.Add("url", "%s", err.Error())
	}
}

// checkSubscriptions sorts what was chosen, in lists of its own because a copied
// webhook shares the configuration's, and refuses what is not in the catalog. The
// filter that was there before may be in doubt. It returns the filter; nil where there
// is none.
func (s *Webhooks) checkSubscriptions(subs *models.Subscriptions, filterBefore string, errs *models.FieldErrors) *expression.Filter {
	subs.Types = slices.Compact(slices.Sorted(slices.Values(subs.Types)))
	subs.Filter = strings.TrimSpace(subs.Filter)
	filter := checkFilterText(subs.Filter, filterBefore, errs)
	subs.Categories = slices.Compact(slices.Sorted(slices.Values(subs.Categories)))
	config := s.store.Config()
	for _, name := range subs.Types {
		if _, known := config.EventType(name); !known {
			errs.Add("subscriptions.types", "There is no event type %q in the catalog.", name)
		}
	}
	for _, category := range subs.Categories {
		if !config.HasCategory(category) {
			errs.Add("subscriptions.categories", "There is no category %q in the catalog.", category)
		}
	}
	return filter
}

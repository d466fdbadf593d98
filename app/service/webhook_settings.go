package service

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hookline/app/deliver"
	"hookline/app/secret"
	"hookline/models"
)

// WebhookDraft is what Create and Update save: a webhook's settings, whole, and what is
// done beside.
type WebhookDraft struct {
	// Settings are all of them. Read-only members, and those that another member's
	// choice leaves without effect, are ignored.
	Settings models.WebhookSettings
	// Version is that of the webhook which the settings were read from: when the webhook
	// has been changed since, nothing is saved, a Conflict. 0: no check.
	Version int64
	// Wake makes a webhook active again that Hookline switched off, if it is enabled.
	Wake bool
	// GenerateKey asks for a new signing key, shown once. KeyOverlap is how long
	// the one before is kept when a new one comes; 0 ends it at once.
	GenerateKey bool
	KeyOverlap  time.Duration
}

// apply puts the draft over the webhook and checks the result. All faults come back
// together. before is the stored webhook, or a new one's defaults. It returns the signing
// key when it had to make one.
func (s *Webhooks) apply(before models.Webhook, w *models.Webhook, d WebhookDraft) (newKey string, err error) {
	var errs models.FieldErrors
	in := d.Settings
	w.Apply(in)
	if w.Headers, err = s.sealHeaders(*w, in.Headers, &errs); err != nil {
		return "", err
	}
	if w.Auth, err = s.sealAuth(*w, in.Auth, &errs); err != nil {
		return "", err
	}
	if newKey, err = s.setKey(w, d, &errs); err != nil {
		return "", err
	}
	errs = append(errs, w.Validate(s.store.Config().Settings.HeaderPrefix)...)
	s.checkTemplates(&before, w, &errs)
	if !w.Subscriptions.Same(before.Subscriptions) { // else what the catalog has no more would make the webhook unsavable
		s.checkSubscriptions(w.Subscriptions, before.Subscriptions.Filter, &errs)
	}
	return newKey, errs.Err()
}

// applyInTurn is apply for what is saved: what is compiled for it waits its turn, so
// that it does not take the processor from publishing.
func (s *Webhooks) applyInTurn(ctx context.Context, before models.Webhook, w *models.Webhook, d WebhookDraft) (newKey string, err error) {
	done, err := s.previews.acquireAlways(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	newKey, err = s.apply(before, w, d)
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

// sealHeaders turns settings into headers. A secret header keeps its value when it
// comes masked, and cannot turn plain without being entered again: that would
// reveal it, or lose it (D4).
func (s *Webhooks) sealHeaders(w models.Webhook, in []models.HeaderSettings, errs *models.FieldErrors) ([]models.Header, error) {
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
func renamed(old []models.Header, in []models.HeaderSettings, name string) bool {
	if slices.ContainsFunc(old, func(h models.Header) bool { return strings.EqualFold(h.Name, name) }) {
		return false
	}
	return slices.ContainsFunc(old, func(h models.Header) bool {
		return h.Secret && !slices.ContainsFunc(in, func(i models.HeaderSettings) bool { return strings.EqualFold(i.Name, h.Name) })
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

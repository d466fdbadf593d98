package form

import (
	"slices"
	"strings"

	"hookline/models"
	"hookline/views/webhooks"
)

// Filled is the form with the settings of a preset in the place of its own. What a
// preset says nothing of stays as it was typed, and so do rows of other names.
func (f Webhook) Filled(preset webhooks.FormValues) Webhook {
	v := f.values
	v.Preset, v.Method, v.Body = preset.Preset, preset.Method, preset.Body
	v.JWT, v.HMAC, v.Standard = preset.JWT, preset.HMAC, preset.Standard
	v.RetryPreset, v.RetryAttempts, v.RetryDelays, v.RetryOn = preset.RetryPreset, preset.RetryAttempts, preset.RetryDelays, preset.RetryOn
	if preset.RateLimit != "" {
		v.RateLimit = preset.RateLimit
	}
	v.Headers, v.Params = withRows(v.Headers, preset.Headers), withRows(v.Params, preset.Params)
	if models.AuthKind(preset.Auth.Kind) != models.AuthNone {
		preset.Auth.Secret, v.Auth = v.Auth.Secret, preset.Auth
	}
	f.values = v
	return f
}

func withRows(typed, preset []webhooks.RowValues) []webhooks.RowValues {
	rows := slices.DeleteFunc(slices.Clone(typed), func(t webhooks.RowValues) bool {
		return slices.ContainsFunc(preset, func(p webhooks.RowValues) bool { return strings.EqualFold(p.Name, t.Name) })
	})
	return append(rows, preset...)
}

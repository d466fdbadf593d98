package form

import (
	"maps"
	"slices"
	"strings"

	"hookline/models"
)

// Filled is the form with the settings of a preset in the place of its own. What a
// preset does not set stays as it was typed, and so do rows of other names.
func (f Webhook) Filled(id string, preset models.WebhookSettings) Webhook {
	d := f.Fields
	d.Preset, d.Method, d.Body, d.Retry = id, preset.Method, preset.Body, preset.Retry
	d.Signing.JWT, d.Signing.HMAC, d.Signing.Standard = preset.Signing.JWT, preset.Signing.HMAC, preset.Signing.Standard
	d.Raw = maps.Clone(d.Raw)
	maps.DeleteFunc(d.Raw, func(name, _ string) bool { return strings.HasPrefix(name, "retry.") })
	if preset.RateLimit != nil {
		d.RateLimit = preset.RateLimit
		delete(d.Raw, "rate_limit")
	}
	headerName, paramName := func(h models.HeaderSettings) string { return h.Name }, func(p models.Param) string { return p.Name }
	d.Headers, d.Params = withRows(d.Headers, preset.Headers, headerName), withRows(d.Params, preset.Params, paramName)
	if preset.Auth.Kind != models.AuthNone {
		d.Auth = preset.Auth
	}
	f.Fields = d
	return f
}

func withRows[R any](typed, preset []R, name func(R) string) []R {
	rows := slices.DeleteFunc(slices.Clone(typed), func(t R) bool {
		return slices.ContainsFunc(preset, func(p R) bool { return strings.EqualFold(name(p), name(t)) })
	})
	return append(rows, preset...)
}

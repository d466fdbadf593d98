package form

import (
	"fmt"
	"slices"

	"hookline/models"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// ReenterSecret is the error of a secret that was typed into a form with other errors.
const ReenterSecret = "Enter this again: a secret is not shown, not even the one you just typed."

// Redisplay is the form to draw once more: all that was typed but the secrets. Each
// typed secret gets an error, so that it is not taken for saved.
func (f Webhook) Redisplay(faults []models.FieldError) (webhooks.Fields, ui.Errors) {
	errs := ui.ErrorsFrom(faults)
	d := f.Fields
	d.Headers = slices.Clone(d.Headers)
	for i := range d.Headers {
		if h := &d.Headers[i]; h.Secret && wasTyped(h.Value) {
			h.Value = ""
			addIfNone(errs, fmt.Sprintf("headers.%d.value", i))
		} else if !h.Secret && h.Value == models.Mask {
			h.Value = "" // a plain header cannot keep what the mask stands for
		}
	}
	if wasTyped(d.AuthSecret) {
		d.AuthSecret = ""
		if hasSecret(d.Auth) && webhooks.AuthSecretError(errs) == "" {
			addIfNone(errs, "auth.secret")
		}
	}
	if wasTyped(f.posted.Get("signing.secret")) && (d.KeyAction == "" || d.KeyAction == webhooks.EnterKey) {
		addIfNone(errs, "signing.secret")
	}
	if errs["signing.secret"] != "" && d.KeyAction == webhooks.KeepKey {
		d.KeyAction = webhooks.EnterKey // which shows the field
	}
	f.addRow(&d)
	return d, errs
}

// addRow gives the table that was asked for its empty row.
func (f Webhook) addRow(d *webhooks.Fields) {
	switch f.AddRow {
	case "headers":
		d.Headers = append(d.Headers, models.HeaderSettings{})
	case "params":
		d.Params = append(slices.Clone(d.Params), models.Param{})
	case "body.fields":
		d.Body.Fields = append(slices.Clone(d.Body.Fields), models.Param{})
	}
}

func addIfNone(errs ui.Errors, field string) {
	if errs[field] == "" {
		errs[field] = ReenterSecret
	}
}

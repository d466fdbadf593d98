package form

import (
	"fmt"

	"hookline/models"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// ReenterSecret is the fault of a secret that was typed into a form with other faults.
const ReenterSecret = "Enter this again: a secret is not shown, not even the one you just typed."

// Redisplay is the form to draw once more: all that was typed but the secrets, each
// of which gets a fault, so that nobody saves in the belief it were still there.
func (f Webhook) Redisplay(faults []models.FieldError) (webhooks.FormValues, ui.Errors) {
	errs := ui.ErrorsFrom(faults)
	v := f.values
	v.Headers = append([]webhooks.RowValues{}, v.Headers...)
	for i := range v.Headers {
		if row := &v.Headers[i]; row.Secret && wasTyped(row.Value) {
			row.Value = ""
			addIfNone(errs, fmt.Sprintf("headers.%d.value", i))
		} else if !row.Secret && row.Value == models.Mask {
			row.Value = "" // a plain header cannot keep what the mask stands for
		}
	}
	if wasTyped(v.Auth.Secret) {
		v.Auth.Secret = ""
		if hasSecret(v.Auth) && webhooks.AuthSecretError(errs) == "" {
			addIfNone(errs, "auth.secret")
		}
	}
	if wasTyped(v.SigningKey) {
		v.SigningKey = ""
		if v.KeyAction == "" || v.KeyAction == webhooks.EnterKey {
			addIfNone(errs, "signing.secret")
		}
	}
	if errs["signing.secret"] != "" && v.KeyAction == webhooks.KeepKey {
		v.KeyAction = webhooks.EnterKey // where the fault stands
	}
	f.addRow(&v)
	return v, errs
}

func wasTyped(secret string) bool { return secret != "" && secret != models.Mask }

// addRow gives the table that was asked for its empty row.
func (f Webhook) addRow(v *webhooks.FormValues) {
	tables := map[string]*[]webhooks.RowValues{"headers": &v.Headers, "params": &v.Params, "body.fields": &v.Body.Fields}
	if table := tables[f.AddRow]; table != nil {
		*table = append(*table, webhooks.RowValues{})
	}
}

func addIfNone(errs ui.Errors, field string) {
	if errs[field] == "" {
		errs[field] = ReenterSecret
	}
}

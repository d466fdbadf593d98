package webhooks

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/ui"
)

// Fields are the fields of the form as typed, or as drawn from a stored webhook: the
// settings, and the fields that the form has beside them.
//
// Rows come as headers.N.name, headers.N.value, headers.N.secret and headers.N.remove
// (true when ticked), N from 0 without gaps; params and body.fields likewise. They are
// drawn without the removed and the empty ones, so that N means the same in
// FormProps.Errors. The submit buttons action=add_headers and so on ask for the same
// form with nothing saved.
//
// A stored secret reads models.Mask, in both directions. A typed secret is never drawn
// again: "" stands in its place.
type Fields struct {
	models.WebhookSettings
	// Raw has the texts that could not be read, by the names of their controls. They
	// are drawn in the place of the settings.
	Raw        map[string]string
	Version    int64  // of the webhook that the form was drawn from; 0 for a new one
	Preset     string // the destination it was filled in for
	AuthSecret string // the secret of every kind of authentication has one control
	NoPassword bool   // basic: the stored password is to go
	KeyAction  string // KeepKey, EnterKey or MakeKey; "" without a stored key
	KeyOverlap string // a duration such as 24h, or 0
}

// Actions on the stored signing key.
const (
	KeepKey  = "keep"
	EnterKey = "enter"
	MakeKey  = "make"
)

// FieldsOf are settings with masked secrets as the form shows them.
func FieldsOf(s models.WebhookSettings) Fields {
	f := Fields{WebhookSettings: s}
	f.AuthSecret, _ = f.Auth.Secret()
	f.Auth.Kind = cmp.Or(f.Auth.Kind, models.AuthNone)
	f.Body.Encoding = cmp.Or(f.Body.Encoding, models.EncodingJSON)
	if f.Body.Format != models.BodyMerged {
		f.Body.IncludeIdentity = true // the usual choice with merged fields
	}
	if s.Signing.Secret != nil {
		f.KeyAction, f.KeyOverlap = KeepKey, "24h"
	}
	return f
}

// Text is what the control shows of a setting in units of the form: seconds, and lists
// joined by commas.
func (f Fields) Text(control string) string {
	if raw, ok := f.Raw[control]; ok {
		return raw
	}
	switch control {
	case "timeout":
		return seconds(f.Timeout())
	case "rate_limit":
		return number(f.AttemptsPerSecond())
	case "retry.attempts":
		return number(float64(f.Retry.Attempts))
	case "retry.delays":
		delays := make([]string, len(f.Retry.Delays))
		for i, delay := range f.Retry.Delays {
			delays[i] = seconds(delay)
		}
		return strings.Join(delays, ", ")
	case "retry.retry_on":
		return strings.Join(f.Retry.RetryOn, ", ")
	case "body.user_fields":
		return strings.Join(f.Body.UserFields, ", ")
	}
	return ""
}

func seconds(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) }

// number leaves 0 out, which stands for a setting that is not there.
func number(n float64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatFloat(n, 'f', -1, 64)
}

// field completes the props of a setting's control with its name, label and error.
func (p FormProps) field(setting, value string, props ui.FieldProps) ui.FieldProps {
	f, _ := models.WebhookFieldOf(setting)
	props.Name, props.Value, props.Error = f.Control, value, p.Errors.Of(f.Name, f.Control)
	props.Label = cmp.Or(props.Label, f.Label)
	return props
}

// number completes the props of a setting that the form has as a number.
func (p FormProps) number(control string, props ui.FieldProps, mode string) ui.FieldProps {
	props.Attrs = templ.Attributes{"inputmode": mode}
	return p.field(control, p.Fields.Text(control), props)
}

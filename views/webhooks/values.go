package webhooks

import (
	"strconv"
	"strings"
	"time"

	"hookline/models"
)

// FormValues are the form's fields as typed. The tag is the field's name.
//
// Headers come as headers.N.name, headers.N.value, headers.N.secret and
// headers.N.remove (true when ticked), N from 0 without gaps. Draw them again
// without the removed and the empty ones, so that N means the same in
// FormProps.Errors. The submit button action=add_header asks for the same form
// with nothing saved.
//
// A secret that is kept reads models.Mask, in both directions. Secrets that
// were typed are never drawn again: put "" in their place.
type FormValues struct {
	Name          string `form:"name"`
	Description   string `form:"description"`
	Method        string `form:"method"`
	URL           string `form:"url"`
	Headers       []HeaderValues
	All           bool     `form:"subscriptions.all"` // radio: true or false
	Categories    []string `form:"subscriptions.categories"`
	Types         []string `form:"subscriptions.types"`
	KeyAction     string   `form:"signing.key"` // KeepKey, EnterKey or MakeKey; "" where there is none to keep
	SigningKey    string   `form:"signing.secret"`
	KeyOverlap    string   `form:"signing.overlap"` // a duration such as 24h, or 0
	JWT           bool     `form:"signing.jwt"`
	HMAC          bool     `form:"signing.hmac"`
	Standard      bool     `form:"signing.standard"`
	RetryPreset   string   `form:"retry.preset"`
	RetryAttempts string   `form:"retry.attempts"`
	RetryDelays   string   `form:"retry.delays"`   // seconds, joined by commas
	RetryOn       string   `form:"retry.retry_on"` // joined by commas
	Timeout       string   `form:"timeout"`        // seconds
	Body          string   `form:"body.format"`
}

// What to do with the signing key that is stored.
const (
	KeepKey  = "keep"
	EnterKey = "enter"
	MakeKey  = "make"
)

// HeaderValues is one row of the header table.
type HeaderValues struct {
	Name   string
	Value  string
	Secret bool
	Remove bool
}

// Empty reports whether nobody wrote anything into the row.
func (h HeaderValues) Empty() bool { return h.Name == "" && h.Value == "" }

// ValuesOf is a webhook as its form shows it.
func ValuesOf(w models.Webhook) FormValues {
	v := FormValues{
		Name: w.Name, Description: w.Description, Method: w.Method, URL: w.URL,
		All: w.Subscriptions.All, Categories: w.Subscriptions.Categories, Types: w.Subscriptions.Types,
		JWT: w.Signing.JWT, HMAC: w.Signing.HMAC, Standard: w.Signing.Standard,
		RetryPreset: string(w.Retry.Preset), Timeout: seconds(w.Timeout), Body: string(w.Body.Format),
	}
	if len(w.Signing.Key) > 0 {
		v.SigningKey, v.KeyAction, v.KeyOverlap = models.Mask, KeepKey, "24h"
	}
	if w.Retry.Preset == models.RetryCustom {
		v.RetryAttempts = strconv.Itoa(w.Retry.Attempts)
		v.RetryDelays = secondsList(w.Retry.Delays)
		v.RetryOn = strings.Join(w.Retry.RetryOn, ", ")
	}
	for _, h := range w.Headers {
		value := h.Value
		if h.Secret {
			value = models.Mask
		}
		v.Headers = append(v.Headers, HeaderValues{Name: h.Name, Value: value, Secret: h.Secret})
	}
	return v
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64)
}

func secondsList(delays []time.Duration) string {
	parts := make([]string, len(delays))
	for i, d := range delays {
		parts[i] = seconds(d)
	}
	return strings.Join(parts, ", ")
}

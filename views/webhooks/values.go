package webhooks

import (
	"cmp"
	"strconv"
	"strings"
	"time"

	"hookline/models"
)

// FormValues are the form's fields as typed. The tag is the field's name.
//
// Rows come as headers.N.name, headers.N.value, headers.N.secret and
// headers.N.remove (true when ticked), N from 0 without gaps; params and
// body.fields likewise. Draw them again without the removed and the empty ones,
// so that N means the same in FormProps.Errors. The submit buttons
// action=add_headers and so on ask for the same form with nothing saved.
//
// A secret that is kept reads models.Mask, in both directions. Secrets that
// were typed are never drawn again: put "" in their place.
type FormValues struct {
	Version       int64  `form:"version"` // of the webhook that the form was drawn from; 0 for a new one
	Preset        string `form:"preset"`  // the destination it was filled in for
	Name          string `form:"name"`
	Description   string `form:"description"`
	Method        string `form:"method"`
	URL           string `form:"url"`
	Params        []RowValues
	Headers       []RowValues
	Auth          AuthValues
	Body          BodyValues
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
	RateLimit     string   `form:"rate_limit"`     // per second; "" for none
	Filter        string   `form:"subscriptions.filter"`
}

// AuthValues are the fields of the authentication. Which of them count follows
// from Kind; the others are kept in case the choice is taken back.
type AuthValues struct {
	Kind       string `form:"auth.kind"`
	Header     string `form:"auth.header"`
	Username   string `form:"auth.username"`
	Connection string `form:"auth.connection"` // "" for a client of the webhook's own
	ClientID   string `form:"auth.client_id"`
	TokenURL   string `form:"auth.token_url"`
	Scope      string `form:"auth.scope"`
	Secret     string `form:"auth.secret"`
	NoPassword bool   `form:"auth.no_password"` // basic: the stored password is to go
}

// BodyValues are the fields of the body. Which of them count follows from Format.
type BodyValues struct {
	Format          string `form:"body.format"`
	Template        string `form:"body.template"`
	ContentType     string `form:"body.content_type"`
	Fields          []RowValues
	Encoding        string `form:"body.encoding"`
	IncludeIdentity bool   `form:"body.include_identity"`
	UserFields      string `form:"body.user_fields"` // joined by commas
	Custom          string `form:"body.custom"`
}

// What to do with the signing key that is stored.
const (
	KeepKey  = "keep"
	EnterKey = "enter"
	MakeKey  = "make"
)

// RowValues is one row of a table: a header, a parameter or a field of a form.
// Only headers have secrets.
type RowValues struct {
	Name   string
	Value  string
	Secret bool
	Remove bool
}

// Empty reports whether nobody wrote anything into the row.
func (r RowValues) Empty() bool { return r.Name == "" && r.Value == "" }

// ValuesOf is a webhook as its form shows it.
func ValuesOf(w models.Webhook) FormValues {
	v := FormValues{
		Version: w.Version, Name: w.Name, Description: w.Description, Method: w.Method, URL: w.URL, Params: rowsOf(w.Params), Auth: authValues(w.Auth), Body: bodyValues(w.Body),
		All: w.Subscriptions.All, Categories: w.Subscriptions.Categories, Types: w.Subscriptions.Types, Filter: w.Subscriptions.Filter,
		JWT: w.Signing.JWT, HMAC: w.Signing.HMAC, Standard: w.Signing.Standard,
		RetryPreset: string(w.Retry.Preset), Timeout: seconds(w.Timeout),
	}
	if len(w.Signing.Key) > 0 {
		v.SigningKey, v.KeyAction, v.KeyOverlap = models.Mask, KeepKey, "24h"
	}
	if w.Retry.Preset == models.RetryCustom {
		v.RetryAttempts = strconv.Itoa(w.Retry.Attempts)
		v.RetryDelays = secondsList(w.Retry.Delays)
		v.RetryOn = strings.Join(w.Retry.RetryOn, ", ")
	}
	if w.RateLimit > 0 {
		v.RateLimit = strconv.FormatFloat(w.RateLimit, 'f', -1, 64)
	}
	for _, h := range w.Headers {
		v.Headers = append(v.Headers, RowValues{Name: h.Name, Value: maskOr(h.Secret, h.Value), Secret: h.Secret})
	}
	return v
}

func authValues(a models.Auth) AuthValues {
	return AuthValues{
		Kind: string(cmp.Or(a.Kind, models.AuthNone)), Header: a.Header, Username: a.Username, Connection: a.Connection,
		ClientID: a.ClientID, TokenURL: a.TokenURL, Scope: a.Scope, Secret: maskOr(len(a.Secret) > 0, ""),
	}
}

func bodyValues(b models.Body) BodyValues {
	v := BodyValues{
		Format: string(b.Format), Template: b.Template, ContentType: b.ContentType, Fields: rowsOf(b.Fields),
		Encoding: cmp.Or(b.Encoding, models.EncodingJSON), IncludeIdentity: b.IncludeIdentity,
		UserFields: strings.Join(b.UserFields, ", "), Custom: b.Custom,
	}
	if b.Format != models.BodyMerged {
		v.IncludeIdentity = true // what one most likely wants on choosing merged fields
	}
	return v
}

func rowsOf(params []models.Param) []RowValues {
	rows := make([]RowValues, len(params))
	for i, p := range params {
		rows[i] = RowValues{Name: p.Name, Value: p.Value}
	}
	return rows
}

func maskOr(secret bool, value string) string {
	if secret {
		return models.Mask
	}
	return value
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

package models

import (
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// WebhookSettings are a webhook's settings as the API, the form and the preset files
// write them: a whole value. A secret is text in clear, or Mask for the stored one.
// The tags describe each member to the API's callers.
type WebhookSettings struct {
	ID            string           `json:"id" readOnly:"true"`
	Name          string           `json:"name" maxLength:"200" example:"Deploy bot"`
	Description   string           `json:"description" maxLength:"2000"`
	Enabled       bool             `json:"enabled" doc:"The person's switch. While off, new events make no deliveries."`
	State         WebhookState     `json:"state" readOnly:"true" enum:"active,pending_confirmation,disabled_failing,gone" doc:"Whether it can work at all."`
	Method        string           `json:"method" enum:"POST,PUT,PATCH,GET,DELETE"`
	URL           string           `json:"url" maxLength:"8192" example:"https://example.com/hooks" doc:"{{…}} may stand in path and query; its value is percent-encoded."`
	Headers       []HeaderSettings `json:"headers" nullable:"false"`
	Params        []Param          `json:"params" nullable:"false" doc:"Query parameters, added to the URL's query in this order and percent-encoded; values may hold {{…}}."`
	Auth          AuthSettings     `json:"auth"`
	Body          Body             `json:"body"`
	Signing       SigningSettings  `json:"signing"`
	Retry         Retry            `json:"retry"`
	TimeoutMS     int64            `json:"timeout_ms" minimum:"1000" maximum:"30000" example:"10000" doc:"10000 when left out."`
	RateLimit     *RateLimit       `json:"rate_limit" doc:"null: no limit. What waits for the limit counts no attempt. A test goes at once, beside it."`
	Subscriptions Subscriptions    `json:"subscriptions"`
}

// HeaderSettings is a custom header.
type HeaderSettings struct {
	Name   string `json:"name" example:"X-Team"`
	Value  string `json:"value" doc:"A plain one may hold {{…}}. A secret one is sent letter by letter; it reads as ***, and sent as ***, it stays."`
	Secret bool   `json:"secret,omitzero" required:"false"`
}

// AuthSettings is a webhook's authentication: the members of its kind alone. With a
// connection it has no client of its own.
type AuthSettings struct {
	Kind         AuthKind `json:"kind" enum:"none,bearer,api_key,basic,basic_token,oauth2" doc:"none when left out."`
	Token        string   `json:"token,omitzero" maxLength:"4096" doc:"bearer, and basic_token, which is sent as it is: the secret; *** in answers, and *** keeps the one there is."`
	Header       string   `json:"header,omitzero" maxLength:"256" doc:"api_key: the header's name." example:"X-Api-Key"`
	Value        string   `json:"value,omitzero" maxLength:"4096" doc:"api_key: the secret; *** in answers."`
	Username     string   `json:"username,omitzero" maxLength:"255" doc:"basic: without a colon; may be empty beside a password."`
	Password     *string  `json:"password,omitzero" maxLength:"4096" doc:"basic: the secret; *** in answers. An empty one, given as such, sends the user name alone."`
	Connection   string   `json:"connection,omitzero" doc:"oauth2: the id of an OAuth connection of the workspace, in place of a client of its own."`
	ClientID     string   `json:"client_id,omitzero" maxLength:"1024" doc:"oauth2."`
	ClientSecret string   `json:"client_secret,omitzero" maxLength:"4096" doc:"oauth2: the secret; *** in answers."`
	TokenURL     string   `json:"token_url,omitzero" maxLength:"8192" doc:"oauth2: where access tokens are fetched; https." example:"https://auth.example.com/oauth/token"`
	Scope        string   `json:"scope,omitzero" maxLength:"2048" doc:"oauth2: sent when it is not empty."`
}

// SigningSettings is how a webhook signs. Without a Secret the stored key stays, and
// Hookline makes a key where none is stored.
type SigningSettings struct {
	JWT      bool       `json:"jwt" doc:"A signed token in x-webhook-secret; true when left out."`
	HMAC     bool       `json:"hmac" doc:"HMAC-SHA256 of the body, hex, in X-Hmac-Signature; true when left out."`
	Standard bool       `json:"standard" doc:"Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature; false when left out. The key is whsec_ and the base64 of 24 to 64 bytes then."`
	Secret   *string    `json:"secret" minLength:"8" maxLength:"512" doc:"The key of all of them; *** once it is saved, and *** keeps it; null when there is none. Left out, Hookline makes one, which begins with whsec_ and fits every signature."`
	OldUntil *time.Time `json:"old_secret_until,omitzero" readOnly:"true" doc:"After a rotation: until then one can go back to the key before, and webhook-signature carries a signature of both. Left out otherwise."`
}

// RateLimit is how many attempts per second a webhook gets (I9).
type RateLimit struct {
	PerSecond float64 `json:"per_second" minimum:"0.01" maximum:"1000" example:"5" doc:"Attempts per second, retries counted. 0.1 is one every 10 seconds."`
}

// Settings are the webhook's settings with its secrets masked. Its lists are copies.
func (w Webhook) Settings() WebhookSettings {
	s := WebhookSettings{
		ID: w.ID, Name: w.Name, Description: w.Description, Enabled: w.Enabled, State: w.State, Method: w.Method, URL: w.URL,
		Headers: make([]HeaderSettings, len(w.Headers)), Params: slices.Clone(w.Params), Auth: w.Auth.settings(), Body: w.Body.copied(),
		Signing: w.Signing.settings(), Retry: w.Retry.copied(), TimeoutMS: w.Timeout.Milliseconds(),
		Subscriptions: w.Subscriptions.copied(),
	}
	for i, h := range w.Headers {
		s.Headers[i] = HeaderSettings{Name: h.Name, Value: h.Value, Secret: h.Secret}
		if h.Secret {
			s.Headers[i].Value = Mask
		}
	}
	if w.RateLimit != 0 {
		s.RateLimit = &RateLimit{PerSecond: w.RateLimit}
	}
	return s
}

// Apply sets all settings but headers, authentication and the signing key, whose secrets
// have to be sealed.
func (w *Webhook) Apply(s WebhookSettings) {
	w.Name, w.Description, w.Enabled, w.Method, w.URL = strings.TrimSpace(s.Name), s.Description, s.Enabled, s.Method, s.URL
	w.Params, w.Body, w.Retry, w.Subscriptions = s.Params, s.Body.Normal(), s.Retry.Normal(), s.Subscriptions.Normal()
	w.Timeout, w.RateLimit = s.Timeout(), s.AttemptsPerSecond()
	w.Signing.JWT, w.Signing.HMAC, w.Signing.Standard = s.Signing.JWT, s.Signing.HMAC, s.Signing.Standard
}

func (a Auth) settings() AuthSettings {
	s := AuthSettings{
		Kind: a.Kind, Header: a.Header, Username: a.Username,
		Connection: a.Connection, ClientID: a.ClientID, TokenURL: a.TokenURL, Scope: a.Scope,
	}
	if !a.HasSecret() {
		return s
	}
	secret := Mask
	if len(a.Secret) == 0 {
		secret = "" // a basic password may be empty
	}
	s.SetSecret(secret)
	return s
}

// SetSecret sets the member that holds the secret of the kind.
func (a *AuthSettings) SetSecret(secret string) {
	switch a.Kind {
	case AuthBearer, AuthBasicToken:
		a.Token = secret
	case AuthAPIKey:
		a.Value = secret
	case AuthBasic:
		a.Password = &secret
	case AuthOAuth2:
		a.ClientSecret = secret
	}
}

// Secret is the secret of the kind. given is false when the settings have none: only
// the password of basic authentication may be given and empty.
func (a AuthSettings) Secret() (secret string, given bool) {
	switch a.Kind {
	case AuthBearer, AuthBasicToken:
		secret = a.Token
	case AuthAPIKey:
		secret = a.Value
	case AuthOAuth2:
		secret = a.ClientSecret
	case AuthBasic:
		if a.Password == nil {
			return "", false
		}
		return *a.Password, true
	}
	return secret, secret != ""
}

// Auth is the authentication without its secret.
func (a AuthSettings) Auth() Auth {
	return Auth{
		Kind: a.Kind, Header: a.Header, Username: a.Username,
		Connection: a.Connection, ClientID: a.ClientID, TokenURL: a.TokenURL, Scope: a.Scope,
	}.Normal()
}

// Normal is the authentication with the members of its kind alone.
func (a AuthSettings) Normal() AuthSettings {
	auth := a.Auth()
	n := auth.settings()
	n.Token, n.Value, n.Password, n.ClientSecret = "", "", nil, ""
	if secret, given := a.Secret(); given && auth.HasSecret() {
		n.SetSecret(secret)
	}
	return n
}

func (s Signing) settings() SigningSettings {
	out := SigningSettings{JWT: s.JWT, HMAC: s.HMAC, Standard: s.Standard}
	if len(s.Key) > 0 {
		secret := Mask
		out.Secret = &secret
	}
	if len(s.OldKey) > 0 {
		out.OldUntil = &s.OldKeyUntil
	}
	return out
}

// Timeout is TimeoutMS as a duration.
func (s WebhookSettings) Timeout() time.Duration { return milliseconds(s.TimeoutMS) }

// AttemptsPerSecond is the rate limit; 0 for none.
func (s WebhookSettings) AttemptsPerSecond() float64 {
	if s.RateLimit == nil {
		return 0
	}
	return s.RateLimit.PerSecond
}

// UnmarshalJSONFrom reads an object whose left-out members have their defaults.
func (s *SigningSettings) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	type plain SigningSettings
	v := plain{JWT: true, HMAC: true}
	err := json.UnmarshalDecode(d, &v)
	*s = SigningSettings(v)
	return err
}

// UnmarshalJSONFrom reads {} as no limit, and refuses 0.
func (r *RateLimit) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	var v struct {
		PerSecond *perSecond `json:"per_second"`
	}
	err := json.UnmarshalDecode(d, &v)
	if v.PerSecond != nil {
		r.PerSecond = float64(*v.PerSecond)
	}
	return err
}

// perSecond is a rate that is written, which 0 is not: null says that there is none.
type perSecond float64

func (p *perSecond) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	err := json.UnmarshalDecode(d, (*float64)(p))
	if err == nil && *p == 0 {
		return BadValue("Send null as rate_limit for no limit, or a number from 0.01 to 1,000.")
	}
	return err
}

// BadValue says what is wrong with a JSON value, and how to mend it.
type BadValue string

func (b BadValue) Error() string { return string(b) }

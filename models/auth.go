package models

import (
	"slices"
	"strings"
)

// AuthKind is how requests prove who sends them (H2).
type AuthKind string

const (
	AuthNone       AuthKind = "none"
	AuthBearer     AuthKind = "bearer"      // Authorization: Bearer <secret>
	AuthAPIKey     AuthKind = "api_key"     // <Header>: <secret>
	AuthBasic      AuthKind = "basic"       // Authorization: Basic base64(<Username>:<secret>)
	AuthBasicToken AuthKind = "basic_token" // Authorization: Basic <secret>, as it stands (I5)
	AuthOAuth2     AuthKind = "oauth2"      // Authorization: Bearer <token fetched with client credentials> (I6)
)

// AuthKinds in the order the form offers them.
var AuthKinds = []AuthKind{AuthNone, AuthBearer, AuthAPIKey, AuthBasic, AuthBasicToken, AuthOAuth2}

// Auth is a webhook's authentication. Which fields count depends on the kind;
// Normal empties the others. Its values are literal: no template is rendered in
// them.
type Auth struct {
	Kind     AuthKind
	Header   string // api_key
	Username string // basic
	// OAuth 2.0: either a connection of the workspace, or a client of its own.
	Connection string
	ClientID   string
	TokenURL   string
	Scope      string
	// Secret is the token, key value, password or client secret.
	Secret Sealed
	// Shared is what Connection names, as of the Config that the webhook came
	// from; nil when it names nothing. It is not stored with the webhook.
	Shared *OAuthConnection
}

// Bounds of credentials.
const (
	MaxCredential = 4 << 10 // bytes of a secret; Base64 of it still fits a header
	MaxUsername   = 255
	MaxClientID   = 1024
	MaxScope      = 2048
)

// OwnClient reports whether tokens are fetched with the webhook's own client.
func (a Auth) OwnClient() bool { return a.Kind == AuthOAuth2 && a.Connection == "" }

// HasSecret reports whether the kind keeps a secret with the webhook.
func (a Auth) HasSecret() bool {
	return a.Kind != AuthNone && a.Kind != "" && a.Connection == ""
}

// Client is the webhook's own OAuth 2.0 client.
func (a Auth) Client() OAuthClient {
	return OAuthClient{ClientID: a.ClientID, TokenURL: a.TokenURL, Scope: a.Scope, Secret: a.Secret}
}

// SentIn is the name of the header that the credentials go into; "" for none.
func (a Auth) SentIn() string {
	switch a.Kind {
	case AuthNone, "":
		return ""
	case AuthAPIKey:
		return a.Header
	}
	return "Authorization"
}

// SecretMember is what API and form call the secret of this kind; "" for none.
func (k AuthKind) SecretMember() string {
	switch k {
	case AuthBearer, AuthBasicToken:
		return "token"
	case AuthAPIKey:
		return "value"
	case AuthBasic:
		return "password"
	case AuthOAuth2:
		return "client_secret"
	}
	return ""
}

// SecretWords is what people call it, with its article.
func (k AuthKind) SecretWords() string {
	switch k {
	case AuthBearer, AuthBasicToken:
		return "the token"
	case AuthAPIKey:
		return "the key's value"
	case AuthBasic:
		return "the password"
	}
	return "the client secret"
}

// Normal is the same with everything emptied that the kind does not use, so that
// nothing lies around that no page shows.
func (a Auth) Normal() Auth {
	n := Auth{Kind: a.Kind, Shared: a.Shared}
	switch a.Kind {
	case AuthAPIKey:
		n.Header = a.Header
	case AuthBasic:
		n.Username = a.Username
	case AuthOAuth2:
		if n.Connection = a.Connection; n.Connection == "" {
			n.ClientID, n.TokenURL, n.Scope = a.ClientID, a.TokenURL, a.Scope
		}
	}
	if a.HasSecret() {
		n.Secret = a.Secret
	}
	return n
}

// validate checks all but the secret, which is sealed, and the token URL, which
// is the target guard's. headers are the webhook's custom ones.
func (a Auth) validate(headers []Header, prefix string, errs *FieldErrors) {
	switch a.Kind {
	case AuthNone, AuthBearer, AuthBasicToken:
	case AuthAPIKey:
		a.validateHeader(prefix, errs)
	case AuthBasic:
		a.validateUsername(errs)
	case AuthOAuth2:
		a.validateOAuth(errs)
	default:
		errs.Add("auth.kind", "Choose one of none, bearer, api_key, basic, basic_token or oauth2.")
	}
	if name := a.SentIn(); name != "" && slices.ContainsFunc(headers, func(h Header) bool { return strings.EqualFold(h.Name, name) }) {
		errs.Add("auth.kind", "The custom header %s and this authentication would both set %s. Remove the header, or choose none here.", name, name)
	}
}

func (a Auth) validateHeader(prefix string, errs *FieldErrors) {
	switch why := ReservedHeader(a.Header, prefix); {
	case a.Header == "":
		errs.Add("auth.header", "Give the name of the header that the key goes into, for example X-Api-Key.")
	case !ValidHeaderName(a.Header):
		errs.Add("auth.header", "A header name has letters, digits and - _ . only, no spaces or colons.")
	case why != "":
		errs.Add("auth.header", "%s is reserved: %s. Use another name.", a.Header, why)
	}
}

func (a Auth) validateUsername(errs *FieldErrors) {
	switch {
	case a.Username == "" && len(a.Secret) == 0:
		errs.Add("auth.username", "Enter the user name, the password or both.")
	case strings.Contains(a.Username, ":"):
		errs.Add("auth.username", "A user name cannot have a colon: it is where the password begins (RFC 7617).")
	case len(a.Username) > MaxUsername || !printable(a.Username):
		errs.Add("auth.username", "A user name has at most %d bytes and no line breaks or control characters.", MaxUsername)
	}
}

func (a Auth) validateOAuth(errs *FieldErrors) {
	if a.OwnClient() {
		a.Client().validate("auth.", errs)
	}
}

// SecretProblem says what is wrong with a secret of this kind in clear, or "".
// Header values are visible ASCII; what is encoded before it is sent may be more.
func (k AuthKind) SecretProblem(secret string) string {
	if len(secret) > MaxCredential {
		return "Keep it under 4 KiB."
	}
	switch k {
	case AuthBearer, AuthBasicToken:
		if strings.ContainsAny(secret, " \t") {
			return "Enter the token alone: it has no spaces, and the word before it is sent by itself."
		}
		fallthrough
	case AuthAPIKey:
		return HeaderValueProblem(secret)
	}
	return PasteProblem(secret)
}

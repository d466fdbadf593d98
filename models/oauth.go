package models

import (
	"slices"
	"strings"
	"time"
)

// OAuthClient are the credentials that access tokens are fetched with (I6).
type OAuthClient struct {
	ClientID string
	TokenURL string
	Scope    string // words with spaces between; "" sends none
	Secret   Sealed
}

// OAuthConnection is a client of the workspace that several webhooks share (H2).
type OAuthConnection struct {
	ID      string
	Version int64 // rises with every change
	Name    string
	OAuthClient
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Validate checks all but the secret and the token URL, which is the target
// guard's.
func (c OAuthConnection) Validate() FieldErrors {
	var errs FieldErrors
	checkLine(&errs, "name", c.Name, "the connection a name", 200)
	c.validate("", &errs)
	return errs
}

func (c OAuthClient) validate(place string, errs *FieldErrors) {
	switch {
	case c.ClientID == "":
		errs.Add(place+"client_id", "Enter the client id that the provider gave you.")
	case len(c.ClientID) > MaxClientID:
		errs.Add(place+"client_id", "A client id has at most %d bytes.", MaxClientID)
	case PasteProblem(c.ClientID) != "":
		errs.Add(place+"client_id", "%s", PasteProblem(c.ClientID))
	}
	if c.TokenURL == "" {
		errs.Add(place+"token_url", "Give the provider's token URL, for example https://auth.example.com/oauth/token.")
	}
	if len(c.Scope) > MaxScope || !validScope(c.Scope) {
		errs.Add(place+"scope", "A scope is a list of words with single spaces between them, without quotes or backslashes (RFC 6749).")
	}
}

// validScope follows RFC 6749, 3.3; "" is valid and means that none is sent.
func validScope(scope string) bool {
	if scope == "" {
		return true
	}
	return !slices.Contains(strings.Split(scope, " "), "") && !strings.ContainsFunc(scope, func(r rune) bool {
		return r < ' ' || r > '~' || r == '"' || r == '\\'
	})
}

// AccessToken is a token as it is kept, for restarts and other nodes.
type AccessToken struct {
	Key         string // of the webhook or the connection it was fetched for
	Credentials string // a fingerprint: a token of other credentials is not used
	Sealed      Sealed
	ExpiresAt   time.Time
}

// MaxTokenLife is how long a token is kept at most (I6).
const MaxTokenLife = 10 * 24 * time.Hour

// MaxTokenRenewals is how often a request that was refused with 401 is sent again
// at once with a new token (I6).
const MaxTokenRenewals = 3

// AuditFields lists what people set on an OAuth connection.
func (c OAuthConnection) AuditFields() []Field {
	return []Field{
		{Name: "name", Value: c.Name}, {Name: "client_id", Value: c.ClientID}, SecretField("client_secret", c.Secret),
		{Name: "token_url", Value: c.TokenURL}, {Name: "scope", Value: c.Scope},
	}
}

// TokenCheck is what came of asking a connection's token server. It holds nothing
// of the token.
type TokenCheck struct {
	OK      bool
	Outcome Outcome // of what went wrong
	Cause   Cause
	Error   string        // a sentence; "" when OK
	Took    time.Duration // 0 for a refused address
	Lasts   time.Duration // how long the token will be used
}

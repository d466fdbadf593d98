package webhooks

import (
	"hookline/models"
	"hookline/views/ui"
)

// authChoice is a kind of authentication as the form offers it.
type authChoice struct {
	Kind  models.AuthKind
	Title string
	Text  string
}

var authChoices = []authChoice{
	{models.AuthNone, "None", "The URL is all, or a custom header carries the key."},
	{models.AuthBearer, "Bearer token", "Authorization: Bearer …"},
	{models.AuthAPIKey, "API key", "In a header whose name you give."},
	{models.AuthBasic, "Basic", "User name and password; Hookline encodes them."},
	{models.AuthBasicToken, "Basic, ready-made", "A token that is encoded already, sent as it stands."},
	{models.AuthOAuth2, "OAuth 2.0", "Client credentials; Hookline fetches and renews the token."},
}

// secretLabels is what the one secret is called, by kind.
var secretLabels = []authChoice{
	{Kind: models.AuthBearer, Title: "Token"}, {Kind: models.AuthAPIKey, Title: "Key"}, {Kind: models.AuthBasic, Title: "Password"},
	{Kind: models.AuthBasicToken, Title: "Token"}, {Kind: models.AuthOAuth2, Title: "Client secret"},
}

// secretFaults are the names that a fault of the one secret may come by.
var secretFaults = []string{"auth.secret", "auth.token", "auth.value", "auth.password", "auth.client_secret"}

func (p FormProps) secretError() string { return AuthSecretError(p.Errors) }

// AuthSecretError is the fault of the one secret, "" for none.
func AuthSecretError(errs ui.Errors) string { return errs.Of(secretFaults...) }

// keptAuth reports whether a secret is stored that the field does not stand for now.
func (p FormProps) keptAuth() bool {
	return p.StoredAuth != "" && keptOnly(p.Values.Auth.Secret) == ""
}

// authHint says what leaves the stored secret as it is.
func (p FormProps) authHint() string {
	switch {
	case p.keptAuth() && p.Values.Auth.Kind == p.StoredAuth:
		return wayBack
	case p.keptAuth():
		return ""
	}
	return storedHint(p.Values.Auth.Secret == models.Mask)
}

// connectionOptions are the OAuth clients to choose from: the webhook's own first.
func (p FormProps) connectionOptions() []ui.Option {
	options := []ui.Option{{Text: "A client of this webhook's own"}}
	known := p.Values.Auth.Connection == ""
	for _, c := range p.Connections {
		known = known || c.Value == p.Values.Auth.Connection
		options = append(options, c)
	}
	if !known {
		options = append(options, ui.Option{Value: p.Values.Auth.Connection, Text: "Unknown connection"})
	}
	return options
}

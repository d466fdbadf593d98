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

func (p FormProps) secretError() string { return AuthSecretError(p.Errors) }

// AuthSecretError is the error of the one control of all credentials, "" for none.
func AuthSecretError(errs ui.Errors) string {
	names := []string{secretControl}
	for _, f := range models.WebhookFields {
		if f.Control == secretControl {
			names = append(names, f.Name)
		}
	}
	return errs.Of(names...)
}

const secretControl = "auth.secret"

// keptAuth reports whether a secret is stored that the field does not stand for now.
func (p FormProps) keptAuth() bool {
	return p.StoredAuth != "" && keptOnly(p.Fields.AuthSecret) == ""
}

// authHint says what leaves the stored secret as it is.
func (p FormProps) authHint() string {
	switch {
	case p.keptAuth() && p.Fields.Auth.Kind == p.StoredAuth:
		return wayBack
	case p.keptAuth():
		return ""
	}
	return storedHint(p.Fields.AuthSecret == models.Mask)
}

// connectionOptions are the OAuth clients to choose from: the webhook's own first.
func (p FormProps) connectionOptions() []ui.Option {
	options := []ui.Option{{Text: "A client of this webhook's own"}}
	known := p.Fields.Auth.Connection == ""
	for _, c := range p.Connections {
		known = known || c.Value == p.Fields.Auth.Connection
		options = append(options, c)
	}
	if !known {
		options = append(options, ui.Option{Value: p.Fields.Auth.Connection, Text: "Unknown connection"})
	}
	return options
}

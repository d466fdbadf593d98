package form

import (
	"net/url"
	"strings"

	"hookline/models"
	"hookline/views/webhooks"
)

func authValues(v url.Values, drawn webhooks.AuthValues) (webhooks.AuthValues, error) {
	text := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	a := webhooks.AuthValues{
		Kind: text("auth.kind"), Header: Line(drawn.Header, v.Get("auth.header")), Username: Exact(drawn.Username, v.Get("auth.username")), Connection: text("auth.connection"),
		ClientID: Line(drawn.ClientID, v.Get("auth.client_id")), TokenURL: Line(drawn.TokenURL, v.Get("auth.token_url")), Scope: Line(drawn.Scope, v.Get("auth.scope")),
		Secret: v.Get("auth.secret"),
	}
	var err error
	a.NoPassword, err = Bool(v, "auth.no_password")
	return a, err
}

// auth is the authentication with the fields of its kind alone; nil where the
// form does not have it.
func (f Webhook) auth(faults *models.FieldErrors) *authInput {
	if !f.has.Has("auth.kind") {
		return nil
	}
	v := f.values.Auth
	in := authInput{AuthSettings: models.AuthSettings{Kind: models.AuthKind(v.Kind)}}
	if hasSecret(v) {
		in.Secret = v.Secret
	}
	switch in.Kind {
	case models.AuthAPIKey:
		in.Header = v.Header
	case models.AuthBasic:
		in.Username = v.Username
		f.password(&in, faults)
	case models.AuthOAuth2:
		if in.Connection = v.Connection; v.Connection == "" {
			in.ClientID, in.TokenURL, in.Scope = v.ClientID, v.TokenURL, v.Scope
		}
	}
	return &in
}

// hasSecret reports whether the secret counts: a connection of the workspace has
// its own.
func hasSecret(v webhooks.AuthValues) bool {
	switch models.AuthKind(v.Kind) {
	case models.AuthNone, "":
		return false
	case models.AuthOAuth2:
		return v.Connection == ""
	}
	return true
}

// password tells a password that is left empty on purpose from one that was wiped
// by mistake: while one is stored, the box says which.
func (f Webhook) password(in *authInput, faults *models.FieldErrors) {
	stored := f.stored.Auth.Kind == models.AuthBasic && len(f.stored.Auth.Secret) > 0
	in.NoPassword = f.values.Auth.NoPassword || !stored
	if !f.values.Auth.NoPassword {
		return
	}
	if wasTyped(in.Secret) {
		faults.Add("auth.password", "Enter a password, or tick No password; not both.")
		in.Secret = impossibleSecret
		return
	}
	in.Secret = ""
}

// impossibleSecret is one that the service refuses, as impossible is a number.
const impossibleSecret = "\x00"

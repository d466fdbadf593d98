package form

import (
	"net/url"
	"strings"

	"hookline/app/service"
	"hookline/models"
	"hookline/views/webhooks"
)

func authValues(v url.Values) webhooks.AuthValues {
	text := func(name string) string { return strings.TrimSpace(v.Get(name)) }
	return webhooks.AuthValues{
		Kind: text("auth.kind"), Header: text("auth.header"), Username: v.Get("auth.username"), Connection: text("auth.connection"),
		ClientID: text("auth.client_id"), TokenURL: text("auth.token_url"), Scope: text("auth.scope"), Secret: v.Get("auth.secret"),
	}
}

// auth is the authentication with the fields of its kind alone; nil where the
// form does not have it.
func (f Webhook) auth() *service.AuthInput {
	if !f.has.Has("auth.kind") {
		return nil
	}
	v := f.values.Auth
	in := service.AuthInput{Kind: models.AuthKind(v.Kind)}
	if hasSecret(v) {
		in.Secret = v.Secret
	}
	switch in.Kind {
	case models.AuthAPIKey:
		in.Header = v.Header
	case models.AuthBasic:
		in.Username = v.Username
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

package api

import (
	"hookline/app/service"
	"hookline/models"
)

// authPart is a webhook's authentication as answers show it: the members of its
// kind alone, its secret as ***.
type authPart struct {
	Kind         models.AuthKind `json:"kind" enum:"none,bearer,api_key,basic,basic_token,oauth2"`
	Token        string          `json:"token,omitzero" doc:"bearer, basic_token: the secret; *** in answers."`
	Header       string          `json:"header,omitzero" doc:"api_key: the header's name." example:"X-Api-Key"`
	Value        string          `json:"value,omitzero" doc:"api_key: the secret; *** in answers."`
	Username     string          `json:"username,omitzero" doc:"basic."`
	Password     *string         `json:"password,omitzero" doc:"basic: the secret; *** in answers, empty when there is none."`
	Connection   string          `json:"connection,omitzero" doc:"oauth2: the id of an OAuth connection of the workspace, in place of a client of its own."`
	ClientID     string          `json:"client_id,omitzero" doc:"oauth2."`
	ClientSecret string          `json:"client_secret,omitzero" doc:"oauth2: the secret; *** in answers."`
	TokenURL     string          `json:"token_url,omitzero" doc:"oauth2: where access tokens are fetched."`
	Scope        string          `json:"scope,omitzero" doc:"oauth2."`
}

func authOf(a models.Auth) authPart {
	out := authPart{
		Kind: a.Kind, Header: a.Header, Username: a.Username,
		Connection: a.Connection, ClientID: a.ClientID, TokenURL: a.TokenURL, Scope: a.Scope,
	}
	if !a.HasSecret() {
		return out
	}
	mask := models.Mask
	switch a.Kind {
	case models.AuthAPIKey:
		out.Value = mask
	case models.AuthBasic:
		if len(a.Secret) == 0 {
			mask = ""
		}
		out.Password = &mask
	case models.AuthOAuth2:
		out.ClientSecret = mask
	default:
		out.Token = mask
	}
	return out
}

// authInput is authentication as callers send it, whole or as a merge patch.
// Another kind begins anew: nothing of the one before is kept.
type authInput struct {
	Kind         opt[models.AuthKind] `json:"kind,omitzero" enum:"none,bearer,api_key,basic,basic_token,oauth2" doc:"none when left out."`
	Token        opt[string]          `json:"token,omitzero" maxLength:"4096" doc:"bearer, and basic_token, which is sent as it is: the secret. *** keeps the one there is."`
	Header       opt[string]          `json:"header,omitzero" maxLength:"256" doc:"api_key: the header's name." example:"X-Api-Key"`
	Value        opt[string]          `json:"value,omitzero" maxLength:"4096" doc:"api_key: the secret."`
	Username     opt[string]          `json:"username,omitzero" maxLength:"255" doc:"basic: without a colon; may be empty beside a password."`
	Password     opt[string]          `json:"password,omitzero" maxLength:"4096" doc:"basic: the secret; an empty one, given as such, sends the user name alone."`
	Connection   opt[string]          `json:"connection,omitzero" doc:"oauth2: the id of an OAuth connection of the workspace, in place of a client of its own."`
	ClientID     opt[string]          `json:"client_id,omitzero" maxLength:"1024" doc:"oauth2."`
	ClientSecret opt[string]          `json:"client_secret,omitzero" maxLength:"4096" doc:"oauth2: the secret."`
	TokenURL     opt[string]          `json:"token_url,omitzero" maxLength:"8192" doc:"oauth2: where access tokens are fetched; https." example:"https://auth.example.com/oauth/token"`
	Scope        opt[string]          `json:"scope,omitzero" maxLength:"2048" doc:"oauth2: sent when it is not empty."`
}

// auth merges the input over base. What the kind does not have is refused, so
// that nobody believes it were used.
func (in webhookInput) auth(base models.Auth, errs *models.FieldErrors) *service.AuthInput {
	if !in.Auth.given {
		return nil
	}
	if in.Auth.null {
		return &service.AuthInput{Kind: models.AuthNone}
	}
	v, out := in.Auth.value, service.AuthInput{Kind: base.Kind}
	v.Kind.apply(&out.Kind, models.AuthNone)
	if out.Kind == base.Kind {
		out = service.AuthInput{
			Kind: base.Kind, Header: base.Header, Username: base.Username, Connection: base.Connection,
			ClientID: base.ClientID, TokenURL: base.TokenURL, Scope: base.Scope,
		}
		if len(base.Secret) > 0 {
			out.Secret = models.Mask
		}
		out.NoPassword = out.Secret == ""
	}
	v.mergeInto(&out, errs)
	return &out
}

// authMember is a member of the input, and where it goes.
type authMember struct {
	name string
	in   opt[string]
	to   *string
}

func (v authInput) mergeInto(out *service.AuthInput, errs *models.FieldErrors) {
	v.chooseClient(out, errs)
	secret := out.Kind.SecretMember()
	for _, m := range v.members(out) {
		switch {
		case !m.in.given:
		case m.name == secret || m.to != nil:
			to := m.to
			if m.name == secret {
				to = &out.Secret
			}
			m.in.apply(to, "")
			out.NoPassword = out.NoPassword || m.name == secret
		case !m.in.null && m.in.value != "":
			errs.Add("auth."+m.name, "The kind %s has no %s. Leave it out, or choose another kind.", out.Kind, m.name)
		}
	}
}

// members are all there are; of those that the kind does not have, to is nil.
func (v authInput) members(out *service.AuthInput) []authMember {
	of := func(kind models.AuthKind, to *string) *string {
		if out.Kind == kind {
			return to
		}
		return nil
	}
	return []authMember{
		{"token", v.Token, nil}, {"value", v.Value, nil}, {"password", v.Password, nil}, {"client_secret", v.ClientSecret, nil},
		{"header", v.Header, of(models.AuthAPIKey, &out.Header)}, {"username", v.Username, of(models.AuthBasic, &out.Username)},
		{"connection", v.Connection, of(models.AuthOAuth2, &out.Connection)}, {"client_id", v.ClientID, of(models.AuthOAuth2, &out.ClientID)},
		{"token_url", v.TokenURL, of(models.AuthOAuth2, &out.TokenURL)}, {"scope", v.Scope, of(models.AuthOAuth2, &out.Scope)},
	}
}

// chooseClient lets a patch go from a connection to a client of its own and back
// by naming the new one alone.
func (v authInput) chooseClient(out *service.AuthInput, errs *models.FieldErrors) {
	shared, own := v.Connection.value != "", v.ClientID.value != "" || v.TokenURL.value != "" || v.ClientSecret.value != ""
	switch {
	case out.Kind != models.AuthOAuth2:
	case shared && own:
		errs.Add("auth.connection", "Give a connection, or client_id, client_secret and token_url; not both.")
	case own && out.Connection != "":
		*out = service.AuthInput{Kind: models.AuthOAuth2}
	}
}

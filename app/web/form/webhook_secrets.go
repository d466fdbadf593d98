package form

import (
	"time"

	"hookline/models"
	"hookline/views/webhooks"
)

// auth is the authentication with the members of its kind alone.
func (f Webhook) auth() models.AuthSettings {
	a := f.Fields.Auth
	switch {
	case !f.posted.Has("auth.kind"):
	case a.Kind == models.AuthBasic:
		a.Password = f.password()
	default:
		a.SetSecret(f.Fields.AuthSecret)
	}
	return a.Normal()
}

// password tells a password that is left empty on purpose from a password that was
// wiped by mistake: nil. While one is stored, the box says which.
func (f Webhook) password() *string {
	password := f.Fields.AuthSecret
	switch {
	case f.Fields.NoPassword && wasTyped(password):
		password = impossibleSecret
	case f.Fields.NoPassword:
		password = ""
	case password == "" && f.storesPassword():
		return nil
	}
	return &password
}

func (f Webhook) storesPassword() bool {
	return f.stored.Auth.Kind == models.AuthBasic && len(f.stored.Auth.Secret) > 0
}

func (f *Webhook) checkPassword() {
	if f.Fields.Auth.Kind == models.AuthBasic && f.Fields.NoPassword && wasTyped(f.Fields.AuthSecret) {
		f.Errors.Add("auth.password", "Enter a password, or tick No password; not both.")
	}
}

// impossibleSecret is a secret that the service refuses, as impossible is a number.
const impossibleSecret = "\x00"

// hasSecret reports whether the secret counts: a connection of the workspace has
// its own.
func hasSecret(a models.AuthSettings) bool { return a.Auth().HasSecret() }

func wasTyped(secret string) bool { return secret != "" && secret != models.Mask }

// signingKey is the key to save. Without a new key it is the mask of the stored one, or
// nil.
func (f Webhook) signingKey() *string {
	entered, stored := f.posted.Get("signing.secret"), f.Fields.Signing.Secret
	switch f.Fields.KeyAction {
	case webhooks.KeepKey, webhooks.MakeKey:
		return stored
	case webhooks.EnterKey:
		if !wasTyped(entered) {
			entered = "-" // which is too short, and the service says so
		}
	default:
		if entered == "" {
			return stored
		}
	}
	return &entered
}

// keyOverlap is how long the stored key is kept beside a new one. A text that is no
// duration is -1, which the service refuses.
func (f Webhook) keyOverlap() time.Duration {
	text := f.Fields.KeyOverlap
	if f.Fields.KeyAction == webhooks.KeepKey || text == "" || text == "0" {
		return 0
	}
	overlap, err := time.ParseDuration(text)
	if err != nil {
		return impossible
	}
	return overlap
}

package api

import (
	"time"

	"hookline/app/service"
	"hookline/models"
)

// signingPart is how a webhook signs, as answers show it.
type signingPart struct {
	JWT      bool       `json:"jwt" doc:"A signed token in x-webhook-secret."`
	HMAC     bool       `json:"hmac" doc:"HMAC-SHA256 of the body, hex, in X-Hmac-Signature."`
	Standard bool       `json:"standard" doc:"Standard Webhooks: webhook-id, webhook-timestamp and webhook-signature."`
	Secret   *string    `json:"secret" doc:"The key of all of them; *** once it is saved, null when there is none."`
	OldUntil *time.Time `json:"old_secret_until,omitzero" doc:"After a rotation: until then one can go back to the key before, and webhook-signature carries a signature of both. Left out otherwise."`
}

func signingOf(s models.Signing) signingPart {
	out := signingPart{JWT: s.JWT, HMAC: s.HMAC, Standard: s.Standard}
	if len(s.OldKey) > 0 {
		out.OldUntil = &s.OldKeyUntil
	}
	if len(s.Key) > 0 {
		mask := models.Mask
		out.Secret = &mask
	}
	return out
}

// signingInput is the same as callers send it.
type signingInput struct {
	JWT      opt[bool]   `json:"jwt,omitzero" doc:"true when left out."`
	HMAC     opt[bool]   `json:"hmac,omitzero" doc:"true when left out."`
	Standard opt[bool]   `json:"standard,omitzero" doc:"Standard Webhooks; false when left out. The key is whsec_ and the base64 of 24 to 64 bytes then."`
	Secret   opt[string] `json:"secret,omitzero" minLength:"8" maxLength:"512" doc:"The signing key. *** keeps the one there is; left out, Hookline makes one, which begins with whsec_ and fits every signature."`
	// OldUntil is what an answer says; sent back, it changes nothing.
	OldUntil opt[time.Time] `json:"old_secret_until,omitzero" readOnly:"true"`
}

func (in webhookInput) signing(out *service.WebhookInput, base models.Webhook, errs *models.FieldErrors) {
	def := models.NewWebhook().Signing
	if in.Signing.null {
		out.JWT, out.HMAC, out.Standard = &def.JWT, &def.HMAC, &def.Standard
		return
	}
	s := in.Signing.value
	out.JWT, out.HMAC, out.Standard = s.JWT.or(def.JWT), s.HMAC.or(def.HMAC), s.Standard.or(def.Standard)
	out.SigningKey = s.Secret.or(models.Mask)
	switch {
	case s.Secret.null && len(base.Signing.Key) > 0:
		errs.Add("signing.secret", "The key cannot be taken away. Send *** to keep it, or switch jwt, hmac and standard off.")
	case s.Secret.given && !s.Secret.null && s.Secret.value == "":
		errs.Add("signing.secret", "A signing key has %d to %d characters. Leave it out to have one made.", models.MinSigningKey, models.MaxSigningKey)
	}
}

package form

import (
	"time"

	"hookline/app/service"
	"hookline/models"
)

// webhookInput is what the form says of a webhook; nil where the form has no such field.
type webhookInput struct {
	Version     int64
	Name        *string
	Description *string
	Method      *string
	URL         *string
	Params      *[]models.Param
	Headers     *[]models.HeaderSettings
	Auth        *authInput
	Body        *models.Body
	JWT         *bool
	HMAC        *bool
	Standard    *bool
	SigningKey  *string
	GenerateKey bool
	KeyOverlap  time.Duration
	Retry       *models.Retry
	Timeout     *time.Duration
	RateLimit   *float64

	Subscriptions *models.Subscriptions
}

type authInput struct {
	models.AuthSettings
	Secret     string
	NoPassword bool
}

// Draft is what to save: the input over the stored settings.
func (f Webhook) Draft() (service.WebhookDraft, models.FieldErrors) {
	in, faults := f.Input()
	s := models.NewWebhook().Settings()
	if f.stored.ID != "" {
		s = f.stored.Settings()
	}
	set(&s.Name, in.Name)
	set(&s.Description, in.Description)
	set(&s.Method, in.Method)
	set(&s.URL, in.URL)
	set(&s.Params, in.Params)
	set(&s.Headers, in.Headers)
	set(&s.Body, in.Body)
	set(&s.Signing.JWT, in.JWT)
	set(&s.Signing.HMAC, in.HMAC)
	set(&s.Signing.Standard, in.Standard)
	set(&s.Retry, in.Retry)
	set(&s.Subscriptions, in.Subscriptions)
	if in.SigningKey != nil && *in.SigningKey != "" {
		s.Signing.Secret = in.SigningKey
	}
	if in.Timeout != nil {
		s.TimeoutMS = in.Timeout.Milliseconds()
	}
	if in.RateLimit != nil {
		s.RateLimit = &models.RateLimit{PerSecond: *in.RateLimit}
	}
	if in.Auth != nil {
		s.Auth = in.Auth.AuthSettings
		if in.Auth.Secret != "" || in.Auth.NoPassword {
			s.Auth.SetSecret(in.Auth.Secret)
		}
	}
	return service.WebhookDraft{Settings: s, Version: in.Version, GenerateKey: in.GenerateKey, KeyOverlap: in.KeyOverlap}, faults
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

package webhooks

import (
	"fmt"
	"strings"

	"hookline/models"
	"hookline/views/ui"
)

// Use is one thing that relies on a webhook.
type Use struct {
	Label string
	Text  string
	Href  string // "" when there is nothing to go to
}

// authText is the authentication of requests, without any secret.
func authText(a models.Auth) string {
	switch a.Kind {
	case models.AuthAPIKey:
		return "API key, in the header " + a.Header
	case models.AuthBasic:
		return "Basic, as " + a.Username
	}
	return authTitle(a.Kind)
}

func authTitle(k models.AuthKind) string {
	switch k {
	case models.AuthBearer:
		return "Bearer token"
	case models.AuthAPIKey:
		return "API key"
	case models.AuthBasic:
		return "Basic"
	case models.AuthBasicToken:
		return "Basic, with a ready-made token"
	case models.AuthOAuth2:
		return "OAuth 2.0 client credentials"
	}
	return "None"
}

// headersText counts those that people set, without any secret.
func headersText(list []models.Header) string {
	if len(list) == 0 {
		return "None of its own"
	}
	secret := 0
	for _, h := range list {
		if h.Secret {
			secret++
		}
	}
	text := fmt.Sprintf("%d of its own", len(list))
	if secret > 0 {
		text += fmt.Sprintf(", %d secret", secret)
	}
	return text
}

func rateText(perSecond float64) string {
	if perSecond == 0 {
		return "None"
	}
	text := ui.PerSecond(perSecond)
	return strings.ToUpper(text[:1]) + text[1:]
}

func leftOutText(l models.LeftOut) string {
	var parts []string
	if l.Auth != "" {
		parts = append(parts, "the authentication ("+authTitle(l.Auth)+")")
	}
	switch len(l.Headers) {
	case 0:
	case 1:
		parts = append(parts, "the secret header "+l.Headers[0])
	default:
		parts = append(parts, "the secret headers "+strings.Join(l.Headers, ", "))
	}
	return "Not copied, so to be entered again: " + strings.Join(parts, " and ") + "."
}

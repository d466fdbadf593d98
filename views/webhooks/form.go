package webhooks

import (
	"fmt"
	"strconv"
	"strings"

	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
)

// spareRows are the empty header rows that a page without a script offers.
const spareRows = 3

func (p FormProps) title() string {
	if p.ID == "" {
		return "Add webhook"
	}
	return "Edit " + p.Name
}

func (p FormProps) submit() string {
	if p.ID == "" {
		return "Add webhook"
	}
	return "Save changes"
}

func (p FormProps) action() string {
	if p.ID == "" {
		return link.Webhooks
	}
	return link.Webhook(p.ID)
}

// back is where Cancel leads; it happens to be where the form posts to.
func (p FormProps) back() string { return p.action() }

func (p FormProps) crumbs() []ui.Crumb {
	crumbs := []ui.Crumb{{Text: "Webhooks", Href: link.Webhooks}}
	if p.ID != "" {
		crumbs = append(crumbs, ui.Crumb{Text: p.Name, Href: link.Webhook(p.ID)})
	}
	return crumbs
}

func (p FormProps) prefix() string {
	if p.HeaderPrefix == "" {
		return models.DefaultHeaderPrefix
	}
	return p.HeaderPrefix
}

// keptOnly is the last wall before a page: of a secret it lets nothing but the
// mask through, whatever the caller put into the values.
func keptOnly(secret string) string {
	if secret == models.Mask {
		return models.Mask
	}
	return ""
}

func (h HeaderValues) shown() string {
	if h.Secret {
		return keptOnly(h.Value)
	}
	return h.Value
}

func headerField(i int) string { return "headers." + strconv.Itoa(i) + "." }

func methodOptions() []ui.Option {
	options := make([]ui.Option, len(models.Methods))
	for i, m := range models.Methods {
		options[i] = ui.Option{Value: m, Text: m}
	}
	return options
}

func urlHint(p FormProps) string {
	hint := "Starts with https://. Internal and private addresses are refused."
	if p.AllowHTTP {
		hint = "Starts with https://. This server also accepts http://, meant for development."
	}
	if p.ID != "" && p.SecretsStay {
		hint += " If it leads to another host, enter each secret and the signing key again, or remove them: only owners may send stored secrets there."
	}
	return hint
}

// hasKey reports whether there is a key to keep.
func (p FormProps) hasKey() bool { return p.Values.KeyAction != "" }

func overlapOptions() []ui.Option {
	return []ui.Option{
		{Value: "0", Text: "Ends at once"}, {Value: "1h", Text: "Is kept for 1 hour"}, {Value: "24h", Text: "Is kept for 24 hours"},
		{Value: "168h", Text: "Is kept for 7 days"}, {Value: "720h", Text: "Is kept for 30 days"},
	}
}

func keyHint(p FormProps) string {
	if p.ID == "" {
		return fmt.Sprintf("At least %d characters; for Standard Webhooks one that starts with %s. Leave it empty, and one is made and shown to you once.", models.MinSigningKey, models.StandardKeyPrefix)
	}
	return fmt.Sprintf("At least %d characters; for Standard Webhooks one that starts with %s.", models.MinSigningKey, models.StandardKeyPrefix)
}

func timeoutHint() string {
	return fmt.Sprintf("%d to %d, for each attempt.", int(models.MinTimeout.Seconds()), int(models.MaxTimeout.Seconds()))
}

// formFields maps the names models uses to a label and the control to go to.
var formFields = map[string][2]string{
	"name":            {"Display name", "name"},
	"description":     {"Description", "description"},
	"method":          {"Method", "method"},
	"url":             {"URL", "url"},
	"signing.secret":  {"Signing key", "signing.secret"},
	"signing.overlap": {"The key used until now", "signing.overlap"},
	"body.format":     {"Body", "body.format-auto"},
	"timeout":         {"Timeout", "timeout"},
	"timeout_ms":      {"Timeout", "timeout"},
	"retry.preset":    {"Retries", "retry.preset-quick"},
	"retry.attempts":  {"Attempts", "retry.attempts"},
	"retry.delays":    {"Pauses", "retry.delays"},
	"retry.delays_ms": {"Pauses", "retry.delays"},
	"retry.retry_on":  {"Retry on", "retry.retry_on"},
}

func formField(field string) (label, target string) {
	if known, ok := formFields[field]; ok {
		return known[0], ui.FieldID(known[1])
	}
	switch {
	case field == "headers":
		return "Headers", "headers"
	case strings.HasPrefix(field, "auth."):
		return "Authentication", ui.FieldID(field)
	case strings.HasPrefix(field, "subscriptions"):
		return "Events", ui.FieldID("subscriptions.all-true")
	case strings.HasPrefix(field, "headers."):
		return headerLabel(field), ui.FieldID(field)
	}
	return "", ""
}

// headerLabel: headers.0.value → Header 1, value.
func headerLabel(field string) string {
	parts := strings.Split(field, ".")
	n, err := strconv.Atoi(parts[1])
	if err != nil || len(parts) != 3 {
		return "Header"
	}
	return fmt.Sprintf("Header %d, %s", n+1, parts[2])
}

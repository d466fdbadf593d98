package webhooks

import (
	"fmt"

	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
)

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
	if p.Preset != nil && p.ID == "" {
		crumbs = append(crumbs, ui.Crumb{Text: "Destinations", Href: link.WebhookDestinations})
	}
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

func methodOptions() []ui.Option {
	options := make([]ui.Option, len(models.Methods))
	for i, m := range models.Methods {
		options[i] = ui.Option{Value: m, Text: m}
	}
	return options
}

func urlHint(p FormProps) string {
	hint := "Starts with https://. Path and query take {{…}}. Internal and private addresses are refused."
	if p.AllowHTTP {
		hint = "Starts with https://. Path and query take {{…}}. This server also accepts http://, meant for development."
	}
	if p.ID != "" && p.SecretsStay {
		hint += " If it leads to another host, enter each secret and the signing key again, or remove them: only owners may send stored secrets there."
	}
	return hint
}

// hasKey reports whether there is a key to keep.
func (p FormProps) hasKey() bool { return p.Fields.KeyAction != "" }

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

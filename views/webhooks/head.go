package webhooks

import (
	"hookline/models"
	"hookline/views/link"
	"hookline/views/stats"
	"hookline/views/ui"
)

func (p ShowProps) head() headProps {
	return headProps{Page: p.Page, Webhook: p.Webhook, Tab: "details", May: p.May}
}

func (p LogsProps) head() headProps {
	return headProps{Page: p.Log.Page, Webhook: p.Webhook, Tab: "logs", May: p.May}
}

func (p PermissionsProps) head() headProps {
	return headProps{Page: p.Page, Webhook: p.Webhook, Tab: "permissions", May: p.May}
}

// tabs are the webhook's pages, without those that the user may not see.
func (p headProps) tabs() []ui.Tab {
	id := p.Webhook.ID
	tabs := []ui.Tab{
		{Text: "Details", Href: link.Webhook(id), Current: p.Tab == "details"},
		{Text: "Logs", Href: link.WebhookLogs(id, link.Logs{}), Current: p.Tab == "logs"},
	}
	if p.CanGrant {
		tabs = append(tabs, ui.Tab{Text: "Permissions", Href: link.WebhookPermissions(id), Current: p.Tab == "permissions"})
	}
	return tabs
}

// path is where the switch leads back to.
func (p headProps) path() string {
	if p.Tab == "logs" {
		return link.WebhookLogs(p.Webhook.ID, link.Logs{})
	}
	if p.Tab == "permissions" {
		return link.WebhookPermissions(p.Webhook.ID)
	}
	return link.Webhook(p.Webhook.ID)
}

func (p ShowProps) charts() stats.Props {
	return stats.Props{ID: "deliveries", Stats: p.Stats, Narrow: true, Href: func(r models.Range) string {
		return link.WebhookRange(p.Webhook.ID, string(r))
	}}
}

func offTitle(w models.Webhook) string {
	if text := stateText(w); text != "" {
		return text
	}
	return "This webhook is switched off"
}

package webhooks

import (
	"hookline/models"
	"hookline/views/link"
)

func (p ShowProps) head() headProps {
	return headProps{Page: p.Page, Webhook: p.Webhook, Tab: "details", May: p.May}
}

func (p LogsProps) head() headProps {
	return headProps{Page: p.Page, Webhook: p.Webhook, Tab: "logs", May: p.May}
}

// path is where the switch leads back to.
func (p headProps) path() string {
	if p.Tab == "logs" {
		return link.WebhookLogs(p.Webhook.ID, link.Logs{})
	}
	return link.Webhook(p.Webhook.ID)
}

func offTitle(w models.Webhook) string {
	if text := stateText(w); text != "" {
		return text
	}
	return "This webhook is switched off"
}

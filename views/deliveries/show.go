package deliveries

import (
	"fmt"

	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
)

// attempt is the one to show: the selected, else the newest.
func (p ShowProps) attempt() models.Attempt {
	for _, a := range p.Attempts {
		if a.Number == p.Selected {
			return a
		}
	}
	return p.Attempts[len(p.Attempts)-1]
}

// showError: an answer's status already says what the error would.
func (p ShowProps) showError() bool {
	last := p.Delivery.Last
	return last.Error != "" && last.Outcome != models.HTTPError && p.Delivery.State != models.Succeeded
}

// version changes when there is something new to see; until then app.js leaves
// a page that follows its delivery as it is.
func (p ShowProps) version() string {
	return fmt.Sprintf("%s-%d", p.Delivery.State, p.Delivery.Attempts)
}

// self is this page as it is seen now.
func (p ShowProps) self() string {
	if p.Selected > 0 {
		return link.DeliveryAttempt(p.Delivery.ID, p.Selected)
	}
	return link.Delivery(p.Delivery.ID)
}

func (p ShowProps) crumbs() []ui.Crumb {
	crumbs := []ui.Crumb{{Text: "Webhooks", Href: link.Webhooks}}
	if p.WebhookName == "" {
		return crumbs
	}
	return append(crumbs,
		ui.Crumb{Text: p.WebhookName, Href: link.Webhook(p.Delivery.WebhookID)},
		ui.Crumb{Text: "Logs", Href: link.WebhookLogs(p.Delivery.WebhookID, link.Logs{})})
}

// outcomeBadge is an attempt's outcome in a word.
func outcomeBadge(o models.Outcome) ui.BadgeProps {
	switch o {
	case models.Success:
		return ui.BadgeProps{Tone: ui.ToneOK, Icon: "check", Text: outcomeWord(o)}
	case models.BlockedURL:
		return ui.BadgeProps{Tone: ui.ToneBad, Icon: "shield-alert", Text: outcomeWord(o)}
	case models.Timeout:
		return ui.BadgeProps{Tone: ui.ToneBad, Icon: "clock", Text: outcomeWord(o)}
	}
	return ui.BadgeProps{Tone: ui.ToneBad, Icon: "x", Text: outcomeWord(o)}
}

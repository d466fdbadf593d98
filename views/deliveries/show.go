package deliveries

import (
	"fmt"

	"github.com/a-h/templ"

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

// Version changes when there is something new to see; until then a page that
// follows its delivery stays as it is.
func (p ShowProps) Version() string {
	return fmt.Sprintf("%s-%t%t%t%t", version(p.Delivery), p.CanRetrigger, p.CanCancel, p.Held, p.RateLimit > 0)
}

// Version is the same for a row.
func (p RowProps) Version() string {
	return fmt.Sprintf("%s-%t%t%t-%s", version(p.Delivery), p.CanRetrigger, p.CanCancel, p.RateLimit > 0, p.WebhookName)
}

func version(d models.Delivery) string {
	return fmt.Sprintf("%s-%d-%x-%x", d.State, d.Attempts, d.DueAt.UnixMicro(), d.Last.At.UnixMicro())
}

// view is what a post from here is answered with: this attempt of the delivery,
// as a page or in the drawer.
func (p ShowProps) view() string {
	if p.Drawer {
		return "drawer"
	}
	return "page"
}

// inPlace posts in the background. Without a target the answer is a message only.
func inPlace(url, target string) templ.Attributes {
	a := templ.Attributes{"hx-post": url, "hx-sync": "this:drop", "hx-swap": "none"}
	if target != "" {
		a["hx-target"], a["hx-swap"] = target, "outerHTML"
	}
	return a
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

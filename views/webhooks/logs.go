package webhooks

import (
	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/link"
	"hookline/views/ui"
)

func (p LogsProps) pager() ui.PagerProps {
	var pager ui.PagerProps
	if p.Filter.Cursor != "" {
		pager.Newest = link.WebhookLogs(p.Webhook.ID, p.Filter.At(""))
	}
	if p.NextCursor != "" {
		pager.Older = link.WebhookLogs(p.Webhook.ID, p.Filter.At(p.NextCursor))
	}
	return pager
}

func stateOptions() []ui.Option {
	options := []ui.Option{{Text: "All states"}}
	for _, s := range models.DeliveryStates {
		options = append(options, ui.Option{Value: string(s), Text: ui.StateTitle(s)})
	}
	return options
}

func emptyLogText(w models.Webhook) string {
	switch {
	case !w.Delivers():
		return "The webhook is switched off, so new events make no deliveries for it."
	case w.Subscriptions.None():
		return "No events are chosen for this webhook. Choose some under Edit, or send a test."
	}
	return "Deliveries appear here as soon as an event of a chosen type comes in. To see one now, send a test."
}

func (p LogsProps) bulk() deliveries.BulkActionsProps {
	f := p.Filter
	return deliveries.BulkActionsProps{
		Filter:  link.Bulk{WebhookID: p.Webhook.ID, State: f.State, EventType: f.EventType, Q: f.Q},
		Allowed: p.CanBulk && len(p.Rows) > 0,
	}
}

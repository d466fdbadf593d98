package webhooks

import (
	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/ui"
)

// log adds what to do while there is nothing to see.
func (p LogsProps) log() deliveries.LogProps {
	l := p.Log
	l.Empty = ui.EmptyProps{Icon: "inbox", Title: "Nothing was sent yet", Text: emptyLogText(p.Webhook)}
	if p.CanTest {
		l.EmptyAction = testButton(p.Webhook.ID)
	}
	return l
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

package webhooks

import "hookline/models"

func (p ListProps) firstRun() bool { return len(p.Items) == 0 && p.Query == "" }

// stateText says why a webhook that is on does not deliver; "" when it does.
func stateText(w models.Webhook) string {
	switch w.State {
	case models.DisabledFailing:
		return "Switched off because it kept failing"
	case models.Gone:
		return "Switched off because it answered 410 Gone"
	case models.PendingConfirmation:
		return "Waiting for its endpoint to confirm"
	}
	return ""
}

// stateNext says how to mend it.
func stateNext(w models.Webhook) string {
	switch w.State {
	case models.DisabledFailing:
		return "New events make no deliveries. Send a test, mend what it shows, then switch the webhook on again."
	case models.PendingConfirmation:
		return "An API token made it, and its endpoint has not sent the confirmation token back yet. New events make no deliveries until then, or until you switch it on."
	case models.Gone:
		return "The receiver says this address no longer exists. Enter its new URL, then switch the webhook on again."
	}
	return "New events make no deliveries. Deliveries that were already pending wait, and go out when it is on again."
}

package deliveries

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"hookline/models"
)

// attemptText is how far the retry policy has come: "2 of 3".
func attemptText(d models.Delivery, max int) string {
	tries := d.Tries
	if tries == 0 {
		tries = d.Attempts
	}
	if d.Attempts == 0 {
		return "–"
	}
	// A policy that was shortened later must not read "3 of 1".
	if max < tries {
		return fmt.Sprint(tries)
	}
	return fmt.Sprintf("%d of %d", tries, max)
}

// moreAttempts tells that a retrigger made more attempts than the policy counts.
func moreAttempts(d models.Delivery) string {
	if d.Tries > 0 && d.Attempts > d.Tries {
		return fmt.Sprintf("%d in all", d.Attempts)
	}
	return ""
}

// statusTone colours a status code by what it means for the delivery.
func statusTone(status int) string {
	switch {
	case status == 0:
		return ""
	case status >= 200 && status < 300:
		return "tone-ok"
	}
	return "tone-bad"
}

// attemptLabel names the attempt, and the webhook's version it was made with.
func attemptLabel(a models.Attempt) string {
	if a.WebhookVersion == 0 {
		return fmt.Sprintf("Attempt %d", a.Number)
	}
	return fmt.Sprintf("Attempt %d, webhook version %d", a.Number, a.WebhookVersion)
}

// statusLine is a status with its usual name: 404 Not Found.
func statusLine(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// outcomeWord is what happened instead of an answer.
func outcomeWord(o models.Outcome) string {
	switch o {
	case models.Success:
		return "Success"
	case models.HTTPError:
		return "HTTP error"
	case models.Timeout:
		return "Timeout"
	case models.Network:
		return "Network error"
	case models.TLS:
		return "TLS error"
	case models.BlockedURL:
		return "Blocked"
	case models.RenderError:
		return "Not built"
	case models.AuthError:
		return "No credentials"
	}
	return string(o)
}

// blankIf leaves a cell out where rows are cards and it would say nothing.
func blankIf(nothing bool) string {
	if nothing {
		return "blank"
	}
	return ""
}

// idleWhileRunning keeps the button where it is, and the focus on it, while
// there is nothing to retrigger.
func idleWhileRunning(d models.Delivery) templ.Attributes {
	if d.CanRetrigger() {
		return nil
	}
	return templ.Attributes{"type": "button", "aria-disabled": "true"}
}

// noBody says why there is none to show.
func noBody(a models.Attempt) string {
	if a.BodiesGone {
		return "Removed: it is older than bodies are kept (see Settings)."
	}
	return "No body."
}

// missingTitle counts the expressions that found nothing.
func missingTitle(n int) string {
	if n == 1 {
		return "A field was missing"
	}
	return fmt.Sprintf("%d fields were missing", n)
}

package deliveries

import (
	"fmt"

	"hookline/models"
	"hookline/views/ui"
)

// story is a delivery in plain words: what happened, and what to do next.
type story struct {
	Tone  ui.Tone
	Icon  string
	Title string
	Next  string // what happens or what to do; "" when nothing is left to do
}

// tell sums a delivery up. held says that its webhook is switched off.
func tell(d models.Delivery, max int, held bool) story {
	switch d.State {
	case models.Succeeded:
		return story{ui.ToneOK, "circle-check", fmt.Sprintf("Delivered: the receiver answered %d after %s.", d.Last.Status, ui.Took(d.Last.Duration)), ""}
	case models.Running:
		return story{ui.ToneNone, "loader-circle", "Being sent now.", "The answer appears here in a moment."}
	case models.Pending:
		return tellPending(d, max, held)
	case models.Cancelled:
		return story{ui.ToneNone, "circle-slash", "Cancelled: nothing more is sent.", "Retrigger it to send it after all."}
	case models.Blocked:
		return story{ui.ToneBad, "shield-alert", "Not sent: the target guard refused the address.",
			"Requests go to public addresses only. Correct the webhook's URL, or ask the operator to allow this address, then retrigger."}
	}
	title := fmt.Sprintf("Failed: %s.", cause(d.Last.Outcome, d.Last.Status))
	if d.Tries > 1 {
		title = fmt.Sprintf("Failed after %d attempts: %s.", d.Tries, cause(d.Last.Outcome, d.Last.Status))
	}
	return story{ui.ToneBad, "circle-x", title, advice(d.Last.Outcome, d.Last.Status)}
}

func tellPending(d models.Delivery, max int, held bool) story {
	s := story{ui.ToneNone, "clock", "Waiting for its first attempt.", ""}
	if d.Attempts > 0 {
		s = story{ui.ToneWarn, "clock", fmt.Sprintf("Attempt %s failed: %s.", attemptText(d, max), cause(d.Last.Outcome, d.Last.Status)), advice(d.Last.Outcome, d.Last.Status)}
		if d.Last.Status >= 500 {
			s.Next = "The fault is on the receiver's side. Hookline tries again by itself."
		}
		if d.Tries == 0 {
			s = story{ui.ToneNone, "clock", "Retriggered: waiting for its next attempt.", ""}
		}
	}
	if held {
		s.Next = "The webhook is switched off. This goes out when it is switched on again, unless you cancel it."
	}
	return s
}

// cause is what went wrong, as the second half of a sentence.
func cause(o models.Outcome, status int) string {
	switch o {
	case models.HTTPError:
		if status >= 300 && status < 400 {
			return fmt.Sprintf("the receiver answered %d, a redirect", status)
		}
		return fmt.Sprintf("the receiver answered %d", status)
	case models.Timeout:
		return "the receiver did not answer in time"
	case models.Network:
		return "the connection to the receiver failed"
	case models.TLS:
		return "no secure connection to the receiver could be made"
	case models.BlockedURL:
		return "the target guard refused the address"
	case models.RenderError:
		return "the request could not be built"
	case models.AuthError:
		return "no credentials could be fetched for it"
	}
	return "it did not succeed"
}

// advice is what to do about it (W6).
func advice(o models.Outcome, status int) string {
	switch o {
	case models.HTTPError:
		return statusAdvice(status)
	case models.Timeout:
		return "Let the receiver answer 2xx first and do its work afterwards, or raise the webhook's timeout."
	case models.Network:
		return "Check that the host name is right, and that the receiver is up and reachable from here."
	case models.TLS:
		return "Check the receiver's certificate: its name, its expiry date and its chain."
	case models.BlockedURL:
		return "Requests go to public addresses only. Correct the webhook's URL."
	case models.RenderError:
		return "Check the webhook's URL and headers: a value in them could not be filled in."
	case models.AuthError:
		return "Check the webhook's credentials."
	}
	return ""
}

func statusAdvice(status int) string {
	switch {
	case status >= 300 && status < 400:
		return "Redirects are not followed. Enter the address it points to as the webhook's URL."
	case status == 401 || status == 403:
		return "The receiver did not accept the credentials. Check the webhook's secret headers and signing key; a new value counts for retries too."
	case status == 404 || status == 405:
		return "Nothing listens there for this method. Check the webhook's URL and method."
	case status == 408 || status == 504:
		return "The receiver took too long by its own clock. Retrigger when it is less busy."
	case status == 410:
		return "The receiver says this address no longer exists. Enter its new URL on the webhook."
	case status == 413:
		return "The body is larger than the receiver accepts. Send it less data, or raise its limit."
	case status == 429:
		return "The receiver is asked too often. Retrigger later, or choose a retry preset with longer pauses."
	case status >= 400 && status < 500:
		return "The receiver did not accept the request. Its answer below often says why."
	}
	return "The fault is on the receiver's side. Retrigger when it works again."
}

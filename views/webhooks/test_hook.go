package webhooks

import (
	"fmt"
	"time"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// TestProps is the test hook: as a page of its own, and as the part of it that
// the dialog loads.
type TestProps struct {
	Page    layout.Page
	Webhook models.Webhook
	Types   []models.EventType // without archived ones
	Past    []models.Delivery  // of the chosen type, newest first: their events can be sent again
	Values  TestValues
	Errors  ui.Errors // event_type, event_id, data, url, secret
	// Result is what came of the test; nil before it.
	Result *TestResult
}

// TestValues are the fields as typed. The key is never drawn again.
type TestValues struct {
	URL       string
	EventType string
	EventID   string // "" for the sample
	Data      string
	OwnKey    bool // a key was typed; it has to be typed again
}

// TestResult is a test that was made.
type TestResult struct {
	Delivery models.Delivery
	Attempt  models.Attempt
	// SecretsStayed says that the webhook's secrets were left out, as the URL led
	// to another host.
	SecretsStayed bool
}

func (p TestProps) pastOptions() []ui.Option {
	options := []ui.Option{{Text: "The sample of this type"}}
	listed := p.Values.EventID == ""
	for _, d := range p.Past {
		listed = listed || d.EventID == p.Values.EventID
		options = append(options, ui.Option{
			Value: d.EventID, Text: fmt.Sprintf("%s UTC · %s", d.CreatedAt.UTC().Format("2 Jan 15:04:05"), d.EventID),
		})
	}
	if !listed { // older than those listed
		options = append(options, ui.Option{Value: p.Values.EventID, Text: p.Values.EventID})
	}
	return options
}

func (p TestProps) keyHint() string {
	switch {
	case p.Values.OwnKey && p.Webhook.Signs():
		return "The key you entered is not kept: enter it again, or leave *** for the saved one."
	case p.Values.OwnKey:
		return "The key you entered is not kept: enter it again to sign."
	case p.Webhook.Signs():
		return "*** stands for the saved key. Another one counts for this test alone."
	}
	return "The webhook does not sign. With a key here, this test is signed."
}

// focusOn moves the focus to the first field with a fault, in the order of
// the page.
func (p TestProps) focusOn(field string, attrs templ.Attributes) templ.Attributes {
	for _, f := range []string{"url", "secret", "event_type", "event_id", "data"} {
		if !p.Errors.Any(f) {
			continue
		}
		if f == field {
			attrs["autofocus"] = true
		}
		break
	}
	return attrs
}

func (r TestResult) note() ui.NoteProps {
	a := r.Attempt
	if a.Outcome == models.Success {
		return ui.NoteProps{Tone: ui.ToneOK, Icon: "circle-check", Title: fmt.Sprintf("Delivered: the receiver answered %d after %s.", a.Status, ui.Took(a.Duration))}
	}
	d := models.Diagnose(a.Outcome, a.Status, a.Cause).OfTest()
	icon := "circle-x"
	if a.Outcome == models.BlockedURL {
		icon = "shield-alert"
	}
	return ui.NoteProps{Tone: ui.ToneBad, Icon: icon, Title: d.Title(), Text: d.Advice}
}

func rowsFor(data string) int {
	lines := 1
	for _, r := range data {
		if r == '\n' {
			lines++
		}
	}
	return max(8, min(lines+1, 20))
}

// sent is when, and seen from when: the page's clock was read before the attempt.
func (r TestResult) sent(now time.Time) (at, from time.Time) {
	if at = r.Attempt.StartedAt; at.After(now) {
		return at, at
	}
	return at, now
}

func maskIf(there bool) string {
	if there {
		return models.Mask
	}
	return ""
}

// reloads makes a select fetch the payload that belongs to its choice.
func reloads(webhookID string, include ...string) templ.Attributes {
	attrs := templ.Attributes{
		"hx-get": link.WebhookTest(webhookID), "hx-trigger": "change", "hx-target": "#test-payload",
		"hx-select": "#test-payload", "hx-swap": "outerHTML", "hx-sync": "#test-payload:replace",
	}
	if len(include) > 0 {
		attrs["hx-include"] = include[0]
	}
	return attrs
}

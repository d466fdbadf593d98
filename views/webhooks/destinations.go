package webhooks

import (
	"hookline/views/layout"
	"hookline/views/link"
	"hookline/views/ui"
)

// Destination is a service that a webhook can be filled in for (I14).
type Destination struct {
	ID          string
	Name        string
	Description string
	Logo        string
	Docs        string // "" where there is none
	Steps       string // how one gets the URL or key there
	URL         string // where it is the same for all
	URLHint     string
	NeedsSecret bool
	Custom      bool // fills nothing in
	Questions   []Question
}

// UsePresetAction begins the value of the button that fills a form in for a
// service; its id follows.
const UsePresetAction = "preset:"

// Question is one whose answer goes into the webhook. It posts answer.<Name>.
type Question struct {
	Name     string
	Label    string
	Help     string
	Value    string
	Required bool
	Max      int // characters; 0: no limit
	Long     bool
	Colour   bool
	Options  []ui.Option // of a choice; none for texts
}

func (q Question) field() string { return "answer." + q.Name }

// DestinationsProps is the choice of a destination.
type DestinationsProps struct {
	Page         layout.Page
	Destinations []Destination
}

// DestinationProps asks what a destination needs to know.
type DestinationProps struct {
	Page        layout.Page
	Destination Destination
	URL         string
	Name        string
	Errors      ui.Errors
}

func (d Destination) href() string {
	if d.Custom {
		return link.WebhookNew()
	}
	return link.WebhookDestination(d.ID)
}

// asked is the label of a fault of the questions, and where it is.
func (p DestinationProps) asked(field string) (label, target string) {
	if field == "url" {
		return "URL", ui.FieldID("url")
	}
	for _, q := range p.Destination.Questions {
		if q.field() == field {
			return q.Label, ui.FieldID(field)
		}
	}
	return "", ""
}

func (p DestinationProps) urlHint() string {
	return p.Destination.Steps + " You may leave it empty, and enter it in the next step."
}

package webhooks

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/a-h/templ"
	"github.com/dustin/go-humanize"

	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
)

// SourceValues is what the preview is rendered from, as chosen.
type SourceValues struct {
	EventType string `form:"source.event_type"`
	EventID   string `form:"source.event_id"` // "" for the type's sample
	// Participant is a text that names one, and ParticipantID who was picked from
	// the list; the id counts as long as the text is that participant's.
	Participant   string `form:"source.participant"`
	ParticipantID string `form:"source.participant_id"`
	Shown         string `form:"source.shown"` // the Key of what the page shows
}

// Key tells one choice from another.
func (v SourceValues) Key() string {
	return strings.Join([]string{v.EventType, v.EventID, cmp.Or(v.ParticipantID, v.Participant)}, " ")
}

// SourceProps are the preview's sources to choose from.
type SourceProps struct {
	Values SourceValues
	Types  []models.EventType // without archived ones
	Events []models.Event     // real ones of the chosen type, newest first
	// People: the user may choose a participant. PersonFault is why the text names none.
	People      bool
	PersonFault string
}

// PreviewProps is a request as it would be sent. The zero value is a preview that
// was not made.
type PreviewProps struct {
	Request models.LoggedRequest
	Marked  models.MarkedRequest // with a mark at each place of what is missing
	Bytes   int                  // of the whole body
	Missing []string
	Faults  []models.FieldError // of what the request is made of
	// Problem is why there is no preview, whatever the form says.
	Problem string
	// URLTyped tells a URL that is wrong from one that is not there yet.
	URLTyped bool
	// LeadsHome: the URL is one of Hookline itself.
	LeadsHome bool
}

// faults are those to show: a form without a URL yet is no fault.
func (p PreviewProps) faults() []models.FieldError {
	var out []models.FieldError
	for _, f := range p.Faults {
		if f.Field != "url" || p.URLTyped {
			out = append(out, f)
		}
	}
	return out
}

func (p PreviewProps) waiting() bool {
	return !p.URLTyped && p.Request.Method != ""
}

// summary is what a screen reader is told when the preview changes.
func (p PreviewProps) summary() string {
	switch n := len(p.faults()); {
	case p.Problem != "":
		return p.Problem
	case n == 1:
		return "One fault."
	case n > 1:
		return fmt.Sprintf("%d faults.", n)
	case len(p.Missing) > 0:
		return fmt.Sprintf("Up to date. Not there in this source: %s.", strings.Join(p.Missing, ", "))
	}
	return "Up to date."
}

// size is the body's, in bytes and rounded.
func (p PreviewProps) size() string {
	if p.Bytes < 10_000 {
		return humanize.Comma(int64(p.Bytes)) + " bytes"
	}
	return fmt.Sprintf("%s bytes (%s)", humanize.Comma(int64(p.Bytes)), humanize.IBytes(uint64(p.Bytes)))
}

func (p PreviewProps) emptyBody() string {
	if p.Request.Method == "" {
		return "No body."
	}
	return p.Request.Method + " sends no body."
}

func faultTarget(field string) string {
	_, target := formField(field)
	return target
}

func faultLabel(field string) string {
	label, _ := formField(field)
	return label
}

// previewAction is where the preview is asked for.
func (p FormProps) previewAction() string {
	if p.ID == "" {
		return link.WebhookNewPreview
	}
	return link.WebhookPreview(p.ID)
}

func (p SourceProps) eventOptions() []ui.Option {
	options := []ui.Option{{Text: "Its sample"}}
	listed := p.Values.EventID == ""
	for _, e := range p.Events {
		listed = listed || e.ID == p.Values.EventID
		options = append(options, ui.Option{Value: e.ID, Text: eventText(e)})
	}
	if !listed {
		options = append(options, ui.Option{Value: p.Values.EventID, Text: p.Values.EventID})
	}
	return options
}

func eventText(e models.Event) string {
	text := e.CreatedAt.UTC().Format("2 Jan 15:04:05") + " UTC · " + e.ID
	if e.Test {
		text += " (test)"
	}
	return text
}

// ParticipantField is the text that names a participant, in the form and in what
// its type-ahead asks.
const ParticipantField = "source.participant"

// participantBox finds any participant, by a part of a name or an address.
func (p SourceProps) participantBox() ui.ComboboxProps {
	return ui.ComboboxProps{
		FieldProps: ui.FieldProps{
			Name: ParticipantField, Label: "Participant", Value: p.Values.Participant, Error: p.PersonFault,
			Placeholder: "The event's own, or a name, address or id", Attrs: templ.Attributes{"dir": "auto", "maxlength": "200"},
		},
		Picked: "source.participant_id", PickedValue: p.Values.ParticipantID, Source: link.ParticipantsSuggest,
	}
}

// AnswerProps is what a preview changes beside the form.
type AnswerProps struct {
	Source    SourceProps
	Preview   PreviewProps
	Palette   []ValueGroup
	Suggested *Destination
	Hinted    string // the id of the service that the page suggests; "" for none
}

// suggests reports whether the page suggests another service than it should.
func (p AnswerProps) suggests() bool {
	if p.Suggested == nil {
		return p.Hinted != ""
	}
	return p.Suggested.ID != p.Hinted
}

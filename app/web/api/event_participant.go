package api

import (
	"encoding/json"

	"hookline/models"
)

// eventParticipant describes the participant that an event names.
type eventParticipant struct {
	ID          string     `json:"id,omitzero" doc:"Of one that is there, or:"`
	Email       string     `json:"email,omitzero" maxLength:"254" example:"sam@example.com" doc:"Finds the participant; one is made when nobody has the address."`
	Identifiers rawStrings `json:"identifiers,omitzero" doc:"Merged into the participant's; null removes one."`
	Fields      rawObject  `json:"fields,omitzero" doc:"Merged into the participant's (RFC 7396); null removes one."`
}

// participant reads the member of that name; nil for null.
func (r *eventReader) participant() (*models.ParticipantRef, error) {
	kind := r.decoder.PeekKind()
	if kind != '{' {
		if kind != 'n' {
			r.fault("participant", "Give an object with the participant's id or email.")
		}
		return nil, r.decoder.SkipValue()
	}
	if _, err := r.decoder.ReadToken(); err != nil {
		return nil, err
	}
	ref := new(models.ParticipantRef)
	for r.decoder.PeekKind() == '"' {
		if err := r.participantMember(ref); err != nil {
			return nil, err
		}
	}
	_, err := r.decoder.ReadToken() // the closing brace, or what is wrong
	return ref, err
}

func (r *eventReader) participantMember(ref *models.ParticipantRef) error {
	name, err := r.name()
	if err != nil {
		return err
	}
	switch string(name) {
	case `"id"`:
		ref.ID, err = r.text("participant.id", true)
	case `"email"`:
		ref.Email, err = r.text("participant.email", true)
	case `"identifiers"`:
		ref.Identifiers, err = r.patch()
	case `"fields"`:
		ref.Fields, err = r.patch()
	default:
		r.fault("participant."+fieldNamed(name), "There is no such member here. Known are id, email, identifiers, fields.")
		err = r.decoder.SkipValue()
	}
	return err
}

// patch is the next value as it stands; null is as good as nothing.
func (r *eventReader) patch() (json.RawMessage, error) {
	if r.decoder.PeekKind() == 'n' {
		return nil, r.decoder.SkipValue()
	}
	return r.raw()
}

// aboutParticipant is whom an event was about, in the answer.
type aboutParticipant struct {
	ID      string    `json:"id"`
	Contact rawObject `json:"contact" doc:"As they were when the event was published, and as templates see them: id, email, identifiers, full_name, and every field."`
}

func aboutOf(e models.Event) *aboutParticipant {
	if e.ParticipantID == "" {
		return nil
	}
	return &aboutParticipant{ID: e.ParticipantID, Contact: rawObject(models.ContactOf(e.Context))}
}

package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// participant is a person with profile fields.
type participant struct {
	ID          string     `json:"id"`
	Email       *string    `json:"email" doc:"null for none. Nobody else has it, whatever its case."`
	Identifiers rawStrings `json:"identifiers" doc:"How other systems call the person, by names of your own."`
	Fields      rawObject  `json:"fields" doc:"Profile fields of any names and values, byte for byte as they came in."`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	of          models.Participant
}

func participantOf(p models.Participant) participant { return participant{ID: p.ID, of: p} }

func (p participant) location() string { return "/participants/" + p.ID }

// encode writes what events about the participant carry, too.
func (p participant) encode() ([]byte, error) { //nolint:unparam // encoded is an interface whose others can fail
	return p.of.JSON(), nil
}

// MarshalJSONTo is encode for lists.
func (p participant) MarshalJSONTo(e *jsontext.Encoder) error {
	return e.WriteValue(jsontext.Value(p.of.JSON()))
}

// rawStrings is a JSON object of strings that stays as it was written.
type rawStrings []byte

// UnmarshalJSONFrom keeps the bytes; whether they are strings is the service's to
// say.
func (o *rawStrings) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return (*rawObject)(o).UnmarshalJSONFrom(d)
}

// MarshalJSONTo writes them.
func (o rawStrings) MarshalJSONTo(e *jsontext.Encoder) error { return rawObject(o).MarshalJSONTo(e) }

// Schema is any object of strings.
func (rawStrings) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: &huma.Schema{Type: huma.TypeString, Nullable: true}}
}

type participantInput struct {
	Email       opt[string]     `json:"email,omitzero" maxLength:"254" example:"sam@example.com"`
	Identifiers opt[rawStrings] `json:"identifiers,omitzero" doc:"Up to 50, each with up to 256 bytes."`
	Fields      opt[rawObject]  `json:"fields,omitzero" doc:"Nested as you like. A participant has 64 KiB at most."`
}

func (in participantInput) resolve() service.ParticipantInput {
	out := service.ParticipantInput{Email: in.Email.or("")}
	if v := in.Identifiers.or(rawStrings("null")); v != nil {
		out.Identifiers = json.RawMessage(*v)
	}
	if v := in.Fields.or(rawObject("null")); v != nil {
		out.Fields = json.RawMessage(*v)
	}
	return out
}

// ParticipantID is the path of calls about one.
type ParticipantID struct {
	ID string `path:"id" doc:"The participant's id."`
}

const participantExample = `{"email":"sam@example.com","identifiers":{"slack_user_id":"U01ABC"},"fields":{"first_name":"Sam","last_name":"Lee","city":"Bern","tags":["new"]}}`

func (s *server) mountParticipants() {
	const tag, path, one = "Participants", "/participants", "/participants/{id}"
	tells := func(name string) string {
		return " An event of the type " + name + " is published with the change, unless the catalog does not have that type or archived it."
	}
	add(s, route{
		method: http.MethodGet, path: path, action: policy.ReadParticipants, tag: tag, summary: "The participants",
		description: "Newest first. With q those that it finds, in the order of what it finds them by: an id, or the beginning of an address, of its domain, " +
			"of a name or a word of it, or of an identifier's value. Case does not matter.",
	}, s.participants)
	add(s, route{
		method: http.MethodPost, path: path, action: policy.WriteParticipants, tag: tag, status: http.StatusCreated, summary: "Add a participant",
		body: participantExample, problems: []int{http.StatusConflict},
		description: "409 when another one has the address; the problem names them." + tells(models.ContactCreated),
	}, s.createParticipant)
	add(s, route{method: http.MethodGet, path: one, action: policy.ReadParticipants, tag: tag, summary: "A participant"}, s.participant)
	add(s, route{
		method: http.MethodPatch, path: one, action: policy.WriteParticipants, tag: tag, summary: "Change a participant",
		body: `{"fields":{"city":"Basel","tags":null}}`, problems: []int{http.StatusConflict},
		description: "A JSON merge patch (RFC 7396), of identifiers and fields too, which may have 128 KiB together: null removes, objects are merged, lists replaced. " +
			"A patch that changes nothing tells nobody." + tells(models.ContactUpdated),
	}, s.patchParticipant)
	add(s, route{
		method: http.MethodDelete, path: one, action: policy.WriteParticipants, tag: tag, status: http.StatusNoContent, summary: "Delete a participant",
		description: "Events that were about them keep what they carry until they grow too old to be kept." + tells(models.ContactDeleted),
	}, s.deleteParticipant)
}

func (s *server) participants(ctx context.Context, actor models.Actor, in *struct {
	Paging
	Q string `query:"q" doc:"What to look for."`
}) (list[participant], error) {
	page, err := s.Service.Participants.List(ctx, actor, in.Q, in.request())
	return listOf(page, participantOf), err
}

func (s *server) createParticipant(ctx context.Context, actor models.Actor, in *struct{ Body participantInput }) (participant, error) {
	p, err := s.Service.Participants.Create(ctx, actor, in.Body.resolve())
	return participantOf(p), err
}

func (s *server) participant(ctx context.Context, actor models.Actor, in *ParticipantID) (participant, error) {
	p, err := s.Service.Participants.Get(ctx, actor, in.ID)
	return participantOf(p), err
}

func (s *server) patchParticipant(ctx context.Context, actor models.Actor, in *struct {
	ParticipantID
	Body participantInput
}) (participant, error) {
	p, err := s.Service.Participants.Update(ctx, actor, in.ID, in.Body.resolve())
	return participantOf(p), err
}

func (s *server) deleteParticipant(ctx context.Context, actor models.Actor, in *ParticipantID) (none, error) {
	return none{}, s.Service.Participants.Delete(ctx, actor, in.ID)
}

package api

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/go-json-experiment/json/jsontext"

	"hookline/app/policy"
	"hookline/models"
)

// eventType is a catalog entry, as it is sent and answered.
type eventType struct {
	Name        string    `json:"name" maxLength:"128" pattern:"^[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9][A-Za-z0-9_-]*)*$" example:"release.published"`
	Category    string    `json:"category" maxLength:"64" pattern:"^[a-z][a-z0-9_]*$" example:"releases"`
	Title       string    `json:"title" maxLength:"200" example:"Release published"`
	Description string    `json:"description" maxLength:"2000"`
	Sample      rawObject `json:"sample" doc:"An example of an event's data; tests send it."`
	Schema      rawSchema `json:"schema" doc:"A JSON Schema (2020-12) that data must satisfy; null when any object will do."`
	Archived    bool      `json:"archived" doc:"An archived type takes no more events."`
}

func (t eventType) location() string { return "/event-types/" + t.Name }

// eventTypeInput is eventType with members that may be left out.
type eventTypeInput struct {
	Name        string    `json:"name,omitzero" doc:"Needed to create a type; with PUT it stands in the path."`
	Category    string    `json:"category" example:"releases"`
	Title       string    `json:"title,omitzero" doc:"Made from the name when left out."`
	Description string    `json:"description,omitzero"`
	Sample      rawObject `json:"sample,omitzero" doc:"An example of an event's data; tests send it."`
	Schema      rawSchema `json:"schema,omitzero" doc:"A JSON Schema (2020-12) that the data of events, and the sample, must satisfy. It refers to nothing outside of itself, and has 64 KiB at most. null: any object will do."`
	Archived    bool      `json:"archived,omitzero" doc:"An archived type takes no more events."`
}

func (in eventTypeInput) eventType() models.EventType {
	t := models.EventType{
		Name: in.Name, Category: in.Category, Title: in.Title, Description: in.Description, Sample: json.RawMessage(in.Sample), Archived: in.Archived,
	}
	if string(t.Sample) == "null" {
		t.Sample = nil
	}
	if t.Schema = json.RawMessage(in.Schema); string(t.Schema) == "null" {
		t.Schema = nil
	}
	if t.Title == "" {
		t.Title = titleOf(t.Name)
	}
	return t
}

// titleOf is release.published → Release published.
func titleOf(name string) string {
	words := strings.NewReplacer(".", " ", "_", " ", "-", " ").Replace(name)
	if words == "" {
		return ""
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

func eventTypeOf(t models.EventType) eventType {
	return eventType{
		Name: t.Name, Category: t.Category, Title: t.Title, Description: t.Description, Sample: rawObject(t.Sample), Schema: rawSchema(t.Schema), Archived: t.Archived,
	}
}

const eventTypeExample = `{"name":"release.published","category":"releases","title":"Release published","sample":{"version":"2.4.0"}}`

// Named is the path of calls about one.
type Named struct {
	Name string `path:"name" doc:"The event type's name." example:"release.published"`
}

func (s *server) mountEventTypes() {
	const tag, path, one = "Event types", "/event-types", "/event-types/{name}"
	add(s, route{
		method: http.MethodGet, path: path, action: policy.ReadEventTypes, tag: tag,
		summary: "The catalog", description: "All types in one page, by category and name; archived ones last.",
	}, s.eventTypes)
	add(s, route{
		method: http.MethodPost, path: path, action: policy.WriteEventTypes, tag: tag, status: http.StatusCreated,
		summary: "Add an event type", body: eventTypeExample, problems: []int{http.StatusConflict},
	}, s.createEventType)
	add(s, route{
		method: http.MethodGet, path: one, action: policy.ReadEventTypes, tag: tag, summary: "An event type",
	}, s.eventType)
	add(s, route{
		method: http.MethodPut, path: one, action: policy.WriteEventTypes, tag: tag,
		summary: "Make or replace an event type", body: `{"category":"releases","title":"Release published","description":"A release went live."}`,
	}, s.putEventType)
	add(s, route{
		method: http.MethodDelete, path: one, action: policy.WriteEventTypes, tag: tag, status: http.StatusNoContent,
		summary: "Archive an event type", description: "It takes no more events. Those of the past keep their type, and subscriptions stay for when it is restored with PUT.",
	}, s.archiveEventType)
	add(s, route{
		method: http.MethodPatch, path: "/event-categories/{name}", action: policy.WriteEventTypes, tag: tag, status: http.StatusNoContent,
		summary: "Rename a category", body: `{"name":"work_orders"}`, problems: []int{http.StatusConflict},
		description: "Its event types and every subscription to all of it move under the new name, at once. A name that is taken is refused.",
	}, s.renameCategory)
}

// rawSchema is a schema that stays as it was written; none is null.
type rawSchema []byte

// UnmarshalJSONFrom keeps the bytes.
func (o *rawSchema) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	return (*rawObject)(o).UnmarshalJSONFrom(d)
}

// MarshalJSONTo writes them.
func (o rawSchema) MarshalJSONTo(e *jsontext.Encoder) error {
	if len(o) == 0 {
		return e.WriteToken(jsontext.Null)
	}
	return e.WriteValue(jsontext.Value(o))
}

// Schema is any object, or null.
func (rawSchema) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{Type: huma.TypeObject, AdditionalProperties: true, Nullable: true}
}

func (s *server) renameCategory(ctx context.Context, actor models.Actor, in *struct {
	Named
	Body struct {
		Name string `json:"name" maxLength:"64" pattern:"^[a-z][a-z0-9_]*$" example:"work_orders"`
	}
}) (none, error) {
	return none{}, s.Service.EventTypes.RenameCategory(ctx, actor, in.Name, in.Body.Name)
}

func (s *server) eventTypes(ctx context.Context, actor models.Actor, _ *struct{}) (list[eventType], error) {
	types, err := s.Service.EventTypes.List(ctx, actor)
	return whole(types, eventTypeOf), err
}

func (s *server) createEventType(ctx context.Context, actor models.Actor, in *struct{ Body eventTypeInput }) (eventType, error) {
	t, err := s.Service.EventTypes.Create(ctx, actor, in.Body.eventType())
	return eventTypeOf(t), err
}

func (s *server) eventType(ctx context.Context, actor models.Actor, in *Named) (eventType, error) {
	t, err := s.Service.EventTypes.Get(ctx, actor, in.Name)
	return eventTypeOf(t), err
}

func (s *server) putEventType(ctx context.Context, actor models.Actor, in *struct {
	Named
	Body eventTypeInput
}) (eventType, error) {
	if in.Body.Name != "" && in.Body.Name != in.Name {
		return eventType{}, invalid("name", "The name cannot change. Send the one of the path, or none.")
	}
	in.Body.Name = in.Name
	t, err := s.Service.EventTypes.Save(ctx, actor, in.Body.eventType())
	return eventTypeOf(t), err
}

func (s *server) archiveEventType(ctx context.Context, actor models.Actor, in *Named) (none, error) {
	return none{}, s.Service.EventTypes.Archive(ctx, actor, in.Name)
}

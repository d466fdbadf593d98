package service

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"hookline/app/policy"
	"hookline/app/schema"
	"hookline/models"
)

// EventTypes is the catalog.
type EventTypes struct{ deps }

//go:embed starter_catalog.json
var starterCatalog []byte

// StarterCatalog is what a new workspace begins with (Z4).
func StarterCatalog() ([]models.EventType, error) {
	var list []struct {
		Name, Category, Title, Description string
		Sample                             json.RawMessage
	}
	if err := json.Unmarshal(starterCatalog, &list); err != nil {
		return nil, fmt.Errorf("starter catalog: %w", err)
	}
	types := make([]models.EventType, len(list))
	for i, t := range list {
		types[i] = models.EventType{Name: t.Name, Category: t.Category, Title: t.Title, Description: t.Description, Sample: t.Sample}
	}
	return types, nil
}

// Seed puts the starter catalog into an empty one.
func (s *EventTypes) Seed(ctx context.Context) error {
	types, err := StarterCatalog()
	if err != nil {
		return err
	}
	for i := range types {
		types[i].CreatedAt, types[i].UpdatedAt = s.now(), s.now()
	}
	return s.store.SeedEventTypes(ctx, types)
}

// List returns the whole catalog by category and name, archived types last.
func (s *EventTypes) List(ctx context.Context, actor models.Actor) ([]models.EventType, error) {
	if err := policy.Check(actor, policy.ReadEventTypes); err != nil {
		return nil, err
	}
	return s.store.EventTypes(ctx)
}

// Get returns one; NotFound when there is none.
func (s *EventTypes) Get(_ context.Context, actor models.Actor, name string) (models.EventType, error) {
	if err := policy.Check(actor, policy.ReadEventTypes); err != nil {
		return models.EventType{}, err
	}
	t, known := s.store.Config().EventType(name)
	if !known {
		return t, models.Errorf(models.NotFound, "There is no event type with this name.")
	}
	return t, nil
}

// Create adds a type; Conflict when the name is taken.
func (s *EventTypes) Create(ctx context.Context, actor models.Actor, t models.EventType) (models.EventType, error) {
	if err := s.check(actor, t); err != nil {
		return t, err
	}
	t.CreatedAt, t.UpdatedAt = s.now(), s.now()
	err := s.store.CreateEventType(ctx, t, s.entry(actor, "event_type.created", t.Name, t.Name, nil, t.AuditFields()))
	if models.CodeOf(err) == models.Conflict {
		err = models.Errorf(models.Conflict, "There is an event type %s already. Change it, or use another name.", t.Name)
	}
	return t, err
}

// Save makes or replaces a type. An archived one takes no more events, and keeps
// its subscriptions for when it is restored.
func (s *EventTypes) Save(ctx context.Context, actor models.Actor, t models.EventType) (models.EventType, error) {
	if err := s.check(actor, t); err != nil {
		return t, err
	}
	t.CreatedAt, t.UpdatedAt = s.now(), s.now()
	action, before := "event_type.created", []models.Field(nil)
	if old, known := s.store.Config().EventType(t.Name); known {
		action, before = "event_type.updated", old.AuditFields()
	}
	audit := s.entry(actor, action, t.Name, t.Name, before, t.AuditFields()).IfChanged()
	if old, known := s.store.Config().EventType(t.Name); known && len(audit) == 0 {
		return old, nil
	}
	if err := s.store.SaveEventType(ctx, t, audit...); err != nil {
		return t, err
	}
	saved, _ := s.store.Config().EventType(t.Name)
	return saved, nil
}

// Archive is what DELETE does: events of the past keep their type.
func (s *EventTypes) Archive(ctx context.Context, actor models.Actor, name string) error {
	return s.setArchived(ctx, actor, name, true, "event_type.archived")
}

// Restore lets an archived type take events again.
func (s *EventTypes) Restore(ctx context.Context, actor models.Actor, name string) error {
	return s.setArchived(ctx, actor, name, false, "event_type.restored")
}

func (s *EventTypes) setArchived(ctx context.Context, actor models.Actor, name string, archived bool, action string) error {
	if err := policy.Check(actor, policy.WriteEventTypes); err != nil {
		return err
	}
	t, err := s.Get(ctx, actor, name)
	if err != nil || t.Archived == archived {
		return err
	}
	before := t.AuditFields()
	t.Archived, t.UpdatedAt = archived, s.now()
	return s.store.SaveEventType(ctx, t, s.entry(actor, action, t.Name, t.Name, before, t.AuditFields()))
}

// RenameCategory moves the types of a category, and every subscription to all of
// it, under a new name, at once.
func (s *EventTypes) RenameCategory(ctx context.Context, actor models.Actor, from, to string) error {
	if err := policy.Check(actor, policy.WriteEventTypes); err != nil {
		return err
	}
	if !models.ValidCategory(from) || !s.store.Config().HasCategory(from) {
		return models.Errorf(models.NotFound, "There is no category with this name.")
	}
	var errs models.FieldErrors
	if !models.ValidCategory(to) {
		errs.Add("name", "A category is one lower-case word, underscores allowed, for example work_orders.")
	}
	if err := errs.Err(); err != nil || from == to {
		return err
	}
	entry := s.entry(actor, "category.renamed", to, to, []models.Field{{Name: "name", Value: from}}, []models.Field{{Name: "name", Value: to}})
	return s.store.RenameCategory(ctx, from, to, entry)
}

// Subscribers are the webhooks that get events of the type as it is now, those
// that are switched off included, as far as the actor may read them.
func (s *EventTypes) Subscribers(actor models.Actor, t models.EventType) []*models.Webhook {
	var list []*models.Webhook
	for w := range s.store.Config().Webhooks() {
		if w.Subscriptions.Covers(t) && s.knows(actor, w) {
			list = append(list, w)
		}
	}
	slices.SortFunc(list, byName)
	return list
}

func byName(a, b *models.Webhook) int {
	return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
}

func (s *EventTypes) check(actor models.Actor, t models.EventType) error {
	if err := policy.Check(actor, policy.WriteEventTypes); err != nil {
		return err
	}
	if err := t.Validate(); err != nil {
		return err
	}
	return checkSchema(t)
}

// checkSchema compiles the schema, and holds the sample against it.
func checkSchema(t models.EventType) error {
	if len(t.Schema) == 0 {
		return nil
	}
	var errs models.FieldErrors
	compiled, err := schema.Compile(t.Schema)
	if err != nil {
		errs.Add("schema", "This is not a JSON Schema that can be used: %s.", err)
		return errs.Err()
	}
	if len(t.Sample) == 0 {
		return nil
	}
	return schemaFault(compiled.Check(t.Sample), "sample", "The sample does not fit the schema")
}

package service

import (
	"encoding/json"
	"time"

	"hookline/app/expression"
	"hookline/models"
)

// filterValues are the roots of a filter over an event.
func filterValues(e *models.Event, t *models.EventType, settings *models.Settings) expression.Values {
	text := func(v any) json.RawMessage { b, _ := json.Marshal(v); return b }
	v := expression.Values{Data: e.Data}
	v.Event = text(map[string]string{
		"id": e.ID, "type": e.Type, "category": t.Category, "title": t.Title, "description": t.Description,
		"occurred_at": e.OccurredAt.UTC().Format(time.RFC3339Nano), "created_at": e.CreatedAt.UTC().Format(time.RFC3339Nano),
	})
	v.Site = text(map[string]string{"name": settings.SiteName, "domain": settings.SiteDomain})
	var around map[string]json.RawMessage
	_ = json.Unmarshal(e.Context, &around)
	v.Contact, v.Opportunity = around["contact"], around["opportunity"]
	return v
}

package tokens

import (
	"hookline/models"
	"hookline/views/ui"
)

var expiries = []ui.Option{
	{Value: "30d", Text: "In 30 days"}, {Value: "90d", Text: "In 90 days"}, {Value: "1y", Text: "In a year"}, {Value: "never", Text: "Never"},
}

var scopeTexts = map[models.Scope]string{
	models.EventsWrite:       "Publish events.",
	models.EventsRead:        "Read events and the catalog of event types.",
	models.WebhooksRead:      "Read webhooks; secrets read ***.",
	models.WebhooksWrite:     "Create webhooks, and change its own.",
	models.DeliveriesRead:    "Read deliveries and their attempts.",
	models.DeliveriesWrite:   "Retrigger and cancel deliveries.",
	models.TracksRead:        "Read tracks and their runs.",
	models.TracksWrite:       "Change tracks and enroll participants.",
	models.ParticipantsRead:  "Read participants and their fields.",
	models.ParticipantsWrite: "Create and change participants.",
	models.MetricsRead:       "Read the metrics of this node, for Prometheus.",
	models.Admin:             "Everything, as an owner may.",
}

func scopeText(s models.Scope) string { return scopeTexts[s] }

func emptyText(canCreate bool) string {
	if canCreate {
		return "Programs need one to publish events. Create the first below; events:write is enough to publish."
	}
	return "Owners of this workspace create tokens."
}

func formField(field string) (label, target string) {
	switch field {
	case "name":
		return "Name", ui.FieldID("name")
	case "scopes":
		return "Scopes", ui.FieldID("scopes-" + string(models.Scopes[0]))
	case "expires", "expires_at":
		return "Expires", ui.FieldID("expires")
	}
	return "", ""
}

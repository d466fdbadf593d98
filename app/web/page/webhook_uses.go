package page

import (
	"github.com/labstack/echo/v4"

	"hookline/app/service"
	"hookline/models"
	"hookline/views/link"
	"hookline/views/ui"
	"hookline/views/webhooks"
)

// uses is what relies on the webhook, in words and with the way to it.
func (p Webhooks) uses(c echo.Context, id string) ([]webhooks.Use, error) {
	list, err := p.Service.Webhooks.UsedBy(c.Request().Context(), p.actor(c), id)
	out := make([]webhooks.Use, len(list))
	for i, u := range list {
		out[i] = useOf(u, id)
	}
	return out, err
}

func useOf(u service.Use, webhookID string) webhooks.Use {
	switch u.Kind {
	case service.UseEvents:
		return webhooks.Use{Label: "Events", Text: ui.Counted(int64(u.Count), "event type is sent to it", "event types are sent to it")}
	case service.UseToken:
		return webhooks.Use{Label: "API token", Text: u.Name + ", which made it", Href: link.Tokens}
	case service.UseTeam:
		return webhooks.Use{Label: "Team", Text: u.Name + mayText(u.Level), Href: link.WebhookPermissions(webhookID)}
	}
	return webhooks.Use{Label: "Person", Text: u.Name + mayText(u.Level), Href: link.WebhookPermissions(webhookID)}
}

func mayText(l models.Level) string {
	if l == models.EditGrant {
		return ", may edit"
	}
	return ", may view"
}

package api

import (
	"context"
	"net/http"

	"hookline/app/policy"
	"hookline/models"
)

func (s *server) mountConfirmations() {
	const tag, one = "Webhooks", "/webhooks/{id}"
	add(s, route{
		method: http.MethodPost, path: one + "/confirm", action: policy.ChangeWebhooks, tag: tag,
		summary: "Confirm a webhook", body: `{"token":"confirm_…"}`,
		description: "A webhook made with the scope webhooks:write alone is pending_confirmation: its endpoint was sent a POST with a token, and gets events once the token came back, " +
			"echoed in the answer to that request (as the whole body, as the member token, or in the same header) or by this call.",
	}, s.confirm)
	add(s, route{
		method: http.MethodPost, path: one + "/send-confirmation", action: policy.ChangeWebhooks, tag: tag,
		summary: "Send the endpoint a new confirmation token", problems: []int{http.StatusConflict},
		description: "The token before counts no more. 409 when the webhook needs no confirmation.",
	}, s.sendConfirmation)
}

type confirmInput struct {
	Token string `json:"token" doc:"The token that was sent to the endpoint."`
}

func (s *server) confirm(ctx context.Context, actor models.Actor, in *struct {
	WebhookID
	Body confirmInput
}) (Webhook, error) {
	w, err := s.Service.Webhooks.Confirm(ctx, actor, in.ID, in.Body.Token)
	return webhookOf(w), err
}

func (s *server) sendConfirmation(ctx context.Context, actor models.Actor, in *WebhookID) (Webhook, error) {
	w, err := s.Service.Webhooks.SendConfirmation(ctx, actor, in.ID)
	return webhookOf(w), err
}

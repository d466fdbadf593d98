package api

import (
	"context"
	"errors"
	"net/http"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// WebhookID is the path of calls about one.
type WebhookID struct {
	ID string `path:"id" doc:"The webhook's id."`
}

const webhookExample = `{"name":"Deploy bot","url":"https://example.com/hooks","subscriptions":{"categories":["releases"]}}`

func (s *server) mountWebhooks() {
	const tag, path, one = "Webhooks", "/webhooks", "/webhooks/{id}"
	add(s, route{
		method: http.MethodGet, path: path, action: policy.ReadWebhooks, tag: tag, summary: "All webhooks",
		description: "A token that may write webhooks but is no admin's sees its own webhooks only, here and in every other call.",
	}, s.webhooks)
	add(s, route{
		method: http.MethodPost, path: path, action: policy.CreateWebhooks, tag: tag, status: http.StatusCreated, summary: "Make a webhook", body: webhookExample,
		description: "Everything but name and url has a default. When subscriptions is left out the webhook gets all events; when it is there, only what it names. " +
			"Without a signing secret Hookline makes one, and this answer is the only one that shows it. " +
			"Made with the scope webhooks:write alone it is pending_confirmation until its endpoint has sent a token back; see confirm.",
	}, s.createWebhook)
	add(s, route{method: http.MethodGet, path: one, action: policy.ReadWebhooks, tag: tag, summary: "A webhook", description: "Secrets read as ***."}, s.webhook)
	add(s, route{
		method: http.MethodPatch, path: one, action: policy.ChangeWebhooks, tag: tag, summary: "Change a webhook",
		body: `{"enabled":false,"retry":{"preset":"durable"}}`, problems: []int{http.StatusConflict},
		description: "A JSON merge patch (RFC 7396): members left out stay, objects merge, lists are replaced, null sets the default. A secret sent as *** stays. " +
			"The whole answer of a GET may be sent back. Setting enabled to true also wakes a webhook that Hookline had switched off.",
	}, s.patchWebhook)
	add(s, route{
		method: http.MethodDelete, path: one, action: policy.DeleteWebhooks, tag: tag, status: http.StatusNoContent, summary: "Delete a webhook",
		description: "Its secrets are wiped and what was pending is cancelled. Its log stays.",
	}, s.deleteWebhook)
	add(s, route{
		method: http.MethodPost, path: one + "/duplicate", action: policy.CreateWebhooks, tag: tag, status: http.StatusCreated, summary: "Duplicate a webhook",
		description: "The copy has all but credentials and secrets, and is switched off; left_out names what has to be entered again. Its new signing secret is shown in this answer alone.",
	}, s.duplicateWebhook)
	add(s, route{
		method: http.MethodPost, path: one + "/test", action: policy.TestWebhooks, tag: tag, emptyBody: true, summary: "Send a test", problems: []int{http.StatusTooManyRequests},
		body: `{"event_type":"release.published","data":{"version":"2.4.0"}}`,
		description: "Sends one real request now, whether the webhook is enabled or not, and answers with the attempt. It is logged, marked test, and never retried. " +
			"A user or a token may send 30 a minute. " +
			"Without event_type it is a subscribed one; without data, the type's sample. The body may be left out. " +
			"url and secret count for this test alone: nothing of it is saved.",
	}, s.testWebhook)
}

func (s *server) webhooks(ctx context.Context, actor models.Actor, in *struct {
	Paging
	Q string `query:"q" doc:"Part of the name or the URL."`
}) (list[Webhook], error) {
	page, err := s.Service.Webhooks.List(ctx, actor, in.Q, in.request())
	return listOf(page, func(w *models.Webhook) Webhook { return webhookOf(*w) }), err
}

func (s *server) createWebhook(ctx context.Context, actor models.Actor, in *struct{ Body patch[Webhook] }) (createdWebhook, error) {
	draft, err := newWebhook(in.Body)
	if err != nil {
		return createdWebhook{}, err
	}
	saved, err := s.Service.Webhooks.Create(ctx, actor, draft)
	return createdWebhook{savedWebhook(saved)}, err
}

func (s *server) webhook(ctx context.Context, actor models.Actor, in *WebhookID) (Webhook, error) {
	w, err := s.Service.Webhooks.Get(ctx, actor, in.ID)
	return webhookOf(w), err
}

func (s *server) patchWebhook(ctx context.Context, actor models.Actor, in *struct {
	WebhookID
	Body patch[Webhook]
}) (Webhook, error) {
	now, err := s.Service.Webhooks.Get(ctx, actor, in.ID)
	if err != nil {
		return Webhook{}, err
	}
	draft, err := changedWebhook(now, in.Body)
	if err != nil {
		return Webhook{}, err
	}
	saved, err := s.Service.Webhooks.Update(ctx, actor, now.ID, draft)
	return savedWebhook(saved), err
}

func (s *server) deleteWebhook(ctx context.Context, actor models.Actor, in *WebhookID) (none, error) {
	return none{}, s.Service.Webhooks.Delete(ctx, actor, in.ID)
}

func (s *server) duplicateWebhook(ctx context.Context, actor models.Actor, in *WebhookID) (copiedWebhook, error) {
	saved, err := s.Service.Webhooks.Duplicate(ctx, actor, in.ID)
	if err != nil {
		return copiedWebhook{}, err
	}
	return copiedWebhook{createdWebhook{savedWebhook(saved)}, leftOutOf(s.Service.Webhooks.LeftOut(actor, saved.Webhook, in.ID))}, nil
}

type testInput struct {
	EventType string    `json:"event_type,omitzero" example:"release.published"`
	Data      rawObject `json:"data,omitzero" doc:"Sent as it is."`
	EventID   string    `json:"event_id,omitzero" doc:"An event that went to this webhook before: its type and data are sent, unless data is given."`
	URL       string    `json:"url,omitzero" maxLength:"8192" doc:"For this test alone. On another host the webhook's secret headers and signing key are not used. A token limited to its own webhooks cannot set it."`
	Secret    string    `json:"secret,omitzero" minLength:"8" maxLength:"512" doc:"Signs this test alone; *** is the saved key."`
}

type testAnswer struct {
	DeliveryID string               `json:"delivery_id"`
	State      models.DeliveryState `json:"state" enum:"succeeded,failed,blocked"`
	Diagnosis  *diagnosis           `json:"diagnosis" doc:"What went wrong, and what to do; null on success."`
	Attempt    *attempt             `json:"attempt"`
}

func (s *server) testWebhook(ctx context.Context, actor models.Actor, in *struct {
	WebhookID
	Body testInput `required:"false"`
}) (testAnswer, error) {
	d, err := s.Service.Webhooks.Test(ctx, actor, in.ID, service.TestInput{
		EventType: in.Body.EventType, Data: []byte(in.Body.Data), EventID: in.Body.EventID, URL: in.Body.URL, Secret: in.Body.Secret,
	})
	if err != nil {
		return testAnswer{}, testFault(err, in.Body.EventType)
	}
	out := testAnswer{DeliveryID: d.Delivery.ID, State: d.Delivery.State, Diagnosis: diagnosisOf(d.Delivery, d.Attempts)}
	if n := len(d.Attempts); n > 0 {
		last := attemptOf(d.Attempts[n-1])
		out.Attempt = &last
	}
	return out, nil
}

// testFault names the member as this call does: to the service it is an event's.
func testFault(err error, eventType string) error {
	var fault *models.Error
	if !errors.As(err, &fault) {
		return err
	}
	var errs models.FieldErrors
	for _, f := range fault.Fields {
		switch {
		case f.Field != "type":
			errs.Add(f.Field, "%s", f.Message)
		case eventType == "":
			errs.Add("event_type", "The webhook subscribes to no event type. Name one to send.")
		default:
			errs.Add("event_type", "%s", f.Message)
		}
	}
	return &models.Error{Code: fault.Code, Message: fault.Message, Fields: errs}
}

package api

import (
	"context"
	"net/http"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// previewInput is a webhook as it might be, and what to render it from.
type previewInput struct {
	Webhook patch[Webhook] `json:"webhook,omitzero" doc:"As in the call that makes or changes one."`
	Source  previewSource  `json:"source,omitzero" doc:"Left out: the sample of an event type that the webhook subscribes to."`
}

type previewSource struct {
	EventType   string `json:"event_type,omitzero" doc:"Its sample is the data." example:"release.published"`
	EventID     string `json:"event_id,omitzero" doc:"A real event: any with the scope events:read, else one that went to this webhook."`
	Participant string `json:"participant_id,omitzero" doc:"Stands in the place of the event's own participant. Takes the scope participants:read."`
}

func (in previewSource) source() service.PreviewSource {
	return service.PreviewSource{EventType: in.EventType, EventID: in.EventID, ParticipantID: in.Participant}
}

// previewAnswer is a request that was not sent.
type previewAnswer struct {
	Request attemptRequest      `json:"request" doc:"As it would be sent; secrets, signatures and tokens read ***."`
	Bytes   int                 `json:"bytes" doc:"The length of the whole body."`
	Missing []string            `json:"missing" nullable:"false" doc:"Expressions that named what is not there, and so rendered empty."`
	Errors  []models.FieldError `json:"errors" nullable:"false" doc:"What would stop an attempt, by member of the webhook. With any of them request is what could be made of the rest."`
	Event   previewEvent        `json:"event" doc:"What it was rendered from."`
}

type previewEvent struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

func previewOf(p service.Previewed) previewAnswer {
	out := previewAnswer{
		Request: requestOf(p.Request), Bytes: p.Bytes, Missing: p.Missing, Errors: p.Faults, Event: previewEvent{p.Event.ID, p.Event.Type},
	}
	if out.Missing == nil {
		out.Missing = []string{}
	}
	if out.Errors == nil {
		out.Errors = []models.FieldError{}
	}
	return out
}

func (s *server) mountPreviews() {
	const tag, path, one = "Webhooks", "/webhooks/preview", "/webhooks/{id}/preview"
	const more = "Nothing is sent or saved and no secret is opened. Faults of the request are in the answer, beside what could be made of the rest. 300 a minute, tests of filters included."
	add(s, route{
		method: http.MethodPost, path: path, action: policy.CreateWebhooks, tag: tag, summary: "Preview a new webhook's request", problems: []int{http.StatusTooManyRequests},
		body:        `{"webhook":{"url":"https://example.com/hooks"},"source":{"event_type":"release.published"}}`,
		description: "The request that a webhook would send if it were made of this. " + more,
	}, s.previewNew)
	add(s, route{
		method: http.MethodPost, path: one, action: policy.ChangeWebhooks, tag: tag, summary: "Preview a webhook's request", problems: []int{http.StatusTooManyRequests}, emptyBody: true,
		body:        `{"webhook":{"method":"PUT"}}`,
		description: "The request that the webhook would send with this change, which is a merge patch as in PATCH; the body may be left out. " + more,
	}, s.previewChanged)
}

func (s *server) previewNew(ctx context.Context, actor models.Actor, in *struct{ Body previewInput }) (previewAnswer, error) {
	draft, err := newWebhook(in.Body.Webhook)
	if err != nil {
		return previewAnswer{}, under("webhook", err)
	}
	return s.preview(ctx, actor, "", draft, in.Body.Source)
}

func (s *server) previewChanged(ctx context.Context, actor models.Actor, in *struct {
	WebhookID
	Body previewInput `required:"false"`
}) (previewAnswer, error) {
	now, err := s.Service.Webhooks.For(actor, policy.ChangeWebhooks, in.ID)
	if err != nil {
		return previewAnswer{}, err
	}
	draft, err := changedWebhook(now, in.Body.Webhook)
	if err != nil {
		return previewAnswer{}, under("webhook", err)
	}
	return s.preview(ctx, actor, now.ID, draft, in.Body.Source)
}

func (s *server) preview(ctx context.Context, actor models.Actor, id string, draft service.WebhookDraft, from previewSource) (previewAnswer, error) {
	p, err := s.Service.Webhooks.Preview(ctx, actor, id, draft, from.source())
	return previewOf(p), under("source", err)
}

func requestOf(r models.LoggedRequest) attemptRequest {
	out := attemptRequest{Method: r.Method, URL: r.URL, Headers: r.Headers, WireBody: bodyOf(r.Body, r.Truncated)}
	if out.Headers == nil {
		out.Headers = []models.HeaderLine{}
	}
	return out
}

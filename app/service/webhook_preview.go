package service

import (
	"context"
	"errors"
	"strings"

	"hookline/app/deliver"
	"hookline/app/policy"
	"hookline/app/store"
	"hookline/app/template"
	"hookline/models"
)

// PreviewSource is what a preview is rendered from. The zero value is the sample
// of a type that the webhook subscribes to.
type PreviewSource struct {
	EventType string // its sample
	EventID   string // a real event; its type counts, then
	// ParticipantID puts a participant in the place of the event's own.
	ParticipantID string
}

// Previewed is a request as an attempt would make it, secrets as ***.
type Previewed struct {
	Request models.LoggedRequest
	Bytes   int      // of the whole body, of which Request may hold the start only
	Missing []string // expressions that named what is not there, and so rendered empty
	// Marked is Request with a mark at each such place, where it can be told.
	Marked models.MarkedRequest
	// Faults are what is wrong with the parts that the request is made of, by the
	// names of models.Webhook. With any of them Request is what could be made of
	// the rest, and may be empty.
	Faults []models.FieldError
	Event  models.Event // what it was rendered from

	values template.Values
}

// Preview is the request that the webhook would send if it were saved with this
// draft: id is "" for a new one. Nothing is saved or sent and no secret is opened.
// Faults of the draft are in the answer; the error is about who asks, and
// for what source, or TooMany when the actor asks too often.
func (s *Webhooks) Preview(ctx context.Context, actor models.Actor, id string, d WebhookDraft, from PreviewSource) (Previewed, error) {
	before, w, err := s.previewed(actor, id)
	if err != nil {
		return Previewed{}, err
	}
	if err := s.tries.take(actor); err != nil {
		return Previewed{}, err
	}
	done, err := s.previews.acquire(ctx, actor)
	if err != nil {
		return Previewed{}, err
	}
	defer done()
	faults, err := s.applyDraft(ctx, actor, before, &w, d)
	if err != nil {
		return Previewed{}, err
	}
	e, t, err := s.sourceEvent(ctx, actor, id, w.Subscriptions, from)
	if err != nil {
		return Previewed{Faults: faults}, err
	}
	if e.Context, err = s.withParticipant(ctx, actor, e.Context, from.ParticipantID); err != nil {
		return Previewed{Faults: faults}, err
	}
	out := s.rendered(w, e, t, faults)
	out.Event = e
	return out, nil
}

// previewed is the webhook that the draft is put over, and as it is stored.
func (s *Webhooks) previewed(actor models.Actor, id string) (before, w models.Webhook, err error) {
	if id != "" {
		w, err = s.webhookFor(actor, policy.ChangeWebhooks, id)
		return w, w, err
	}
	before, w = models.NewWebhook(), models.NewWebhook()
	w.ID = store.NewID(models.WebhookPrefix)
	return before, w, policy.Check(actor, policy.CreateWebhooks)
}

// applyDraft is apply for a webhook that is not stored: of the faults it keeps
// those that the request is made of.
func (s *Webhooks) applyDraft(ctx context.Context, actor models.Actor, before models.Webhook, w *models.Webhook, d WebhookDraft) ([]models.FieldError, error) {
	d.KeyOverlap = 0 // or the key there is would be opened, to be laid aside
	_, err := s.apply(before, w, d)
	var refused *models.Error
	if err != nil && (!errors.As(err, &refused) || refused.Code != models.Invalid) {
		return nil, err
	}
	var faults models.FieldErrors
	for _, f := range fieldsOf(refused) {
		if ofRequest(f.Field) {
			faults = append(faults, f)
		}
	}
	if err := s.checkCapture(ctx, actor, before.URL, d.Settings.URL); errors.As(err, &refused) {
		faults = append(faults, refused.Fields...)
	} else if err != nil {
		return nil, err
	}
	return faults, nil
}

func fieldsOf(e *models.Error) []models.FieldError {
	if e == nil {
		return nil
	}
	return e.Fields
}

// ofRequest reports whether a field shapes the request. What else is wrong is
// told when one saves.
func ofRequest(field string) bool {
	part, _, _ := strings.Cut(field, ".")
	switch part {
	case "url", "method", "headers", "params", "auth", "body", "signing":
		return true
	}
	return false
}

// elsewhere stands for a URL that cannot be called, so that the rest can be seen.
const elsewhere = "https://receiver.example.com/"

// rendered builds the request. A webhook whose URL alone is at fault is shown with
// the URL as it was typed.
func (s *Webhooks) rendered(w models.Webhook, e models.Event, t models.EventType, faults []models.FieldError) Previewed {
	out := Previewed{Faults: faults}
	typed, broken := w.URL, false
	for _, f := range faults {
		broken = broken || f.Field == "url"
	}
	if broken {
		w.URL = elsewhere
	}
	d := models.Delivery{ID: store.NewID(models.DeliveryPrefix), EventID: e.ID, EventType: e.Type, WebhookID: w.ID}
	in := deliver.Input{Webhook: &w, Settings: s.store.Config().Settings, Type: t, Delivery: d, Event: e}
	out.values = deliver.Values(in)
	made, err := s.sender.Preview(in)
	if broken {
		made.Request.URL = typed
	}
	out.Request, out.Marked, out.Bytes, out.Missing = made.Request, made.Marked, made.Bytes, made.Missing
	var refused *models.Error
	if errors.As(err, &refused) {
		out.Faults = withRefusal(faults, refused)
	}
	return out
}

// withRefusal adds what stops the rendering to what is known to be wrong. Without
// a field it most likely follows from that.
func withRefusal(faults []models.FieldError, refused *models.Error) []models.FieldError {
	if len(refused.Fields) == 0 && len(faults) == 0 {
		return []models.FieldError{{Message: refused.Message}}
	}
	known := map[string]bool{}
	for _, f := range faults {
		known[f.Field] = true
	}
	for _, f := range refused.Fields {
		if !known[f.Field] {
			faults = append(faults, f)
		}
	}
	return faults
}

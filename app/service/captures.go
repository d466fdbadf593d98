package service

import (
	"context"
	"time"

	"hookline/app/policy"
	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// Captures is the request bin. An endpoint is private to the user, or the token,
// that made it: to everybody else, owners of the workspace included, it does not
// exist.
type Captures struct {
	deps
	webhooks *Webhooks
	replays  *ratelimit.Buckets
}

// CaptureInput is what a form or a call says of an endpoint; nil: as it was.
type CaptureInput struct {
	Name   *string
	Status *int
	Delay  *time.Duration
	Type   *string
	Body   *string
}

// FirstCapture is the name of the endpoint that everybody finds there.
const FirstCapture = "My requests"

// List returns the actor's endpoints with their URLs, the first one first.
func (s *Captures) List(ctx context.Context, actor models.Actor) ([]models.Capture, error) {
	if err := policy.Check(actor, policy.UseCapture); err != nil {
		return nil, err
	}
	user, token := actor.IDs()
	list, err := s.store.Captures(ctx, user, token)
	if err != nil {
		return nil, err
	}
	views := make([]models.Capture, len(list))
	for i, c := range list {
		if views[i], err = s.view(c); err != nil {
			return nil, err
		}
	}
	return views, nil
}

// First returns the actor's first endpoint, and makes it if there is none, so
// that nobody begins before an empty page.
func (s *Captures) First(ctx context.Context, actor models.Actor) (models.Capture, error) {
	list, err := s.List(ctx, actor)
	if err != nil || len(list) > 0 {
		return append(list, models.Capture{})[0], err
	}
	name := FirstCapture
	return s.Create(ctx, actor, CaptureInput{Name: &name})
}

func (s *Captures) view(c models.Capture) (models.Capture, error) {
	clear, err := s.box.Open(c.Secret, secret.CaptureURL(c.ID))
	c.URL = s.capture.URL(clear)
	return c, err
}

// captureFor returns the actor's own endpoint; NotFound for anybody else's.
func (s *Captures) captureFor(ctx context.Context, actor models.Actor, id string) (models.Capture, error) {
	id, err := policy.CheckID(actor, policy.UseCapture, models.CapturePrefix, id)
	if err != nil {
		return models.Capture{}, err
	}
	c, err := s.store.Capture(ctx, id)
	if err == nil && !c.OwnedBy(actor) {
		return models.Capture{}, models.Errorf(models.NotFound, "There is no capture endpoint with this id.")
	}
	return c, err
}

// Get returns one.
func (s *Captures) Get(ctx context.Context, actor models.Actor, id string) (models.Capture, error) {
	c, err := s.captureFor(ctx, actor, id)
	if err != nil {
		return models.Capture{}, err
	}
	return s.view(c)
}

// Create makes an endpoint for the actor.
func (s *Captures) Create(ctx context.Context, actor models.Actor, in CaptureInput) (models.Capture, error) {
	if err := policy.Check(actor, policy.UseCapture); err != nil {
		return models.Capture{}, err
	}
	c := models.Capture{ID: store.NewID(models.CapturePrefix), Answer: models.NewCaptureAnswer(), CreatedAt: s.now()}
	c.UserID, c.TokenID = actor.IDs()
	if c.UserID == "" && c.TokenID == "" {
		return models.Capture{}, models.Errorf(models.Denied, "A capture endpoint belongs to a user or a token.")
	}
	in.apply(&c)
	if err := c.Validate().Err(); err != nil {
		return models.Capture{}, err
	}
	if err := s.newSecret(&c); err != nil {
		return models.Capture{}, err
	}
	if err := s.store.CreateCapture(ctx, c, s.entry(actor, "capture.created", c.ID, c.Name, nil, c.AuditFields())); err != nil {
		return models.Capture{}, err
	}
	return s.view(c)
}

// newSecret: the hash finds the endpoint; the sealed secret shows its URL again.
func (s *Captures) newSecret(c *models.Capture) (err error) {
	clear, hash := secret.NewToken("")
	c.Hash = hash
	c.Secret, err = s.box.Seal(clear, secret.CaptureURL(c.ID))
	return err
}

func (in CaptureInput) apply(c *models.Capture) {
	set(&c.Name, in.Name)
	set(&c.Answer.Status, in.Status)
	set(&c.Answer.Delay, in.Delay)
	set(&c.Answer.Type, in.Type)
	set(&c.Answer.Body, in.Body)
}

// Update changes name and answer.
func (s *Captures) Update(ctx context.Context, actor models.Actor, id string, in CaptureInput) (models.Capture, error) {
	c, err := s.captureFor(ctx, actor, id)
	if err != nil {
		return models.Capture{}, err
	}
	before := c.AuditFields()
	in.apply(&c)
	if err := c.Validate().Err(); err != nil {
		return models.Capture{}, err
	}
	audit := s.entry(actor, "capture.updated", c.ID, c.Name, before, c.AuditFields()).IfChanged()
	if len(audit) == 0 {
		return s.view(c)
	}
	if err := s.store.SaveCapture(ctx, c, audit...); err != nil {
		return models.Capture{}, err
	}
	return s.view(c)
}

// Rotate gives the endpoint a new URL. The old one ends at once; its requests
// stay.
func (s *Captures) Rotate(ctx context.Context, actor models.Actor, id string) (models.Capture, error) {
	c, err := s.captureFor(ctx, actor, id)
	if err != nil {
		return models.Capture{}, err
	}
	before := c.AuditFields()
	if err := s.newSecret(&c); err != nil {
		return models.Capture{}, err
	}
	if err := s.store.SaveCapture(ctx, c, s.entry(actor, "capture.rotated", c.ID, c.Name, before, c.AuditFields())); err != nil {
		return models.Capture{}, err
	}
	return s.view(c)
}

// Delete removes an endpoint and what it received.
func (s *Captures) Delete(ctx context.Context, actor models.Actor, id string) error {
	c, err := s.captureFor(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.store.DeleteCapture(ctx, c.ID, s.entry(actor, "capture.deleted", c.ID, c.Name, c.AuditFields(), nil))
}

// Use makes the endpoint the target of a webhook that the actor may change. The
// webhook sends it what it sends, secret headers included.
func (s *Captures) Use(ctx context.Context, actor models.Actor, id, webhookID string) (models.Webhook, error) {
	c, err := s.Get(ctx, actor, id)
	if err != nil {
		return models.Webhook{}, err
	}
	saved, err := s.webhooks.Edit(ctx, actor, webhookID, func(d *WebhookDraft) { d.Settings.URL = c.URL })
	return saved.Webhook, err
}

// checkCapture lets a webhook point at a capture URL of this installation if it
// is the actor's own; owners of the workspace may use any that they were given.
// A URL that was there before may stay.
func (s *Webhooks) checkCapture(ctx context.Context, actor models.Actor, before, url string) error {
	if url == before {
		return nil
	}
	_, clear, ours := s.captureURL(url)
	if !ours {
		return s.checkFilledCapture(url)
	}
	c, err := s.capture.Find(ctx, clear)
	if err == nil && (c.OwnedBy(actor) || actor.System || (actor.User != nil && actor.User.Role == models.Owner)) {
		return nil
	}
	if err != nil && models.CodeOf(err) != models.NotFound {
		return err
	}
	var errs models.FieldErrors
	errs.Add("url", "This is not a capture URL of yours, or it was rotated. Copy yours from the Capture page.")
	return errs.Err()
}

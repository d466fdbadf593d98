package demo

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/google/uuid"

	"hookline/app/deliver"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/jobs"
	"hookline/models"
)

// The made-up past: a quiet week, a busier day, and a last hour as live traffic
// looks.
var stretches = []struct {
	from, to time.Duration // before now
	every    time.Duration
}{
	{7 * 24 * time.Hour, 24 * time.Hour, 12 * time.Minute},
	{24 * time.Hour, time.Hour, 3 * time.Minute},
	{time.Hour, 5 * time.Second, 12 * time.Second},
}

// backlog is how long ago the webhook that is switched off stopped delivering.
const backlog = 40 * time.Minute

// past writes history through the store, as the engine would have written it at
// the time: the same states, retries and log rows. Only the exchanges are made
// up, by the manners that the live receiver has too.
type past struct {
	clock  *clock
	store  *store.Store
	sender *deliver.Sender
	hooks  map[string]string // webhook ids by the path of their receiver
	manner map[string]manner // by webhook id
	off    map[string]bool
	types  []models.EventType
	people []models.Participant
	random *rand.Rand
	until  time.Time
}

func (p *past) write(ctx context.Context) error {
	for _, s := range stretches {
		for at := p.until.Add(-s.from); at.Before(p.until.Add(-s.to)); at = at.Add(p.spread(s.every)) {
			if err := p.event(ctx, at); err != nil {
				return fmt.Errorf("writing the sample history: %w", err)
			}
		}
	}
	return nil
}

// spread is a pause around its mean, so that charts do not look drawn by a ruler.
func (p *past) spread(mean time.Duration) time.Duration {
	return time.Duration((0.4 + 1.2*p.random.Float64()) * float64(mean))
}

func (p *past) event(ctx context.Context, at time.Time) error {
	p.clock.set(at)
	t := p.types[p.random.IntN(len(p.types))]
	e := models.Event{ID: idAt(models.EventPrefix, at), Type: t.Name, Data: varied(t.Sample, p.random.IntN(9000)+1000), OccurredAt: at, CreatedAt: at}
	p.name(&e)
	pub := store.Publication{Event: e}
	for _, w := range p.store.Config().Matching(t.Name) {
		work := models.Work{Event: e, Delivery: models.Delivery{
			ID: idAt(models.DeliveryPrefix, at), EventID: e.ID, EventType: e.Type, WebhookID: w.ID, State: models.Pending, DueAt: at, CreatedAt: at,
		}}
		if !p.off[w.ID] || at.Before(p.until.Add(-backlog)) {
			work.ClaimID, work.LeaseUntil = p.store.NewClaimID(), at.Add(models.Lease)
		}
		pub.Deliveries = append(pub.Deliveries, work)
	}
	if err := p.store.Publish(ctx, nil, []store.Publication{pub})[0].Err; err != nil {
		return err
	}
	for _, work := range pub.Deliveries {
		if work.ClaimID == "" {
			continue
		}
		if err := p.deliver(ctx, work, t); err != nil {
			return err
		}
	}
	return nil
}

// deliver makes attempts until the delivery has ended, or its next one lies in
// the future: then the real engine goes on.
func (p *past) deliver(ctx context.Context, work models.Work, t models.EventType) error {
	for at := work.CreatedAt; ; {
		p.clock.set(at)
		w := p.store.Config().Webhook(work.WebhookID)
		a, err := p.attempt(w, work, t, at)
		if err != nil {
			return err
		}
		tries := work.Tries + 1
		d := jobs.Decide(w.Retry.Schedule(), tries, a, 0, at.Add(a.Duration), p.random.Float64())
		p.clock.set(at.Add(a.Duration))
		f := models.Finish{DeliveryID: work.ID, ClaimID: work.ClaimID, WebhookID: w.ID, Attempt: &a, State: d.State, Tries: tries, DueAt: d.DueAt}
		if _, err := p.store.Finish(ctx, f); err != nil {
			return err
		}
		if d.Gone {
			return p.store.DisableWebhook(ctx, w.ID, w.Version, models.Gone)
		}
		if d.State != models.Pending || d.DueAt.After(p.until) {
			return nil
		}
		at = d.DueAt
		p.clock.set(at)
		claimed, err := p.store.Claim(ctx, w.ID, 1)
		if err != nil || len(claimed) == 0 {
			return err
		}
		work = claimed[0]
	}
}

func (p *past) attempt(w *models.Webhook, work models.Work, t models.EventType, at time.Time) (models.Attempt, error) {
	built, err := p.sender.Preview(deliver.Input{
		Webhook: w, Settings: p.store.Config().Settings, Type: t, Delivery: work.Delivery, Event: work.Event,
	})
	if err != nil {
		return models.Attempt{}, err
	}
	says := p.manner[w.ID](at, p.random.Float64)
	a := models.Attempt{
		Number: work.Attempts + 1, WebhookVersion: w.Version, StartedAt: at, Duration: says.after, Outcome: models.HTTPError,
		Status: says.status, Error: fmt.Sprintf("The receiver answered %d.", says.status), Request: built.Request, Missing: built.Missing,
	}
	switch {
	case says.after > w.Timeout:
		a.Duration, a.Outcome, a.Status = w.Timeout, models.Timeout, 0
		a.Error = fmt.Sprintf("The receiver did not answer within %s.", w.Timeout)
		return a, nil
	case says.status/100 == 2:
		a.Outcome, a.Error = models.Success, ""
	}
	a.Response = models.LoggedResponse{
		Headers: []models.HeaderLine{{Name: "Content-Type", Value: contentTypeOf(says.body)}, {Name: "Date", Value: at.Format(time.RFC1123)}},
		Body:    []byte(says.body),
	}
	return a, nil
}

// idAt is a public id that sorts to the time it names.
func idAt(prefix string, at time.Time) string {
	id := uuid.Must(uuid.NewV7())
	ms := at.UnixMilli()
	for i := range 6 {
		id[i] = byte(ms >> (40 - 8*i))
	}
	return models.FormatID(prefix, id)
}

// varied is a type's sample with a number of its own in front.
func varied(sample json.RawMessage, n int) json.RawMessage {
	if len(sample) < 3 {
		return json.RawMessage(fmt.Sprintf(`{"sequence":%d}`, n))
	}
	return append(fmt.Appendf(nil, `{"sequence":%d,`, n), sample[1:]...)
}

// traffic publishes an event every second or so until ctx ends.
func traffic(ctx context.Context, s *service.Service) {
	system := models.Actor{System: true}
	types, err := s.EventTypes.List(ctx, system)
	if err != nil || len(types) == 0 {
		return
	}
	for {
		t := types[rand.IntN(len(types))]
		// A refused event, whose type was just archived, is left out.
		_, _ = s.Events.Publish(ctx, system, service.NewEvent{Type: t.Name, Data: varied(t.Sample, rand.IntN(9000)+1000), Participant: whom()})
		select {
		case <-ctx.Done():
			return
		case <-time.After(400*time.Millisecond + rand.N(1200*time.Millisecond)):
		}
	}
}

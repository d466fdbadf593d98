package jobs

import (
	"context"
	"log/slog"
	"time"

	"hookline/app/deliver"
	"hookline/models"
)

// attempt makes one attempt for a delivery whose turn it is, and stores what
// came of it.
func (r *Runner) attempt(l *lane, it *item, wasSlow bool) {
	defer r.work.Done()
	defer r.remove(it)

	config, err := r.configFor(it)
	if err != nil {
		r.Log.Warn("cannot look up the webhook of a delivery; it is given back", "delivery", it.ID, "error", err)
		r.free(l, wasSlow, 0)
		r.keep(*r.giveBack(it))
		return
	}
	hook := config.Webhook(it.WebhookID)
	if letGo := r.withoutAttempt(hook, it); letGo != nil {
		r.free(l, wasSlow, 0)
		r.keep(*letGo)
		return
	}
	if !r.mayStart(it, hook.Timeout) {
		r.free(l, wasSlow, 0)
		return
	}
	exchange, last := deliver.Attempts(input(config, hook, it), func(in deliver.Input) deliver.Exchange {
		return r.send(it, in)
	}, func(x *deliver.Exchange) (in deliver.Input, ok bool) {
		if in, ok = r.keepRenewed(hook, it, x); ok {
			hook = in.Webhook // as it is by now
		}
		return in, ok
	})
	r.free(l, wasSlow, exchange.Attempt.Duration)
	if last {
		r.finish(hook, it, &exchange)
	}
}

// send makes the request. A test goes where it went, or nowhere.
func (r *Runner) send(it *item, in deliver.Input) deliver.Exchange {
	if it.Test {
		target, err := in.Webhook.AtTestTarget(it.Target)
		if err != nil {
			return deliver.Exchange{Attempt: models.Attempt{
				WebhookVersion: in.Webhook.Version, StartedAt: r.Now(), Outcome: models.RenderError, Error: err.Error(), Cause: models.CauseTestMoved,
			}}
		}
		in.Webhook = &target
	}
	return r.sender.Send(r.ctx, in)
}

func input(config *models.Config, hook *models.Webhook, it *item) deliver.Input {
	// A type may be missing when it was deleted; the delivery is sent all the same.
	eventType, _ := config.EventType(it.EventType)
	return deliver.Input{Webhook: hook, Settings: config.Settings, Type: eventType, Delivery: it.Delivery, Event: it.Event}
}

// keepRenewed stores an attempt whose access token was refused, and returns the input
// of the next with the webhook as it is by now (I6). It returns false when the
// delivery is not this node's to send any more, which is stored then.
func (r *Runner) keepRenewed(hook *models.Webhook, it *item, x *deliver.Exchange) (deliver.Input, bool) {
	a, until := x.Attempt, r.Now().Add(models.Lease)
	held := r.keep(it.Renewed(a, until))
	r.Observe(a.Outcome, a.Duration)
	r.Changed(hook.ID)
	r.logAttempt(it, a, Decision{State: models.Pending, DueAt: r.Now()}, held)
	if !held {
		return deliver.Input{}, false
	}
	it.Attempts++
	it.LeaseUntil = until
	config, err := r.configFor(it)
	if err != nil {
		r.Log.Warn("cannot look up the webhook of a delivery; it is given back", "delivery", it.ID, "error", err)
		r.keep(*r.giveBack(it))
		return deliver.Input{}, false
	}
	now := config.Webhook(it.WebhookID)
	if letGo := r.withoutAttempt(now, it); letGo != nil {
		r.keep(*letGo)
		return deliver.Input{}, false
	}
	return input(config, now, it), true
}

// configFor makes sure that a webhook which is not known here was deleted, and is
// not one that another node made a moment ago: its delivery would be cancelled.
func (r *Runner) configFor(it *item) (*models.Config, error) {
	config := r.store.Config()
	if config.Webhook(it.WebhookID) != nil {
		return config, nil
	}
	return r.store.FreshConfig(r.ctx)
}

// withoutAttempt says what to do with a delivery that must not be attempted now,
// or nil: its webhook was deleted, or is switched off.
func (r *Runner) withoutAttempt(hook *models.Webhook, it *item) *models.Finish {
	switch {
	case hook == nil:
		return &models.Finish{DeliveryID: it.ID, ClaimID: it.ClaimID, State: models.Cancelled}
	case !hook.Delivers():
		return r.giveBack(it)
	}
	return nil
}

func (r *Runner) giveBack(it *item) *models.Finish {
	return &models.Finish{DeliveryID: it.ID, ClaimID: it.ClaimID, State: models.Pending, DueAt: r.Now()}
}

// leaseMargin is what a lease must have left beyond the timeout, for storing
// the result.
const leaseMargin = 10 * time.Second

// recheckAfter is how long a delivery may wait in memory before its attempt looks
// whether another node cancelled it meanwhile.
const recheckAfter = time.Second

// mayStart makes sure that no other node may take the delivery over while this
// attempt runs. It returns false when another has it already, or it was cancelled.
func (r *Runner) mayStart(it *item, timeout time.Duration) bool {
	now := r.Now()
	left := it.LeaseUntil.Sub(now)
	switch {
	case left < timeout+leaseMargin:
		return r.renewLease(it, now)
	case r.Permits == nil || left > models.Lease-recheckAfter:
		return true // this node is the only one, of which Drop was told, or the claim is new
	}
	held, err := r.store.Holds(r.ctx, it.ID, it.ClaimID)
	if err != nil {
		r.Log.Warn("cannot look whether a delivery was cancelled; it is sent", "delivery", it.ID, "error", err)
	}
	return err != nil || held
}

func (r *Runner) renewLease(it *item, now time.Time) bool {
	held, err := r.store.Finish(r.ctx, models.Finish{
		DeliveryID: it.ID, ClaimID: it.ClaimID, State: models.Pending, DueAt: now.Add(models.Lease), KeepClaim: true,
	})
	if err != nil {
		r.Log.Warn("could not renew a lease; the delivery will be claimed again", "delivery", it.ID, "error", err)
	}
	return err == nil && held
}

func (r *Runner) finish(hook *models.Webhook, it *item, x *deliver.Exchange) {
	if x.GivenBack {
		r.keep(*r.giveBack(it))
		return
	}
	a := x.Attempt
	tries := it.Tries + 1
	d := Decide(scheduleOf(hook, it), tries, a, x.RetryAfter, r.Now(), r.Jitter())
	held := r.keep(it.Finished(a, d.State, tries, d.DueAt))
	r.Observe(a.Outcome, a.Duration)
	r.Changed(hook.ID)
	r.logAttempt(it, a, d, held)
	if d.State == models.Pending {
		r.Wake() // arms the timer for the retry
	}
	if d.Gone {
		if err := r.store.DisableWebhook(r.ctx, hook.ID, hook.Version, models.Gone); err != nil {
			r.Log.Error("could not switch off a webhook whose receiver is gone", "webhook", hook.ID, "error", err)
		}
	}
}

// scheduleOf is the webhook's policy; a test is never retried, not even when its
// process died and another took it over.
func scheduleOf(hook *models.Webhook, it *item) models.Schedule {
	if it.Test {
		return models.Schedule{Attempts: 1}
	}
	return hook.Retry.Schedule()
}

// finishRetry is the pause between tries to store a result while the disk is
// full. The attempt keeps its place in the unstored count meanwhile, which
// slows the engine down instead of sending what it could not remember.
const finishRetry = 500 * time.Millisecond

// keep stores a Finish, insisting while the database cannot be written, until
// the runner is aborted or the lease is over anyway.
func (r *Runner) keep(f models.Finish) (held bool) {
	until := r.Now().Add(models.Lease)
	for {
		held, err := r.store.Finish(context.WithoutCancel(r.ctx), f)
		if err == nil {
			return held
		}
		if models.CodeOf(err) != models.Unavailable || r.Now().After(until) {
			r.Log.Error("could not store a result; the delivery will be attempted again", "delivery", f.DeliveryID, "error", err)
			return false
		}
		select {
		case <-r.ctx.Done():
			return false
		case <-time.After(finishRetry):
		}
	}
}

func (r *Runner) logAttempt(it *item, a models.Attempt, d Decision, held bool) {
	level := slog.LevelInfo
	if a.Outcome != models.Success {
		level = slog.LevelWarn
	}
	r.Log.LogAttrs(r.ctx, level, "attempt",
		slog.String("delivery", it.ID), slog.String("event", it.EventID), slog.String("type", it.EventType),
		slog.String("webhook", it.WebhookID), slog.Int("number", a.Number), slog.String("outcome", string(a.Outcome)),
		slog.Int("status", a.Status), slog.Duration("took", a.Duration), slog.String("error", a.Error),
		slog.String("state", string(d.State)), slog.Time("next", d.DueAt), slog.Bool("held", held))
}

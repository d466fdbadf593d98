package service

import (
	"context"
	"slices"
	"time"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// bulkIdle is when to look again without a job to work at: another node may have
// started one, or died over one.
const bulkIdle = time.Second

// Step makes the batch that is due first, if one is due, and returns when to call
// again. The clock that calls it is in package jobs.
func (s *Bulk) Step(ctx context.Context) (next time.Time, err error) {
	now := s.now()
	job, found, err := s.store.NextBulkJob(ctx)
	switch {
	case err != nil || !found:
		return now.Add(bulkIdle), err
	case job.NextAt.After(now):
		return job.NextAt, nil
	}
	reason, err := s.stopped(ctx, job)
	if err != nil {
		return now.Add(bulkIdle), err
	}
	if reason != "" {
		return now, s.fail(ctx, job, reason)
	}
	batch, err := s.batch(ctx, job, now)
	if err != nil {
		return now.Add(bulkIdle), err
	}
	changed, held, err := s.store.AdvanceBulk(ctx, job, batch)
	if err != nil || !held {
		return now.Add(bulkIdle), err
	}
	s.acted(job, changed)
	return now, nil
}

// batch takes the next deliveries of the set, and goes on counting.
func (s *Bulk) batch(ctx context.Context, job models.BulkJob, now time.Time) (store.BulkBatch, error) {
	b := store.BulkBatch{Job: job}
	targets, err := s.targets(ctx, job)
	if err != nil {
		return b, err
	}
	b.Change = targets
	b.Job.NextAt = job.After(len(targets), now)
	if len(targets) < job.Batch() {
		b.Job.State, b.Job.Reached, b.Job.CountedTo = models.BulkDone, job.Through, job.Through
		b.Job.Matched = job.Handled() + len(targets)
		return b, nil
	}
	b.Job.Reached = targets[len(targets)-1].ID
	if !job.Counted() {
		n, last, err := s.store.CountBulk(ctx, job, job.CountedTo, models.BulkCountLimit)
		if err != nil {
			return b, err
		}
		b.Job.Matched, b.Job.CountedTo = job.Matched+n, last
	}
	return b, nil
}

// lookahead is the next deliveries of a set, read at once: to look for a handful
// each time would go over everything that does not match again and again. Each is
// looked at once more when it is changed.
type lookahead struct {
	reached string
	targets []store.BulkTarget
	last    bool // there are no more behind them
}

const bulkLookahead = 2000

// targets are the deliveries of the next batch.
func (s *Bulk) targets(ctx context.Context, job models.BulkJob) ([]store.BulkTarget, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, known := s.ahead[job.ID]
	if !known || a.reached != job.Reached || !a.last && len(a.targets) < job.Batch() {
		found, err := s.store.BulkTargets(ctx, job, job.Reached, bulkLookahead)
		if err != nil {
			return nil, err
		}
		a = lookahead{targets: found, last: len(found) < bulkLookahead}
	}
	n := min(job.Batch(), len(a.targets))
	if n == 0 || n < job.Batch() {
		delete(s.ahead, job.ID)
	} else {
		s.ahead[job.ID] = lookahead{reached: a.targets[n-1].ID, targets: a.targets[n:], last: a.last}
	}
	return a.targets[:n], nil
}

// acted tells the queue, and the pages that follow the deliveries.
func (s *Bulk) acted(job models.BulkJob, changed []store.BulkTarget) {
	topics := []string{LiveJobs, job.ID, LiveDeliveries}
	told := map[string]bool{}
	for _, t := range changed {
		if job.Kind == models.BulkCancel {
			s.queue.Drop(t.ID)
		}
		if !told[t.WebhookID] {
			told[t.WebhookID] = true
			topics = append(topics, t.WebhookID)
		}
	}
	if job.Kind == models.BulkRetrigger {
		s.queue.Wake()
	}
	s.live.Tell(topics...)
}

// stopped says why the job must not go on, or "": the job may do no more than its
// starter may do now.
func (s *Bulk) stopped(ctx context.Context, job models.BulkJob) (reason string, err error) {
	if job.Unreadable {
		return "It was started by a newer version of Hookline, which this one does not understand.", nil
	}
	actor, err := s.starter(ctx, job.CreatedBy)
	if err == nil {
		err = s.stillWithin(actor, job.Filter)
	}
	if code := models.CodeOf(err); code == models.NotFound || code == models.Denied {
		return err.Error(), nil
	}
	return "", err
}

// starter is the user or token that started a job, with the rights of this moment.
// NotFound or Denied says why neither is left.
func (s *Bulk) starter(ctx context.Context, id string) (models.Actor, error) {
	if id == "" {
		return models.Actor{System: true}, nil
	}
	if _, err := models.ParseID(models.TokenPrefix, id); err == nil {
		return s.startingToken(ctx, id)
	}
	user, err := s.store.User(ctx, id)
	switch {
	case models.CodeOf(err) == models.NotFound:
		return models.Actor{}, models.Errorf(models.NotFound, "The account that started it was deleted.")
	case err == nil && user.Disabled:
		return models.Actor{}, models.Errorf(models.Denied, "The account that started it was disabled.")
	}
	return models.Actor{User: &user}, err
}

func (s *Bulk) startingToken(ctx context.Context, id string) (models.Actor, error) {
	token, err := s.store.TokenByID(ctx, id)
	switch {
	case models.CodeOf(err) == models.NotFound:
		return models.Actor{}, models.Errorf(models.NotFound, "The API token that started it was revoked.")
	case err == nil && token.Expired(s.now()):
		return models.Actor{}, models.Errorf(models.Denied, "The API token that started it has expired.")
	}
	return models.Actor{Token: &token}, err
}

// stillWithin is within for a job under way. A webhook that was deleted does not
// stop it: what is left of its deliveries is skipped.
func (s *Bulk) stillWithin(actor models.Actor, f models.DeliveryFilter) error {
	if policy.CheckMight(actor, policy.WriteDeliveries) != nil {
		return models.Errorf(models.Denied, "Whoever started it may no longer retrigger or cancel deliveries.")
	}
	allowed := s.allowed(actor, policy.WriteDeliveries)
	if allowed == nil {
		return nil
	}
	only := f.Only
	if f.WebhookID != "" {
		only = []string{f.WebhookID}
	}
	lost := func(id string) bool { return !slices.Contains(allowed, id) && s.store.Config().Webhook(id) != nil }
	if only == nil || slices.ContainsFunc(only, lost) {
		return models.Errorf(models.Denied, "Whoever started it may no longer retrigger or cancel deliveries of all these webhooks.")
	}
	return nil
}

func (s *Bulk) fail(ctx context.Context, job models.BulkJob, reason string) error {
	err := s.store.EndBulkJob(ctx, job.ID, models.BulkFailed, reason)
	if models.CodeOf(err) == models.Conflict {
		return nil // cancelled meanwhile
	}
	s.dropAhead(job.ID)
	s.live.Tell(LiveJobs, job.ID)
	return err
}

func (s *Bulk) dropAhead(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.ahead, id)
}

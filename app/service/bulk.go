package service

import (
	"context"
	"strconv"
	"sync"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Bulk retriggers or cancels everything that a filter matches (B6), as a job that
// is worked off at a bounded rate and survives a restart.
type Bulk struct {
	deps
	asked chan struct{}

	mu    sync.Mutex
	ahead map[string]lookahead // by job
}

func newBulk(d deps) *Bulk {
	return &Bulk{deps: d, asked: make(chan struct{}, 1), ahead: map[string]lookahead{}}
}

// BulkInput asks for a job. Rate 0 is the default.
type BulkInput struct {
	Kind   models.BulkKind
	Filter models.DeliveryFilter
	Tests  bool // tests too
	Rate   int
}

// BulkPreview is what a job would do now.
type BulkPreview struct {
	Count   int
	More    bool            // there are more than Count
	Webhook *models.Webhook // that the filter names; nil when none
}

// BulkList narrows the list of jobs. Zero members do not.
type BulkList struct {
	WebhookID string
	State     models.BulkState
}

// Preview counts what the filter matches, as far as models.BulkCountLimit.
func (s *Bulk) Preview(ctx context.Context, actor models.Actor, in BulkInput) (BulkPreview, error) {
	job, err := s.plan(ctx, actor, in)
	if err != nil {
		return BulkPreview{}, err
	}
	p := BulkPreview{Count: job.Matched, Webhook: s.store.Config().Webhook(job.WebhookID)}
	if p.Count > models.BulkCountLimit {
		p.Count, p.More = models.BulkCountLimit, true
	}
	return p, nil
}

// Start stores the job, and its worker begins at once. Only deliveries that the
// actor may change belong to its set.
func (s *Bulk) Start(ctx context.Context, actor models.Actor, in BulkInput) (models.BulkJob, error) {
	job, err := s.plan(ctx, actor, in)
	if err != nil {
		return job, err
	}
	job.ID, job.State, job.NextAt = store.NewID(models.JobPrefix), models.BulkRunning, job.CreatedAt
	audit := s.entry(actor, "job.started", job.ID, jobName(job), nil, s.fieldsOf(job))
	if err := s.store.CreateBulkJob(ctx, job, audit); err != nil {
		return job, err
	}
	select {
	case s.asked <- struct{}{}:
	default:
	}
	s.live.Tell(LiveJobs)
	return job, nil
}

// Asked has a value after a job was started here.
func (s *Bulk) Asked() <-chan struct{} { return s.asked }

// plan checks what is asked for, fixes the set, and counts it so far.
func (s *Bulk) plan(ctx context.Context, actor models.Actor, in BulkInput) (models.BulkJob, error) {
	var none models.BulkJob
	in, err := in.checked()
	if err != nil {
		return none, err
	}
	if in.Filter, err = s.within(actor, in.Filter); err != nil {
		return none, err
	}
	if in.Filter, err = s.store.FixFilter(ctx, in.Filter.At(s.now())); err != nil {
		return none, err
	}
	job := models.BulkJob{Kind: in.Kind, WebhookID: in.Filter.WebhookID, Filter: in.Filter, Tests: in.Tests, Rate: in.Rate, CreatedAt: s.now()}
	job.CreatedBy, job.CreatedByName = actor.Identity()
	if job.Through, err = s.store.NewestDelivery(ctx); err != nil {
		return none, err
	}
	job.Matched, job.CountedTo, err = s.store.CountBulk(ctx, job, "", models.BulkCountLimit+1)
	return job, err
}

func (in BulkInput) checked() (BulkInput, error) {
	var errs models.FieldErrors
	if in.Rate == 0 {
		in.Rate = models.DefaultBulkRate
	}
	models.CheckBulkRate(&errs, in.Rate)
	wrong := in.Filter.Check()
	if errs = append(errs, wrong...); len(wrong) == 0 {
		in.checkState(&errs)
	}
	return in, errs.Err()
}

func (in BulkInput) checkState(errs *models.FieldErrors) {
	switch state := in.Filter.State; {
	case in.Kind == models.BulkCancel:
		if state == models.AnyProblem {
			errs.Add("state", "Only pending deliveries can be cancelled; those that failed or were blocked have ended.")
		} else if state != "" && state != models.Pending && state != models.Running {
			errs.Add("state", "Only pending deliveries can be cancelled; those that are %s have ended.", state)
		}
	case state == "":
		errs.Add("state", "Say which deliveries to retrigger, for example problem, which stands for failed and blocked.")
	case state == models.Running:
		errs.Add("state", "Running deliveries are being attempted already. Choose another state.")
	}
}

// within keeps a filter to what the actor may change. A webhook that the actor
// may not know of is NotFound.
func (s *Bulk) within(actor models.Actor, f models.DeliveryFilter) (models.DeliveryFilter, error) {
	if f.WebhookID != "" {
		_, err := s.webhookFor(actor, policy.WriteDeliveries, f.WebhookID)
		return f, err
	}
	f.Only = s.allowed(actor, policy.WriteDeliveries)
	return f, policy.CheckMight(actor, policy.WriteDeliveries)
}

// Get returns a job that the actor may see; NotFound otherwise.
func (s *Bulk) Get(ctx context.Context, actor models.Actor, id string) (models.BulkJob, error) {
	if err := policy.CheckMight(actor, policy.ReadDeliveries); err != nil {
		return models.BulkJob{}, err
	}
	return s.visible(ctx, actor, id)
}

func (s *Bulk) visible(ctx context.Context, actor models.Actor, id string) (models.BulkJob, error) {
	id, err := models.ParseID(models.JobPrefix, id)
	if err != nil {
		return models.BulkJob{}, err
	}
	job, err := s.store.BulkJob(ctx, id)
	if own := ownJobs(actor); err == nil && own != "" && job.CreatedBy != own {
		return models.BulkJob{}, models.Errorf(models.NotFound, "There is no job with this id.")
	}
	return job, err
}

// ownJobs is the id of the user or token whose jobs alone the actor may see; "" for
// all jobs. A caller that sees some webhooks only must not learn from a job about the
// others.
func ownJobs(actor models.Actor) string {
	if actor.User != nil && !policy.Can(actor, policy.ReadDeliveries) {
		return actor.User.ID
	}
	return policy.OwnOnly(actor)
}

// List pages through the jobs that the actor may see, newest first.
func (s *Bulk) List(ctx context.Context, actor models.Actor, l BulkList, p models.PageRequest) (models.Page[models.BulkJob], error) {
	var none models.Page[models.BulkJob]
	if err := policy.CheckMight(actor, policy.ReadDeliveries); err != nil {
		return none, err
	}
	page, err := store.PageOf(p, models.JobPrefix)
	if err != nil {
		return none, err
	}
	list, err := s.store.BulkJobs(ctx, store.BulkFilter{WebhookID: l.WebhookID, State: l.State, CreatedBy: ownJobs(actor)}, page)
	if err != nil {
		return none, err
	}
	return store.Paged(list, page, func(j models.BulkJob) string { return j.ID }), nil
}

// Cancel stops a job between two batches: what was done stays done. Conflict
// when it has ended already.
func (s *Bulk) Cancel(ctx context.Context, actor models.Actor, id string) (models.BulkJob, error) {
	if err := policy.CheckMight(actor, policy.WriteDeliveries); err != nil {
		return models.BulkJob{}, err
	}
	job, err := s.visible(ctx, actor, id)
	if err != nil {
		return job, err
	}
	audit := s.entry(actor, "job.cancelled", job.ID, jobName(job), nil, nil)
	if err := s.store.EndBulkJob(ctx, job.ID, models.BulkCancelled, "", audit); err != nil {
		return job, err
	}
	s.dropAhead(job.ID)
	s.live.Tell(LiveJobs, job.ID)
	return s.store.BulkJob(ctx, job.ID)
}

// jobName is what the audit log calls a job.
func jobName(job models.BulkJob) string {
	if job.Kind == models.BulkCancel {
		return "Bulk cancel"
	}
	return "Bulk retrigger"
}

// fieldsOf is what was asked for, as the audit log shows it.
func (s *Bulk) fieldsOf(job models.BulkJob) []models.Field {
	return []models.Field{
		{Name: "filter", Value: job.Filter.String()}, {Name: "tests", Value: strconv.FormatBool(job.Tests)},
		{Name: "rate", Value: strconv.Itoa(job.Rate)}, {Name: "matched", Value: strconv.Itoa(job.Matched)},
	}
}

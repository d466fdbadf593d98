package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// Job is a bulk job.
type Job struct {
	ID            string           `json:"id"`
	Kind          models.BulkKind  `json:"kind" enum:"retrigger,cancel"`
	State         models.BulkState `json:"state" enum:"running,done,cancelled,failed"`
	Reason        *string          `json:"reason" doc:"Why it failed; null otherwise."`
	Filter        JobFilter        `json:"filter"`
	Rate          int              `json:"rate" doc:"Deliveries a second."`
	Matched       int              `json:"matched" doc:"Deliveries in the set, as far as they are counted."`
	Counted       bool             `json:"counted" doc:"Whether matched is the whole number. A large set is counted while the job runs."`
	Done          int              `json:"done" doc:"Deliveries retriggered or cancelled."`
	Skipped       int              `json:"skipped" doc:"Deliveries passed over: being attempted, changed meanwhile, or of a deleted webhook."`
	CreatedBy     *string          `json:"created_by" doc:"The id of a user or token; null for the command line."`
	CreatedByName string           `json:"created_by_name"`
	CreatedAt     time.Time        `json:"created_at"`
	FinishedAt    *time.Time       `json:"finished_at" doc:"null while it runs."`
}

func (j Job) location() string { return "/jobs/" + j.ID }

// JobFilter is the set of a job, as it was asked for.
type JobFilter struct {
	models.DeliveryFilter
	Tests bool `json:"tests,omitzero" doc:"Tests, too."`
}

func jobOf(j models.BulkJob) Job {
	return Job{
		ID: j.ID, Kind: j.Kind, State: j.State, Reason: optional(j.Reason), Rate: j.Rate, Matched: j.Total(), Counted: j.Counted(),
		Done: j.Done, Skipped: j.Skipped, CreatedBy: optional(j.CreatedBy), CreatedByName: j.CreatedByName,
		CreatedAt: j.CreatedAt, FinishedAt: optionalTime(j.FinishedAt), Filter: JobFilter{j.Filter, j.Tests},
	}
}

// bulkInput is the filter of the log as a body.
type bulkInput struct {
	JobFilter
	Rate *int `json:"rate,omitzero" minimum:"1" maximum:"1000" default:"50" doc:"Deliveries a second, so that the receiver is not flooded."`
}

func (in bulkInput) input(kind models.BulkKind) (service.BulkInput, error) {
	out := service.BulkInput{Kind: kind, Tests: in.Tests, Filter: in.DeliveryFilter}
	if in.Rate == nil {
		return out, nil
	}
	var errs models.FieldErrors
	models.CheckBulkRate(&errs, *in.Rate) // the service takes 0 for the default
	out.Rate = *in.Rate
	return out, errs.Err()
}

type jobQuery struct {
	Paging
	WebhookID string `query:"webhook_id" doc:"Jobs that keep to this webhook."`
	State     string `query:"state" enum:"running,done,cancelled,failed"`
}

// JobID is the path of calls about one.
type JobID struct {
	ID string `path:"id" doc:"The job's id."`
}

const bulkDescription = "The set is fixed when you ask: deliveries that match now. What fails later is not swept in. " +
	"Members are those of GET /deliveries. The job goes at rate deliveries a second and survives a restart; GET /jobs/{id} tells how far it is."

func (s *server) mountBulk() {
	const tag, path = "Bulk jobs", "/jobs"
	answer := `{"id":"job_01kf2j7q8e5t9v3m6x0y4z1b2c","kind":"retrigger","state":"running","reason":null,"filter":{"state":"failed","since":"2026-05-01T09:00:00Z"},` +
		`"rate":50,"matched":1200,"counted":true,"done":0,"skipped":0,"created_by":"tok_01kf2j7q8e5t9v3m6x0y4z1b2c","created_by_name":"CI pipeline","created_at":"2026-05-01T10:00:00Z","finished_at":null}`
	add(s, route{
		method: http.MethodPost, path: "/deliveries/retrigger", action: policy.WriteDeliveries, tag: tag, status: http.StatusAccepted, resends: true,
		summary: "Retrigger all deliveries that match", body: `{"state":"failed","since":"2026-05-01T09:00:00Z","until":"2026-05-01T10:00:00Z","rate":50}`,
		description: bulkDescription + " Each delivery keeps its id and gets a fresh count of tries. state is required, and any but running.", answer: answer, problems: []int{http.StatusNotFound},
	}, s.bulk(models.BulkRetrigger))
	add(s, route{
		method: http.MethodPost, path: "/deliveries/cancel", action: policy.WriteDeliveries, tag: tag, status: http.StatusAccepted,
		summary: "Cancel all pending deliveries that match", body: `{"event_type":"release.published"}`,
		description: bulkDescription + " Only deliveries that have not ended can be cancelled. " + cancelDescription, answer: answer, problems: []int{http.StatusNotFound},
	}, s.bulk(models.BulkCancel))
	add(s, route{method: http.MethodGet, path: path, action: policy.ReadDeliveries, tag: tag, summary: "Bulk jobs"}, s.jobs)
	add(s, route{method: http.MethodGet, path: path + "/{id}", action: policy.ReadDeliveries, tag: tag, summary: "How far a bulk job is", answer: answer}, s.job)
	add(s, route{
		method: http.MethodPost, path: path + "/{id}/cancel", action: policy.WriteDeliveries, tag: tag,
		summary: "Stop a bulk job", description: "It stops between two batches. What was done stays done.", problems: []int{http.StatusConflict},
	}, s.cancelJob)
}

func (s *server) bulk(kind models.BulkKind) handler[struct{ Body bulkInput }, Job] {
	return func(ctx context.Context, actor models.Actor, in *struct{ Body bulkInput }) (Job, error) {
		input, err := in.Body.input(kind)
		if err != nil {
			return Job{}, err
		}
		j, err := s.Service.Bulk.Start(ctx, actor, input)
		return jobOf(j), err
	}
}

func (s *server) jobs(ctx context.Context, actor models.Actor, in *jobQuery) (list[Job], error) {
	var errs models.FieldErrors
	if in.WebhookID != "" {
		if _, err := models.ParseID(models.WebhookPrefix, in.WebhookID); err != nil {
			errs.Add("webhook_id", "This is not a webhook's id. One looks like wh_01kf2j….")
		}
	}
	state := models.BulkState(in.State)
	if state != "" && !slices.Contains(models.BulkStates, state) {
		errs.Add("state", "Choose one of %s.", joined(models.BulkStates))
	}
	if err := errs.Err(); err != nil {
		return list[Job]{}, err
	}
	page, err := s.Service.Bulk.List(ctx, actor, service.BulkList{WebhookID: in.WebhookID, State: state}, in.request())
	return listOf(page, jobOf), err
}

func (s *server) job(ctx context.Context, actor models.Actor, in *JobID) (Job, error) {
	j, err := s.Service.Bulk.Get(ctx, actor, in.ID)
	return jobOf(j), err
}

func (s *server) cancelJob(ctx context.Context, actor models.Actor, in *JobID) (Job, error) {
	j, err := s.Service.Bulk.Cancel(ctx, actor, in.ID)
	return jobOf(j), err
}

package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// Tally counts attempts by what became of their deliveries.
type Tally struct {
	Succeeded int64 `json:"succeeded" doc:"Deliveries that arrived."`
	Failed    int64 `json:"failed" doc:"Deliveries that failed for good."`
	Blocked   int64 `json:"blocked" doc:"Deliveries that the target guard refused."`
	Retried   int64 `json:"retried" doc:"Failed attempts after which the delivery waits for another."`
}

// Latency is null where nothing was timed.
type Latency struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
}

func latencyOf(l models.Latency) *Latency {
	if l == (models.Latency{}) {
		return nil
	}
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	return &Latency{ms(l.P50), ms(l.P95), ms(l.P99)}
}

type statsBucket struct {
	Start time.Time `json:"start"`
	Tally
	Latency *Latency `json:"latency" doc:"null when nothing was answered or timed out."`
}

type statsAnswer struct {
	Range         models.Range  `json:"range" enum:"1h,24h,7d"`
	BucketSeconds int64         `json:"bucket_seconds"`
	Total         Tally         `json:"total"`
	Latency       *Latency      `json:"latency" doc:"Of the whole range; null when nothing was answered or timed out."`
	Buckets       []statsBucket `json:"buckets" nullable:"false" doc:"The oldest first, empty ones too; the last one is the one that now is in."`
}

func statsOf(s models.Stats) statsAnswer {
	out := statsAnswer{
		Range: s.Range, BucketSeconds: int64(s.Range.Width() / time.Second), Total: Tally(s.Total),
		Latency: latencyOf(s.Latency), Buckets: make([]statsBucket, len(s.Buckets)),
	}
	for i, b := range s.Buckets {
		out.Buckets[i] = statsBucket{Start: b.Start, Tally: Tally(b.OutcomeCounts), Latency: latencyOf(b.Latency)}
	}
	return out
}

// queued is what waits for one webhook.
type queued struct {
	WebhookID    string            `json:"webhook_id"`
	Waiting      int               `json:"waiting" doc:"Counted up to 10,000."`
	More         bool              `json:"more" doc:"There are more than 10,000."`
	Reason       models.WaitReason `json:"reason" enum:"off,retry,slow,rate_limit,sending,queued" doc:"off: the webhook is switched off. retry: an attempt failed, and the next one is not due yet. slow: the receiver is slow and all its places are taken. rate_limit: they go out as fast as the webhook's rate limit allows. sending: on the wire or next in line. queued: due, waiting for its turn."`
	NextDueAt    *time.Time        `json:"next_due_at" doc:"When the first of those falls due that nobody is sending; null when all are."`
	OldestID     string            `json:"oldest_delivery_id"`
	OldestMadeAt time.Time         `json:"oldest_created_at"`
}

func queuedOf(b service.Backlog) queued {
	return queued{
		WebhookID: b.Backlog.WebhookID, Waiting: b.Backlog.Waiting, More: b.Backlog.More, Reason: b.Backlog.Reason, NextDueAt: optionalTime(b.Backlog.Next),
		OldestID: b.Backlog.Oldest.ID, OldestMadeAt: b.Backlog.Oldest.CreatedAt,
	}
}

type queueAnswer struct {
	Data []queued `json:"data" nullable:"false" doc:"The webhook whose delivery has waited longest first."`
	More int      `json:"more_webhooks" doc:"Webhooks that have something waiting and are not listed: those whose deliveries are due last."`
}

type statsQuery struct {
	WebhookID string `query:"webhook_id" doc:"Of this webhook; else of all that the token may see."`
	Range     string `query:"range" enum:"1h,24h,7d" default:"24h" doc:"How far back."`
}

func (s *server) mountStats() {
	const tag = "Stats"
	add(s, route{
		method: http.MethodGet, path: "/stats", action: policy.ReadStats, tag: tag, summary: "Deliveries by outcome, and latency percentiles",
		description: "Counted when an attempt is stored, and exact; tests do not count. Percentiles are within 6.25 % of the true ones, of attempts that were answered or timed out.",
	}, s.stats)
	add(s, route{
		method: http.MethodGet, path: "/queue", action: policy.ReadStats, tag: tag, summary: "What waits, and why",
		description: "Deliveries that have not ended, by webhook: up to 20 webhooks, those whose deliveries have been due longest.",
	}, s.queue)
}

func (s *server) stats(ctx context.Context, actor models.Actor, in *statsQuery) (statsAnswer, error) {
	r, ok := models.ParseRange(in.Range)
	if !ok {
		var errs models.FieldErrors
		errs.Add("range", "Choose one of %s.", joined(models.Ranges))
		return statsAnswer{}, errs.Err()
	}
	found, err := s.Service.Stats.Of(ctx, actor, in.WebhookID, r)
	return statsOf(found), err
}

func (s *server) queue(ctx context.Context, actor models.Actor, _ *struct{}) (queueAnswer, error) {
	found, err := s.Service.Stats.Queue(ctx, actor)
	out := queueAnswer{Data: make([]queued, len(found.Items)), More: found.More}
	for i, b := range found.Items {
		out.Data[i] = queuedOf(b)
	}
	return out, err
}

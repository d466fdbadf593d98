package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// Captured is a captured request as lists show it.
type Captured struct {
	ID        string    `json:"id"`
	At        time.Time `json:"at"`
	Method    string    `json:"method"`
	Target    string    `json:"target" doc:"Path and query, as on the request line."`
	Remote    string    `json:"remote" doc:"The sender's address; empty for a delivery of this installation."`
	SizeBytes int64     `json:"size_bytes" doc:"Of the body, as far as it was read: at most 1 MiB."`
}

func capturedOf(r models.Captured) Captured {
	return Captured{ID: r.ID, At: r.At, Method: r.Method, Target: r.Target, Remote: r.Remote, SizeBytes: r.Size}
}

type capturedDetail struct {
	Captured
	Headers []models.HeaderLine `json:"headers" nullable:"false" doc:"In the order and spelling in which they were sent."`
	WireBody
}

// CapturedID is the path of calls about one request.
type CapturedID struct {
	CaptureID
	RequestID string `path:"request_id" doc:"The request's id."`
}

type replayInput struct {
	WebhookID string `json:"webhook_id,omitzero" doc:"Send it to the URL of this webhook; none of its secrets go along."`
	URL       string `json:"url,omitzero" maxLength:"8192" doc:"Or to this one."`
}

type replayAnswer struct {
	URL        string              `json:"url"`
	Status     *int                `json:"status" doc:"null when there was no answer."`
	Error      *string             `json:"error" doc:"Why there was none, or none that is complete."`
	DurationMS int64               `json:"duration_ms"`
	Headers    []models.HeaderLine `json:"headers" nullable:"false"`
	WireBody
}

func (s *server) mountCaptured(tag, one string) {
	use, path := policy.UseCapture, one+"/requests"
	request := path + "/{request_id}"
	add(s, route{method: http.MethodGet, path: path, action: use, tag: tag, summary: "What an endpoint received", description: "Kept are the newest 500, for 7 days, up to 16 MiB together."}, s.capturedList)
	add(s, route{method: http.MethodDelete, path: path, action: use, tag: tag, status: http.StatusNoContent, summary: "Delete all requests of an endpoint"}, s.clearCaptured)
	add(s, route{
		method: http.MethodGet, path: request, action: use, tag: tag, summary: "A captured request",
		description: "256 KiB of a body are kept. One that is not UTF-8 comes in Base64, with \"encoding\": \"base64\" beside it.",
	}, s.captured)
	add(s, route{method: http.MethodDelete, path: request, action: use, tag: tag, status: http.StatusNoContent, summary: "Delete a captured request"}, s.deleteCaptured)
	add(s, route{
		method: http.MethodPost, path: request + "/replay", action: use, tag: tag, resends: true, summary: "Send a captured request once more",
		body: `{"url":"https://example.com/hooks"}`, problems: []int{http.StatusConflict, http.StatusTooManyRequests},
		description: "Method, headers and body go through the target guard as every delivery does. The answer stands here and in no log.",
	}, s.replayCaptured)
}

func (s *server) capturedList(ctx context.Context, actor models.Actor, in *struct {
	CaptureID
	Paging
}) (list[Captured], error) {
	page, err := s.Service.Captures.Requests(ctx, actor, in.ID, in.request())
	return listOf(page, capturedOf), err
}

func (s *server) clearCaptured(ctx context.Context, actor models.Actor, in *CaptureID) (none, error) {
	return none{}, s.Service.Captures.Clear(ctx, actor, in.ID)
}

func (s *server) captured(ctx context.Context, actor models.Actor, in *CapturedID) (capturedDetail, error) {
	r, err := s.Service.Captures.Request(ctx, actor, in.ID, in.RequestID)
	return capturedDetail{Captured: capturedOf(r), Headers: headerList(r.Headers), WireBody: bodyOf(r.Body, r.Truncated)}, err
}

func headerList(lines []models.HeaderLine) []models.HeaderLine {
	if lines == nil {
		return []models.HeaderLine{}
	}
	return lines
}

func (s *server) deleteCaptured(ctx context.Context, actor models.Actor, in *CapturedID) (none, error) {
	return none{}, s.Service.Captures.DeleteRequest(ctx, actor, in.ID, in.RequestID)
}

func (s *server) replayCaptured(ctx context.Context, actor models.Actor, in *struct {
	CapturedID
	Body replayInput
}) (replayAnswer, error) {
	r, err := s.Service.Captures.Replay(ctx, actor, in.ID, in.RequestID, service.ReplayInput{WebhookID: in.Body.WebhookID, URL: in.Body.URL})
	return replayAnswer{
		URL: r.URL, Status: optional(r.Status), Error: optional(r.Problem), DurationMS: r.Duration.Milliseconds(),
		Headers: headerList(r.Headers), WireBody: bodyOf(r.Body, r.Truncated),
	}, err
}

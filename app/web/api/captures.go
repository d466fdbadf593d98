package api

import (
	"context"
	"net/http"
	"time"

	"hookline/app/policy"
	"hookline/app/service"
	"hookline/models"
)

// Capture is a private URL that keeps what is sent to it.
type Capture struct {
	ID        string        `json:"id"`
	Name      string        `json:"name"`
	URL       string        `json:"url" doc:"Send any method to it, with any path and query behind. Whoever has it may send."`
	Answer    captureAnswer `json:"answer"`
	Dropped   int64         `json:"dropped" doc:"Requests turned away because they came too fast; 0 again after the list was cleared."`
	CreatedAt time.Time     `json:"created_at"`
}

type captureAnswer struct {
	Status      int    `json:"status"`
	DelayMS     int64  `json:"delay_ms"`
	ContentType string `json:"content_type" enum:"text/plain,application/json"`
	Body        string `json:"body"`
}

func captureOf(v models.Capture) Capture {
	a := v.Answer
	return Capture{
		ID: v.ID, Name: v.Name, URL: v.URL, Dropped: v.Dropped, CreatedAt: v.CreatedAt,
		Answer: captureAnswer{Status: a.Status, DelayMS: a.Delay.Milliseconds(), ContentType: a.Type, Body: a.Body},
	}
}

func (c Capture) location() string { return "/captures/" + c.ID }

type captureInput struct {
	Name   opt[string]             `json:"name,omitzero" maxLength:"100" example:"Staging shop"`
	Answer opt[captureAnswerInput] `json:"answer,omitzero"`
}

type captureAnswerInput struct {
	Status      opt[int]    `json:"status,omitzero" minimum:"200" maximum:"599" doc:"200 when left out."`
	DelayMS     opt[int64]  `json:"delay_ms,omitzero" minimum:"0" maximum:"30000" doc:"How long senders wait for the answer."`
	ContentType opt[string] `json:"content_type,omitzero" enum:"text/plain,application/json"`
	Body        opt[string] `json:"body,omitzero" maxLength:"16384"`
}

func (in captureInput) resolve() service.CaptureInput {
	def, a := models.NewCaptureAnswer(), in.Answer.value
	if in.Answer.null {
		return service.CaptureInput{Name: in.Name.or(""), Status: &def.Status, Delay: &def.Delay, Type: &def.Type, Body: &def.Body}
	}
	out := service.CaptureInput{
		Name: in.Name.or(""), Status: a.Status.or(def.Status), Type: a.ContentType.or(def.Type), Body: a.Body.or(def.Body),
	}
	if ms := a.DelayMS.or(0); ms != nil {
		d := milliseconds(*ms)
		out.Delay = &d
	}
	return out
}

// CaptureID is the path of calls about one.
type CaptureID struct {
	ID string `path:"id" doc:"The endpoint's id."`
}

func (s *server) mountCaptures() {
	const tag, path, one = "Capture", "/captures", "/captures/{id}"
	const whose = "A token sees the endpoints that it made itself, and nobody else's."
	use := policy.UseCapture
	add(s, route{method: http.MethodGet, path: path, action: use, tag: tag, summary: "Your capture endpoints", description: "In one page. " + whose}, s.captures)
	add(s, route{
		method: http.MethodPost, path: path, action: use, tag: tag, status: http.StatusCreated, summary: "Make a capture endpoint",
		body: `{"name":"Staging shop","answer":{"status":503}}`, problems: []int{http.StatusConflict}, description: "At most ten. It answers 200 at once unless told otherwise.",
	}, s.createCapture)
	add(s, route{method: http.MethodGet, path: one, action: use, tag: tag, summary: "A capture endpoint"}, s.capture)
	add(s, route{
		method: http.MethodPatch, path: one, action: use, tag: tag, summary: "Change a capture endpoint",
		body: `{"answer":{"status":200,"delay_ms":12000}}`, description: "A JSON merge patch (RFC 7396).",
	}, s.patchCapture)
	add(s, route{
		method: http.MethodDelete, path: one, action: use, tag: tag, status: http.StatusNoContent, summary: "Delete a capture endpoint", description: "With what it received.",
	}, s.deleteCapture)
	add(s, route{
		method: http.MethodPost, path: one + "/rotate", action: use, tag: tag, summary: "Give it a new URL", description: "The old one stops working at once; the requests stay.",
	}, s.rotateCapture)
	s.mountCaptured(tag, one)
}

func (s *server) captures(ctx context.Context, actor models.Actor, _ *struct{}) (list[Capture], error) {
	all, err := s.Service.Captures.List(ctx, actor)
	return whole(all, captureOf), err
}

func (s *server) createCapture(ctx context.Context, actor models.Actor, in *struct{ Body captureInput }) (Capture, error) {
	v, err := s.Service.Captures.Create(ctx, actor, in.Body.resolve())
	return captureOf(v), err
}

func (s *server) capture(ctx context.Context, actor models.Actor, in *CaptureID) (Capture, error) {
	v, err := s.Service.Captures.Get(ctx, actor, in.ID)
	return captureOf(v), err
}

func (s *server) patchCapture(ctx context.Context, actor models.Actor, in *struct {
	CaptureID
	Body captureInput
}) (Capture, error) {
	v, err := s.Service.Captures.Update(ctx, actor, in.ID, in.Body.resolve())
	return captureOf(v), err
}

func (s *server) deleteCapture(ctx context.Context, actor models.Actor, in *CaptureID) (none, error) {
	return none{}, s.Service.Captures.Delete(ctx, actor, in.ID)
}

func (s *server) rotateCapture(ctx context.Context, actor models.Actor, in *CaptureID) (Capture, error) {
	v, err := s.Service.Captures.Rotate(ctx, actor, in.ID)
	return captureOf(v), err
}

// milliseconds is a duration as callers give it. What is far out of any range is
// cut, or the multiplication would bring it back into one.
func milliseconds(ms int64) time.Duration {
	const most = int64(366 * 24 * time.Hour / time.Millisecond)
	return time.Duration(max(-most, min(ms, most))) * time.Millisecond
}

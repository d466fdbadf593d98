package service

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/policy"
	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// Requests pages through what an endpoint received, newest first, without
// headers and bodies.
func (s *Captures) Requests(ctx context.Context, actor models.Actor, id string, p models.PageRequest) (models.Page[models.Captured], error) {
	var none models.Page[models.Captured]
	c, err := s.captureFor(ctx, actor, id)
	if err != nil {
		return none, err
	}
	page, err := store.PageOf(p, models.CapturedPrefix)
	if err != nil {
		return none, err
	}
	list, err := s.store.CapturedPage(ctx, c.ID, page)
	if err != nil {
		return none, err
	}
	return store.Paged(list, page, func(r models.Captured) string { return r.ID }), nil
}

// Request returns one of an endpoint's requests.
func (s *Captures) Request(ctx context.Context, actor models.Actor, id, requestID string) (models.Captured, error) {
	c, err := s.captureFor(ctx, actor, id)
	if err != nil {
		return models.Captured{}, err
	}
	requestID, err = models.ParseID(models.CapturedPrefix, requestID)
	if err != nil {
		return models.Captured{}, err
	}
	return s.store.Captured(ctx, c.ID, requestID)
}

// DeleteRequest removes one.
func (s *Captures) DeleteRequest(ctx context.Context, actor models.Actor, id, requestID string) error {
	r, err := s.Request(ctx, actor, id, requestID)
	if err != nil {
		return err
	}
	return s.store.DeleteCaptured(ctx, r.CaptureID, r.ID)
}

// Clear removes all.
func (s *Captures) Clear(ctx context.Context, actor models.Actor, id string) error {
	c, err := s.captureFor(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.store.ClearCaptured(ctx, c.ID)
}

// Origin finds the delivery by the header with its id; nil when the request is
// none of ours, or one that the actor may not see. The signatures are checked
// with the webhook's key as it is now, and only while the whole body is there.
func (s *Captures) Origin(ctx context.Context, actor models.Actor, r models.Captured) *models.CaptureOrigin {
	id := r.Header(s.store.Config().Settings.HeaderPrefix + "-Delivery-Id")
	d, err := s.deliveryFor(ctx, actor, policy.ReadDeliveries, id)
	if err != nil {
		return nil
	}
	o := &models.CaptureOrigin{DeliveryID: d.ID, WebhookID: d.WebhookID}
	w := s.store.Config().Webhook(d.WebhookID)
	if w == nil {
		return o
	}
	o.WebhookName = w.Name
	key, err := s.box.Open(w.Signing.Key, secret.SigningKey(w.ID))
	if len(w.Signing.Key) > 0 && err == nil && !r.Truncated {
		o.HMAC, o.Token, o.Standard = deliver.VerifyHMAC(key, r), deliver.VerifyToken(key, r, d.ID), deliver.VerifyStandard(key, r)
	}
	return o
}

// ReplayInput is where a captured request goes once more: a webhook's URL, or
// any other.
type ReplayInput struct {
	WebhookID string
	URL       string
}

const replayTimeout = 20 * time.Second

// replayLimit holds an actor, and captureReplayLimit an endpoint, to so many replays.
var (
	replayLimit        = ratelimit.Limit{Every: 10 * time.Second, Burst: 50}
	captureReplayLimit = ratelimit.Limit{Every: time.Minute, Burst: 10}
)

// Replay sends method, headers and body of a captured request again, through the
// guarded client. A webhook gives its URL alone, none of its secrets; there is no
// event to fill it in from.
func (s *Captures) Replay(ctx context.Context, actor models.Actor, id, requestID string, in ReplayInput) (models.Replay, error) {
	r, err := s.Request(ctx, actor, id, requestID)
	if err != nil {
		return models.Replay{}, err
	}
	to, err := s.replayTarget(actor, in)
	if err != nil {
		return models.Replay{}, err
	}
	if r.Truncated || r.Method == http.MethodConnect {
		return models.Replay{}, models.Errorf(models.Conflict, "This request was not kept whole, so it cannot be sent again.")
	}
	u, err := s.targets.CheckURL(to)
	if err != nil {
		return models.Replay{}, &models.Error{Code: models.Invalid, Message: "It cannot be sent there.", Fields: []models.FieldError{{Field: "url", Message: err.Error()}}}
	}
	user, token := actor.IDs()
	if !s.replays.Allow("by "+user+token, replayLimit) || !s.replays.Allow("of "+r.CaptureID, captureReplayLimit) {
		return models.Replay{}, models.Errorf(models.TooMany, "That is more than can be replayed at a time. Wait a minute.")
	}
	res := s.sender.Exchange(ctx, egress.Request{Method: r.Method, URL: u, Header: replayHeader(r.Headers), Body: r.Body, Timeout: replayTimeout})
	return replayed(u.String(), res), nil
}

func (s *Captures) replayTarget(actor models.Actor, in ReplayInput) (string, error) {
	if in.WebhookID != "" {
		w, err := s.webhookFor(actor, policy.TestWebhooks, in.WebhookID)
		if err == nil {
			err = s.checkConfirmed(actor, w)
		}
		return deliver.ProbeURL(w.URL), err
	}
	to := strings.TrimSpace(in.URL)
	if _, _, ours := s.capture.Match(to); !ours && policy.OwnOnly(actor) != "" {
		return "", models.Errorf(models.Denied, "This token may send to capture URLs and to its own webhooks only, once their endpoints have confirmed (W4).")
	}
	return to, nil
}

// unsent are headers that belong to the connection, or that a replay must not
// carry: metadata services listen to the last ones.
var unsent = []string{
	"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te", "trailer",
	"transfer-encoding", "upgrade", "host", "content-length", "expect", "metadata-flavor",
}

// replayHeader keeps the spelling of names, but for User-Agent: net/http adds one of
// its own unless it finds that spelling.
func replayHeader(lines []models.HeaderLine) http.Header {
	h := http.Header{}
	for _, l := range lines {
		switch name := strings.ToLower(l.Name); {
		case slices.Contains(unsent, name), strings.HasPrefix(name, "x-aws-ec2-metadata-token"):
		case name == "user-agent":
			h.Add(l.Name, l.Value)
		default:
			h[l.Name] = append(h[l.Name], l.Value)
		}
	}
	return h
}

func replayed(to string, res egress.Result) models.Replay {
	out := models.Replay{URL: to, Problem: res.Reason, Status: res.Status, Duration: res.Duration, Body: res.Body, Truncated: res.Truncated}
	if res.Kind == egress.KindBlocked {
		out.Duration = 0 // how long a refusal took would tell about the network behind the guard
	}
	names := make([]string, 0, len(res.Header))
	for name := range res.Header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, v := range res.Header[name] {
			out.Headers = append(out.Headers, models.HeaderLine{Name: name, Value: v})
		}
	}
	return out
}

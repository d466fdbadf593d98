package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

var apiClient = &http.Client{Timeout: 60 * time.Second}

// apiError is an answer other than 2xx.
type apiError struct {
	status int
	text   string
}

func (e apiError) Error() string { return e.text }

// call sends in as JSON and reads the answer into out; either may be nil.
func (n *node) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://"+n.addr+"/api/v1"+path, body)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+n.token)
	if in != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	res, err := apiClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode/100 != 2 {
		return apiError{res.StatusCode, fmt.Sprintf("%s %s: %s: %.500s", method, path, res.Status, answer)}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// ensureEventType adds the type to the catalog if it is not in it.
func (n *node) ensureEventType(ctx context.Context, name, category string) error {
	err := n.call(ctx, http.MethodGet, "/event-types/"+name, nil, nil)
	var answer apiError
	if !errors.As(err, &answer) || answer.status != http.StatusNotFound {
		return err
	}
	return n.call(ctx, http.MethodPost, "/event-types", map[string]any{"name": name, "category": category}, nil)
}

// addWebhook subscribes url to one event type, with both signatures on and everything else as by default.
func (n *node) addWebhook(ctx context.Context, name, url, eventType string) error {
	return n.makeWebhook(ctx, map[string]any{
		"name": name, "url": url,
		"signing":       map[string]any{"jwt": true, "hmac": true, "secret": "bench-secret-0123456789abcdef0123456789abcdef"},
		"subscriptions": map[string]any{"types": []string{eventType}},
	})
}

func (n *node) makeWebhook(ctx context.Context, in map[string]any) error {
	var out struct {
		ID    string `json:"id"`
		State string `json:"state"`
	}
	if err := n.call(ctx, http.MethodPost, "/webhooks", in, &out); err != nil {
		return err
	}
	if out.ID == "" || out.State != "active" {
		return fmt.Errorf("a webhook made with an admin token is %q, not active", out.State)
	}
	return nil
}

// publishBatch publishes count events of a type by POST /events/batch, and insists that each makes one delivery.
func (n *node) publishBatch(ctx context.Context, g *generator, eventType string, count int) (seqRange, error) {
	r := seqRange{from: g.next.Add(uint64(count)) - uint64(count)}
	r.to = r.from + uint64(count)
	const size = 500 // of 1 KiB each, well under the body limit
	for from := r.from; from < r.to; from += size {
		if err := n.publishOne(ctx, eventType, seqRange{from, min(from+size, r.to)}); err != nil {
			return r, err
		}
	}
	return r, nil
}

func (n *node) publishOne(ctx context.Context, eventType string, r seqRange) error {
	tpl := newEventTemplate(eventType)
	events := make([]json.RawMessage, 0, r.len())
	for seq := r.from; seq < r.to; seq++ {
		body := bytes.Clone(tpl.body)
		tpl.number(body, seq)
		events = append(events, body)
	}
	var out struct {
		Results []struct {
			Deliveries int             `json:"deliveries"`
			Error      json.RawMessage `json:"error"`
		} `json:"results"`
	}
	if err := n.call(ctx, http.MethodPost, "/events/batch", map[string]any{"events": events}, &out); err != nil {
		return err
	}
	if len(out.Results) != r.len() {
		return fmt.Errorf("batch: %d results for %d events", len(out.Results), r.len())
	}
	for i, res := range out.Results {
		if res.Deliveries != 1 {
			return fmt.Errorf("batch: event %d made %d deliveries, not one: %s", i, res.Deliveries, res.Error)
		}
	}
	return nil
}

// deliveriesPage is one page of the log.
type deliveriesPage struct {
	Data []struct {
		ID string `json:"id"`
	} `json:"data"`
	NextCursor *string `json:"next_cursor"`
}

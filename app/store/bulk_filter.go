package store

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"time"

	"hookline/models"
)

// storedFilter is a DeliveryFilter as bulk_jobs keeps it. It is written out by
// hand, so that a renamed Go field does not change what a running job means.
type storedFilter struct {
	Version     int                  `json:"v"`
	WebhookID   string               `json:"webhook_id,omitempty"`
	EventID     string               `json:"event_id,omitempty"`
	State       models.DeliveryState `json:"state,omitempty"`
	Problem     bool                 `json:"problem,omitempty"`
	EventType   string               `json:"event_type,omitempty"`
	Status      int                  `json:"status,omitempty"`
	StatusClass int                  `json:"status_class,omitempty"`
	Host        string               `json:"host,omitempty"`
	Since       time.Time            `json:"since,omitzero"`
	Until       time.Time            `json:"until,omitzero"`
	Search      string               `json:"q,omitempty"`
	// Only is the webhooks that the job keeps to, null for all: an empty list is
	// something else.
	Only []string `json:"only"`
}

const storedFilterVersion = 1

// EncodeFilter writes a filter down for a bulk job.
func EncodeFilter(f DeliveryFilter) ([]byte, error) {
	return json.Marshal(storedFilter{
		Version: storedFilterVersion, WebhookID: f.WebhookID, EventID: f.EventID, State: f.State, Problem: f.Problem, EventType: f.EventType,
		Status: f.Status, StatusClass: f.StatusClass, Host: f.Host, Since: f.Since, Until: f.Until, Search: f.Search, Only: f.Only,
	})
}

// DecodeFilter reads it again. A member that this version does not know is an
// error: without it the job would take more deliveries than it was asked to.
func DecodeFilter(stored []byte) (DeliveryFilter, error) {
	var f storedFilter
	decoder := json.NewDecoder(bytes.NewReader(stored))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&f); err != nil {
		return DeliveryFilter{}, fmt.Errorf("cannot read a bulk job's filter: %w", err)
	}
	if f.Version != storedFilterVersion {
		return DeliveryFilter{}, fmt.Errorf("a bulk job's filter has version %d, and this Hookline knows %d", f.Version, storedFilterVersion)
	}
	return DeliveryFilter{
		WebhookID: f.WebhookID, EventID: f.EventID, State: f.State, Problem: f.Problem, EventType: f.EventType,
		Status: f.Status, StatusClass: f.StatusClass, Host: f.Host, Since: f.Since, Until: f.Until, Search: f.Search, Only: f.Only,
	}, nil
}

// FixFilter turns a filter's host into the webhooks that have it now, so that
// editing a URL does not change the set of a job. Host stays, for people to read.
func (s *Store) FixFilter(ctx context.Context, f DeliveryFilter) (DeliveryFilter, error) {
	host := f.Host
	f, err := s.withHost(ctx, f)
	f.Host = host
	return f, err
}

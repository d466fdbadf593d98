package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"hookline/models"
)

// storedFilter is a DeliveryFilter as bulk_jobs keeps it. It is written out by
// hand, so that a renamed Go field does not change what a running job means.
type storedFilter struct {
	Version        int                  `json:"v"`
	WebhookID      string               `json:"webhook_id,omitempty"`
	EventID        string               `json:"event_id,omitempty"`
	State          models.DeliveryState `json:"state,omitempty"`
	EventType      string               `json:"event_type,omitempty"`
	Status         int                  `json:"status,omitempty"`
	Since          time.Time            `json:"since,omitzero"`
	Until          time.Time            `json:"until,omitzero"`
	Search         string               `json:"q,omitempty"`
	CreatedByToken string               `json:"created_by_token,omitempty"`
}

const storedFilterVersion = 1

// EncodeFilter writes a filter down for a bulk job.
func EncodeFilter(f DeliveryFilter) ([]byte, error) {
	return json.Marshal(storedFilter{
		Version: storedFilterVersion, WebhookID: f.WebhookID, EventID: f.EventID, State: f.State, EventType: f.EventType,
		Status: f.Status, Since: f.Since, Until: f.Until, Search: f.Search, CreatedByToken: f.CreatedByToken,
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
		WebhookID: f.WebhookID, EventID: f.EventID, State: f.State, EventType: f.EventType,
		Status: f.Status, Since: f.Since, Until: f.Until, Search: f.Search, CreatedByToken: f.CreatedByToken,
	}, nil
}

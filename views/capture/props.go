// Package capture has the pages of the request bin.
package capture

import (
	"time"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/ui"
)

// Choice is a webhook or an endpoint to choose.
type Choice struct {
	ID   string
	Name string
}

// ShowProps is an endpoint with what it received; with Detail, one of that in
// full.
type ShowProps struct {
	Page      layout.Page
	Endpoints []Choice // all of the person, this one too
	Capture   models.Capture
	URL       string
	Requests  []models.Captured // newest first
	Live      bool              // the list is at its newest
	Pager     ui.PagerProps
	Targets   []Choice // webhooks that may be pointed here
	CanCreate bool     // of webhooks
	Values    FormValues
	Errors    ui.Errors // of the settings
	NewName   string
	NewErrors ui.Errors // of the form for another endpoint
	Detail    *Detail
}

// FormValues are the settings as typed.
type FormValues struct {
	Name   string
	Status string
	Delay  string // seconds
	Type   string
	Body   string
}

// Detail is one request in full.
type Detail struct {
	Request   models.Captured
	Query     []models.HeaderLine
	Origin    *Origin  // nil: no delivery of this installation that the user may see
	Webhooks  []Choice // where it may be replayed to
	WebhookID string   // as chosen
	ReplayURL string   // as typed
	Errors    ui.Errors
	Result    *Result // of a replay, just made
}

// Origin says which delivery a request was. HMAC and Token are valid, wrong or
// "" for none.
type Origin struct {
	DeliveryID  string
	WebhookID   string
	WebhookName string
	HMAC        string
	Token       string
	Standard    string
}

// Result is what a replay brought.
type Result struct {
	URL       string
	Problem   string
	Status    int
	Duration  time.Duration
	Headers   []models.HeaderLine
	Body      []byte
	Truncated bool
}

// RowProps is one request in the list.
type RowProps struct {
	Now      time.Time
	Request  models.Captured
	Selected bool
}

func (p ShowProps) selected() string {
	if p.Detail == nil {
		return ""
	}
	return p.Detail.Request.ID
}

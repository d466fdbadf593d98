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
	Origin    *models.CaptureOrigin // nil: no delivery of this installation that the user may see
	Webhooks  []Choice              // where it may be replayed to
	WebhookID string                // as chosen
	ReplayURL string                // as typed
	Errors    ui.Errors
	Result    *models.Replay // of a replay, just made
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

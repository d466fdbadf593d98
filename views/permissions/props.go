// Package permissions has the pages of rights on webhooks.
package permissions

import (
	"time"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/ui"
)

// ShareProps is what stands on a webhook's Permissions tab.
type ShareProps struct {
	CSRF    string
	Now     time.Time
	Webhook models.Webhook
	Values  FormValues
	Errors  ui.Errors
	// Candidates are those whom the typed text may mean; without a script one
	// chooses among them after the form was sent.
	Candidates []Candidate
	Grants     []Grant // by name
	People     []models.Entitled
	Pager      ui.PagerProps
}

// FormValues are the fields of the form that gives a grant, as typed.
type FormValues struct {
	Text   string `form:"q"`      // a name or an address
	Holder string `form:"holder"` // id of the option picked from the list
	Picked string `form:"picked"` // id of the chosen candidate
	Level  string `form:"level"`
}

// Grant is a grant with its holder.
type Grant struct {
	Holder    models.Holder
	Level     models.Level
	CreatedAt time.Time
}

// Candidate is a user or team that a webhook could be shared with. Reasons is of a user,
// Level of a team.
type Candidate struct {
	Holder  models.Holder
	Level   models.Level
	Reasons []models.Reason
}

// OverviewProps is the page of all webhooks and their grants.
type OverviewProps struct {
	Page  layout.Page
	Query string
	Items []Shared
	Pager ui.PagerProps
}

// Shared is a webhook with its grants.
type Shared struct {
	Webhook models.Webhook
	Grants  []Grant
}

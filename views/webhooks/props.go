// Package webhooks has the pages of the webhooks.
package webhooks

import (
	"time"

	"hookline/models"
	"hookline/views/deliveries"
	"hookline/views/layout"
	"hookline/views/permissions"
	"hookline/views/ui"
)

// Item is a webhook as the list shows it.
type Item struct {
	Webhook  models.Webhook
	Activity models.Activity
	May
}

// May is what the user may do with a webhook.
type May struct {
	CanEdit      bool // change and switch
	CanTest      bool
	CanDuplicate bool
	CanDelete    bool
	CanGrant     bool // see and change its permissions
}

// All is what owners may.
var All = May{CanEdit: true, CanTest: true, CanDuplicate: true, CanDelete: true, CanGrant: true}

// ListProps is the page with all webhooks.
type ListProps struct {
	Page      layout.Page
	Query     string // ?q= as typed
	Items     []Item
	Pager     ui.PagerProps
	CanCreate bool
	// CanGrant shows the way to the page of all grants.
	CanGrant bool
}

// RowProps is one row of the list; the switch posts and gets a row back.
type RowProps struct {
	CSRF string
	Now  time.Time
	Item Item
}

// ShowProps is the Details tab.
type ShowProps struct {
	Page     layout.Page
	Webhook  models.Webhook
	Activity models.Activity
	Stats    models.Stats
	// Preview is the request that will be built from a sample event, secrets
	// masked; PreviewError says why there is none.
	Preview      models.LoggedRequest
	PreviewError string
	Types        []models.EventType // the catalog, in the order to show
	Outgoing     []string           // addresses that requests come from (W8); none when not configured
	Snippets     []Snippet          // code that verifies its requests (B12); none when it does not sign
	OldKeySigns  bool               // the key before the last rotation signs beside the new one
	Waiting      *models.Backlog    // nil when nothing waits
	Uses         []Use
	LeftOut      models.LeftOut // of a copy that was just made
	May
}

// LogsProps is the Logs tab.
type LogsProps struct {
	Webhook models.Webhook
	Log     deliveries.LogProps
	May
}

// PermissionsProps is the Permissions tab.
type PermissionsProps struct {
	Page    layout.Page
	Webhook models.Webhook
	Types   []models.EventType
	Share   permissions.ShareProps
	May
}

// DeleteProps asks for the typed confirmation.
type DeleteProps struct {
	Page    layout.Page
	Webhook models.Webhook
	Pending int    // deliveries that would be cancelled
	More    bool   // there are more than Pending
	Uses    []Use  // what relies on it
	Typed   string // the field confirm, as typed
	Error   string // when what was typed is not the name
}

// KeyShownProps is the page after a signing key was generated: the only time
// it is shown.
type KeyShownProps struct {
	Page    layout.Page
	Webhook models.Webhook
	Key     string
	// OldKeySigns: the key before it signs beside this one for now.
	OldKeySigns bool
	CopyOf      string         // the webhook that this one was just copied from
	LeftOut     models.LeftOut // of a copy
}

// FormProps is the form of a new webhook (no ID) or of an existing one.
type FormProps struct {
	Page   layout.Page
	ID     string // "" for a new one
	Name   string // as saved, for the heading
	Fields Fields
	Errors ui.Errors          // by the names models uses; "" for the whole form
	Types  []models.EventType // the catalog without archived types, in the order to show
	// HeaderPrefix is the workspace's, for the list of headers that are always set.
	HeaderPrefix string
	AllowHTTP    bool
	// StoredAuth is the kind of authentication whose secret is stored; "" for none.
	StoredAuth models.AuthKind
	// StoredHeaders are the names of the headers whose values are stored as secrets.
	StoredHeaders []string
	// Connections are the workspace's OAuth clients.
	Connections []ui.Option
	// Preset is the service that the form was filled in for; nil for none.
	Preset *Destination
	// Suggested is the service that the URL leads to; nil for none.
	Suggested *Destination
	// Source and Preview are beside the form, Palette what its fields may name.
	Source  SourceProps
	Preview PreviewProps
	Palette []ValueGroup
	// Tried is what the filter makes of recent events; nil before it was tried.
	Tried *FilterTried
	// SecretsStay: the stored secrets do not follow to another host, so they have
	// to be entered again.
	SecretsStay bool
}

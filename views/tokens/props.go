// Package tokens has the pages of the API tokens.
package tokens

import (
	"hookline/models"
	"hookline/views/layout"
	"hookline/views/ui"
)

// ListProps is the page with all tokens and the form for a new one.
type ListProps struct {
	Page      layout.Page
	Tokens    []models.Token // newest first
	Values    FormValues
	Errors    ui.Errors // name, scopes, expires_at; "" for the whole form
	CanCreate bool
	CanRevoke bool
}

// FormValues as typed.
type FormValues struct {
	Name    string   `form:"name"`
	Scopes  []string `form:"scopes"`
	Expires string   `form:"expires"` // 30d, 90d, 1y or never
}

// NewValues is what an untouched form shows.
func NewValues() FormValues { return FormValues{Expires: "90d"} }

// CreatedProps is the answer to the form: the only time the token is shown.
type CreatedProps struct {
	Page  layout.Page
	Token models.Token
	Clear string // the token itself
}

// Package auth has the pages before sign-in.
package auth

import (
	"hookline/views/layout"
	"hookline/views/ui"
)

// SetupProps is the first-run page.
type SetupProps struct {
	Page   layout.Page
	Token  string // the one-time token of the link; posted back as the field token
	Values SetupValues
	Errors ui.Errors // site_name, site_domain, name, email, password; "" for the whole form
}

// SetupValues as typed. The password is never drawn again.
type SetupValues struct {
	SiteName   string `form:"site_name"`
	SiteDomain string `form:"site_domain"`
	Name       string `form:"name"`
	Email      string `form:"email"`
	Password   string `form:"password"`
}

// LoginProps is the sign-in page.
type LoginProps struct {
	Page  layout.Page
	Next  string // a local path to go on to; posted back as the field next
	Email string
	Error string // one sentence over the form: wrong password, too many tries
}

package auth

import (
	"fmt"

	"github.com/a-h/templ"

	"hookline/models"
	"hookline/views/layout"
	"hookline/views/ui"
)

// AcceptProps is the page that an invitation's link opens.
type AcceptProps struct {
	Page       layout.Page
	Token      string // of the link
	Invitation models.Invitation
	Name       string    // as typed
	Errors     ui.Errors // name, password; "" for the whole form
}

// ForgotProps is the page for a forgotten password.
type ForgotProps struct {
	Page  layout.Page
	Mails bool // there is a mail server
	Asked bool // the form was taken
	Email string
	Error string
}

// ResetProps is the page that a password link opens.
type ResetProps struct {
	Page   layout.Page
	Token  string
	Email  string
	Errors ui.Errors // password; "" for the whole form
}

func welcome(p AcceptProps) string {
	site := p.Page.SiteName
	if site == "" {
		site = "Hookline"
	}
	return p.Invitation.InvitedBy + " invites you to " + site + " as " + string(p.Invitation.Role) + ". Give your name and choose a password."
}

func acceptField(field string) (label, target string) {
	switch field {
	case "name":
		return "Your name", ui.FieldID(field)
	case "password":
		return "Password", ui.FieldID(field)
	}
	return "", ""
}

func passwordHint() string {
	return fmt.Sprintf("%d to %d characters. A few random words make a good one.", models.MinPassword, models.MaxPassword)
}

func passwordLength() templ.Attributes {
	return templ.Attributes{"minlength": fmt.Sprint(models.MinPassword), "maxlength": fmt.Sprint(models.MaxPassword)}
}

package account

import (
	"context"
	"fmt"

	"hookline/models"
)

// Mailer hands messages to the operator's mail server, within a bounded time.
// Its errors are sentences that an owner may read.
type Mailer interface {
	Send(ctx context.Context, m models.Mail) error
}

// Links makes the addresses that are handed to people, from the operator's
// public address and never from a request.
type Links interface {
	Invite(token string) string
	Reset(token string) string
}

// noLinks is for where nobody can follow one.
type noLinks struct{}

func (noLinks) Invite(token string) string { return "/invite/" + token }
func (noLinks) Reset(token string) string  { return "/reset/" + token }

// Mails reports whether a mail server is configured.
func (d deps) Mails() bool { return d.mail != nil }

// siteName is how mails call the workspace.
func (d deps) siteName() string {
	if name := d.store.Config().Settings.SiteName; name != "" {
		return name
	}
	return "Hookline"
}

func (d deps) invitationMail(i models.Invitation, link string) models.Mail {
	site := d.siteName()
	return models.Mail{
		To: i.Email, Subject: "Your invitation to " + site,
		Paragraphs: []string{fmt.Sprintf("%s invites you to %s on Hookline, as %s.", i.InvitedBy, site, i.Role)},
		Button:     "Accept the invitation", URL: link,
		After: []string{
			"The link works once, until " + i.ExpiresAt.UTC().Format("2 January 2006, 15:04 UTC") + ".",
			"If you did not expect this, ignore it: without the link nothing happens.",
		},
	}
}

func (d deps) resetMail(u models.User, link string) models.Mail {
	return models.Mail{
		To: u.Email, Subject: "Set a new password for " + d.siteName(),
		Paragraphs: []string{"Somebody, hopefully you, asked for a new password for " + u.Email + "."},
		Button:     "Set a new password", URL: link,
		After: []string{"The link works once, for an hour.", "If it was not you, ignore this: your password stays as it is."},
	}
}

package app

import (
	"fmt"
	"log/slog"

	"hookline/app/config"
	"hookline/app/mail"
	"hookline/app/service/account"
	"hookline/views/link"
)

// links are made of the operator's public address, never of a request.
type links struct{ base string }

func (l links) Invite(token string) string { return l.base + link.Invite(token) }
func (l links) Reset(token string) string  { return l.base + link.Reset(token) }

// newMailer returns nil when no mail server is set.
func newMailer(cfg config.Server, log *slog.Logger) (account.Mailer, error) {
	smtp, err := cfg.Mail()
	if err != nil || smtp == nil {
		return nil, err
	}
	m, err := mail.New(mail.Options{
		Host: smtp.Host, Port: smtp.Port, User: smtp.User, Password: smtp.Password, From: smtp.From,
		Implicit: smtp.Implicit, Plain: smtp.Plain, Local: smtp.Local, Log: log,
	})
	if err != nil {
		return nil, fmt.Errorf("--smtp-url: %w", err)
	}
	return m, nil
}

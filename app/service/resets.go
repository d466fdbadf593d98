package service

import (
	"context"

	"hookline/app/secret"
	"hookline/models"
)

const (
	maxAsks    = 3   // links by e-mail to one address in a row
	maxWaiting = 256 // mails that wait to be sent
)

// AskReset asks for a link by e-mail. It looks nobody up: RunMail does, later,
// so that neither answer nor time tell who has an account. Conflict when there
// is no mail server.
func (s *Accounts) AskReset(email, address string) error {
	if !s.Mails() {
		return models.Errorf(models.Conflict, "This server sends no e-mail. Ask an owner of the workspace for a link.")
	}
	email = models.NormalEmail(email)
	if !s.asks.allow(email, address) {
		return models.Errorf(models.TooMany, "Too many links were asked for. Wait a few minutes, and look into your mailbox meanwhile.")
	}
	select {
	case s.asked <- email:
		return nil
	default:
		return models.Errorf(models.Unavailable, "The server is busy sending mail. Try again in a minute.")
	}
}

// RunMail sends the links that were asked for until ctx ends. What waits then is
// dropped; people ask again.
func (s *Accounts) RunMail(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case email := <-s.asked:
			// The mailer has logged why, and the page promised nothing.
			_ = s.mailReset(ctx, email)
		}
	}
}

func (s *Accounts) mailReset(ctx context.Context, email string) error {
	u, err := s.Store.UserByEmail(ctx, email)
	if err != nil || u.Disabled {
		return err
	}
	clear, hash := secret.NewToken("")
	r := models.Reset{Hash: hash, UserID: u.ID, CreatedAt: s.Now(), ExpiresAt: s.Now().Add(models.MailedResetLifetime)}
	if err := s.Store.SaveReset(ctx, r, s.entry(models.Actor{User: &u}, "user.reset_link_mailed", u.ID, u.Name, nil, nil)); err != nil {
		return err
	}
	return s.Mail.Send(ctx, s.resetMail(u, s.Links.Reset(clear)))
}

// CheckReset returns whose password a link may set, else NotFound.
func (s *Accounts) CheckReset(ctx context.Context, token, address string) (models.User, error) {
	return guess(s.guesses, address, token, func(hash []byte) (models.User, error) {
		return s.Store.UserByReset(ctx, hash, s.Now())
	})
}

// Reset sets a new password by a link, once, and ends all sessions of the user.
func (s *Accounts) Reset(ctx context.Context, token, address, password string) error {
	if _, err := s.CheckReset(ctx, token, address); err != nil {
		return err
	}
	var errs models.FieldErrors
	models.CheckPassword(password, &errs)
	if err := errs.Err(); err != nil {
		return err
	}
	hash, err := secret.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	return s.Store.UseReset(ctx, secret.Hash(token), hash, func(before models.User) models.Audit {
		after := before
		after.PasswordHash = hash
		return s.entry(models.Actor{User: &before}, "user.password_changed", before.ID, before.Name, before.AuditFields(), after.AuditFields())
	})
}

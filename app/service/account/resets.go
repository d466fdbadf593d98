package account

import (
	"context"
	"time"

	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/models"
)

// maxWaiting is how many mails may wait to be sent.
const maxWaiting = 256

// newAskLimits bounds links by e-mail, for the mailbox's sake too: those that
// strangers ask for arrive there, and are as good as any.
func newAskLimits(now func() time.Time) visitorLimits {
	return visitorLimits{
		tries:   ratelimit.New(now),
		pair:    ratelimit.Limit{Every: time.Minute, Burst: 3},
		account: ratelimit.Limit{Every: 10 * time.Minute, Burst: 10},
		browser: ratelimit.Limit{Every: 10 * time.Minute, Burst: 3},
	}
}

// AskReset asks for a link by e-mail. It looks nobody up: RunMail does, later,
// so that neither answer nor time tell who has an account. Conflict when there
// is no mail server.
func (s *Accounts) AskReset(email string, from Visitor) error {
	if !s.Mails() {
		return models.Errorf(models.Conflict, "This server sends no e-mail. Ask an owner of the workspace for a link.")
	}
	email = models.NormalEmail(email)
	if !s.mayAsk(email, from) {
		return models.Errorf(models.TooMany, "Too many links were asked for. Wait a few minutes, and look into your mailbox meanwhile.")
	}
	select {
	case s.asked <- email:
		return nil
	default:
		return models.Errorf(models.Unavailable, "The server is busy sending mail. Try again in a minute.")
	}
}

// mayAsk counts a browser that is known by itself, for all addresses together,
// and looks no account up.
func (s *Accounts) mayAsk(email string, from Visitor) bool {
	if mark := s.openMark(from.Browser); len(mark.users) > 0 && s.asks.allowBrowser("", mark.name) {
		return true
	}
	return s.asks.allow(email, from.Network)
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
	u, err := s.store.UserByEmail(ctx, email)
	if err != nil || u.Disabled {
		return err
	}
	clear, hash := secret.NewToken("")
	r := models.Reset{Hash: hash, UserID: u.ID, CreatedAt: s.now(), ExpiresAt: s.now().Add(models.MailedResetLifetime)}
	if err := s.store.SaveReset(ctx, r, s.entry(models.Actor{User: &u}, "user.reset_link_mailed", u.ID, u.Name, nil, nil)); err != nil {
		return err
	}
	return s.mail.Send(ctx, s.resetMail(u, s.links.Reset(clear)))
}

// CheckReset returns whose password a link may set, else NotFound.
func (s *Accounts) CheckReset(ctx context.Context, token, address string) (models.User, error) {
	return guess(s.guesses, address, token, func(hash []byte) (models.User, error) {
		return s.store.UserByReset(ctx, hash, s.now())
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
	return s.store.UseReset(ctx, secret.Hash(token), hash, func(before models.User) models.Audit {
		after := before
		after.PasswordHash = hash
		return s.entry(models.Actor{User: &before}, "user.password_changed", before.ID, before.Name, before.AuditFields(), after.AuditFields())
	})
}

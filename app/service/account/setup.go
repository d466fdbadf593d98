package account

import (
	"context"
	"strings"

	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// Accounts is who people are and how they sign in.
type Accounts struct {
	deps
	passwords visitorLimits      // tried to sign in
	proofs    *ratelimit.Buckets // tried by users of their own password
	guesses   *ratelimit.Buckets // of links
	asks      visitorLimits      // for links by e-mail
	asked     chan string        // addresses to send such a link to, if somebody has them
	signIns   *signInLog
}

// SuggestedDomain is offered at setup: the host of the public address.
func (s *Accounts) SuggestedDomain() string { return s.siteDomain }

func newAccounts(d deps, guesses *ratelimit.Buckets) *Accounts {
	return &Accounts{
		deps: d, passwords: newPasswordLimits(d.now), proofs: ratelimit.New(d.now), guesses: guesses,
		asks: newAskLimits(d.now), asked: make(chan string, maxWaiting), signIns: newSignInLog(d.now),
	}
}

// OpenSetup makes a new one-time setup token, or returns "" when the workspace
// has users already. On PostgreSQL, those that other nodes made stay valid.
func (s *Accounts) OpenSetup(ctx context.Context) (string, error) {
	n, err := s.store.CountUsers(ctx)
	if err != nil || n > 0 {
		return "", err
	}
	clear, hash := secret.NewToken("")
	return clear, s.store.AddSetupLink(ctx, hash)
}

// CheckSetup returns nil while this token may still set the workspace up, else
// NotFound.
func (s *Accounts) CheckSetup(ctx context.Context, token string) error {
	open, err := s.store.SetupOpen(ctx, secret.Hash(token))
	if err == nil && !open {
		err = store.ErrSetupClosed
	}
	return err
}

// SetupInput is the first owner and the workspace's name.
type SetupInput struct {
	SiteName   string
	SiteDomain string
	Name       string
	Email      string
	Password   string
}

// SetUp makes the first owner. Of several that race with the link, one wins.
func (s *Accounts) SetUp(ctx context.Context, token string, in SetupInput) (models.User, error) {
	if err := s.CheckSetup(ctx, token); err != nil {
		return models.User{}, err
	}
	settings := s.store.Config().Settings
	settings.SiteName, settings.SiteDomain = strings.TrimSpace(in.SiteName), strings.TrimSpace(in.SiteDomain)
	u, errs := s.newUser(in.Email, in.Name, models.Owner, in.Password)
	errs = append(settings.Validate(), errs...)
	if err := errs.Err(); err != nil {
		return models.User{}, err
	}
	var err error
	if u.PasswordHash, err = secret.HashPassword(ctx, in.Password); err != nil {
		return models.User{}, err
	}
	return u, s.store.SetUp(ctx, secret.Hash(token), u, settings,
		s.entry(models.Actor{User: &u}, "workspace.set_up", u.ID, settings.SiteName, nil, append(u.AuditFields(), settings.AuditFields()...)))
}

// Add makes a user; for the command line.
func (s *Accounts) Add(ctx context.Context, email, name string, role models.Role, password string) (models.User, error) {
	u, errs := s.newUser(email, name, role, password)
	if err := errs.Err(); err != nil {
		return models.User{}, err
	}
	var err error
	if u.PasswordHash, err = secret.HashPassword(ctx, password); err != nil {
		return models.User{}, err
	}
	err = s.store.CreateUser(ctx, u, s.entry(models.Actor{System: true}, "user.created", u.ID, u.Name, nil, u.AuditFields()))
	if models.CodeOf(err) == models.Conflict {
		err = store.AddressTaken(u.Email)
	}
	return u, err
}

func (s *Accounts) newUser(email, name string, role models.Role, password string) (models.User, models.FieldErrors) {
	u := models.User{
		ID: store.NewID(models.UserPrefix), Email: models.NormalEmail(email), Name: strings.TrimSpace(name), Role: role,
		CreatedAt: s.now(), UpdatedAt: s.now(),
	}
	errs := u.Validate()
	models.CheckPassword(password, &errs)
	return u, errs
}

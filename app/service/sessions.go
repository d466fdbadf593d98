package service

import (
	"context"

	"hookline/app/secret"
	"hookline/models"
)

// wrongLogin is the same for an unknown address, a wrong password and a disabled
// user, so that nobody learns who has an account.
var wrongLogin = models.Errorf(models.Unauthenticated, "The e-mail address or the password is wrong.")

// Login checks a password and starts a session. address is the client's, for
// throttling. The token belongs into the cookie.
func (s *Accounts) Login(ctx context.Context, email, password, address string) (token string, err error) {
	email = models.NormalEmail(email)
	if !s.throttle.allow(email, address) {
		return "", models.Errorf(models.TooMany, "Too many attempts to sign in. Wait a few minutes and try again.")
	}
	u, err := s.Store.UserByEmail(ctx, email)
	if models.CodeOf(err) == models.NotFound {
		if err := secret.CheckNobody(ctx, password); err != nil {
			return "", err
		}
		return "", wrongLogin
	}
	if err != nil {
		return "", err
	}
	ok, err := secret.CheckPassword(ctx, password, u.PasswordHash)
	if err != nil {
		return "", err
	}
	if !ok || u.Disabled {
		return "", wrongLogin
	}
	s.throttle.forget(email)
	return s.StartSession(ctx, u)
}

// StartSession signs a user in, with a token that nobody had before.
func (s *Accounts) StartSession(ctx context.Context, u models.User) (token string, err error) {
	token, hash := secret.NewToken("")
	now := s.Now()
	return token, s.Store.CreateSession(ctx, models.Session{
		Hash: hash, UserID: u.ID, CreatedAt: now, ExpiresAt: now.Add(models.SessionLifetime),
	})
}

// SignedIn returns whose session this token is; NotFound when it has ended.
func (s *Accounts) SignedIn(ctx context.Context, token string) (models.User, error) {
	return s.Store.UserBySession(ctx, secret.Hash(token), s.Now())
}

// Logout ends a session at once.
func (s *Accounts) Logout(ctx context.Context, token string) error {
	return s.Store.DeleteSession(ctx, secret.Hash(token))
}

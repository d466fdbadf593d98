package service

import (
	"context"
	"strings"
	"unicode"
	"unicode/utf8"

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
		ID: newID(models.SessionPrefix), Hash: hash, UserID: u.ID, CreatedAt: now, ExpiresAt: now.Add(models.SessionLifetime),
	})
}

// SignedIn returns whose session this token is; NotFound when it has ended.
func (s *Accounts) SignedIn(ctx context.Context, token string) (models.User, error) {
	_, u, err := s.Session(ctx, token)
	return u, err
}

// Session is SignedIn with the session itself.
func (s *Accounts) Session(ctx context.Context, token string) (models.Session, models.User, error) {
	return s.Store.Session(ctx, secret.Hash(token), s.Now())
}

// maxAgent is more than any browser says of itself in earnest.
const maxAgent = 300

// Seen notes that a session is used, and where from. A busy one costs one write
// a minute; a failure is not worth failing a page for.
func (s *Accounts) Seen(ctx context.Context, v models.Session, address, agent string) {
	now := s.Now()
	if now.Sub(v.SeenAt) < models.SeenEvery {
		return
	}
	v.SeenAt, v.Address, v.Agent = now, address, cleanLine(agent, maxAgent)
	_ = s.Store.TouchSession(context.WithoutCancel(ctx), v)
}

// cleanLine makes one line of valid text of what anybody may have sent.
func cleanLine(text string, max int) string {
	if len(text) > max {
		text = text[:max]
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return -1
		}
		return r
	}, text)
}

// Logout ends a session at once.
func (s *Accounts) Logout(ctx context.Context, token string) error {
	return s.Store.DeleteSession(ctx, secret.Hash(token))
}

package account

import (
	"context"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// wrongLogin is the same for an unknown address, a wrong password and a disabled
// user, so that nobody learns who has an account.
var wrongLogin = models.Errorf(models.Unauthenticated, "The e-mail address or the password is wrong.")

// newPasswordLimits bounds guessing: some 1,400 passwords a day from one network,
// and half as many from all others together.
func newPasswordLimits(now func() time.Time) visitorLimits {
	return visitorLimits{
		tries:   ratelimit.New(now),
		pair:    ratelimit.Limit{Every: time.Minute, Burst: 10},
		account: ratelimit.Limit{Every: 2 * time.Minute, Burst: 100},
		browser: ratelimit.Limit{Every: time.Minute, Burst: 10},
	}
}

// Started is a session that was just started: its token, and the mark for the
// browser to keep, each for a cookie.
type Started struct {
	Token   string
	Browser string
}

// Login checks a password and starts a session. What fails is in the audit log.
func (s *Accounts) Login(ctx context.Context, email, password string, from Visitor) (Started, error) {
	account := models.NormalEmail(email)
	u, err := s.checkPassword(ctx, account, password, from)
	switch models.CodeOf(err) {
	case models.Unauthenticated, models.TooMany:
		s.noteFailure(ctx, email, from.Network)
	}
	if err != nil {
		return Started{}, err
	}
	return s.StartSession(ctx, u, from)
}

func (s *Accounts) checkPassword(ctx context.Context, account, password string, from Visitor) (models.User, error) {
	u, err := s.store.UserByEmail(ctx, account)
	known := models.CodeOf(err) != models.NotFound
	if err != nil && known {
		return u, err
	}
	mark := s.openMark(from.Browser)
	browser := known && mark.of(u.ID)
	allowed := false
	if browser {
		allowed = s.passwords.allowBrowser(account, mark.name)
	} else {
		allowed = s.passwords.allow(account, from.Network)
	}
	if !allowed {
		return u, models.Errorf(models.TooMany, "Too many attempts to sign in. Wait a few minutes and try again.")
	}
	if !known {
		if err := secret.CheckNobody(ctx, password); err != nil {
			return u, err
		}
		return u, wrongLogin
	}
	ok, err := secret.CheckPassword(ctx, password, u.PasswordHash)
	if err != nil {
		return u, err
	}
	if !ok || u.Disabled {
		return u, wrongLogin
	}
	if browser {
		s.passwords.succeededIn(account, mark.name)
	} else {
		s.passwords.succeeded(account, from.Network)
	}
	return u, nil
}

// StartSession signs a user in, with a token that nobody had before.
func (s *Accounts) StartSession(ctx context.Context, u models.User, from Visitor) (Started, error) {
	token, hash := secret.NewToken("")
	mark, now := s.openMark(from.Browser), s.now()
	sealed, err := mark.seal(s.box, u.ID)
	if err != nil {
		return Started{}, err
	}
	browser := "new"
	if mark.of(u.ID) {
		browser = "known"
	}
	fields := []models.Field{{Name: "network", Value: from.Network}, {Name: "browser", Value: browser}}
	return Started{Token: token, Browser: sealed}, s.store.CreateSession(ctx, models.Session{
		ID: store.NewID(models.SessionPrefix), Hash: hash, UserID: u.ID, CreatedAt: now, ExpiresAt: now.Add(models.SessionLifetime),
	}, s.entry(models.Actor{User: &u}, "user.signed_in", u.ID, u.Name, nil, fields))
}

// SignedIn returns whose session this token is; NotFound when it has ended.
func (s *Accounts) SignedIn(ctx context.Context, token string) (models.User, error) {
	_, u, err := s.Session(ctx, token)
	return u, err
}

// Session is SignedIn with the session itself.
func (s *Accounts) Session(ctx context.Context, token string) (models.Session, models.User, error) {
	session, user, err := s.store.Session(ctx, secret.Hash(token), s.now())
	if err == nil { // pages show what other nodes have changed
		_, err = s.store.FreshConfig(ctx)
	}
	return session, user, err
}

// maxAgent is more than any browser says of itself in earnest.
const maxAgent = 300

// Seen notes that a session is used, and where from. A busy one costs one write
// a minute; a failure is not worth failing a page for.
func (s *Accounts) Seen(ctx context.Context, v models.Session, address, agent string) {
	now := s.now()
	if now.Sub(v.SeenAt) < models.SeenEvery {
		return
	}
	v.SeenAt, v.Address, v.Agent = now, address, cleanLine(agent, maxAgent)
	_ = s.store.TouchSession(context.WithoutCancel(ctx), v)
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
	return s.store.DeleteSession(ctx, secret.Hash(token))
}

package mw

import (
	"net/http"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"hookline/app/service/account"
	"hookline/models"
)

// Sessions is gorilla's Store over the sessions table. The cookie's value is the
// session's random token and nothing else, neither signed nor encrypted: 256
// random bits cannot be guessed, so a signature would prove nothing more, and
// there is no key that a restart or a second node would have to share. The row
// is the truth: without it the cookie is worth nothing.
type Sessions struct {
	accounts *account.Accounts
	name     string
	browser  string // the cookie of a browser that a user signed in with
	options  sessions.Options
}

// browserFor is how long a browser is known: the longest that browsers keep a
// cookie.
const browserFor = 400 * 24 * time.Hour

// userKey is where a session holds its models.User, rowKey its models.Session.
type (
	userKey struct{}
	rowKey  struct{}
)

// maxToken is well over the length of a real token; anything longer need not be
// hashed and looked up.
const maxToken = 128

// NewSessions keeps the token in a cookie of the installation's own.
func NewSessions(accounts *account.Accounts, cookies Cookies) *Sessions {
	return &Sessions{accounts: accounts, name: cookies.Name("hookline"), browser: cookies.Name("hookline-browser"), options: sessions.Options{
		Path: "/", MaxAge: int(models.SessionLifetime.Seconds()),
		HttpOnly: true, Secure: cookies.https, SameSite: http.SameSiteLaxMode,
	}}
}

// Get returns the request's session, looked up once per request.
func (s *Sessions) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New looks the cookie's token up. A cookie without a live row is a new session,
// not an error; an error is the database's.
func (s *Sessions) New(r *http.Request, name string) (*sessions.Session, error) {
	session := sessions.NewSession(s, name)
	options := s.options
	session.Options, session.IsNew = &options, true
	cookie, _ := r.Cookie(name) // nil when there is none
	if cookie == nil || cookie.Value == "" || len(cookie.Value) > maxToken {
		return session, nil
	}
	row, user, err := s.accounts.Session(r.Context(), cookie.Value)
	if models.CodeOf(err) == models.NotFound {
		return session, nil
	}
	if err != nil {
		return session, err
	}
	session.ID, session.IsNew, session.Values[userKey{}] = cookie.Value, false, &user
	session.Values[rowKey{}] = row
	return session, nil
}

// Save sends the cookie. The row was written by account.Accounts.
func (s *Sessions) Save(_ *http.Request, w http.ResponseWriter, session *sessions.Session) error {
	http.SetCookie(w, sessions.NewCookie(session.Name(), session.ID, session.Options))
	return nil
}

// User is who is signed in, or nil.
func (s *Sessions) User(c echo.Context) (*models.User, error) {
	session, err := s.Get(c.Request(), s.name)
	if err != nil {
		return nil, err
	}
	user, _ := session.Values[userKey{}].(*models.User)
	return user, nil
}

// Current is the row of the live session; zero when there is none.
func (s *Sessions) Current(c echo.Context) models.Session {
	session, err := s.Get(c.Request(), s.name)
	if err != nil {
		return models.Session{}
	}
	row, _ := session.Values[rowKey{}].(models.Session)
	return row
}

// Revalidate looks the session up once more, for an answer that stays open: it may
// have ended meanwhile. Unauthenticated when it has.
func (s *Sessions) Revalidate(c echo.Context) (*models.User, error) {
	user, err := s.accounts.SignedIn(c.Request().Context(), s.token(c))
	if models.CodeOf(err) == models.NotFound {
		err = models.Errorf(models.Unauthenticated, "Sign in again.")
	}
	return &user, err
}

// token is the live session's, or "".
func (s *Sessions) token(c echo.Context) string {
	if session, err := s.Get(c.Request(), s.name); err == nil {
		return session.ID
	}
	return ""
}

// Visitor describes the sender of a request before a sign-in.
func (s *Sessions) Visitor(c echo.Context) account.Visitor {
	from := account.Visitor{Network: ClientNetwork(c)}
	if cookie, err := c.Request().Cookie(s.browser); err == nil {
		from.Browser = cookie.Value
	}
	return from
}

// SignIn gives the browser the token of a session that was just started, and
// ends the one it had, so that no token from before a sign-in stays good. The
// browser is known from then on, signed out or not.
func (s *Sessions) SignIn(c echo.Context, started account.Started) error {
	session, err := s.ended(c)
	if err != nil {
		return err
	}
	session.ID = started.Token
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	known := s.options
	known.MaxAge = int(browserFor.Seconds())
	http.SetCookie(c.Response(), sessions.NewCookie(s.browser, started.Browser, &known))
	return nil
}

// SignOut ends the session in the database first: a cookie that was copied
// before is worth nothing after it.
func (s *Sessions) SignOut(c echo.Context) error {
	session, err := s.ended(c)
	if err != nil {
		return err
	}
	session.ID, session.Options.MaxAge = "", -1
	return session.Save(c.Request(), c.Response())
}

// ended is the browser's session cookie, after the session it named has ended.
func (s *Sessions) ended(c echo.Context) (*sessions.Session, error) {
	session, err := s.Get(c.Request(), s.name)
	if err == nil && session.ID != "" {
		err = s.accounts.Logout(c.Request().Context(), session.ID)
	}
	return session, err
}

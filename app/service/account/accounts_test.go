package account_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service/account"
	"hookline/models"
)

func fields(t *testing.T, err error) map[string]string {
	t.Helper()
	var refused *models.Error
	require.ErrorAs(t, err, &refused)
	found := map[string]string{}
	for _, f := range refused.Fields {
		found[f.Field] = f.Message
	}
	return found
}

const password = "correct horse battery"

// trust.md: the same answer for an unknown address, a wrong password and a
// disabled user; throttled per account; sessions end at once.
func TestLogin(t *testing.T) {
	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	_, err := e.Accounts.Add(t.Context(), " Pat@Example.com ", "Pat", models.Owner, password)
	require.NoError(t, err)

	home := account.Visitor{Network: "192.0.2.1"}
	started, err := e.Accounts.Login(t.Context(), "pat@example.COM", password, home)
	require.NoError(t, err)
	u, err := e.Accounts.SignedIn(t.Context(), started.Token)
	require.NoError(t, err)
	require.Equal(t, "pat@example.com", u.Email)
	require.NoError(t, e.Accounts.Logout(t.Context(), started.Token))
	_, err = e.Accounts.SignedIn(t.Context(), started.Token)
	require.Equal(t, models.NotFound, models.CodeOf(err))

	_, wrong := e.Accounts.Login(t.Context(), "pat@example.com", "wrong password", home)
	_, unknown := e.Accounts.Login(t.Context(), "nobody@example.com", password, home)
	require.Equal(t, models.Unauthenticated, models.CodeOf(wrong))
	require.Equal(t, wrong, unknown)

	for range 10 {
		_, err = e.Accounts.Login(t.Context(), "pat@example.com", "wrong password", home)
	}
	require.Equal(t, models.TooMany, models.CodeOf(err))
	clock.Advance(15 * time.Minute)
	_, err = e.Accounts.Login(t.Context(), "pat@example.com", password, home)
	require.NoError(t, err)
}

func TestPasswordLength(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	_, err := e.Accounts.Add(t.Context(), "pat@example.com", "Pat", models.Owner, "too short")
	require.Contains(t, fields(t, err), "password")
	_, err = e.Accounts.Add(t.Context(), "not an address", "Pat\x00", "boss", password)
	got := fields(t, err)
	require.Contains(t, got, "email")
	require.Contains(t, got, "name")
	require.Contains(t, got, "role")
}

func TestTokensExpireAndEnd(t *testing.T) {
	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	clear, tok, err := e.Tokens.Create(t.Context(), apptest.System, "ci", []models.Scope{models.EventsWrite}, clock.Now().Add(time.Hour))
	require.NoError(t, err)
	got, err := e.Tokens.Authenticate(t.Context(), clear)
	require.NoError(t, err)
	require.Equal(t, tok.ID, got.ID)
	clock.Advance(2 * time.Hour)
	_, err = e.Tokens.Authenticate(t.Context(), clear)
	require.ErrorContains(t, err, "expired")

	clear, tok, err = e.Tokens.Create(t.Context(), apptest.System, "ci", []models.Scope{models.EventsWrite}, time.Time{})
	require.NoError(t, err)
	require.NoError(t, e.Tokens.Revoke(t.Context(), apptest.System, tok.ID))
	for _, bad := range []string{clear, "", "hl_", "hl_unknown", "Bearer " + clear, "\x00"} {
		_, err = e.Tokens.Authenticate(t.Context(), bad)
		require.Equal(t, models.Unauthenticated, models.CodeOf(err), bad)
	}
}

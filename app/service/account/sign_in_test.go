package account_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/service/account"
	"hookline/models"
)

// trust.md: strangers cannot lock an owner out. An account is counted together
// with the network, and a browser that is known is counted by itself.
func TestStrangersCannotLockAnOwnerOut(t *testing.T) {
	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	_, err := e.Accounts.Add(t.Context(), "pat@example.com", "Pat", models.Owner, password)
	require.NoError(t, err)
	_, err = e.Accounts.Add(t.Context(), "kim@example.com", "Kim", models.Member, password)
	require.NoError(t, err)
	login := func(email, password string, from account.Visitor) (account.Started, error) {
		return e.Accounts.Login(t.Context(), email, password, from)
	}
	office := account.Visitor{Network: "192.0.2.1"}
	first, err := login("pat@example.com", password, office)
	require.NoError(t, err)
	known := account.Visitor{Network: office.Network, Browser: first.Browser}

	// A stranger elsewhere, then a stranger beside the owner.
	for _, network := range []string{"198.51.100.7", office.Network} {
		for range 12 {
			_, err = login("pat@example.com", "a wrong password", account.Visitor{Network: network})
		}
		require.Equal(t, models.TooMany, models.CodeOf(err))
		if network != office.Network {
			_, err = login("pat@example.com", password, office)
			require.NoError(t, err, "the owner's own network is not the stranger's")
		}
		_, err = login("pat@example.com", password, known)
		require.NoError(t, err)
	}

	// From ever other networks guessing ends, and the known browser still gets in.
	for i := range 110 {
		_, err = login("pat@example.com", "a wrong password", account.Visitor{Network: fmt.Sprintf("2001:db8:0:%x::/64", i)})
		if models.CodeOf(err) == models.TooMany {
			require.Greater(t, i, 50)
			break
		}
	}
	require.Equal(t, models.TooMany, models.CodeOf(err))
	_, err = login("pat@example.com", password, known)
	require.NoError(t, err)

	// A mark counts for its own users alone, and none can be made up.
	kims, err := login("kim@example.com", password, account.Visitor{Network: "192.0.2.9"})
	require.NoError(t, err)
	tampered := []byte(first.Browser)
	tampered[len(tampered)-3] ^= 1
	for _, mark := range []string{kims.Browser, string(tampered), "AAAA", strings.Repeat("A", 5000), "\x00", ""} {
		_, err = login("pat@example.com", password, account.Visitor{Network: "192.0.2.77", Browser: mark})
		require.Equal(t, models.TooMany, models.CodeOf(err))
	}

	// Two who share a browser are both known in it.
	both, err := login("kim@example.com", password, known)
	require.NoError(t, err)
	_, err = login("pat@example.com", password, account.Visitor{Network: "192.0.2.77", Browser: both.Browser})
	require.NoError(t, err)

	// And even there guessing is slow.
	for range 11 {
		_, err = login("pat@example.com", "a wrong password", known)
	}
	require.Equal(t, models.TooMany, models.CodeOf(err))
	clock.Advance(2 * time.Minute)
	_, err = login("pat@example.com", password, known)
	require.NoError(t, err)
}

// B10: sign-ins are in the audit log, failed ones too; a flood of them is counted.
func TestB10_SignInsAreInTheAuditLog(t *testing.T) {
	clock := apptest.NewClock()
	e := apptest.NewEngine(t, apptest.Options{Clock: clock})
	u, err := e.Accounts.Add(t.Context(), "pat@example.com", "Pat", models.Owner, password)
	require.NoError(t, err)
	owner := models.Actor{User: &u}
	here := account.Visitor{Network: "192.0.2.1"}
	_, err = e.Accounts.Login(t.Context(), "pat@example.com", password, here)
	require.NoError(t, err)
	typed := "No\x00body\n@example.com" + strings.Repeat("x", 400)
	for range 25 {
		_, err = e.Accounts.Login(t.Context(), typed, "my secret password", here)
		require.Error(t, err)
	}
	entries := func(action string) []models.Audit {
		page, err := e.Audit.List(t.Context(), owner, models.AuditFilter{Action: action}, models.PageRequest{})
		require.NoError(t, err)
		return page.Items
	}
	in := entries("user.signed_in")
	require.Len(t, in, 1)
	require.Equal(t, u.ID, in[0].ActorID)
	require.Equal(t, models.Change{Field: "network", After: "192.0.2.1"}, in[0].Changes[0])

	failed := entries("user.sign_in_failed")
	require.Len(t, failed, 1, "the others are counted")
	require.Equal(t, models.VisitorActor, failed[0].ActorKind)
	require.True(t, strings.HasPrefix(failed[0].Subject, "Nobody@example.com"), failed[0].Subject)
	require.LessOrEqual(t, len(failed[0].Subject), 200)
	require.NotContains(t, fmt.Sprint(failed), "my secret password")

	require.NoError(t, e.Accounts.NoteFailures(t.Context(), false))
	require.Len(t, entries("user.sign_in_failed"), 1)
	clock.Advance(20 * time.Minute)
	require.NoError(t, e.Accounts.NoteFailures(t.Context(), false))
	failed = entries("user.sign_in_failed")
	require.Len(t, failed, 2)
	require.Contains(t, failed[0].Changes, models.Change{Field: "attempts", After: "24"})

	member, err := e.Accounts.Add(t.Context(), "kim@example.com", "Kim", models.Manager, password)
	require.NoError(t, err)
	_, err = e.Audit.List(t.Context(), models.Actor{User: &member}, models.AuditFilter{}, models.PageRequest{})
	require.Equal(t, models.Denied, models.CodeOf(err), "owners only")
}

// A stranger's wrong passwords do not keep a user from changing their own.
func TestStrangersDoNotSlowAProofOfPassword(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	u, err := e.Accounts.Add(t.Context(), "pat@example.com", "Pat", models.Owner, password)
	require.NoError(t, err)
	for range 12 {
		_, err = e.Accounts.Login(t.Context(), u.Email, "a wrong password", account.Visitor{Network: "192.0.2.1"})
	}
	require.Equal(t, models.TooMany, models.CodeOf(err))
	me := models.Actor{User: &u}
	require.NoError(t, e.Accounts.ChangePassword(t.Context(), me, password, "another horse battery", ""))
	for range 11 {
		err = e.Accounts.ChangePassword(t.Context(), me, "a wrong password", "another horse battery", "")
	}
	require.Equal(t, models.TooMany, models.CodeOf(err))
}

// A link that works, works, however many wrong ones its network tried.
func TestStrangersCannotLockALinkOut(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	made, err := e.Invitations.Invite(t.Context(), apptest.System, "kim@example.com", models.Member, nil)
	require.NoError(t, err)
	for range 60 {
		_, err = e.Invitations.Check(t.Context(), "wrong", "192.0.2.1")
	}
	require.Equal(t, models.TooMany, models.CodeOf(err))
	token := made.Link[strings.LastIndex(made.Link, "/")+1:]
	_, err = e.Invitations.Check(t.Context(), token, "192.0.2.1")
	require.NoError(t, err)
}

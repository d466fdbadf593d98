package storetest

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// D2: two owners who demote each other at once leave one.
func testLastOwner(t *testing.T, s *suite) {
	owners := make([]models.User, 8)
	for i := range owners {
		owners[i] = s.user(fmt.Sprintf("owner%d@example.com", i))
		require.NoError(t, s.CreateUser(s.ctx, owners[i]))
	}
	other := s.open(t, "n2", s.clock) // as another node does
	errs := make([]error, len(owners))
	var wg sync.WaitGroup
	for i, u := range owners {
		on := []*store.Store{s.Store, other}[i%2]
		wg.Go(func() {
			_, errs[i] = on.ChangeUser(s.ctx, u.ID, "", func(u *models.User) ([]models.Audit, error) {
				if i%3 == 0 {
					u.Disabled = true
				} else {
					u.Role = models.Member
				}
				return nil, nil
			})
		})
	}
	wg.Wait()
	kept := 0
	for _, err := range errs {
		if err != nil {
			require.Equal(t, store.ErrLastOwner, err)
			kept++
		}
	}
	require.Equal(t, 1, kept)
	users, err := s.Users(s.ctx, "", store.Page{Limit: 20})
	require.NoError(t, err)
	left := 0
	for _, u := range users {
		if u.EnabledOwner() {
			left++
		}
	}
	require.Equal(t, 1, left)
}

// D2: of owners who delete each other at once, one stays.
func testDeleteLastOwner(t *testing.T, s *suite) {
	owners := make([]models.User, 8)
	for i := range owners {
		owners[i] = s.user(fmt.Sprintf("owner%d@example.com", i))
		require.NoError(t, s.CreateUser(s.ctx, owners[i]))
	}
	other := s.open(t, "n2", s.clock) // as another node does
	errs := make([]error, len(owners))
	var wg sync.WaitGroup
	for i, u := range owners {
		on := []*store.Store{s.Store, other}[i%2]
		wg.Go(func() { errs[i] = on.DeleteUser(s.ctx, u.ID, deleted) })
	}
	wg.Wait()
	kept := 0
	for _, err := range errs {
		if err != nil {
			require.Equal(t, store.ErrLastOwner, err)
			kept++
		}
	}
	require.Equal(t, 1, kept)
	n, err := s.CountUsers(s.ctx)
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
}

func deleted(u models.User) models.Audit {
	return models.Audit{ID: newID(models.AuditPrefix), Action: "user.deleted", SubjectID: u.ID, Subject: u.Name, Changes: []models.Change{}}
}

// D2: what was a user's own goes with them, and what others hold stays.
func testDeleteUser(t *testing.T, s *suite) {
	hook, kim, pat := s.webhook(t), s.user("kim@example.com"), s.user("pat@example.com")
	kim.Role = models.Member
	require.NoError(t, s.CreateUser(s.ctx, kim))
	require.NoError(t, s.CreateUser(s.ctx, pat))
	team := models.Team{ID: newID(models.TeamPrefix), Name: "Logistics", Members: []string{pat.ID, kim.ID}, CreatedAt: s.clock.At, UpdatedAt: s.clock.At}
	require.NoError(t, s.CreateTeam(s.ctx, team))
	bin := s.capture(t, kim.ID)
	for _, u := range []models.User{kim, pat} {
		grant := models.Grant{ID: newID(models.GrantPrefix), WebhookID: hook.ID, UserID: u.ID, Level: models.EditGrant, CreatedAt: s.clock.At}
		require.NoError(t, s.SaveGrant(s.ctx, grant))
		invited := models.Invitation{
			ID: newID(models.InvitePrefix), Email: "by." + u.Email, Role: models.Member, Teams: []string{}, Hash: []byte(u.Email),
			InvitedBy: "Pat", InviterID: u.ID, CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour),
		}
		require.NoError(t, s.CreateInvitation(s.ctx, invited))
		session := models.Session{Hash: []byte(u.ID), ID: newID(models.SessionPrefix), UserID: u.ID, CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour)}
		require.NoError(t, s.CreateSession(s.ctx, session))
		require.NoError(t, s.SaveReset(s.ctx, models.Reset{Hash: []byte("reset " + u.ID), UserID: u.ID, CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour)}))
	}
	require.NoError(t, s.DeleteUser(s.ctx, kim.ID, deleted))

	gone := func(err error) { t.Helper(); require.Equal(t, models.NotFound, models.CodeOf(err)) }
	gone(s.DeleteUser(s.ctx, kim.ID, deleted))
	_, err := s.User(s.ctx, kim.ID)
	gone(err)
	_, err = s.sessionUser([]byte(kim.ID), s.clock.At)
	gone(err)
	_, err = s.Capture(s.ctx, bin.ID)
	gone(err)
	access := s.Config().Access
	require.Equal(t, models.NoGrant, access.Level(kim.ID, hook.ID))
	require.Len(t, access.Grants, 1)
	require.Equal(t, []string{pat.ID}, access.Team(team.ID).Members)
	open, err := s.Invitations(s.ctx, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Equal(t, pat.ID, open[0].InviterID)
	_, err = s.sessionUser([]byte(pat.ID), s.clock.At)
	require.NoError(t, err)
	log, err := s.Audits(s.ctx, models.AuditFilter{SubjectID: kim.ID}, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Equal(t, "Pat", log[0].Subject)
	require.Equal(t, store.ErrLastOwner, s.DeleteUser(s.ctx, pat.ID, deleted))

	again := s.user("kim@example.com")
	require.NoError(t, s.CreateUser(s.ctx, again), "the address is free")
}

// A link makes one account, however many open it at once.
func testInvitations(t *testing.T, s *suite) {
	team := models.Team{ID: newID(models.TeamPrefix), Name: "Logistics", CreatedAt: s.clock.At, UpdatedAt: s.clock.At}
	require.NoError(t, s.CreateTeam(s.ctx, team))
	i := models.Invitation{
		ID: newID(models.InvitePrefix), Email: "kim@example.com", Role: models.Manager, Teams: []string{team.ID, newID(models.TeamPrefix)},
		Hash: []byte("first"), InvitedBy: "Pat", CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour),
	}
	require.NoError(t, s.CreateInvitation(s.ctx, i))
	got, err := s.Invitation(s.ctx, i.ID)
	require.NoError(t, err)
	require.Equal(t, i, got)
	twin := i
	twin.ID, twin.Hash = newID(models.InvitePrefix), []byte("twin")
	require.Equal(t, models.Conflict, models.CodeOf(s.CreateInvitation(s.ctx, twin)))
	i.Hash = []byte("second")
	require.NoError(t, s.RenewInvitation(s.ctx, i))
	_, err = s.InvitationByHash(s.ctx, []byte("first"), s.clock.At)
	require.Equal(t, models.NotFound, models.CodeOf(err))

	errs := make([]error, 100)
	var wg sync.WaitGroup
	for n := range errs {
		wg.Go(func() {
			u := s.user("chosen@example.com")
			_, errs[n] = s.AcceptInvitation(s.ctx, i.Hash, u, func(u models.User) models.Audit {
				return models.Audit{ID: newID(models.AuditPrefix), At: s.clock.At, Action: "invitation.accepted", SubjectID: u.ID, Changes: []models.Change{}}
			})
		})
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		require.Equal(t, models.NotFound, models.CodeOf(err))
	}
	require.Equal(t, 1, won)
	kim, err := s.UserByEmail(s.ctx, "kim@example.com")
	require.NoError(t, err)
	require.Equal(t, models.Manager, kim.Role, "the invitation's, not what was sent")
	require.Equal(t, []string{kim.ID}, s.Config().Access.Team(team.ID).Members)
	audits, err := s.Audits(s.ctx, models.AuditFilter{}, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, audits, 1)
	require.Equal(t, models.Conflict, models.CodeOf(s.CreateInvitation(s.ctx, i)), "there is such a user now")

	twin.Email = "lee@example.com"
	require.NoError(t, s.CreateInvitation(s.ctx, twin))
	s.clock.At = s.clock.At.Add(time.Hour)
	_, err = s.AcceptInvitation(s.ctx, twin.Hash, s.user(""), func(models.User) models.Audit { return models.Audit{} })
	require.Equal(t, models.NotFound, models.CodeOf(err), "too old")
	twin.ID, twin.ExpiresAt = newID(models.InvitePrefix), s.clock.At.Add(time.Hour)
	require.NoError(t, s.CreateInvitation(s.ctx, twin), "in place of the expired one")
	list, err := s.Invitations(s.ctx, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Equal(t, []models.Invitation{twin}, list)
	require.NoError(t, s.DeleteInvitation(s.ctx, twin.ID))
	require.Equal(t, models.NotFound, models.CodeOf(s.DeleteInvitation(s.ctx, twin.ID)))
}

func testResets(t *testing.T, s *suite) {
	u := s.user("kim@example.com")
	require.NoError(t, s.CreateUser(s.ctx, u))
	for _, hash := range []string{"first", "second"} {
		require.NoError(t, s.SaveReset(s.ctx, models.Reset{Hash: []byte(hash), UserID: u.ID, CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour)}))
	}
	_, err := s.UserByReset(s.ctx, []byte("first"), s.clock.At)
	require.Equal(t, models.NotFound, models.CodeOf(err), "replaced")
	require.NoError(t, s.CreateSession(s.ctx, models.Session{ID: newID(models.SessionPrefix), Hash: []byte("x"), UserID: u.ID, CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour)}))
	errs := make([]error, 20)
	var wg sync.WaitGroup
	for n := range errs {
		wg.Go(func() {
			errs[n] = s.UseReset(s.ctx, []byte("second"), fmt.Sprint("hash", n), func(models.User) models.Audit {
				return models.Audit{ID: newID(models.AuditPrefix), Changes: []models.Change{}}
			})
		})
	}
	wg.Wait()
	won := -1
	for n, err := range errs {
		if err == nil {
			require.Equal(t, -1, won, "once")
			won = n
		}
	}
	got, err := s.User(s.ctx, u.ID)
	require.NoError(t, err)
	require.Equal(t, fmt.Sprint("hash", won), got.PasswordHash)
	_, err = s.sessionUser([]byte("x"), s.clock.At)
	require.Equal(t, models.NotFound, models.CodeOf(err), "sessions ended")
}

func testUserList(t *testing.T, s *suite) {
	var all []string
	for i := range 5 {
		u := s.user(fmt.Sprintf("user%d%%@example.com", i))
		u.Name = fmt.Sprintf("Kim_%d", i)
		require.NoError(t, s.CreateUser(s.ctx, u))
		all = append([]string{u.ID}, all...)
	}
	list := func(search string, p store.Page) []string {
		users, err := s.Users(s.ctx, search, p)
		require.NoError(t, err)
		ids := []string{}
		for _, u := range users {
			ids = append(ids, u.ID)
		}
		return ids
	}
	require.Equal(t, all, list("", store.Page{Limit: 9}))
	require.Equal(t, all[2:4], list("", store.Page{Before: all[1], Limit: 2}))
	require.Equal(t, all[1:3], list("", store.Page{After: all[3], Limit: 2}))
	require.Equal(t, all[1:2], list("KIM_3", store.Page{Limit: 9}))
	require.Equal(t, all[1:2], list("r3%@", store.Page{Limit: 9}))
	require.Empty(t, list("kim%", store.Page{Limit: 9}))

	users, err := s.UsersByID(s.ctx, []string{all[0], "usr_none", all[4]})
	require.NoError(t, err)
	require.Len(t, users, 2)
	_, err = s.ChangeUser(s.ctx, all[0], "", func(u *models.User) ([]models.Audit, error) { u.Email = "user0%@example.com"; return nil, nil })
	require.Equal(t, models.Conflict, models.CodeOf(err))
	_, err = s.ChangeUser(s.ctx, "usr_none", "", func(*models.User) ([]models.Audit, error) { return nil, nil })
	require.Equal(t, models.NotFound, models.CodeOf(err))
	team := models.Team{ID: newID(models.TeamPrefix), Name: "T", Members: []string{"usr_none"}}
	require.Equal(t, models.Invalid, models.CodeOf(s.CreateTeam(s.ctx, team)))
}

// Sessions end one by one, all, and with what they were given for.
func testSessions(t *testing.T, s *suite) {
	u, other := s.user("kim@example.com"), s.user("lee@example.com")
	require.NoError(t, s.CreateUser(s.ctx, u))
	require.NoError(t, s.CreateUser(s.ctx, other))
	open := func(owner models.User) models.Session {
		v := models.Session{ID: newID(models.SessionPrefix), UserID: owner.ID, CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour)}
		v.Hash = []byte("hash of " + v.ID)
		require.NoError(t, s.CreateSession(s.ctx, v))
		return v
	}
	count := func() int {
		list, err := s.Sessions(s.ctx, u.ID, s.clock.At)
		require.NoError(t, err)
		return len(list)
	}
	a, b, c := open(u), open(u), open(u)
	foreign := open(other)
	a.SeenAt, a.Address, a.Agent = s.clock.At, "192.0.2.1", "Agent"
	require.NoError(t, s.TouchSession(s.ctx, a))
	got, user, err := s.Session(s.ctx, a.Hash, s.clock.At)
	require.NoError(t, err)
	require.Equal(t, a, got)
	require.Equal(t, s.clock.At, user.SeenAt)
	require.Equal(t, u.CreatedAt, user.CreatedAt)
	require.Equal(t, models.NotFound, models.CodeOf(s.RevokeSession(s.ctx, u.ID, foreign.ID)))
	require.NoError(t, s.RevokeSession(s.ctx, u.ID, b.ID))
	require.Equal(t, 2, count())
	require.NoError(t, s.RevokeSessions(s.ctx, u.ID, c.ID))
	require.Equal(t, 1, count())
	a = open(u)
	_, err = s.ChangeUser(s.ctx, u.ID, a.ID, func(u *models.User) ([]models.Audit, error) { u.PasswordHash = "new"; return nil, nil })
	require.NoError(t, err)
	require.Equal(t, 1, count(), "a new password ends the others")
	_, err = s.ChangeUser(s.ctx, u.ID, "", func(u *models.User) ([]models.Audit, error) { u.Disabled = true; return nil, nil })
	require.NoError(t, err)
	require.Equal(t, 0, count())
	_, err = s.sessionUser(foreign.Hash, s.clock.At)
	require.NoError(t, err)
}

package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/app/service/account"
	"hookline/models"
)

const noID = "00000000000000000000000000"

// publicLinks are on the operator's address, which no request names.
type publicLinks struct{}

func (publicLinks) Invite(token string) string { return "https://desk.example.com/invite/" + token }
func (publicLinks) Reset(token string) string  { return "https://desk.example.com/reset/" + token }

// passwordHash is of password: hashing it for every user of a test would take
// minutes.
const passwordHash = "$argon2id$v=19$m=19456,t=2,p=1$8BbxIoPTdVRT1Xjb4VwyxA$RdoRLAW/k5kqTMT8znRzhQ38I93KdsF8cGjpd1P1j74"

// another makes a user of a role under an address of their own.
func (s *site) another(role models.Role) models.User {
	s.t.Helper()
	u := models.User{
		ID: models.FormatID(models.UserPrefix, uuid.Must(uuid.NewV7())), Email: uuid.NewString() + "@example.com", Name: "Kim <b>", Role: role,
		PasswordHash: passwordHash, CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now(),
	}
	require.NoError(s.t, s.store.CreateUser(context.Background(), u))
	return u
}

// personal makes what a path under /team is about, and returns its id.
func (s *site) personal(path string) string {
	s.t.Helper()
	ctx := context.Background()
	switch {
	case strings.HasPrefix(path, "/team/invitations"):
		i, err := s.svc.Invitations.Invite(ctx, system, uuid.NewString()+"@example.com", models.Member, nil)
		require.NoError(s.t, err)
		return i.Invitation.ID
	case strings.HasPrefix(path, "/team/teams"):
		t, err := s.svc.Teams.Create(ctx, system, uuid.NewString(), nil)
		require.NoError(s.t, err)
		return t.ID
	}
	return s.another(models.Member).ID
}

// path is a link's, as the browser under test can open it.
func (s *site) path(link string) string { return strings.TrimPrefix(link, "https://desk.example.com") }

func (s *site) invite(email string, role models.Role) account.Invited {
	s.t.Helper()
	i, err := s.svc.Invitations.Invite(context.Background(), system, email, role, nil)
	require.NoError(s.t, err)
	return i
}

func TestD2_InvitedPersonMakesAnAccountAndIsSignedIn(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	team, err := s.svc.Teams.Create(t.Context(), system, "Logistics", nil)
	require.NoError(t, err)
	b.visit("/team/invitations")
	a := b.submit("/team/invitations", url.Values{"email": {" Kim@Example.com "}, "role": {"manager"}, "teams": {team.ID}})
	require.Equal(t, http.StatusCreated, a.StatusCode, a.text())
	link := strings.TrimSpace(a.doc.Find("#invite-link").Text())
	require.Regexp(t, `^https://desk\.example\.com/invite/[0-9A-Za-z]{43}$`, link)
	list := b.visit("/team")
	require.Contains(t, list.text(), "kim@example.com")
	require.NotContains(t, list.body, link[len(link)-43:])

	kim := s.browser()
	page := kim.visit(s.path(link))
	require.Contains(t, page.text(), "kim@example.com")
	require.Contains(t, page.text(), "A owner invites you")
	bad := kim.submit(s.path(link), url.Values{"name": {"Kim <script>"}, "password": {"short-secret"[:8]}})
	require.Equal(t, http.StatusUnprocessableEntity, bad.StatusCode)
	require.Equal(t, "Kim <script>", bad.doc.Find(`[name="name"]`).AttrOr("value", ""))
	require.NotContains(t, bad.body, "short-se")
	done := kim.submit(s.path(link), url.Values{"name": {"Kim"}, "password": {password}, "role": {"owner"}, "email": {"evil@example.com"}})
	require.Equal(t, http.StatusSeeOther, done.StatusCode, done.text())
	require.Contains(t, kim.visit("/webhooks").text(), "No webhook is shared with you")
	require.Equal(t, http.StatusForbidden, kim.get("/team").StatusCode)
	require.Contains(t, kim.visit("/profile").text(), "You are a manager of this workspace, in the team Logistics.")
	require.Equal(t, http.StatusNotFound, s.browser().get(s.path(link)).StatusCode, "once")
	require.NotContains(t, s.log.String(), link[len(link)-43:])
}

func TestInvitation_ReplacedRevokedExpiredOrWrong(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	first := s.invite("kim@example.com", models.Member)
	b.visit("/team/invitations")
	a := b.submit("/team/invitations", url.Values{"email": {"KIM@example.com"}, "role": {"member"}})
	require.Equal(t, http.StatusConflict, a.StatusCode)
	require.Contains(t, a.text(), "is invited already")

	b.visit("/team")
	a = b.submit("/team/invitations/"+first.Invitation.ID+"/renew", nil)
	require.Equal(t, http.StatusCreated, a.StatusCode)
	second := strings.TrimSpace(a.doc.Find("#invite-link").Text())
	v := s.browser()
	require.Equal(t, http.StatusNotFound, v.get(s.path(first.Link)).StatusCode, "the link before ended")
	require.Equal(t, http.StatusOK, v.get(s.path(second)).StatusCode)

	b.visit("/team")
	require.Equal(t, "/team", b.submit("/team/invitations/"+first.Invitation.ID+"/revoke", nil).location())
	require.Equal(t, http.StatusNotFound, v.get(s.path(second)).StatusCode)

	old := s.invite("kim@example.com", models.Member)
	v.visit(s.path(old.Link))
	s.clock.add(models.InvitationLifetime)
	require.Equal(t, http.StatusNotFound, v.submit(s.path(old.Link), url.Values{"name": {"Kim"}, "password": {password}}).StatusCode)
	require.Contains(t, b.signedInAgain().visit("/team").text(), "Expired")
	again := s.invite("kim@example.com", models.Member) // in place of the expired one
	for _, bad := range []string{"/invite/x", "/invite/" + strings.Repeat("A", 43), "/invite/%00", "/invite/" + strings.Repeat("a", 4000), s.path(again.Link)[:40]} {
		a := v.get(bad)
		require.Equal(t, http.StatusNotFound, a.StatusCode, bad)
	}
}

// signedInAgain is for after the clock ran past the session.
func (b *browser) signedInAgain() *browser {
	u, err := b.site.store.UserByEmail(context.Background(), "owner@example.com")
	require.NoError(b.t, err)
	return b.site.signedIn(u)
}

func TestInvitation_GuessingIsThrottled(t *testing.T) {
	s := newSite(t)
	good := s.invite("kim@example.com", models.Member)
	b := s.browser()
	last := 0
	for range 60 {
		last = b.get("/invite/" + strings.Repeat("A", 43)).StatusCode
	}
	require.Equal(t, http.StatusTooManyRequests, last)
	require.Equal(t, http.StatusOK, b.get(s.path(good.Link)).StatusCode, "others in the network do not lock out who has a right one")
	require.Equal(t, http.StatusTooManyRequests, b.get("/reset/"+strings.Repeat("A", 43)).StatusCode)
	s.clock.add(10 * time.Minute)
	require.Equal(t, http.StatusOK, b.get(s.path(good.Link)).StatusCode)
}

func TestD2_LastOwnerStays(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	only, err := s.store.UserByEmail(t.Context(), "owner@example.com")
	require.NoError(t, err)
	at := "/team/users/" + only.ID
	b.visit(at)
	a := b.submit(at, url.Values{"role": {"member"}})
	require.Equal(t, http.StatusConflict, a.StatusCode)
	require.Contains(t, a.text(), "This is the last owner")
	require.Equal(t, http.StatusConflict, b.submit(at+"/status", nil).StatusCode)
	s.another(models.Owner)
	b.visit(at)
	require.Equal(t, "/profile", b.submit(at, url.Values{"role": {"member"}}).location(), "the page is no longer theirs")
	require.Equal(t, http.StatusForbidden, b.get("/team").StatusCode, "from the next click on")
}

func TestD2_DisabledUserIsOutAtOnce(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	kim := s.another(models.Manager)
	theirs := s.signedIn(kim)
	theirs.visit("/webhooks")
	reset, _, err := s.svc.People.ResetLink(t.Context(), system, kim.ID)
	require.NoError(t, err)
	at := "/team/users/" + kim.ID
	b.visit(at)
	require.Equal(t, at, b.submit(at+"/status", nil).location())
	require.Equal(t, "/login?next=%2Fprofile", theirs.get("/profile").location())
	require.Equal(t, http.StatusNotFound, theirs.get(s.path(reset)).StatusCode)
	b.visit(at)
	require.Equal(t, at, b.submit(at+"/status", nil).location(), "and in again")
	require.Equal(t, "/", login(s.browser(), kim.Email, password).location())
	require.Equal(t, http.StatusBadRequest, b.post(at+"/status", url.Values{"disabled": {"maybe"}}).StatusCode)
}

func TestD2_DeletedUserIsOutAtOnce(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	me, err := s.store.UserByEmail(t.Context(), "owner@example.com")
	require.NoError(t, err)
	kim := s.another(models.Owner)
	theirs := s.signedIn(kim)
	theirs.visit("/team/users/" + me.ID + "/delete")
	at := "/team/users/" + kim.ID + "/delete"
	require.Contains(t, b.visit("/team/users/"+kim.ID).doc.Find(`a[href="`+at+`"]`).Text(), "Delete user")
	require.Contains(t, b.visit(at).text(), "The audit log keeps what they did under their name.")
	a := b.submit(at, url.Values{"confirm": {"somebody@example.com"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), "This is not the address of the user.")
	require.Equal(t, "somebody@example.com", a.doc.Find("#f-confirm").AttrOr("value", ""), "what was typed stays")
	b.visit(at)
	require.Equal(t, "/team", b.submit(at, url.Values{"confirm": {" " + strings.ToUpper(kim.Email)}}).location())
	require.Contains(t, b.visit("/team").text(), "The user is deleted")
	require.Equal(t, http.StatusNotFound, b.get(at).StatusCode)
	require.Regexp(t, "^/login", theirs.submit("/team/users/"+me.ID+"/delete", url.Values{"confirm": {me.Email}}).location(), "at once")
	require.NotEqual(t, "/", login(s.browser(), kim.Email, password).location())
	require.Contains(t, b.visit("/audit").text(), kim.Name)

	own := "/team/users/" + me.ID + "/delete"
	require.Contains(t, b.visit(own).text(), "Nobody deletes themselves")
	require.Zero(t, b.visit("/team/users/"+me.ID).doc.Find(`a[href="`+own+`"]`).Length())
	a = b.post(own, url.Values{"confirm": {me.Email}})
	require.Equal(t, http.StatusConflict, a.StatusCode)
}

func TestUser_FormKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	kim := s.another(models.Member)
	at := "/team/users/" + kim.ID
	b.visit(at)
	a := b.submit(at, url.Values{"name": {"New <b>"}, "email": {"nope"}, "role": {"manager"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Equal(t, "New <b>", a.doc.Find(`[name="name"]`).AttrOr("value", ""))
	require.Equal(t, 1, a.doc.Find(`[name="role"][value="manager"][checked]`).Length())
	a = b.submit(at, url.Values{"name": {"New"}, "email": {"OWNER@example.com"}, "role": {"manager"}})
	require.Equal(t, http.StatusConflict, a.StatusCode, "the address is taken")
	require.Equal(t, at, b.submit(at, url.Values{"name": {"New"}, "email": {"new@example.com"}, "role": {"manager"}}).location())
	got, err := s.store.User(t.Context(), kim.ID)
	require.NoError(t, err)
	require.Equal(t, "new@example.com New manager", got.Email+" "+got.Name+" "+string(got.Role))
}

func TestZ8_Teams(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	kim := s.another(models.Member)
	b.visit("/team/teams")
	require.Equal(t, http.StatusUnprocessableEntity, b.submit("/team/teams", url.Values{"name": {" "}}).StatusCode)
	at := b.submit("/team/teams", url.Values{"name": {"Logistics <b>"}}).location()
	require.Regexp(t, `^/team/teams/team_`, at)
	b.visit("/team/teams")
	require.Equal(t, http.StatusConflict, b.submit("/team/teams", url.Values{"name": {"Logistics <b>"}}).StatusCode)

	found := b.visit(at + "?q=KIM")
	require.Equal(t, kim.ID, found.doc.Find(`#matches button[name="add"]`).AttrOr("value", ""))
	require.Equal(t, at, b.submit(at+"/members", url.Values{"add": {kim.ID}}).location())
	require.Equal(t, http.StatusNotFound, b.post(at+"/members", url.Values{"add": {"usr_" + noID}}).StatusCode)
	require.Contains(t, b.visit(at).text(), "1 member")
	w := s.webhook("Orders", "https://hooks.example.com/")
	id := strings.TrimPrefix(at, "/team/teams/")
	require.NoError(t, s.store.SaveGrant(t.Context(), models.Grant{ID: "grt_1", WebhookID: w.ID, TeamID: id, Level: models.EditGrant}))
	require.Contains(t, b.visit("/team/users/"+kim.ID).text(), "The team Logistics <b>: edit")
	require.Contains(t, s.signedIn(kim).visit("/webhooks").text(), "Orders")

	require.Equal(t, at, b.post(at, url.Values{"name": {"Warehouse"}}).location())
	del := b.visit(at + "/delete")
	require.Contains(t, del.text(), "Orders", "which grants go")
	require.Equal(t, "/team/teams", b.submit(at+"/delete", nil).location())
	require.NotContains(t, s.signedIn(kim).visit("/webhooks").text(), "Orders")
	require.Equal(t, http.StatusNotFound, b.get(at).StatusCode)
}

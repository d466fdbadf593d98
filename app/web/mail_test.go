package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// outbox keeps the mails of a test. Send returns the error fails.
type outbox struct {
	mu    sync.Mutex
	mails []models.Mail
	fails error
	came  chan struct{}
}

func (o *outbox) Send(_ context.Context, m models.Mail) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.mails = append(o.mails, m)
	if o.came != nil {
		o.came <- struct{}{}
	}
	return o.fails
}

func TestForgotPassword(t *testing.T) {
	box := &outbox{came: make(chan struct{}, 10)}
	s := newSiteWith(t, box)
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { s.svc.Accounts.RunMail(ctx) })
	defer done.Wait()
	defer cancel()
	u := s.person(models.Member)
	theirs := s.signedIn(u)
	b := s.browser()
	require.Equal(t, "/forgot", b.visit("/login").doc.Find(`main a[href="/forgot"]`).AttrOr("href", ""))
	ask := func(email string) string {
		b.visit("/forgot")
		a := b.submit("/forgot", url.Values{"email": {email}})
		require.Equal(t, http.StatusOK, a.StatusCode)
		return strings.ReplaceAll(a.doc.Find("main").Text(), email, "X")
	}
	require.Equal(t, ask("nobody@example.com"), ask("Member@example.com"), "the same answer for both")
	<-box.came
	require.Len(t, box.mails, 1)
	require.Equal(t, u.Email, box.mails[0].To)
	link := s.path(box.mails[0].URL)
	b.visit(link)
	require.Equal(t, http.StatusUnprocessableEntity, b.submit(link, url.Values{"password": {"short"}}).StatusCode)
	const fresh = "another horse battery"
	require.Equal(t, "/login", b.submit(link, url.Values{"password": {fresh}}).location())
	require.Equal(t, http.StatusNotFound, s.browser().get(link).StatusCode, "once")
	require.Equal(t, http.StatusSeeOther, theirs.get("/profile").StatusCode, "sessions ended")
	require.Equal(t, "/", login(s.browser(), u.Email, fresh).location())
	require.NotContains(t, s.log.String(), strings.TrimPrefix(link, "/reset/"))

	b.visit("/forgot")
	last := 0
	for range 5 {
		last = b.post("/forgot", url.Values{"email": {"nobody2@example.com"}}).StatusCode
	}
	require.Equal(t, http.StatusTooManyRequests, last)
}

func TestForgotPassword_WithoutMailSaysWhomToAsk(t *testing.T) {
	s := newSite(t)
	kim := s.another(models.Member)
	require.Contains(t, s.browser().visit("/forgot").text(), "Ask an owner")
	b := s.owner()
	b.visit("/team/users/" + kim.ID)
	a := b.submit("/team/users/"+kim.ID+"/reset", nil)
	require.Equal(t, http.StatusCreated, a.StatusCode)
	first := s.path(strings.TrimSpace(a.doc.Find("#reset-link").Text()))
	b.visit("/team/users/" + kim.ID)
	second := s.path(strings.TrimSpace(b.submit("/team/users/"+kim.ID+"/reset", nil).doc.Find("#reset-link").Text()))
	v := s.browser()
	require.Equal(t, http.StatusNotFound, v.get(first).StatusCode, "replaced")
	v.visit(second)
	s.clock.add(models.ResetLifetime)
	require.Equal(t, http.StatusNotFound, v.submit(second, url.Values{"password": {password}}).StatusCode, "too old")
}

func TestInvitation_MailThatFailsLosesNothing(t *testing.T) {
	box := &outbox{fails: models.Errorf(models.Unavailable, "the mail server cannot be reached")}
	s := newSiteWith(t, box)
	b := s.owner()
	b.visit("/team/invitations")
	a := b.submit("/team/invitations", url.Values{"email": {"kim@example.com"}, "role": {"member"}})
	require.Equal(t, http.StatusCreated, a.StatusCode)
	require.Contains(t, a.text(), "The e-mail was not sent")
	link := strings.TrimSpace(a.doc.Find("#invite-link").Text())
	require.Equal(t, http.StatusOK, s.browser().get(s.path(link)).StatusCode)
	box.fails = nil
	again := a.doc.Find(`form[action$="/renew"]`).AttrOr("action", "")
	a = b.submit(again, nil)
	require.Contains(t, a.text(), "It was sent to kim@example.com.")
	require.Len(t, box.mails, 2)
	require.Equal(t, strings.TrimSpace(a.doc.Find("#invite-link").Text()), box.mails[1].URL)
}

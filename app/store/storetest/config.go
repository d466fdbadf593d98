package storetest

import (
	"context"
	"encoding/json"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

func testWebhooks(t *testing.T, s *suite) {
	w := s.webhook(t)
	w.Name, w.Description = "Ünïcode 😀 <b>", "two\nlines"
	w.Headers = []models.Header{{Name: "X-Plain", Value: "v"}, {Name: "X-Key", Secret: true, Sealed: models.Sealed("\x01other-sealed")}}
	w.Retry = models.Retry{Preset: models.RetryCustom, Attempts: 4, Delays: []time.Duration{time.Second}, RetryOn: []string{"5xx"}}
	w.Subscriptions = models.Subscriptions{Categories: []string{"releases"}, Types: []string{"a.b"}}
	w.Timeout = 1500 * time.Millisecond
	w.Enabled = false
	saved, err := s.SaveWebhook(s.ctx, w)
	require.NoError(t, err)
	require.Equal(t, int64(2), saved.Version)
	require.Equal(t, &saved, s.Config().Webhook(w.ID))

	list, err := s.Webhooks(s.ctx, nil, "ünïcode", store.Page{Limit: 5})
	require.NoError(t, err)
	require.LessOrEqual(t, len(list), 1) // lower() of non-ASCII differs between databases
	list, err = s.Webhooks(s.ctx, nil, "EXAMPLE.com", store.Page{Limit: 5})
	require.NoError(t, err)
	require.Equal(t, []*models.Webhook{&saved}, list)
	list, err = s.Webhooks(s.ctx, []string{}, "", store.Page{Limit: 5})
	require.NoError(t, err)
	require.Empty(t, list)

	// Promise 6: clear text cannot be stored, whatever forgot to seal it.
	w.Version, w.Headers = saved.Version, []models.Header{{Name: "X-Key", Secret: true, Sealed: models.Sealed("clear text")}}
	_, err = s.SaveWebhook(s.ctx, w)
	require.ErrorContains(t, err, "not sealed")
	w.Headers, w.Signing.Key = nil, models.Sealed("clear text")
	_, err = s.SaveWebhook(s.ctx, w)
	require.ErrorContains(t, err, "not sealed")
}

func testVersions(t *testing.T, s *suite) {
	w := s.webhook(t)
	results := make([]error, 20)
	var wg sync.WaitGroup
	for i := range results {
		wg.Go(func() { _, results[i] = s.SaveWebhook(s.ctx, w) })
	}
	wg.Wait()
	won := 0
	for _, err := range results {
		if err == nil {
			won++
			continue
		}
		require.Equal(t, models.Conflict, models.CodeOf(err))
	}
	require.Equal(t, 1, won)
	w.ID = newID(models.WebhookPrefix)
	_, err := s.SaveWebhook(s.ctx, w)
	require.Equal(t, models.NotFound, models.CodeOf(err))
}

func testDeleteWebhook(t *testing.T, s *suite) {
	w := s.webhook(t)
	d := s.publish(t, w.ID, "")
	many := store.Publication{Event: s.work(w.ID, "").Event}
	for range 2500 { // more than are cancelled in one step
		one := s.work(w.ID, "")
		one.EventID = many.Event.ID
		many.Deliveries = append(many.Deliveries, one)
	}
	require.NoError(t, s.Publish(s.ctx, nil, []store.Publication{many})[0].Err)
	require.NoError(t, s.DeleteWebhook(s.ctx, w.ID))
	left, err := s.Deliveries(s.ctx, models.DeliveryFilter{WebhookID: w.ID, State: models.Pending}, store.Page{Limit: 1})
	require.NoError(t, err)
	require.Empty(t, left)
	require.Nil(t, s.Config().Webhook(w.ID))
	require.Equal(t, models.NotFound, models.CodeOf(s.DeleteWebhook(s.ctx, w.ID)))
	got, err := s.Delivery(s.ctx, d.ID)
	require.NoError(t, err)
	require.Equal(t, models.Cancelled, got.State)

	x := s.webhook(t)
	require.NoError(t, s.DisableWebhook(s.ctx, x.ID, x.Version+1, models.Gone))
	require.True(t, s.Config().Webhook(x.ID).Delivers(), "what was found out about another version says nothing of this one")
	require.NoError(t, s.DisableWebhook(s.ctx, x.ID, x.Version, models.Gone))
	require.Equal(t, models.Gone, s.Config().Webhook(x.ID).State)
	require.False(t, s.Config().Webhook(x.ID).Delivers())
}

func testEventTypes(t *testing.T, s *suite) {
	at := s.clock.At
	a := models.EventType{Name: "a.b", Category: "letters", Title: "A", Sample: json.RawMessage(`{"x":1}`), CreatedAt: at, UpdatedAt: at}
	require.NoError(t, s.SeedEventTypes(s.ctx, []models.EventType{a}))
	changed := a
	changed.Title, changed.Archived, changed.UpdatedAt = "B", true, at.Add(time.Hour)
	require.NoError(t, s.SaveEventType(s.ctx, changed))
	require.NoError(t, s.SeedEventTypes(s.ctx, []models.EventType{a}), "seeding again leaves edits alone")
	list, err := s.EventTypes(s.ctx)
	require.NoError(t, err)
	require.Equal(t, []models.EventType{changed}, list)

	// Z3: a category covers types added later.
	w := s.webhook(t)
	w.Subscriptions = models.Subscriptions{Categories: []string{"letters"}}
	_, err = s.SaveWebhook(s.ctx, w)
	require.NoError(t, err)
	require.NoError(t, s.CreateEventType(s.ctx, models.EventType{Name: "c.d", Category: "letters", Title: "C"}))
	require.Len(t, s.Config().Matching("c.d"), 1)
	require.Empty(t, s.Config().Matching("x.y"))
}

func (s *suite) user(email string) models.User {
	return models.User{ID: newID(models.UserPrefix), Email: email, Name: "Pat", Role: models.Owner, PasswordHash: "h", CreatedAt: s.clock.At, UpdatedAt: s.clock.At}
}

func (s *suite) sessionUser(hash []byte, now time.Time) (models.User, error) {
	_, u, err := s.Session(s.ctx, hash, now)
	return u, err
}

func testUsers(t *testing.T, s *suite) {
	u := s.user("pat@example.com")
	require.NoError(t, s.CreateUser(s.ctx, u))
	got, err := s.UserByEmail(s.ctx, u.Email)
	require.NoError(t, err)
	require.Equal(t, u, got)
	_, err = s.UserByEmail(s.ctx, "nobody@example.com")
	require.Equal(t, models.NotFound, models.CodeOf(err))

	hash := []byte("session-hash")
	require.NoError(t, s.CreateSession(s.ctx, models.Session{Hash: hash, UserID: u.ID, CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour)}))
	got, err = s.sessionUser(hash, s.clock.At)
	require.NoError(t, err)
	require.Equal(t, u, got)
	_, err = s.sessionUser(hash, s.clock.At.Add(time.Hour))
	require.Equal(t, models.NotFound, models.CodeOf(err), "a session ends by itself")
	s.clock.At = s.clock.At.Add(2 * time.Hour)
	require.NoError(t, s.DeleteExpiredSessions(s.ctx))
	require.NoError(t, s.DeleteSession(s.ctx, hash), "ending twice is no error")
}

// trust.md: exactly one owner results from a race for the setup link.
func testSetUp(t *testing.T, s *suite) {
	hash, printed := []byte("setup-hash"), []byte("setup-hash of another node")
	require.NoError(t, s.AddSetupLink(s.ctx, printed))
	s.clock.At = s.clock.At.Add(time.Second)
	require.NoError(t, s.AddSetupLink(s.ctx, hash))
	valid, err := s.SetupOpen(s.ctx, printed)
	require.NoError(t, err)
	require.Equal(t, s.Shared(), valid, "what another node has printed is good; of one server the last link is")
	links := [][]byte{hash, hash}
	if s.Shared() {
		links[1] = printed
	}
	open, err := s.SetupOpen(s.ctx, []byte("other"))
	require.NoError(t, err)
	require.False(t, open)
	settings := models.Settings{SiteName: "Site", SiteDomain: "example.com", HeaderPrefix: "X-Acme"}
	errs := make([]error, 10)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { errs[i] = s.SetUp(s.ctx, links[i%2], s.user(string(rune('a'+i))+"@example.com"), settings) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
		} else {
			require.Equal(t, models.NotFound, models.CodeOf(err))
		}
	}
	require.Equal(t, 1, won)
	n, err := s.CountUsers(s.ctx)
	require.NoError(t, err)
	require.Equal(t, int64(1), n)
	require.Equal(t, settings, s.Config().Settings)
	require.NoError(t, s.AddSetupLink(s.ctx, hash))
	open, err = s.SetupOpen(s.ctx, hash)
	require.NoError(t, err)
	require.False(t, open, "never again once there is a user")
}

func testTokens(t *testing.T, s *suite) {
	tok := models.Token{
		ID: newID(models.TokenPrefix), Name: "ci", Hash: []byte("token-hash"), Hint: "hl_abc",
		Scopes: []models.Scope{models.EventsWrite, models.EventsRead}, CreatedAt: s.clock.At, ExpiresAt: s.clock.At.Add(time.Hour),
	}
	require.NoError(t, s.CreateToken(s.ctx, tok))
	require.Equal(t, &tok, s.Config().Token(tok.Hash))
	require.NoError(t, s.TouchToken(s.ctx, tok.ID, s.clock.At))
	got, err := s.TokenByHash(s.ctx, tok.Hash)
	require.NoError(t, err)
	require.Equal(t, s.clock.At, got.LastUsed)
	require.NoError(t, s.DeleteToken(s.ctx, tok.ID))
	require.Nil(t, s.Config().Token(tok.Hash))
	require.Equal(t, models.NotFound, models.CodeOf(s.DeleteToken(s.ctx, tok.ID)))
}

// A change on one node reaches the others by itself.
func testConfigSpreads(t *testing.T, s *suite) {
	other := s.open(t, "n2", s.clock)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	go other.WatchConfig(ctx)
	w := s.webhook(t)
	require.Eventually(t, func() bool { return other.Config().Webhook(w.ID) != nil }, 10*time.Second, 5*time.Millisecond)
}

func testConflict(t *testing.T, s *suite) {
	require.NoError(t, s.CreateUser(s.ctx, s.user("pat@example.com")))
	require.Equal(t, models.Conflict, models.CodeOf(s.CreateUser(s.ctx, s.user("pat@example.com"))))
	require.True(t, s.DegradedSince().IsZero(), "a conflict is no fault of the disk")
}

// Receivers send what they like; the log must take it on every database.
func testOddText(t *testing.T, s *suite) {
	hook := s.webhook(t)
	s.publish(t, hook.ID, "")
	w := s.claimOne(t, hook.ID)
	a := s.attempt(models.HTTPError, 500)
	a.Error = "bad \x00 and \xff"
	a.Request.URL = "https://example.com/\x00"
	a.Response.Body = []byte{0, 0xff, 0xfe}
	a.Response.Headers = []models.HeaderLine{{Name: "X-Odd", Value: "caf\xe9 \x00"}}
	require.True(t, s.finish(t, models.Finish{DeliveryID: w.ID, ClaimID: w.ClaimID, Attempt: a, State: models.Failed, Tries: 1}))
	attempts, err := s.Attempts(s.ctx, w.ID)
	require.NoError(t, err)
	require.Equal(t, a.Response, attempts[0].Response)
}

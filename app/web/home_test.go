package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// attempted publishes an event and stores one attempt for what the webhook is owed.
func (s *site) attempted(w models.Webhook, state models.DeliveryState, a models.Attempt) {
	s.t.Helper()
	s.delivery(w)
	ctx := context.Background()
	work, err := s.store.Claim(ctx, w.ID, 1)
	require.NoError(s.t, err)
	require.Len(s.t, work, 1)
	a.StartedAt, a.Duration = s.clock.Now(), 80*time.Millisecond
	held, err := s.store.Finish(ctx, models.Finish{
		DeliveryID: work[0].ID, ClaimID: work[0].ClaimID, WebhookID: w.ID, Attempt: &a, State: state, Tries: 1, DueAt: s.clock.Now().Add(time.Hour),
	})
	require.NoError(s.t, err)
	require.True(s.t, held)
}

func TestB8_HomeLeadsThroughTheFirstSteps(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	a := b.visit("/")
	require.Contains(t, a.text(), "Three steps to the first delivery")
	require.Equal(t, 1, a.doc.Find(`main a[href="/webhooks/destinations"]`).Length())
	require.Contains(t, a.doc.Find("#first-event").Text(), "curl "+s.URL+"/api/v1/events")
	require.Equal(t, 2, a.doc.Find(`nav a[href="/"][aria-current]`).Length(), "the first entry of both navigations")

	w := s.webhook("Orders", "https://hooks.example.com/")
	a = b.visit("/")
	require.Equal(t, 1, a.doc.Find(".step-mark.done").Length())
	require.Zero(t, a.doc.Find(`main a[href="/webhooks/destinations"]`).Length())

	s.attempted(w, models.Succeeded, models.Attempt{Outcome: models.Success, Status: 200})
	a = b.visit("/")
	require.NotContains(t, a.text(), "Three steps")
	require.Contains(t, a.text(), "Everything is delivered")
	require.Contains(t, a.text(), "Nothing waits.")
	require.Contains(t, b.visit("/?range=1h").text(), "1 webhook, 1 delivery in the last hour.")
	require.Equal(t, http.StatusBadRequest, b.get("/?range=1y").StatusCode)
}

func TestB8_HomeShowsWhatIsBrokenAndWaits(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	down, gone := s.webhook("Down <i>", "https://down.example.com/"), s.webhook("Gone", "https://gone.example.com/")
	s.attempted(down, models.Pending, models.Attempt{Outcome: models.HTTPError, Status: 503, Error: "The receiver answered 503."})
	require.NoError(t, s.store.DisableWebhook(t.Context(), gone.ID, gone.Version, models.Gone))
	s.clock.add(3 * time.Minute)
	a := b.visit("/")
	for _, want := range []string{
		"2 webhooks do not deliver", "Down <i>", "It answers 503 Service Unavailable.", "At the receiver", "Switched off: gone", "Enter its new URL",
		"Oldest: 3 min", "Attempts failed with 503. The next one is due in 5", "The webhook is not on. They go out when it is.",
	} {
		require.Contains(t, a.text(), want)
	}
	require.Positive(t, a.doc.Find(`a[href="/webhooks/`+down.ID+`/logs?state=failed"]`).Length())
	require.Contains(t, b.visit("/webhooks").text(), "retrying")
	require.Contains(t, b.visit("/webhooks/"+down.ID+"?range=7d").text(), "Retried 1")

	// Switched on from here, and back here.
	b.visit("/")
	on := b.submit("/webhooks/"+gone.ID+"/status", nil)
	require.Equal(t, "/", on.location())
	require.True(t, s.get(gone.ID).Delivers())
	require.NotContains(t, b.visit("/").text(), "Switched off: gone")
}

// Z8: who was granted one webhook sees that one's problems, and nothing of others.
func TestB8_HomeIsOfGrantedWebhooksOnly(t *testing.T) {
	s := newSite(t)
	shared, other := s.webhook("Shared", "https://shared.example.com/"), s.webhook("Hidden", "https://hidden.example.com/")
	s.attempted(shared, models.Failed, models.Attempt{Outcome: models.HTTPError, Status: 404})
	s.clock.add(time.Second)
	s.attempted(other, models.Failed, models.Attempt{Outcome: models.Timeout, Error: "No answer within 10 s."})
	u := s.person(models.Member)
	b := s.signedIn(u)
	require.Contains(t, b.visit("/").text(), "No webhook is shared with you yet")
	require.NoError(t, s.store.SaveGrant(t.Context(), models.Grant{
		ID: "grt_1", WebhookID: shared.ID, UserID: u.ID, Level: models.ViewGrant, CreatedAt: s.clock.Now(),
	}))
	a := b.visit("/")
	require.Contains(t, a.text(), "1 webhook does not deliver")
	require.Contains(t, a.text(), "It answers 404 Not Found.")
	require.NotContains(t, a.body, "Hidden")
	require.NotContains(t, a.body, other.ID)
	require.Contains(t, a.doc.Find("svg[role=img]").First().AttrOr("aria-label", ""), "0 succeeded, 1 failed")
	require.Zero(t, a.doc.Find("main form").Length(), "who may only look is offered no switch")
}

// B8: an open Home is told when something breaks and when it is mended, and of
// nothing that one may not see.
func TestB8_HomeIsToldLive(t *testing.T) {
	s := newSite(t)
	owner, member := s.owner(), s.person(models.Member)
	w := s.webhook("Orders", "https://hooks.example.com/")
	s.attempted(w, models.Succeeded, models.Attempt{Outcome: models.Success, Status: 200})
	require.Equal(t, "/home/stream?range=1h", owner.visit("/?range=1h").doc.Find("#home").AttrOr("data-live-list", ""))
	shown := owner.page.Find("#home-problems")
	require.Equal(t, "blank", shown.AttrOr("data-version", ""))
	require.Contains(t, shown.Parent().Text(), "Everything is delivered")
	answer := owner.page.Find("#home-answer").AttrOr("data-version", "none")

	live, theirs := owner.listen("/home/stream?range=1h"), s.signedIn(member).listen("/home/stream")
	require.Contains(t, live.part(`id="home-answer"`).Data, `data-version="`+answer+`"`, "what is told first is what the page has")
	s.attempted(w, models.Failed, models.Attempt{Outcome: models.HTTPError, Status: 404})
	require.Contains(t, live.part(`id="home-problems"`).Data, "It answers 404 Not Found.")
	require.Contains(t, live.part(`id="home-answer"`).Data, "1 webhook does not deliver")
	for {
		e := theirs.next()
		require.NotContains(t, e.Data, "Orders")
		if e.Event == "shown" {
			break
		}
	}
	require.NoError(t, s.store.DeleteWebhook(t.Context(), w.ID))
	require.Contains(t, live.part("Three steps").Data, `id="home-steps"`)

	require.Equal(t, http.StatusBadRequest, owner.get("/home/stream?range=1y").StatusCode)
	require.NoError(t, s.store.RevokeSessions(t.Context(), member.ID, ""))
	theirs.ends()
}

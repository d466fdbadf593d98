package capture_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/config"
	"hookline/app/service"
	"hookline/models"
)

// W4: a token that may look after its own webhooks only reaches no endpoint that
// has not confirmed, by way of a replay either.
func TestB4_W4_ALimitedTokenReplaysToWhoConfirmed(t *testing.T) {
	s := apptest.NewServer(t, func(*config.Server) {})
	hits := 0
	stranger := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits++ }))
	defer stranger.Close()
	_, tok, err := s.Service.Tokens.Create(t.Context(), apptest.System, "integration", []models.Scope{models.WebhooksWrite}, time.Now().Add(time.Hour))
	require.NoError(t, err)
	limited := models.Actor{Token: &tok}
	v := endpoint(t, s, limited)
	wire(t, s, "GET "+pathOf(v, s)+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
	r := newest(t, s, limited, v)
	replay := func(in service.ReplayInput) error {
		_, err := s.Service.Captures.Replay(t.Context(), limited, v.ID, r.ID, in)
		return err
	}
	saved, err := s.Service.Webhooks.Create(t.Context(), limited, apptest.Draft("Theirs", stranger.URL))
	require.NoError(t, err)
	require.Equal(t, models.PendingConfirmation, saved.Webhook.State)
	require.Equal(t, 1, hits, "the question itself")
	require.Equal(t, models.Conflict, models.CodeOf(replay(service.ReplayInput{WebhookID: saved.Webhook.ID})))
	require.Equal(t, models.Denied, models.CodeOf(replay(service.ReplayInput{URL: stranger.URL})))
	require.Equal(t, 1, hits)
	require.NoError(t, replay(service.ReplayInput{URL: v.URL}))

	// Nor is the question asked as often as one likes.
	var last error
	for range 40 {
		_, last = s.Service.Webhooks.SendConfirmation(t.Context(), limited, saved.Webhook.ID)
		_, err = s.Service.Webhooks.Create(t.Context(), limited, apptest.Draft("More", stranger.URL+"/more"))
		require.NoError(t, err)
	}
	require.Equal(t, models.TooMany, models.CodeOf(last))
	require.Less(t, hits, 25)
}

// A user's replays do not use up another's.
func TestB4_ReplaysAreCountedByOwner(t *testing.T) {
	s := strict(t)
	a, b := person(t, s, "a", models.Member), person(t, s, "b", models.Member)
	received := func(who models.Actor, v models.Capture) (replay func() error) {
		wire(t, s, "GET "+pathOf(v, s)+" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
		r := newest(t, s, who, v)
		return func() error {
			_, err := s.Service.Captures.Replay(t.Context(), who, v.ID, r.ID, service.ReplayInput{URL: v.URL})
			return err
		}
	}
	refused := 0
	for range 8 {
		v, err := s.Service.Captures.Create(t.Context(), a, service.CaptureInput{Name: ptr("bin")})
		require.NoError(t, err)
		replay := received(a, v)
		for range 8 {
			if replay() != nil {
				refused++
			}
		}
	}
	require.Positive(t, refused, "more endpoints are not more replays")
	require.NoError(t, received(b, endpoint(t, s, b))())
}

// An endpoint that answers late does not take the places of all others.
func TestB4_OneEndpointDoesNotFillTheDoor(t *testing.T) {
	s := strict(t)
	a, b := person(t, s, "a", models.Member), person(t, s, "b", models.Member)
	late, err := s.Service.Captures.Create(t.Context(), a, service.CaptureInput{Name: ptr("late"), Delay: ptr(30 * time.Second)})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	refused := make(chan int, 80)
	var waiting sync.WaitGroup
	for range 80 {
		waiting.Go(func() {
			if status, err := ask(ctx, late.URL); err == nil {
				refused <- status
			}
		})
	}
	for range 80 - 64 {
		require.Equal(t, http.StatusServiceUnavailable, <-refused)
	}
	status, err := ask(t.Context(), endpoint(t, s, b).URL)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status)
	stop()
	waiting.Wait()
	require.Empty(t, refused)
}

func ask(ctx context.Context, url string) (status int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return 0, err
	}
	return res.StatusCode, res.Body.Close()
}

package deliveries

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func TestAttemptText(t *testing.T) {
	for _, tt := range []struct {
		tries, attempts, max int
		want, more           string
	}{
		{0, 0, 3, "–", ""},
		{2, 2, 3, "2 of 3", ""},
		{1, 4, 3, "1 of 3", "4 in all"},
		{3, 3, 1, "3", ""}, // the policy was shortened since
		{0, 3, 3, "3 of 3", ""},
	} {
		d := models.Delivery{Tries: tt.tries, Attempts: tt.attempts}
		require.Equal(t, tt.want, attemptText(d, tt.max))
		require.Equal(t, tt.more, moreAttempts(d))
	}
}

func TestTell(t *testing.T) {
	last := func(o models.Outcome, status int) models.LastAttempt {
		return models.LastAttempt{Outcome: o, Status: status, Duration: 84 * time.Millisecond}
	}
	for _, tt := range []struct {
		name        string
		d           models.Delivery
		held        bool
		title, next string // next: how it begins
	}{
		{"delivered", models.Delivery{State: models.Succeeded, Attempts: 1, Last: last(models.Success, 204)}, false,
			"Delivered: the receiver answered 204 after 84 ms.", ""},
		{"first wait", models.Delivery{State: models.Pending}, false, "Waiting for its first attempt.", ""},
		{"held", models.Delivery{State: models.Pending}, true, "Waiting for its first attempt.", "The webhook is switched off."},
		{"retrying", models.Delivery{State: models.Pending, Attempts: 1, Tries: 1, Last: last(models.HTTPError, 503)}, false,
			"Attempt 1 of 3 failed: the receiver answered 503.", "Hookline tries again"},
		{"retriggered", models.Delivery{State: models.Pending, Attempts: 3, Last: last(models.Timeout, 0)}, false,
			"Retriggered: waiting for its next attempt.", ""},
		{"rejected", models.Delivery{State: models.Failed, Attempts: 1, Tries: 1, Last: last(models.HTTPError, 401)}, false,
			"Failed: the receiver answered 401.", "The receiver did not accept the credentials."},
		{"given up", models.Delivery{State: models.Failed, Attempts: 3, Tries: 3, Last: last(models.Timeout, 0)}, false,
			"Failed after 3 attempts: the receiver did not answer in time.", "Let the receiver answer 2xx first"},
		{"redirect", models.Delivery{State: models.Failed, Attempts: 1, Tries: 1, Last: last(models.HTTPError, 302)}, false,
			"Failed: the receiver answered 302, a redirect.", "Redirects are not followed."},
		{"blocked", models.Delivery{State: models.Blocked, Last: last(models.BlockedURL, 0)}, false, "Not sent: the target guard refused the address.", "Requests go to public"},
		{"cancelled", models.Delivery{State: models.Cancelled}, false, "Cancelled: nothing more is sent.", "Retrigger it"},
		{"cancelled after a failure", models.Delivery{State: models.Cancelled, Last: models.LastAttempt{Outcome: models.HTTPError, Status: 503}}, false, "Cancelled: nothing more is sent.", "did not arrive: the receiver answered 503"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := tell(tt.d, 3, tt.held, "")
			require.Equal(t, tt.title, got.Title)
			require.Contains(t, got.Next, tt.next)
			require.Equal(t, tt.next == "", got.Next == "")
		})
	}
}

// W6: what is not sent for another reason than the guard's says so.
func TestW6_NotSentNamesItsCause(t *testing.T) {
	d := models.Delivery{State: models.Blocked, Attempts: 1, Last: models.LastAttempt{Outcome: models.BlockedURL, At: time.Unix(1, 0)}}
	require.Equal(t, "Not sent: the request has a header that HTTP does not allow.", tell(d, 3, false, "bad_request").Title)
	require.Equal(t, "Not sent: the capture URL is no longer valid.", tell(d, 3, false, models.CauseCaptureGone).Title)
}

// W6: the page says of a failed test what the dialog and the API say of it.
func TestW6_ATestIsNotSaidToBeTriedAgain(t *testing.T) {
	d := models.Delivery{State: models.Failed, Test: true, Attempts: 1, Tries: 1, Last: models.LastAttempt{Outcome: models.HTTPError, Status: 503}}
	require.Equal(t, models.Diagnose(models.HTTPError, 503, "").OfTest().Advice, tell(d, 1, false, "").Next)
	require.Contains(t, tell(d, 1, false, "").Next, "A test is not tried again")
}

func TestZ5_TimingBarFillsItsWidth(t *testing.T) {
	bar := phases(models.Timing{DNS: time.Millisecond, Connect: 3 * time.Millisecond, TLS: 6 * time.Millisecond, Wait: 90 * time.Millisecond})
	require.Len(t, bar, 4, "what did not happen is left out")
	require.Equal(t, "1.0 ms", bar[0].text)
	require.Equal(t, "90 ms", bar[3].text)
	for i, p := range bar[1:] {
		require.Equal(t, bar[i].from+bar[i].width, p.from)
	}
	require.Equal(t, 1000, bar[3].from+bar[3].width)
	require.Empty(t, phases(models.Timing{}))
}

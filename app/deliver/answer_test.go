package deliver

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// I12: the raw answer is handed over when it is asked for, bounded, beside the log's
// shortened form, which has no secret in clear.
func TestI12_RawAnswerBesideTheLog(t *testing.T) {
	b := newRig(t)
	long := bytes.Repeat([]byte("a"), 100<<10)
	server, got := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", r.Header.Get("X-Api-Key"))
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(append([]byte("hunter2hunter2 "), long...))
	})
	in := b.input(server.URL)
	in.Webhook.Headers = []models.Header{b.secretHeader(in.Webhook.ID, "X-Api-Key", "hunter2hunter2")}
	for asked, kept := range map[int]int{0: 0, 20: 20, loggedAnswer: loggedAnswer, 40 << 10: 40 << 10, MaxAnswer: MaxAnswer, 1 << 30: MaxAnswer} {
		in.KeepAnswer = asked
		ex := b.Send(t.Context(), in)
		<-got
		require.Equal(t, models.Success, ex.Attempt.Outcome)
		require.LessOrEqual(t, len(ex.Attempt.Response.Body), loggedAnswer)
		require.True(t, ex.Attempt.Response.Truncated)
		require.NotContains(t, string(ex.Attempt.Response.Body), "hunter2")
		if asked == 0 {
			require.Nil(t, ex.Answer)
			continue
		}
		require.Len(t, ex.Answer.Body, kept)
		require.True(t, ex.Answer.Truncated)
		require.Equal(t, http.StatusCreated, ex.Answer.Status)
		require.Equal(t, "hunter2hunter2", ex.Answer.Header.Get("X-Echo"))
		require.Equal(t, "hunter2hunter2 aaaaa", string(ex.Answer.Body[:20]))
	}
}

// I12: there is no answer of a receiver that could not be reached.
func TestI12_NoAnswerWithoutAReceiver(t *testing.T) {
	b := newRig(t)
	in := b.input("http://127.0.0.1:1/")
	in.KeepAnswer = MaxAnswer
	ex := b.Send(t.Context(), in)
	require.Nil(t, ex.Answer)
	require.Equal(t, models.BlockedURL, ex.Attempt.Outcome)
}

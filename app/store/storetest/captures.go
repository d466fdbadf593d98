package storetest

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

func (s *suite) capture(t *testing.T, user string) models.Capture {
	t.Helper()
	c := models.Capture{
		ID: newID(models.CapturePrefix), UserID: user, Name: "Mine", Hash: []byte(newID("h")), Secret: models.Sealed("\x01sealed-bytes"),
		Answer: models.CaptureAnswer{Status: 503, Delay: 1500 * time.Millisecond, Type: models.JSONAnswer, Body: "{}"}, CreatedAt: s.clock.At,
	}
	require.NoError(t, s.CreateCapture(s.ctx, c))
	return c
}

func (s *suite) captured(c models.Capture, body []byte) models.Captured {
	return models.Captured{
		ID: newID(models.CapturedPrefix), CaptureID: c.ID, At: s.clock.At, Method: "POST", Target: "/x?q=\xff\x00", Remote: "::1",
		Headers: []models.HeaderLine{{Name: "X-a", Value: "1: 2"}, {Name: "X-a", Value: "\xff"}, {Name: "Empty"}}, Body: body, Size: 9, Truncated: true,
	}
}

// B4: endpoints and requests come back as they were, bytes that are no text
// included; the limits hold; what belongs to somebody goes with them.
func testCaptures(t *testing.T, s *suite) {
	u := s.user("pat@example.com")
	require.NoError(t, s.CreateUser(s.ctx, u))
	c := s.capture(t, u.ID)
	for _, find := range []func() (models.Capture, error){
		func() (models.Capture, error) { return s.Capture(s.ctx, c.ID) },
		func() (models.Capture, error) { return s.CaptureByHash(s.ctx, c.Hash) },
	} {
		got, err := find()
		require.NoError(t, err)
		require.Equal(t, c, got)
	}
	r := s.captured(c, []byte("a\x00\xff\r\n"))
	require.NoError(t, s.KeepCaptured(s.ctx, []models.Captured{r}, map[string]int64{c.ID: 3, newID(models.CapturePrefix): 1}))
	got, err := s.Captured(s.ctx, c.ID, r.ID)
	require.NoError(t, err)
	require.Equal(t, r, got)
	_, err = s.Captured(s.ctx, newID(models.CapturePrefix), r.ID)
	require.Equal(t, models.NotFound, models.CodeOf(err), "not by way of another endpoint")
	c, err = s.Capture(s.ctx, c.ID)
	require.NoError(t, err)
	require.EqualValues(t, 3, c.Dropped)

	old := c.Hash
	c.Hash, c.Answer.Status = []byte("new"), 204
	require.NoError(t, s.SaveCapture(s.ctx, c))
	_, err = s.CaptureByHash(s.ctx, old)
	require.Equal(t, models.NotFound, models.CodeOf(err))
	require.NoError(t, s.DeleteCaptured(s.ctx, c.ID, r.ID))
	require.Equal(t, models.NotFound, models.CodeOf(s.DeleteCaptured(s.ctx, c.ID, r.ID)))
	for range models.MaxCaptures - 1 {
		s.capture(t, u.ID)
	}
	require.Equal(t, models.Conflict, models.CodeOf(s.CreateCapture(s.ctx, models.Capture{ID: newID(models.CapturePrefix), UserID: u.ID})))
	require.NoError(t, s.DeleteCapture(s.ctx, c.ID))
	require.NoError(t, s.KeepCaptured(s.ctx, []models.Captured{s.captured(c, nil)}, nil), "one that came too late is left out")
}

// B4: the newest stay, by count, by size, by age.
func testCaptureLimits(t *testing.T, s *suite) {
	u := s.user("pat@example.com")
	require.NoError(t, s.CreateUser(s.ctx, u))
	c, other := s.capture(t, u.ID), s.capture(t, u.ID)
	count := func(of models.Capture) int {
		list, err := s.CapturedPage(s.ctx, of.ID, store.Page{Limit: 1000})
		require.NoError(t, err)
		return len(list)
	}
	keep := func(of models.Capture, n int, body []byte) {
		for range n / 50 {
			batch := make([]models.Captured, 50)
			for i := range batch {
				batch[i] = s.captured(of, body)
			}
			require.NoError(t, s.KeepCaptured(s.ctx, batch, nil))
		}
	}
	keep(other, 50, nil)
	keep(c, models.KeptCaptured+50, nil)
	require.Equal(t, models.KeptCaptured, count(c))
	require.Equal(t, 50, count(other), "one endpoint cannot push another's out")
	keep(c, 100, bytes.Repeat([]byte{0}, models.KeptCaptureBody))
	require.Less(t, count(c), 100)
	require.Greater(t, count(c), 50)
	require.NoError(t, s.ClearCaptured(s.ctx, c.ID))
	require.Zero(t, count(c))
	s.clock.At = s.clock.At.Add(models.CaptureAge - time.Minute)
	require.NoError(t, s.PruneCaptured(s.ctx))
	require.Equal(t, 50, count(other))
	s.clock.At = s.clock.At.Add(2 * time.Minute)
	require.NoError(t, s.PruneCaptured(s.ctx))
	require.Zero(t, count(other))
}

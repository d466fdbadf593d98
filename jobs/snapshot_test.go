package jobs

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// B8: Home tells from a lane's snapshot why its webhook's deliveries wait.
func TestB8_LaneTellsWhyDeliveriesWait(t *testing.T) {
	r := laneRunner(8)
	require.Zero(t, r.Lane("a"))
	l := fill(r, "a", 5, 0)
	l.answered(3*time.Second, r)
	for take(r) != nil {
	}
	lane := r.Lane("a")
	require.Equal(t, models.Lane{Queued: 4, InFlight: 1, Limit: 1, Slow: true}, lane)

	now := time.Unix(1_000_000, 0)
	on, off := models.NewWebhook(), models.NewWebhook()
	off.Enabled = false
	for want, c := range map[models.WaitReason]struct {
		b    models.Backlog
		w    models.Webhook
		lane models.Lane
	}{
		models.WaitOff:     {models.Backlog{}, off, lane},
		models.WaitSlow:    {models.Backlog{Held: 5}, on, lane},
		models.WaitSending: {models.Backlog{Held: 1}, on, models.Lane{}},
		models.WaitRetry:   {models.Backlog{Next: now.Add(time.Minute)}, on, models.Lane{}},
		models.WaitQueued:  {models.Backlog{Next: now.Add(-time.Minute)}, on, models.Lane{}},
	} {
		require.Equal(t, want, c.b.ReasonOf(&c.w, c.lane, now))
	}
}

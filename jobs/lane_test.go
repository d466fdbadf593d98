package jobs

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

func laneRunner(workers int) *Runner { return NewRunner(claimNamer{}, nil, Options{Workers: workers}) }

func fill(r *Runner, id string, n, attempts int) *lane {
	l := r.laneOf(id)
	for i := range n {
		r.enqueue(l, models.Work{Delivery: models.Delivery{ID: fmt.Sprint(id, attempts, i), Attempts: attempts, WebhookID: id}})
	}
	return l
}

// take starts the next attempt as dispatch does, without making it.
func take(r *Runner) *lane {
	l := r.next()
	if l == nil {
		return nil
	}
	l.pop()
	l.inFlight++
	r.inFlight++
	if l.slow {
		r.inSlow++
	}
	r.relist(l)
	return l
}

// Promise 5: lanes take turns, and one alone may grow to all places.
func TestLanesTakeTurns(t *testing.T) {
	r := laneRunner(8)
	fill(r, "a", 100, 0)
	fill(r, "b", 2, 0)
	fill(r, "c", 2, 0)
	got := ""
	for l := take(r); l != nil; l = take(r) {
		got += l.webhookID
	}
	require.Equal(t, "abcabc", got, "a may have a quarter of 8 until it has shown that it is quick")

	a := r.lanes["a"]
	for range 20 {
		a.answered(time.Millisecond, r)
	}
	require.Equal(t, 8, a.limit)
}

// Promise 5: slow lanes get smaller, and together at most half of the places.
func TestSlowLanesShareHalf(t *testing.T) {
	r := laneRunner(16)
	for i := range 5 {
		l := fill(r, fmt.Sprint("slow", i), 50, 0)
		l.answered(2*time.Second, r)
		r.relist(l)
		require.Equal(t, 2, l.limit)
	}
	n := 0
	for take(r) != nil {
		n++
	}
	require.Equal(t, 8, n)
	fill(r, "quick", 50, 0)
	require.Equal(t, "quick", take(r).webhookID)
}

// A slow lane is not starved by quick ones either.
func TestSlowLanesKeepAnEighth(t *testing.T) {
	r := laneRunner(16)
	quick := fill(r, "quick", 500, 0)
	quick.limit = 100
	slow := fill(r, "slow", 50, 0)
	slow.answered(2*time.Second, r)
	r.relist(slow)
	for range 16 {
		take(r)
	}
	require.Equal(t, 2, slow.inFlight)
}

func TestFreshBeforeRetries(t *testing.T) {
	r := laneRunner(4)
	l := fill(r, "a", 20, 0)
	fill(r, "a", 2, 1)
	var order []int
	for l.queued() > 0 {
		order = append(order, l.pop().Attempts)
	}
	require.Equal(t, []int{0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0}, order)
}

// Deliveries that find their lane full go to the table, behind those that are there already.
func TestReserveIsBounded(t *testing.T) {
	r := NewRunner(claimNamer{}, nil, Options{Workers: 4})
	r.Workers = 0 // nothing is dispatched
	n := 0
	for {
		if _, _, ok := r.Reserve("a", 1000); !ok {
			break
		}
		n++
	}
	require.Equal(t, laneQueue, n)
	r.Release("a", 1000)
	_, _, ok := r.Reserve("a", 1000)
	require.False(t, ok, "behind an overflow the table keeps the order")
}

// Memory is bounded in bytes too. Promise 5: the one receiver that hangs with
// large events has all of it, and still the others go on.
func TestCrowdedMemory(t *testing.T) {
	r := NewRunner(claimNamer{}, nil, Options{Workers: 4})
	r.Workers = 0 // nothing is dispatched
	_, _, ok := r.Reserve("hangs", queueBytes)
	require.True(t, ok)
	_, _, ok = r.Reserve("hangs", 1000)
	require.False(t, ok)
	require.Zero(t, r.roomFor("hangs"))
	require.Equal(t, 1, r.roomFor("other"), "what overflowed before goes on one by one")
	_, _, ok = r.Reserve("other", 1000)
	require.True(t, ok)
	_, _, ok = r.Reserve("other", 1000)
	require.False(t, ok)
	require.Zero(t, r.roomFor("other"))
}

// With few places an eighth of them is none, which would starve slow lanes.
func TestSlowLanesKeepOneOfFewPlaces(t *testing.T) {
	r := laneRunner(4)
	quick := fill(r, "quick", 50, 0)
	quick.limit = 100
	slow := fill(r, "slow", 50, 0)
	slow.answered(2*time.Second, r)
	r.relist(slow)
	for range 4 {
		take(r)
	}
	require.Equal(t, 1, slow.inFlight)
	require.Equal(t, 3, quick.inFlight)
}

// A cancelled delivery that waits in its lane is not sent any more.
func TestDrop(t *testing.T) {
	r := laneRunner(4)
	l := fill(r, "a", 2, 0)
	fill(r, "a", 1, 1)
	r.bytes = 7
	r.held["a0 0"].Event.Data = []byte("1234567")
	r.Drop("a0 0")
	r.Drop("a1 0")
	r.Drop("unknown")
	require.Equal(t, 1, l.queued())
	require.Equal(t, "a0 1", l.pop().ID)
	require.Zero(t, r.bytes)
	require.NotContains(t, r.held, "a0 0")

	// The delivery on the wire goes on, but those that were to follow it do not.
	onWire := r.held["a0 1"]
	onWire.next = &models.Work{}
	r.Drop("a0 1")
	require.Nil(t, onWire.next)
	require.Contains(t, r.held, "a0 1")
}

// A lane that was given up while a result was on its way to the disk leaves the
// one made after it alone.
func TestSettleLeavesANewerLaneAlone(t *testing.T) {
	r := NewRunner(claimNamer{}, nil, Options{Workers: 4})
	r.Workers = 0 // nothing is dispatched
	for i := range idleLanes {
		r.laneOf(fmt.Sprint("idle", i))
	}
	old := &item{Work: models.Work{Delivery: models.Delivery{ID: "d", WebhookID: "a"}}}
	r.held["d"], r.unstored = old, 1
	_, _, ok := r.Reserve("a", 10)
	require.True(t, ok)
	r.remove(old)
	r.Release("a", 10)
	require.Zero(t, r.laneOf("a").reserved)
}

// claimNamer is the part of a store that lanes need. It knows no webhook, so
// none has a rate limit.
type claimNamer struct{ Store }

func (claimNamer) NewClaimID() string { return "n1.1" }

func (claimNamer) Config() *models.Config { return noWebhooks }

var noWebhooks = models.NewConfig(1, models.Settings{}, models.Access{}, nil, nil, nil)

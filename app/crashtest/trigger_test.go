package crashtest

import (
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

// moment is where, in the life of a delivery, a process is killed. What is not
// said outside cannot be seen from there, so these are the crash points by what
// the world has just seen.
type moment int

const (
	announced    moment = iota // it has just said where it listens
	requestSent                // a publisher's request is on its way
	answered202                // a publisher has its 202
	received                   // a receiver has the request and has not answered
	delivered                  // a receiver has answered: the result is not stored yet
	momentsCount int    = iota
)

// trigger kills a process at the k-th occurrence of a moment.
type trigger struct {
	mu    sync.Mutex
	at    moment
	left  int
	kill  func()
	fired chan struct{}
}

// arm sets the trap, and returns a signal for when it has snapped.
func (x *trigger) arm(at moment, k int, kill func()) <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.at, x.left, x.kill, x.fired = at, k, kill, make(chan struct{})
	return x.fired
}

// hit is called at every moment. It returns after the kill.
func (x *trigger) hit(at moment) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.kill == nil || at != x.at {
		return
	}
	if x.left--; x.left <= 0 {
		x.kill()
		x.kill = nil
		close(x.fired)
	}
}

// await returns once the trap has snapped.
func (x *trigger) await(t testing.TB, fired <-chan struct{}) {
	t.Helper()
	select {
	case <-fired:
	case <-time.After(patience):
		t.Fatal("the moment to kill at never came")
	}
}

// seedVariable repeats the plan of a run that failed.
const seedVariable = "CRASHTEST_SEED"

// newRandom logs its seed.
func newRandom(t testing.TB) *rand.Rand {
	t.Helper()
	seed, err := strconv.ParseUint(os.Getenv(seedVariable), 10, 64)
	if err != nil {
		seed = rand.Uint64()
	}
	t.Logf("%s=%d", seedVariable, seed)
	return rand.New(rand.NewPCG(seed, 1))
}

// plan says at which moment, and at its how-manieth occurrence, to kill.
func plan(round int, random *rand.Rand) (moment, int) {
	at := moment(round % momentsCount)
	if at == announced {
		return at, 1
	}
	return at, 1 + random.IntN(150)
}

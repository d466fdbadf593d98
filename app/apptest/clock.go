package apptest

import (
	"sync"
	"time"
)

// Clock is a clock that a test moves by hand.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// NewClock starts at the real time, so that what the operating system stamps
// fits what the test sees.
func NewClock() *Clock { return &Clock{at: time.Now().UTC()} }

// Now is what the options of store, jobs and service want.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Advance moves the clock.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(d)
}

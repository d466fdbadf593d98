package capture

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	perSecond = 50  // requests to one endpoint
	burst     = 200 // of them at once
	maxPaces  = 10_000
)

// pace holds each endpoint to its rate.
type pace struct {
	mu      sync.Mutex
	now     func() time.Time
	buckets map[string]*rate.Limiter
}

func newPace(now func() time.Time) *pace {
	return &pace{now: now, buckets: map[string]*rate.Limiter{}}
}

// allow takes one request's worth. The keys are ids of endpoints that exist, so
// a stranger cannot fill the map; over its bound all start afresh.
func (p *pace) allow(id string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	b := p.buckets[id]
	if b == nil {
		if len(p.buckets) >= maxPaces {
			clear(p.buckets)
		}
		b = rate.NewLimiter(perSecond, burst)
		p.buckets[id] = b
	}
	return b.AllowN(p.now(), 1)
}

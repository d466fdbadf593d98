package service

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// throttle slows down whatever must not be done too often. It counts by key, each
// in a bucket of its own.
type throttle struct {
	mu      sync.Mutex
	now     func() time.Time
	buckets *simplelru.LRU[string, *rate.Limiter]
}

// limit is a burst at once, then one every so often.
type limit struct {
	every time.Duration
	burst int
}

var (
	networkLimit = limit{10 * time.Second, 50}
	keyLimit     = limit{time.Minute, 20}
)

// maxBuckets bounds memory. Over it the bucket that was asked for the longest time
// ago goes, so that filling the others does not set a busy one free.
const maxBuckets = 50_000

func newThrottle(now func() time.Time) *throttle {
	buckets, err := simplelru.NewLRU[string, *rate.Limiter](maxBuckets, nil)
	if err != nil {
		panic(err) // of a size below one
	}
	return &throttle{now: now, buckets: buckets}
}

// allow counts one more under the key, if there is room for it.
func (t *throttle) allow(key string, l limit) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bucket(key, l).AllowN(t.now(), 1)
}

// forget gives a key its full burst back.
func (t *throttle) forget(key string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.buckets.Remove(key)
}

func (t *throttle) bucket(key string, l limit) *rate.Limiter {
	b, known := t.buckets.Get(key)
	if !known {
		b = rate.NewLimiter(rate.Every(l.every), l.burst)
		t.buckets.Add(key, b)
	}
	return b
}

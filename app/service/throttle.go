package service

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// throttle slows down guessing of passwords, per account and per address, and
// whatever else must not be done too often.
type throttle struct {
	mu      sync.Mutex
	now     func() time.Time
	buckets map[string]*rate.Limiter
	burst   int // of an account
}

const (
	accountBurst, addressBurst = 10, 50
	accountEvery               = time.Minute
	keyBurst, keyEvery         = 20, time.Minute
	addressEvery               = 10 * time.Second
	// maxBuckets bounds memory: over it, everybody starts afresh.
	maxBuckets = 50_000
)

func newThrottle(now func() time.Time) *throttle {
	return &throttle{now: now, buckets: map[string]*rate.Limiter{}, burst: accountBurst}
}

// spent reports whether an address missed so often that it must wait. Only
// misses count, so that a whole office may open its links at once.
func (t *throttle) spent(address string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.bucket("@"+address, addressEvery, addressBurst).TokensAt(t.now()) < 1
}

// miss counts a guess that was wrong.
func (t *throttle) miss(address string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.buckets) > maxBuckets {
		clear(t.buckets)
	}
	t.bucket("@"+address, addressEvery, addressBurst).AllowN(t.now(), 1)
}

func (t *throttle) allow(account, address string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.buckets) > maxBuckets {
		clear(t.buckets)
	}
	now := t.now()
	// An address that is refused makes no bucket for an account, or it could fill
	// the map and so start afresh.
	return t.bucket("@"+address, addressEvery, addressBurst).AllowN(now, 1) &&
		t.bucket("u"+account, accountEvery, t.burst).AllowN(now, 1)
}

// allowOne counts by one key.
func (t *throttle) allowOne(key string) bool { return t.allowAt(key, keyEvery, keyBurst) }

// allowAt counts by one key, at a rate of its own.
func (t *throttle) allowAt(key string, every time.Duration, burst int) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.buckets) > maxBuckets {
		clear(t.buckets)
	}
	return t.bucket("k"+key, every, burst).AllowN(t.now(), 1)
}

func (t *throttle) bucket(key string, every time.Duration, burst int) *rate.Limiter {
	b := t.buckets[key]
	if b == nil {
		b = rate.NewLimiter(rate.Every(every), burst)
		t.buckets[key] = b
	}
	return b
}

// forget gives an account its full burst back after a successful sign-in.
func (t *throttle) forget(account string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.buckets, "u"+account)
}

// Package ratelimit slows down calls that must not be made too often. Calls are
// counted by key, each key in a token bucket of its own.
package ratelimit

import (
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"
)

// Limit is a burst at once, then one call every so often.
type Limit struct {
	Every time.Duration
	Burst int
}

// MaxBuckets bounds memory. Over it the bucket that was asked for the longest time
// ago goes, so that filling the others does not set a busy key free.
const MaxBuckets = 50_000

// Buckets are the token buckets of many keys. Safe for concurrent use.
type Buckets struct {
	mu      sync.Mutex
	now     func() time.Time
	buckets *simplelru.LRU[string, *rate.Limiter]
}

// New makes an empty set of buckets.
func New(now func() time.Time) *Buckets {
	buckets, err := simplelru.NewLRU[string, *rate.Limiter](MaxBuckets, nil)
	if err != nil {
		panic(err) // of a size below one
	}
	return &Buckets{now: now, buckets: buckets}
}

// Allow counts one more call under the key, if there is room for it. A key is
// always used with the same limit.
func (b *Buckets) Allow(key string, l Limit) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	bucket, known := b.buckets.Get(key)
	if !known {
		bucket = rate.NewLimiter(rate.Every(l.Every), l.Burst)
		b.buckets.Add(key, bucket)
	}
	return bucket.AllowN(b.now(), 1)
}

// Reset gives a key its full burst back.
func (b *Buckets) Reset(key string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buckets.Remove(key)
}

// Len is the number of keys that are remembered.
func (b *Buckets) Len() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buckets.Len()
}

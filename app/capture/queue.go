package capture

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"hookline/app/store"
	"hookline/models"
)

const (
	maxQueued      = 1000
	maxQueuedBytes = 16 << 20
	batchCount     = 50
	batchBytes     = 2 << 20
	// batchPause leaves the writer to deliveries between two batches.
	batchPause   = 100 * time.Millisecond
	batchTimeout = 10 * time.Second
)

// queue holds requests until they are stored. One goroutine writes while there
// is something to write, and ends with it.
type queue struct {
	store *store.Store
	told  func(string)
	log   *slog.Logger

	mu      sync.Mutex
	idle    *sync.Cond
	waiting []models.Captured
	bytes   int64
	dropped map[string]int64
	writing bool
	closed  chan struct{}
}

func newQueue(s *store.Store, told func(string), log *slog.Logger) *queue {
	q := &queue{store: s, told: told, log: log, dropped: map[string]int64{}, closed: make(chan struct{})}
	q.idle = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(r models.Captured) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.isClosed() {
		return false
	}
	defer q.begin()
	if len(q.waiting) >= maxQueued || q.bytes+r.Kept() > maxQueuedBytes {
		q.dropped[r.CaptureID]++
		return false
	}
	q.waiting = append(q.waiting, r)
	q.bytes += r.Kept()
	return true
}

func (q *queue) drop(captureID string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.isClosed() {
		q.dropped[captureID]++
		q.begin()
	}
}

func (q *queue) isClosed() bool {
	select {
	case <-q.closed:
		return true
	default:
		return false
	}
}

// begin starts the writer unless it runs. The lock is held.
func (q *queue) begin() {
	if !q.writing {
		q.writing = true
		go q.write()
	}
}

func (q *queue) write() {
	for {
		batch, dropped := q.take()
		if len(batch) == 0 && len(dropped) == 0 {
			return
		}
		q.keep(batch, dropped)
		select {
		case <-q.closed:
		case <-time.After(batchPause):
		}
	}
}

// take returns the next batch; when there is none, the writer has ended.
func (q *queue) take() ([]models.Captured, map[string]int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	n, bytes := 0, int64(0)
	for n < len(q.waiting) && n < batchCount && (n == 0 || bytes+q.waiting[n].Kept() <= batchBytes) {
		bytes += q.waiting[n].Kept()
		n++
	}
	batch, dropped := q.waiting[:n:n], q.dropped
	q.waiting, q.bytes, q.dropped = q.waiting[n:], q.bytes-bytes, map[string]int64{}
	if n == 0 && len(dropped) == 0 {
		q.waiting, q.writing = nil, false
		q.idle.Broadcast()
	}
	return batch, dropped
}

// keep writes a batch and tells who watches. One that cannot be stored is lost,
// which the log tells: what is captured is a help for tests, and not worth memory
// while the database cannot be written.
func (q *queue) keep(batch []models.Captured, dropped map[string]int64) {
	ctx, cancel := context.WithTimeout(context.Background(), batchTimeout)
	defer cancel()
	if err := q.store.KeepCaptured(ctx, batch, dropped); err != nil {
		q.log.Warn("captured requests were lost", "requests", len(batch), "error", err)
		return
	}
	changed := map[string]bool{}
	for _, r := range batch {
		changed[r.CaptureID] = true
	}
	for id := range dropped {
		changed[id] = true
	}
	for id := range changed {
		q.told(id)
	}
}

func (q *queue) flush() {
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.writing {
		q.idle.Wait()
	}
}

func (q *queue) close() {
	q.mu.Lock()
	if !q.isClosed() {
		close(q.closed)
	}
	q.mu.Unlock()
	q.flush()
}

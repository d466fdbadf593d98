package store

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
)

// health remembers whether the database takes writes.
type health struct {
	degradedSince atomic.Int64 // microseconds; 0: it takes them
	// refused is how large a write was refused for want of room, in bytes; 0 when that
	// was not the reason. What is smaller may still fit, and proves nothing.
	refused atomic.Int64
	probing sync.Mutex
	probed  atomic.Pointer[time.Time]
}

const (
	// leastRefused is taken for a write whose size is not known.
	leastRefused = 64 << 10
	// mostRefused bounds what is tried.
	mostRefused = 32 << 20
	// mostAtOnce is looked for as soon as something else could be written; more is left
	// to WatchHealth.
	mostAtOnce = 1 << 20
	// probeEvery is how often room is looked for: a call that comes more often, as /readyz
	// may be, is told what the last look found.
	probeEvery = 2 * time.Second
	probeTime  = 10 * time.Second
)

// degrade notes a write of so many bytes, 0 when unknown, that failed.
func (h *health) degrade(now time.Time, full bool, size int) (first bool) {
	if full {
		want := int64(min(max(size, leastRefused), mostRefused))
		for {
			was := h.refused.Load()
			if was >= want || h.refused.CompareAndSwap(was, want) {
				break
			}
		}
	}
	return h.degradedSince.CompareAndSwap(0, micros(now))
}

// recover notes a write of so many bytes that succeeded.
func (h *health) recover(size int) {
	if h.degradedSince.Load() == 0 || int64(size) < h.refused.Load() {
		return
	}
	h.refused.Store(0)
	h.degradedSince.Store(0)
}

// DegradedSince is when writing began to fail, or the zero time. After a write that
// was refused for want of room it lasts until one of that size has succeeded.
func (s *Store) DegradedSince() time.Time { return fromMicros(s.health.degradedSince.Load()) }

// Ready proves that the database can be read and written, with a write that changes
// nothing, or after one was refused for want of room with one of that size. So
// /readyz turns green again without a restart once the disk has room.
func (s *Store) Ready(ctx context.Context) error {
	if size := s.health.refused.Load(); size > 0 {
		if last := s.health.probed.Load(); last != nil && time.Since(*last) < probeEvery {
			return unavailable
		}
		return s.probe(ctx, int(size))
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	return s.tx(ctx, func(tx *gorm.DB) error {
		return tx.Exec("UPDATE workspace SET id = 1 WHERE id = 1").Error
	})
}

// wroteSomething takes a write that succeeded for the occasion to look whether there is
// room again.
func (s *Store) wroteSomething(ctx context.Context) {
	if size := s.health.refused.Load(); size > 0 && size <= mostAtOnce {
		_ = s.probe(ctx, int(size)) // what it finds is noted
	}
}

// probe writes as much as was refused, and removes it again.
func (s *Store) probe(ctx context.Context, size int) error {
	if !s.health.probing.TryLock() {
		return unavailable
	}
	defer s.health.probing.Unlock()
	began := time.Now()
	s.health.probed.Store(&began)
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	empty := "DELETE FROM disk_probe"
	if s.dialect.name() == postgresName {
		empty = "TRUNCATE disk_probe" // which gives the space back at once
	}
	filler := make([]byte, size)
	_, _ = rand.Read(filler) // PostgreSQL would compress anything else
	err := s.fill(ctx, empty, filler)
	if err == nil {
		_, err = s.writeDB().ExecContext(ctx, empty)
	}
	return s.wroteBytes(size, err)
}

func (s *Store) fill(ctx context.Context, empty string, filler []byte) error {
	tx, err := s.writeDB().BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, empty); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, s.bind("INSERT INTO disk_probe (filler) VALUES (?)"), filler); err != nil {
		return err
	}
	return tx.Commit()
}

// WatchHealth looks for room while writes are refused, until ctx ends: a banner must
// not stay because no other write is as large.
func (s *Store) WatchHealth(ctx context.Context) {
	Every(ctx, probeEvery, func() {
		if !s.DegradedSince().IsZero() {
			_ = s.Ready(ctx) // what it finds is noted
		}
	})
}

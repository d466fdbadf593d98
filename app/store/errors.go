package store

import (
	"errors"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// health remembers whether the last write failed for want of a writable disk.
type health struct{ degradedSince atomic.Int64 }

// unavailable is what callers are told while nothing can be written (promise 9).
var unavailable = models.Errorf(models.Unavailable, "The database cannot be written right now, so nothing was saved. Try again soon.")

// wrote notes how a write went, and translates its error.
func (s *Store) wrote(err error) error {
	switch {
	case err == nil:
		s.health.degradedSince.Store(0)
		return nil
	case s.dialect.degraded(err):
		if s.health.degradedSince.CompareAndSwap(0, s.now().UnixMicro()) {
			s.log.Error("the database cannot be written", "error", err)
		}
		return unavailable
	case models.CodeOf(err) == "" && s.dialect.duplicate(err):
		return models.Errorf(models.Conflict, "There is one with this name already.")
	}
	return err
}

// IsDown reports whether err, of any call here, means that the database cannot be
// reached or used now, and that the same call may do later.
func IsDown(err error) bool {
	return err != nil && models.CodeOf(err) == "" && ((*postgresDialect)(nil).degraded(err) || (*sqliteDialect)(nil).degraded(err))
}

// found translates a read's error; what names the noun that is missing.
func found(err error, what string) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return models.Errorf(models.NotFound, "There is no %s with this id.", what)
	}
	return err
}

// DegradedSince is when writing began to fail, or the zero time.
func (s *Store) DegradedSince() time.Time { return fromMicros(s.health.degradedSince.Load()) }

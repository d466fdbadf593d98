package store

import (
	"errors"

	"gorm.io/gorm"

	"hookline/models"
)

// unavailable is what callers are told while nothing can be written (promise 9).
var unavailable = models.Errorf(models.Unavailable, "The database cannot be written right now, so nothing was saved. Try again soon.")

// wrote notes how a small write went, and translates its error.
func (s *Store) wrote(err error) error { return s.wroteBytes(0, err) }

// wroteBytes does the same for a write of about this size.
func (s *Store) wroteBytes(size int, err error) error {
	switch {
	case err == nil:
		s.health.recover(size)
		return nil
	case s.dialect.degraded(err):
		if s.health.degrade(s.now(), s.dialect.full(err), size) {
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

package service

import (
	"context"
	"time"

	"hookline/app/store"
	"hookline/models"
)

// System is what the workspace as a whole says of itself.
type System struct{ deps }

// Settings are the workspace's.
func (s *System) Settings() models.Settings { return s.store.Config().Settings }

// Refresh takes up what other nodes have changed, so that a caller who was answered
// by one finds that change, or that a token was revoked, on every other.
func (s *System) Refresh(ctx context.Context) error {
	_, err := s.store.FreshConfig(ctx)
	return err
}

// Ready proves that events can be accepted now.
func (s *System) Ready(ctx context.Context) error { return s.store.Ready(ctx) }

// DegradedSince is when the database stopped taking writes, or the zero time.
func (s *System) DegradedSince() time.Time { return s.store.DegradedSince() }

var databaseDown = models.Errorf(models.Unavailable, "The database does not answer right now. Try again soon.")

// DatabaseDown reports whether err means that the database cannot be used now, and
// returns the error that callers are told in its place (promise 9).
func DatabaseDown(err error) (answer error, down bool) {
	if store.IsDown(err) {
		return databaseDown, true
	}
	return nil, false
}

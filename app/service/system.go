package service

import (
	"context"
	"time"

	"hookline/app/store"
	"hookline/models"
)

// System is what the workspace as a whole says of itself.
type System struct{ Deps }

// Settings are the workspace's.
func (s *System) Settings() models.Settings { return s.Store.Config().Settings }

// Refresh takes up what other nodes have changed, so that a caller who was answered
// by one finds that change, or that a token was revoked, on every other.
func (s *System) Refresh(ctx context.Context) error {
	_, err := s.Store.FreshConfig(ctx)
	return err
}

// Ready proves that events can be accepted now.
func (s *System) Ready(ctx context.Context) error { return s.Store.Ready(ctx) }

// DegradedSince is when the database stopped taking writes, or the zero time.
func (s *System) DegradedSince() time.Time { return s.Store.DegradedSince() }

var databaseDown = models.Errorf(models.Unavailable, "The database does not answer right now. Try again soon.")

// Told is what a caller may know of err: that the database is down, where that is
// why, else err as it is (promise 9).
func Told(err error) error {
	if store.IsDown(err) {
		return databaseDown
	}
	return err
}

package service

import (
	"context"
	"time"

	"hookline/models"
)

// System is what the workspace as a whole says of itself.
type System struct{ Deps }

// Settings are the workspace's.
func (s *System) Settings() models.Settings { return s.Store.Config().Settings }

// Ready proves that events can be accepted now.
func (s *System) Ready(ctx context.Context) error { return s.Store.Ready(ctx) }

// DegradedSince is when the database stopped taking writes, or the zero time.
func (s *System) DegradedSince() time.Time { return s.Store.DegradedSince() }

package form

import (
	"time"

	"hookline/models"
)

// Days reads a stretch of days in UTC, the last included, as date inputs send it;
// "" is open. The error is Malformed.
func Days(since, until string) (from, to time.Time, err error) {
	if from, err = day(since); err != nil {
		return from, to, err
	}
	if to, err = day(until); err == nil && !to.IsZero() {
		to = to.AddDate(0, 0, 1)
	}
	return from, to, err
}

func day(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1970 {
		return time.Time{}, models.Errorf(models.Malformed, "Give days as year-month-day, for example 2026-05-01.")
	}
	return t, nil
}

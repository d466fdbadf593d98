package ui

import (
	"fmt"
	"strconv"
	"time"
)

// ago is t as seen from now, short: "3 min ago", "in 2 h". app.js says the same
// when it brings times up to date.
func ago(t, now time.Time) string {
	d := now.Sub(t)
	future := d < 0
	if future {
		d = -d
	}
	text := ""
	switch {
	case d < 5*time.Second && !future:
		return "just now"
	case d < time.Minute:
		text = fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		text = fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		text = fmt.Sprintf("%d h", int(d.Hours()))
	case d < 60*24*time.Hour:
		text = fmt.Sprintf("%d days", int(d.Hours()/24))
	default:
		return t.UTC().Format("2 Jan 2006")
	}
	if future {
		return "in " + text
	}
	return text + " ago"
}

// ExactUTC is a time to the millisecond.
func ExactUTC(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05.000 UTC") }

// Took is how long something lasted, with three digits at most.
func Took(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return "<1 ms"
	case d < time.Second:
		return strconv.FormatInt(d.Milliseconds(), 10) + " ms"
	case d < 10*time.Second:
		return strconv.FormatFloat(d.Seconds(), 'f', 2, 64) + " s"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + " s"
	}
	return fmt.Sprintf("%d min %d s", int(d.Minutes()), int(d.Seconds())%60)
}

// Wait is a planned delay in words: 10 s, 3 min, 5 h.
func Wait(d time.Duration) string {
	switch {
	case d >= time.Hour && d%time.Hour == 0:
		return fmt.Sprintf("%d h", int(d.Hours()))
	case d >= time.Minute && d%time.Minute == 0 && d > time.Minute:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return strconv.FormatFloat(d.Seconds(), 'f', -1, 64) + " s"
}

// PerSecond is a rate of attempts in words: at most 5 attempts per second, at
// most one attempt every 10 s.
func PerSecond(rate float64) string {
	switch {
	case rate == 1:
		return "at most 1 attempt per second"
	case rate > 1:
		return "at most " + strconv.FormatFloat(rate, 'f', -1, 64) + " attempts per second"
	}
	every := time.Duration(float64(time.Second) / rate).Round(100 * time.Millisecond)
	return "at most one attempt every " + Wait(every)
}

// Package cpu measures what tests bound instead of time by the clock.
package cpu

import (
	"syscall"
	"time"
)

// Time is the processor time that this thread has used. The caller locks its
// goroutine to the thread.
func Time() time.Duration {
	const thread = 1 // RUSAGE_THREAD
	var usage syscall.Rusage
	if err := syscall.Getrusage(thread, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

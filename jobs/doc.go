// Package jobs is work without a person waiting: it drains the table of pending
// deliveries.
//
// A published delivery comes straight from memory (Offer); a retry, an overflow,
// a restart's or another node's leftover comes from the table (drain). Both go
// into the lane of their webhook. A lane hands out work while it has a place,
// so a slow receiver fills its own lane and no other. An attempt is made, the
// retry decision is a pure function, the result is stored under the claim. The
// table is the truth throughout: what is in memory may be lost at any time.
//
// Beside it, Bulk makes bulk jobs batch by batch, and schedule.go lists all that
// goes by the clock, such as pruning what is older than the settings keep.
package jobs

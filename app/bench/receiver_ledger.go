package main

import (
	"context"
	"sync/atomic"
	"time"
)

// ledgerSize bounds the event numbers of one run. Pages of the ledger that are never touched cost nothing.
const ledgerSize = 8 << 20

// ledger notes per event number when it arrived first and how often.
type ledger struct {
	first   []atomic.Int64 // Unix nanoseconds, 0 = not yet
	count   []atomic.Uint32
	strange atomic.Int64 // deliveries without a number, or with one out of range
}

func newLedger() *ledger {
	return &ledger{first: make([]atomic.Int64, ledgerSize), count: make([]atomic.Uint32, ledgerSize)}
}

func (l *ledger) arrived(body []byte, at time.Time) {
	n, ok := eventNumber(body)
	if !ok || n >= ledgerSize {
		l.strange.Add(1)
		return
	}
	l.first[n].CompareAndSwap(0, at.UnixNano())
	l.count[n].Add(1)
}

// tally sums up the events with numbers from ≤ n < to.
type tally struct {
	Unique  int   `json:"unique"`
	Total   int   `json:"total"`
	FirstNS int64 `json:"first_ns"`
	LastNS  int64 `json:"last_ns"`
	Strange int64 `json:"strange"`
}

func (l *ledger) tally(from, to uint64) tally {
	t := tally{Strange: l.strange.Load()}
	for n := from; n < to; n++ {
		at := l.first[n].Load()
		if at == 0 {
			continue
		}
		t.Unique++
		t.Total += int(l.count[n].Load())
		if t.FirstNS == 0 || at < t.FirstNS {
			t.FirstNS = at
		}
		t.LastNS = max(t.LastNS, at)
	}
	return t
}

// await returns as soon as want events of the range have arrived, or the context ends.
func (l *ledger) await(ctx context.Context, from, to uint64, want int) {
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	// Whole prefix arrived: never look at it again, so waiting stays cheap.
	done := from
	for {
		for done < to && l.first[done].Load() != 0 {
			done++
		}
		if l.seen(from, done, to) >= want {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (l *ledger) seen(from, done, to uint64) int {
	n := int(done - from)
	for i := done; i < to; i++ {
		if l.first[i].Load() != 0 {
			n++
		}
	}
	return n
}

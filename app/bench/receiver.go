package main

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
)

// ledgerSize bounds the event numbers of one run. Untouched pages of the ledger cost nothing.
const ledgerSize = 8 << 20

// receiver answers 200 to everything. It notes for each event number when the event arrived first and how often.
type receiver struct {
	hooks   string         // host:port to post to
	other   string         // the same at another port: a limit per host must not make neighbours of two webhooks
	first   []atomic.Int64 // Unix nanoseconds, 0 = not yet
	count   []atomic.Uint32
	strange atomic.Int64 // deliveries without a number, or with a number out of range
	server  *fasthttp.Server

	mu   sync.Mutex
	gate chan struct{} // answers wait until it is closed; nil = no holding
}

// startReceiver listens on two ports of loopback.
func startReceiver() (*receiver, error) {
	r := &receiver{first: make([]atomic.Int64, ledgerSize), count: make([]atomic.Uint32, ledgerSize)}
	r.server = &fasthttp.Server{Handler: r.serve, NoDefaultServerHeader: true, NoDefaultDate: true}
	for _, addr := range []*string{&r.hooks, &r.other} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return r, err
		}
		*addr = l.Addr().String()
		go func() { _ = r.server.Serve(l) }()
	}
	return r, nil
}

func (r *receiver) serve(ctx *fasthttp.RequestCtx) {
	r.arrived(ctx.PostBody(), time.Now())
	r.mu.Lock()
	gate := r.gate
	r.mu.Unlock()
	if gate != nil {
		<-gate
	}
	if d := answerDelay(ctx.Path()); d > 0 {
		time.Sleep(d)
	}
	ctx.SetBodyString("ok")
}

// hookURL is the address at which the receiver waits for delay before it answers.
func hookURL(addr string, delay time.Duration) string {
	return fmt.Sprintf("http://%s/hook/%d", addr, delay.Milliseconds())
}

// answerDelay reads the milliseconds out of a path such as /hook/50.
func answerDelay(path []byte) time.Duration {
	digits, _ := bytes.CutPrefix(path, []byte("/hook/"))
	ms, _ := strconv.Atoi(string(digits))
	return time.Duration(max(ms, 0)) * time.Millisecond
}

// hold makes answers wait until it is called with false.
func (r *receiver) hold(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case on && r.gate == nil:
		r.gate = make(chan struct{})
	case !on && r.gate != nil:
		close(r.gate)
		r.gate = nil
	}
}

func (r *receiver) arrived(body []byte, at time.Time) {
	n, ok := eventNumber(body)
	if !ok || n >= ledgerSize {
		r.strange.Add(1)
		return
	}
	r.first[n].CompareAndSwap(0, at.UnixNano())
	r.count[n].Add(1)
}

// tally sums up the arrivals of a range of events.
type tally struct {
	unique, total int
	firstNS       int64
	lastNS        int64
}

func (r *receiver) tally(events seqRange) tally {
	var t tally
	for n := events.from; n < events.to; n++ {
		at := r.first[n].Load()
		if at == 0 {
			continue
		}
		t.unique++
		t.total += int(r.count[n].Load())
		if t.firstNS == 0 || at < t.firstNS {
			t.firstNS = at
		}
		t.lastNS = max(t.lastNS, at)
	}
	return t
}

// arrivals returns the first arrival of each event of the range in Unix nanoseconds, 0 for a missing event.
func (r *receiver) arrivals(events seqRange) []int64 {
	at := make([]int64, events.len())
	for i := range at {
		at[i] = r.first[events.from+uint64(i)].Load()
	}
	return at
}

// await waits until want events of the range have arrived; fewer within limit is an error.
func (r *receiver) await(ctx context.Context, events seqRange, want int, limit time.Duration) (tally, error) {
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	done := events.from // all before it have arrived: they are not looked at again
	for {
		for done < events.to && r.first[done].Load() != 0 {
			done++
		}
		if int(done-events.from)+r.tally(seqRange{done, events.to}).unique >= want {
			return r.tally(events), nil
		}
		if sleep(ctx, 5*time.Millisecond) != nil {
			t := r.tally(events)
			return t, fmt.Errorf("only %d of %d events arrived within %s (%d deliveries without a known marker)", t.unique, want, limit, r.strange.Load())
		}
	}
}

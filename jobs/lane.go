package jobs

import (
	"container/list"
	"time"

	"hookline/models"
)

// A lane is one webhook's own queue. What it may have in flight grows with quick
// answers and shrinks with slow ones, so one bad receiver neither holds the
// places of others nor needs a setting.
type lane struct {
	webhookID string
	fresh     list.List // never attempted; these go before
	retries   list.List
	reserved  int // places promised to publications on their way to the disk
	inFlight  int
	limit     int // of inFlight
	slow      bool
	passed    int  // fresh items taken while a retry waited
	overflow  bool // the table holds due deliveries that did not fit here
	listed    *list.Element
	ring      *ring
	rate      *rateLimit // nil: its webhook has no rate limit
}

// item is one delivery in memory. Its claim is renewed in place.
type item struct {
	models.Work
	element *list.Element // in its lane's queue; nil once in flight
	next    *models.Work  // claimed anew, after a cancel and retrigger, while in flight
}

const (
	laneQueue  = 512      // deliveries that one lane keeps in memory
	queueBytes = 32 << 20 // event bytes that all lanes keep in memory; see crowded

	// An answer within quickAnswer lets a lane grow by one place; one slower than
	// slowAnswer halves it.
	quickAnswer = 500 * time.Millisecond
	slowAnswer  = time.Second

	// freshPerRetry: fresh work goes first, but a stream of it must not starve retries.
	freshPerRetry = 8
)

// ring is a round of lanes that have work and a place for it.
type ring struct{ lanes list.List }

func (r *Runner) laneOf(webhookID string) *lane {
	l := r.lanes[webhookID]
	if l == nil {
		l = &lane{webhookID: webhookID, limit: r.firstLimit()}
		r.lanes[webhookID] = l
		r.setRate(l, r.store.Config())
	}
	return l
}

// firstLimit: a receiver not known yet gets a quarter of the places. So does one
// known to be slow, at the most.
func (r *Runner) firstLimit() int { return max(1, r.Workers/4) }

func (l *lane) queued() int { return l.fresh.Len() + l.retries.Len() }

// room is how many more deliveries the lane's queue takes.
func (r *Runner) room(l *lane) int { return r.capacity(l) - l.queued() - l.reserved }

// capacity of the lane's queue. One with a rate limit takes what soon goes out.
func (r *Runner) capacity(l *lane) int {
	if l.rate == nil {
		return laneQueue
	}
	return min(laneQueue, l.rate.soon(r.Now()))
}

// empty reports whether nothing waits in the lane, or is on its way into it.
func (l *lane) empty() bool { return l.queued()+l.reserved == 0 }

// low reports whether the lane's queue is worth filling: claiming a handful at a
// time would cost a commit each.
func (r *Runner) low(l *lane) bool { return l.queued() <= r.capacity(l)/2 }

// crowded reports whether memory is too full for the lane to take bytes more. A
// lane where nothing waits always gets one in: else a single receiver that hangs
// with large events would stop all others (promise 5).
func (r *Runner) crowded(l *lane, bytes int) bool {
	return r.bytes+bytes > queueBytes && !l.empty()
}

func (l *lane) push(it *item) {
	if it.Attempts == 0 {
		it.element = l.fresh.PushBack(it)
	} else {
		it.element = l.retries.PushBack(it)
	}
}

func (l *lane) pop() *item {
	from := &l.fresh
	if from.Len() == 0 || (l.retries.Len() > 0 && l.passed >= freshPerRetry) {
		from, l.passed = &l.retries, 0
	} else if l.retries.Len() > 0 {
		l.passed++
	}
	it := from.Remove(from.Front()).(*item)
	it.element = nil
	return it
}

// remove takes an item out of its queue; a list ignores the other's elements.
func (l *lane) remove(it *item) {
	l.fresh.Remove(it.element)
	l.retries.Remove(it.element)
	it.element = nil
}

// answered adapts the lane to how long its receiver took.
func (l *lane) answered(took time.Duration, r *Runner) {
	switch {
	case took > slowAnswer:
		l.slow = true
		l.limit = max(1, min(l.limit/2, r.firstLimit()))
	case took < quickAnswer:
		l.slow = false
		l.limit = min(l.limit+1, r.Workers)
	}
}

// relist puts the lane into the ring it belongs to, or into none. Call it after
// anything that changes the lane.
func (r *Runner) relist(l *lane) {
	var want *ring
	if l.queued() > 0 && l.inFlight < l.limit && r.permitted(l) {
		want = &r.quick
		if l.slow {
			want = &r.slow
		}
	}
	if l.ring == want {
		return
	}
	if l.ring != nil {
		l.ring.lanes.Remove(l.listed)
	}
	if l.ring = want; want != nil {
		l.listed = want.lanes.PushBack(l)
	}
}

// next picks the lane whose turn it is, or nil. Slow lanes together always get
// an eighth of the places, at least one of several, and never more than half.
func (r *Runner) next() *lane {
	quick, slow := r.quick.lanes.Front(), r.slow.lanes.Front()
	slowMay := slow != nil && r.inSlow < max(1, r.Workers/2)
	always := min(max(1, r.Workers/8), r.Workers-1)
	chosen := quick
	if slowMay && (quick == nil || r.inSlow < always) {
		chosen = slow
	}
	if chosen == nil {
		return nil
	}
	l := chosen.Value.(*lane)
	l.ring.lanes.MoveToBack(chosen)
	return l
}

// unstoredPerWorker bounds results that wait for the disk, and so what a crash
// may repeat. Until it is reached, an answered attempt's place is free at once.
const unstoredPerWorker = 4

// dispatch starts attempts while there are places. Callers hold r.mu.
func (r *Runner) dispatch() {
	for !r.stopping && r.inFlight < r.Workers && r.unstored < unstoredPerWorker*r.Workers {
		l := r.next()
		if l == nil {
			return
		}
		if l.rate != nil {
			if r.relist(l); l.ring == nil { // its permit came to nothing while it was listed
				continue
			}
		}
		it := l.pop()
		l.spend()
		r.bytes -= it.Event.Size()
		l.inFlight++
		r.inFlight++
		slow := l.slow
		if slow {
			r.inSlow++
		}
		r.relist(l)
		if l.overflow && r.low(l) {
			r.Wake()
		}
		r.work.Add(1)
		go r.attempt(l, it, slow)
	}
}

// free gives the place of an attempt back, as soon as its answer is there. took
// is 0 when nothing was sent.
func (r *Runner) free(l *lane, wasSlow bool, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l.inFlight--
	r.inFlight--
	if wasSlow {
		r.inSlow--
	}
	r.unstored++
	if took > 0 {
		l.answered(took, r)
	} else {
		l.unspend()
	}
	r.relist(l)
	r.dispatch()
}

// remove takes out a delivery whose result is stored, or that was let go. The lane
// that the delivery came from may have been given up meanwhile, so it is looked up.
func (r *Runner) remove(it *item) {
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.laneOf(it.WebhookID)
	r.unstored--
	delete(r.held, it.ID)
	if it.next != nil {
		r.bytes += it.next.Event.Size()
		r.enqueue(l, *it.next)
	}
	if l.idle() && len(r.lanes) > idleLanes {
		delete(r.lanes, l.webhookID)
	}
	r.dispatch()
}

// idle reports whether the lane may be given up. One with a rate limit remembers
// when it sent last.
func (l *lane) idle() bool { return l.empty() && l.inFlight == 0 && !l.overflow && l.rate == nil }

// idleLanes are kept, so that what was learnt of a receiver outlasts the pause
// between two deliveries.
const idleLanes = 1000

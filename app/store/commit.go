package store

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync"
	"time"

	"hookline/models"
)

// maxGroup is how many writes share a commit. Beyond 256 nothing is gained.
const maxGroup = 256

// group is what one transaction writes: events with their deliveries, and the
// results of attempts.
type group struct {
	publishes []*publishing
	finishes  []*finishing
}

func (g group) size() int { return len(g.publishes) + len(g.finishes) }

// committer joins concurrent writes into transactions: one goroutine takes
// whatever waits, commits it, then answers each. There is no timer: while one
// commit is on its way to the disk, the next group gathers.
type committer struct {
	store    *Store
	stats    *statsWriter
	queue    chan any // *publishing or *finishing
	stopped  chan struct{}
	mu       sync.RWMutex
	isClosed bool
}

func newCommitter(s *Store) *committer {
	c := &committer{store: s, stats: newStatsWriter(), queue: make(chan any, 4*maxGroup), stopped: make(chan struct{})}
	go c.run()
	return c
}

// submit queues one write; the write's own done channel tells the result.
func (c *committer) submit(write any) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	if c.isClosed {
		return models.Errorf(models.Unavailable, "The server is stopping. Try again.")
	}
	c.queue <- write
	return nil
}

func (c *committer) close() {
	c.mu.Lock()
	if !c.isClosed {
		c.isClosed = true
		close(c.queue)
	}
	c.mu.Unlock()
	<-c.stopped
}

func (c *committer) run() {
	defer close(c.stopped)
	for first := range c.queue {
		g, began := c.gather(first), time.Now()
		err := c.commitCurrent(&g)
		// When nothing can be written, trying each alone would only wait again.
		if err != nil && (g.size() > 1 || errors.Is(err, errOvertaken)) && models.CodeOf(err) != models.Unavailable {
			c.commitSingly(g)
			continue
		}
		g.answer(err)
		if models.CodeOf(err) == models.Unavailable && time.Since(began) > answerTime/2 {
			c.refuseWaiting(err)
		}
	}
}

// refuseWaiting answers the writes that queued behind a group which waited in vain
// for a database that hangs. Each next group of them would wait as long again.
func (c *committer) refuseWaiting(err error) {
	for {
		var g group
		if c.takeWaiting(&g); g.size() == 0 {
			return
		}
		g.answer(err)
	}
}

// gather takes what waits behind first. It does not wait by the clock, but lets
// whoever is ready to run go before it, as long as that brings more: a commit
// costs the same for one write as for fifty. When nobody else is ready, this
// takes no time.
func (c *committer) gather(first any) group {
	var g group
	g.add(first)
	for before := 0; g.size() > before && g.size() < maxGroup; {
		before = g.size()
		runtime.Gosched()
		c.takeWaiting(&g)
	}
	return g
}

func (c *committer) takeWaiting(g *group) {
	for g.size() < maxGroup {
		select {
		case next, ok := <-c.queue:
			if !ok {
				return
			}
			g.add(next)
		default:
			return
		}
	}
}

func (g *group) add(write any) {
	switch w := write.(type) {
	case *publishing:
		g.publishes = append(g.publishes, w)
	case *finishing:
		g.finishes = append(g.finishes, w)
	}
}

func (g group) answer(err error) {
	for _, p := range g.publishes {
		p.done <- err
	}
	for _, f := range g.finishes {
		f.done <- err
	}
}

// commitCurrent commits the group without the publications that have to be made
// again, and answers those.
func (c *committer) commitCurrent(g *group) error {
	err := c.commit(*g)
	for errors.Is(err, ErrConfigChanged) {
		var old group
		old.publishes, g.publishes = g.outdated()
		old.answer(err)
		if g.size() == 0 {
			return nil
		}
		err = c.commit(*g)
	}
	return err
}

// outdated parts the publications of an outdated configuration from the others.
func (g group) outdated() (old, current []*publishing) {
	for _, p := range g.publishes {
		if p.outdated {
			old = append(old, p)
		} else {
			current = append(current, p)
		}
	}
	return old, current
}

// commitSingly gives each write a transaction of its own, so that one that the
// database refuses does not take its neighbours with it.
func (c *committer) commitSingly(g group) {
	for _, p := range g.publishes {
		p.done <- c.commitAlone(p)
	}
	for _, f := range g.finishes {
		f.done <- c.commit(group{finishes: []*finishing{f}})
	}
}

// commitAlone tries again when another node stored the same event meanwhile: then
// it is there to be found.
func (c *committer) commitAlone(p *publishing) error {
	err := c.commit(group{publishes: []*publishing{p}})
	for tries := 0; errors.Is(err, errOvertaken) && tries < 3; tries++ {
		err = c.commit(group{publishes: []*publishing{p}})
	}
	return err
}

func (c *committer) commit(g group) error {
	err := c.write(g)
	c.stats.finish(err == nil)
	return err
}

// write uses the background context on purpose: a caller that goes away must
// not undo its neighbours' writes.
func (c *committer) write(g group) error {
	ctx, cancel := c.store.writeDB().deadline(context.Background())
	defer cancel()
	tx, err := c.store.writeDB().BeginTx(ctx, nil)
	if err != nil {
		return c.store.wrote(err)
	}
	defer func() { _ = tx.Rollback() }()
	err = c.store.writeGroup(ctx, tx, g, c.stats)
	if err == nil {
		err = tx.Commit()
	}
	size := 0
	if err != nil || !c.store.DegradedSince().IsZero() { // else the size is not needed
		size = g.bytes()
	}
	return c.store.wroteBytes(size, err)
}

// rowBytes is about what a row takes beside its texts.
const rowBytes = 512

// bytes is about what the group writes.
func (g group) bytes() (n int) {
	for _, p := range g.publishes {
		n += p.Event.Size() + rowBytes*(1+len(p.Deliveries))
	}
	for _, f := range g.finishes {
		n += rowBytes
		if a := f.Attempt; a != nil {
			n += rowBytes + len(a.Request.Body) + len(a.Response.Body)
		}
	}
	return n
}

func (s *Store) writeEvents(ctx context.Context, tx *sql.Tx, ps []*publishing) error {
	if !nameParticipants(ps) {
		return s.dialect.publish(ctx, tx, ps)
	}
	// The version is checked first: other transactions wait for the participants' lock.
	if err := s.checkConfig(ctx, tx, ps); err != nil {
		return err
	}
	ps, err := s.upsertParticipants(ctx, tx, ps)
	if err != nil {
		return err
	}
	if err := s.dialect.publish(ctx, tx, ps); err != nil {
		return err
	}
	if overtaken(ps) {
		return errOvertaken
	}
	return nil
}

func (s *Store) writeGroup(ctx context.Context, tx *sql.Tx, g group, w *statsWriter) error {
	if len(g.publishes) > 0 {
		if err := s.writeEvents(ctx, tx, g.publishes); err != nil {
			return err
		}
	}
	if len(g.finishes) == 0 {
		return nil
	}
	if err := s.dialect.finish(ctx, tx, g.finishes); err != nil {
		return err
	}
	if w.count(g.finishes); len(w.touched) == 0 {
		return nil
	}
	return s.dialect.putStats(ctx, tx, w.touched)
}

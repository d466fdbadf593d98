package service

import (
	"sync"
	"sync/atomic"
)

// Live tells open pages that something they show may have changed. It carries no
// data: whoever is told reads the table again, under its own rights. It knows
// this node's changes only; a page looks now and then for those of other nodes.
type Live struct {
	mu       sync.Mutex
	watchers map[string]map[chan struct{}]struct{}
	count    atomic.Int64
	closed   bool
	open     int            // streams
	openOf   map[string]int // of them, by user
}

// Topics of all deliveries and of all bulk jobs. A webhook's own topic is its id,
// and so is a job's.
const (
	LiveDeliveries = "deliveries"
	LiveJobs       = "jobs"
)

// Bounds of open streams: each holds a connection, and asks the database now and
// then. A browser closes those of tabs that nobody sees.
const (
	MaxStreams     = 512
	MaxStreamsEach = 20 // of one user
)

// NewLive makes one; nobody watches yet.
func NewLive() *Live {
	return &Live{watchers: map[string]map[chan struct{}]struct{}{}, openOf: map[string]int{}}
}

// Join takes a place for a stream of this user; not ok when there is none left.
// leave gives it back, once.
func (l *Live) Join(userID string) (leave func(), ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.open >= MaxStreams || l.openOf[userID] >= MaxStreamsEach {
		return func() {}, false
	}
	l.open++
	l.openOf[userID]++
	return sync.OnceFunc(func() { l.leave(userID) }), true
}

func (l *Live) leave(userID string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open--
	if l.openOf[userID]--; l.openOf[userID] == 0 {
		delete(l.openOf, userID)
	}
}

// Tell wakes who watches a topic. It never waits, and costs next to nothing
// while nobody watches, so that the engine can call it for every attempt.
func (l *Live) Tell(topics ...string) {
	if l.count.Load() == 0 {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, topic := range topics {
		for told := range l.watchers[topic] {
			select {
			case told <- struct{}{}:
			default: // it has not looked since it was told last
			}
		}
	}
}

// Watch returns a channel that gets a value after a topic was told, and is closed
// when the server stops. stop must be called.
func (l *Live) Watch(topic string) (told <-chan struct{}, stop func()) {
	ch := make(chan struct{}, 1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		close(ch)
		return ch, func() {}
	}
	if l.watchers[topic] == nil {
		l.watchers[topic] = map[chan struct{}]struct{}{}
	}
	l.watchers[topic][ch] = struct{}{}
	l.count.Add(1)
	return ch, func() { l.unwatch(topic, ch) }
}

func (l *Live) unwatch(topic string, ch chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, there := l.watchers[topic][ch]; !there {
		return
	}
	delete(l.watchers[topic], ch)
	l.count.Add(-1)
	if len(l.watchers[topic]) == 0 {
		delete(l.watchers, topic)
	}
}

// Close ends every watch, so that a server which stops need not wait for open
// pages.
func (l *Live) Close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	for topic, watchers := range l.watchers {
		for ch := range watchers {
			close(ch)
			l.count.Add(-1)
		}
		delete(l.watchers, topic)
	}
}

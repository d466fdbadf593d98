package output

import (
	"bytes"
	"errors"
	"io"
	"sync"
	"syscall"
	"time"
)

// maxQueued is what a queue holds in memory. A stalled reader fills it in a few
// seconds under load, and the lines after that are dropped.
const maxQueued = 4 << 20

// maxWrite is how much is written at once: PIPE_BUF on Linux, so that standard
// output and error into one pipe do not cut each other's lines.
const maxWrite = 4096

// Queue takes lines and writes them in the background, in order. When it is full
// it drops lines until all it holds is written, then writes one that tells how
// many were dropped. Safe for concurrent use.
type Queue struct {
	to     io.Writer
	notice func(dropped uint64) []byte

	mu      sync.Mutex
	wake    *sync.Cond
	lines   []line
	size    int  // of lines, and of those being written
	full    bool // dropping until the queue is empty
	closed  bool
	dropped uint64 // since the start
	told    uint64 // of them, those that a notice has told of
	done    chan struct{}

	cut bool // the last write ended within a line; of the background writer alone
}

// line is one entry. Its text is made by the background writer, so a caller may
// leave the work of forming a line to it.
type line struct {
	size int // what it holds in memory
	text func() []byte
}

// NewQueue starts a queue in front of a writer. notice forms the line that tells
// of dropped ones; nil writes none.
func NewQueue(to io.Writer, notice func(dropped uint64) []byte) *Queue {
	q := &Queue{to: to, notice: notice, done: make(chan struct{})}
	q.wake = sync.NewCond(&q.mu)
	go q.run()
	return q
}

// Write queues one line, or drops it when the queue is full. It never waits and
// never fails.
func (q *Queue) Write(p []byte) (int, error) {
	own := bytes.Clone(p)
	q.add(line{size: len(own) + lineOverhead, text: func() []byte { return own }})
	return len(p), nil
}

// lineOverhead is about what an entry takes beside its text, so that many short
// lines are bounded too.
const lineOverhead = 64

func (q *Queue) add(l line) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.size+l.size > maxQueued {
		q.full = true
	}
	if q.full || q.closed {
		q.dropped++
		return
	}
	q.lines, q.size = append(q.lines, l), q.size+l.size
	q.wake.Signal()
}

// Dropped is how many lines were dropped since the start.
func (q *Queue) Dropped() uint64 {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.dropped
}

// Close takes no more lines and waits until the queued ones are written, but no
// longer than that: a writer that stalls is left behind.
func (q *Queue) Close(within time.Duration) {
	q.mu.Lock()
	q.closed = true
	q.wake.Signal()
	q.mu.Unlock()
	select {
	case <-q.done:
	case <-time.After(within):
	}
}

func (q *Queue) run() {
	defer close(q.done)
	for {
		batch := q.take()
		if batch == nil {
			return
		}
		q.settle(batch, q.write(textOf(batch)))
	}
}

// take waits for lines and returns the next ones to write together; nil when the
// queue is closed and empty.
func (q *Queue) take() []line {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.lines) == 0 && !q.closed {
		q.wake.Wait()
	}
	if len(q.lines) == 0 {
		return nil
	}
	n, size := 0, 0
	for n < len(q.lines) && (n == 0 || size+q.lines[n].size <= maxWrite) {
		size += q.lines[n].size
		n++
	}
	batch := q.lines[:n:n]
	q.lines = q.lines[n:]
	return batch
}

// settle frees the room of a batch. Once the queue is empty and its writer takes
// lines, it tells of those that were dropped.
func (q *Queue) settle(batch []line, err error) {
	if untold := q.settled(batch, err); untold > 0 && q.notice != nil {
		_ = q.write(q.notice(untold))
	}
}

func (q *Queue) settled(batch []line, err error) (untold uint64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, l := range batch {
		q.size -= l.size
	}
	clear(batch) // the slice's memory goes with its last line, the texts at once
	if err != nil {
		q.dropped += uint64(len(batch))
	}
	if len(q.lines) > 0 {
		return 0
	}
	q.lines, q.full = nil, false
	if err != nil {
		return 0
	}
	untold = q.dropped - q.told
	q.told = q.dropped
	return untold
}

func textOf(batch []line) []byte {
	if len(batch) == 1 {
		return batch[0].text()
	}
	var text []byte
	for _, l := range batch {
		text = append(text, l.text()...)
	}
	return text
}

// againAfter is the pause before a write that would have blocked is tried again:
// another process may have made a shared pipe non-blocking.
const againAfter = 10 * time.Millisecond

func (q *Queue) write(text []byte) error {
	if q.cut {
		text = append([]byte{'\n'}, text...)
	}
	for {
		n, err := q.to.Write(text)
		if !errors.Is(err, syscall.EAGAIN) {
			q.cut = err != nil && (n > 0 || q.cut)
			return err
		}
		text = text[n:]
		time.Sleep(againAfter)
	}
}

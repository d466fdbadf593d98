package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// seqRange is the event numbers from ≤ n < to. Numbers are never used twice in a run,
// so what comes late from one figure cannot be taken for an event of the next.
type seqRange struct{ from, to uint64 }

func (r seqRange) len() int { return int(r.to - r.from) }

// ingest is somewhere events can be published.
type ingest struct {
	addr  string
	token string
}

// generator publishes events over keep-alive connections without net/http, to leave the cores to what is measured.
type generator struct {
	next atomic.Uint64
}

// burst is what a generator did.
type burst struct {
	seqRange
	started time.Time
	answers []time.Duration // request to 202, of paced bursts only
	sentNS  []int64         // Unix nanoseconds when it was due, just before writing, of paced bursts only
}

// publisher is one connection to an ingest.
type publisher struct {
	conn    net.Conn
	in      *bufio.Reader
	tpl     eventTemplate
	request []byte // head and body; the number is written into it
	bodyAt  int
	line    []byte
	answer  []byte
}

func dialPublisher(to ingest, eventType string) (*publisher, error) {
	conn, err := net.DialTimeout("tcp", to.addr, 5*time.Second)
	if err != nil {
		return nil, err
	}
	tpl := newEventTemplate(eventType)
	headText := fmt.Sprintf("POST /api/v1/events HTTP/1.1\r\nHost: %s\r\nAuthorization: Bearer %s\r\n"+
		"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n", to.addr, to.token, len(tpl.body))
	p := &publisher{conn: conn, in: bufio.NewReaderSize(conn, 16<<10), tpl: tpl, bodyAt: len(headText)}
	p.request = append([]byte(headText), tpl.body...)
	return p, nil
}

// publish sends event seq and waits for its 202.
func (p *publisher) publish(seq uint64) error {
	p.tpl.number(p.request[p.bodyAt:], seq)
	if err := p.conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		return err
	}
	if _, err := p.conn.Write(p.request); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	h, err := readHead(p.in, p.line)
	if err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	p.line = h.first
	if p.answer, err = readBody(p.in, h, p.answer); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if len(p.line) < 12 || string(p.line[9:12]) != "202" {
		return fmt.Errorf("publish: %s: %s", p.line, p.answer)
	}
	if h.close {
		return errors.New("publish: the server closed a keep-alive connection")
	}
	return nil
}

// flood publishes for the given time over conns connections, spread evenly over the ingests, each sending its next
// event as soon as the last is answered.
func (g *generator) flood(ctx context.Context, conns int, lasting time.Duration, to ...ingest) (burst, error) {
	publishers := make([]*publisher, conns)
	for i := range publishers {
		p, err := dialPublisher(to[i%len(to)], mainType)
		if err != nil {
			return burst{}, err
		}
		defer func() { _ = p.conn.Close() }()
		publishers[i] = p
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	b := burst{started: time.Now()}
	b.from = g.next.Load()
	var wg sync.WaitGroup
	var failed firstError
	for _, p := range publishers {
		wg.Go(func() {
			for ctx.Err() == nil && time.Since(b.started) < lasting {
				if err := p.publish(g.next.Add(1) - 1); err != nil {
					failed.set(err)
					stop()
					return
				}
			}
		})
	}
	wg.Wait()
	b.to = g.next.Load()
	if b.to >= ledgerSize {
		failed.set(errors.New("too many events for one run"))
	}
	return b, failed.orContext(ctx)
}

// pace publishes count events evenly spaced, whatever the answers do. When all connections wait for answers, the clock of
// the event that is due runs already.
func (g *generator) pace(ctx context.Context, to ingest, perSecond, count int) (burst, error) {
	const conns = 16
	idle := make(chan *publisher, conns)
	for range conns {
		p, err := dialPublisher(to, mainType)
		if err != nil {
			return burst{}, err
		}
		defer func() { _ = p.conn.Close() }()
		idle <- p
	}
	b := burst{started: time.Now(), sentNS: make([]int64, count), answers: make([]time.Duration, count)}
	b.from = g.next.Add(uint64(count)) - uint64(count)
	b.to = b.from + uint64(count)
	var wg sync.WaitGroup
	var failed firstError
	gap := time.Second / time.Duration(perSecond)
	for i := range count {
		if err := sleepUntil(ctx, b.started.Add(time.Duration(i)*gap)); err != nil {
			failed.set(err)
			break
		}
		at := time.Now()
		b.sentNS[i] = at.UnixNano()
		p := <-idle
		wg.Go(func() {
			if err := p.publish(b.from + uint64(i)); err != nil {
				failed.set(err)
			}
			b.answers[i] = time.Since(at)
			idle <- p
		})
	}
	wg.Wait()
	return b, failed.orContext(ctx)
}

func sleepUntil(ctx context.Context, at time.Time) error {
	return sleep(ctx, time.Until(at))
}

func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// firstError keeps the first of many.
type firstError struct {
	mu  sync.Mutex
	err error
}

func (f *firstError) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil {
		f.err = err
	}
}

// orContext is the first error, or the reason why the context ended.
func (f *firstError) orContext(ctx context.Context) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err != nil {
		return f.err
	}
	return ctx.Err()
}

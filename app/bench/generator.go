package main

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/valyala/fasthttp"
	"golang.org/x/sync/errgroup"
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

// generator publishes events with fasthttp, to leave the cores to what is measured.
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

// publisher sends one event after the other over a connection of its own.
type publisher struct {
	client *fasthttp.HostClient
	tpl    eventTemplate
	req    fasthttp.Request
	res    fasthttp.Response
}

func newPublisher(to ingest) *publisher {
	p := &publisher{client: &fasthttp.HostClient{Addr: to.addr, MaxConns: 1}, tpl: newEventTemplate(mainType)}
	p.req.SetRequestURI("http://" + to.addr + "/api/v1/events")
	p.req.Header.SetMethod(fasthttp.MethodPost)
	p.req.Header.SetContentType("application/json")
	p.req.Header.Set("Authorization", "Bearer "+to.token)
	p.req.SetBodyRaw(p.tpl.body)
	return p
}

// publish sends event seq and waits for its 202.
func (p *publisher) publish(seq uint64) error {
	p.tpl.number(p.tpl.body, seq)
	if err := p.client.DoTimeout(&p.req, &p.res, 30*time.Second); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	if p.res.StatusCode() != fasthttp.StatusAccepted {
		return fmt.Errorf("publish: %d: %s", p.res.StatusCode(), p.res.Body())
	}
	return nil
}

// flood publishes for the given time over conns connections, spread evenly over the ingests, each sending its next
// event as soon as the last is answered.
func (g *generator) flood(ctx context.Context, conns int, lasting time.Duration, to ...ingest) (burst, error) {
	publishers := make([]*publisher, conns)
	for i := range publishers {
		publishers[i] = newPublisher(to[i%len(to)])
		defer publishers[i].client.CloseIdleConnections()
	}
	all, ctx := errgroup.WithContext(ctx)
	b := burst{started: time.Now()}
	b.from = g.next.Load()
	for _, p := range publishers {
		all.Go(func() error {
			for time.Since(b.started) < lasting {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				if err := p.publish(g.next.Add(1) - 1); err != nil {
					return err
				}
			}
			return nil
		})
	}
	err := all.Wait()
	b.to = g.next.Load()
	if err == nil && b.to >= ledgerSize {
		err = errors.New("too many events for one run")
	}
	return b, err
}

// pace publishes count events evenly spaced, whatever the answers do. When all connections wait for answers, the clock of
// the event that is due runs already.
func (g *generator) pace(ctx context.Context, to ingest, perSecond, count int) (burst, error) {
	const conns = 16
	idle := make(chan *publisher, conns)
	for range conns {
		p := newPublisher(to)
		defer p.client.CloseIdleConnections()
		idle <- p
	}
	b := burst{started: time.Now(), sentNS: make([]int64, count), answers: make([]time.Duration, count)}
	b.from = g.next.Add(uint64(count)) - uint64(count)
	b.to = b.from + uint64(count)
	var all errgroup.Group
	gap := time.Second / time.Duration(perSecond)
	for i := range count {
		if err := sleep(ctx, time.Until(b.started.Add(time.Duration(i)*gap))); err != nil {
			return b, errors.Join(err, all.Wait())
		}
		at := time.Now()
		b.sentNS[i] = at.UnixNano()
		p := <-idle
		all.Go(func() error {
			err := p.publish(b.from + uint64(i))
			b.answers[i] = time.Since(at)
			idle <- p
			return err
		})
	}
	return b, all.Wait()
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

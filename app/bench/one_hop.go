package main

import (
	"context"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"
)

// oneHop posts events with http.Client straight to the receiver over 64 connections and returns
// how many a second were answered. It is the ceiling for anything that sends with net/http.
func (g *generator) oneHop(ctx context.Context, url string, lasting time.Duration) (float64, error) {
	const conns = 64
	transport := &http.Transport{MaxIdleConnsPerHost: conns, MaxConnsPerHost: conns, DisableCompression: true}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: 10 * time.Second}
	tpl := newEventTemplate(mainType)
	all, ctx := errgroup.WithContext(ctx)
	from, started := g.next.Load(), time.Now()
	for range conns {
		all.Go(func() error {
			for ctx.Err() == nil && time.Since(started) < lasting {
				// A copy each time: the transport may still read the last body after the answer.
				body := append([]byte(nil), tpl.body...)
				tpl.number(body, g.next.Add(1)-1)
				if err := postOnward(client, url, body); err != nil {
					return err
				}
			}
			return ctx.Err()
		})
	}
	err := all.Wait()
	n := float64(g.next.Load() - from)
	return n / time.Since(started).Seconds(), err
}

package store_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"hookline/app/apptest/pgtest"
	"hookline/app/store"
	"hookline/models"
)

func benchStores(b *testing.B, run func(b *testing.B, s *store.Store)) {
	for name, database := range map[string]func() string{
		"SQLite":   func() string { return "sqlite:" + filepath.Join(b.TempDir(), "hookline.db") },
		"Postgres": func() string { return pgtest.New(b) },
	} {
		b.Run(name, func(b *testing.B) {
			s, err := store.Open(b.Context(), store.Options{Database: database(), Migrate: true, Node: "n1"})
			if err != nil {
				b.Fatal(err)
			}
			defer func() { _ = s.Close() }()
			run(b, s)
		})
	}
}

var kilobyte = json.RawMessage(`{"text":"` + strings.Repeat("x", 1000) + `"}`)

func benchWork(webhook, claim string) models.Work {
	now := time.Now().UTC()
	e := models.Event{ID: models.FormatID("evt", uuid.Must(uuid.NewV7())), Type: "release.published", Data: kilobyte, OccurredAt: now, CreatedAt: now}
	return models.Work{Event: e, ClaimID: claim, LeaseUntil: now.Add(models.Lease), Delivery: models.Delivery{
		ID: models.FormatID("dlv", uuid.Must(uuid.NewV7())), EventID: e.ID, EventType: e.Type, WebhookID: webhook, State: models.Pending, DueAt: now, CreatedAt: now,
	}}
}

func benchFinish(w models.Work) models.Finish {
	return models.Finish{DeliveryID: w.ID, ClaimID: w.ClaimID, WebhookID: w.WebhookID, State: models.Succeeded, Tries: 1, Attempt: &models.Attempt{
		StartedAt: time.Now(), Outcome: models.Success, Status: 200,
		Timing: models.Timing{DNS: 2 * time.Millisecond, Connect: 11 * time.Millisecond, TLS: 24 * time.Millisecond, Wait: 80 * time.Millisecond, Body: time.Millisecond},
		Request: models.LoggedRequest{Method: "POST", URL: "https://example.com/hook", Body: kilobyte, Headers: []models.HeaderLine{
			{Name: "Content-Type", Value: "application/json"}, {Name: "Idempotency-Key", Value: w.ID}, {Name: "X-Webhook-Secret", Value: "***"},
		}},
		Response: models.LoggedResponse{Headers: []models.HeaderLine{{Name: "Content-Length", Value: "2"}}, Body: []byte("ok")},
	}}
}

// An event from publish to stored result, with 64 of them under way at once.
func BenchmarkPublishFinish(b *testing.B) {
	benchStores(b, func(b *testing.B, s *store.Store) {
		var left atomic.Int64
		left.Store(int64(b.N))
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for left.Add(-1) >= 0 {
					w := benchWork("wh_1", s.NewClaimID())
					if r := s.Publish(b.Context(), nil, []store.Publication{{Event: w.Event, Deliveries: []models.Work{w}}})[0]; r.Err != nil {
						b.Error(r.Err)
						return
					}
					if _, err := s.Finish(b.Context(), benchFinish(w)); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
	})
}

// Claiming 100 due rows costs the same beside 100,000 waiting retries as alone.
func BenchmarkClaim(b *testing.B) {
	for _, waiting := range []int{0, 100_000} {
		b.Run(fmt.Sprint(waiting), func(b *testing.B) {
			benchStores(b, func(b *testing.B, s *store.Store) {
				seedWaiting(b, s, waiting)
				b.ResetTimer()
				for range b.N {
					b.StopTimer()
					pubs := make([]store.Publication, 100)
					for i := range pubs {
						w := benchWork("wh_1", "")
						w.DueAt = time.Unix(1000, 0)
						pubs[i] = store.Publication{Event: w.Event, Deliveries: []models.Work{w}}
					}
					s.Publish(b.Context(), nil, pubs)
					b.StartTimer()
					if work, err := s.Claim(b.Context(), "wh_1", 100); err != nil || len(work) != 100 {
						b.Fatal(len(work), err)
					}
				}
			})
		})
	}
}

func seedWaiting(b *testing.B, s *store.Store, n int) {
	for n > 0 {
		w := benchWork("wh_1", "")
		p := store.Publication{Event: w.Event}
		for range min(n, 1000) {
			d := benchWork("wh_1", "")
			d.EventID, d.DueAt = w.EventID, time.Now().Add(time.Hour)
			p.Deliveries = append(p.Deliveries, d)
		}
		n -= len(p.Deliveries)
		if r := s.Publish(b.Context(), nil, []store.Publication{p})[0]; r.Err != nil {
			b.Fatal(r.Err)
		}
	}
}

package jobs

import (
	"fmt"
	"testing"

	"hookline/models"
)

// BenchmarkLanes is the way of a delivery through a lane without a rate limit,
// from the reservation to its place in flight and back.
func BenchmarkLanes(b *testing.B) {
	r := laneRunner(64)
	ids := make([]string, 1000)
	for i := range ids {
		ids[i] = fmt.Sprint("d", i)
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		id := ids[i%len(ids)]
		if _, _, ok := r.Reserve("a", 100); !ok {
			b.Fatal("no room")
		}
		l := r.laneOf("a")
		l.reserved--
		r.enqueue(l, models.Work{Delivery: models.Delivery{ID: id, WebhookID: "a"}})
		take(r)
		l.inFlight--
		r.inFlight--
		r.relist(l)
		delete(r.held, id)
	}
}

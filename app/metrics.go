package app

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"hookline/app/store"
	"hookline/jobs"
	"hookline/models"
)

// metrics has a registry of its own and labels with a fixed set of values only,
// so that no input can grow it.
type metrics struct {
	registry *prometheus.Registry
	attempts *prometheus.HistogramVec
}

func newMetrics(st *store.Store) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		attempts: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "hookline_attempt_duration_seconds", Help: "Attempts made, by outcome.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
		}, []string{"outcome"}),
	}
	m.registry.MustRegister(m.attempts, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	m.gauge("hookline_database_degraded", "1 while the database takes no writes.", func() float64 {
		if st.DegradedSince().IsZero() {
			return 0
		}
		return 1
	})
	return m
}

func (m *metrics) gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

func (m *metrics) watch(r *jobs.Runner) {
	m.gauge("hookline_deliveries_in_flight", "Requests in flight on this node.", func() float64 { return float64(r.Stats().InFlight) })
	m.gauge("hookline_deliveries_queued", "Deliveries in this node's lanes.", func() float64 { return float64(r.Stats().Queued) })
	m.gauge("hookline_lanes", "Webhooks this node has a lane for.", func() float64 { return float64(r.Stats().Lanes) })
}

// CountDroppedLines shows in the metrics how many lines of output were dropped.
func (a *App) CountDroppedLines(dropped func() uint64) {
	a.metrics.registry.MustRegister(prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "hookline_log_lines_dropped_total", Help: "Lines of output dropped because nobody read them.",
	}, func() float64 { return float64(dropped()) }))
}

func (m *metrics) observe(o models.Outcome, took time.Duration) {
	m.attempts.WithLabelValues(string(o)).Observe(took.Seconds())
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// Package stats draws how deliveries fare: for Home, and for one webhook.
package stats

import (
	"cmp"
	"fmt"
	"time"

	"hookline/models"
	"hookline/views/ui"
)

// Props are the two charts of a range.
type Props struct {
	ID    string // unique in the page
	Stats models.Stats
	// Href is the same page with another range.
	Href func(models.Range) string
	// Narrow draws the charts one below the other in one card.
	Narrow bool
}

var titles = map[models.Range]struct{ short, long, stretch string }{
	models.LastHour: {"1 h", "last hour", "Minute"},
	models.LastDay:  {"24 h", "last 24 hours", "Half hour"},
	models.LastWeek: {"7 d", "last 7 days", "Three hours"},
}

// Title is a range in words: last 24 hours.
func Title(r models.Range) string { return titles[r].long }

// ticks stand below the drawing. What is near is told from now; a week by its days.
func ticks(s models.Stats) []string {
	switch s.Range {
	case models.LastHour:
		return []string{"60 min ago", "45", "30", "15", "now"}
	case models.LastDay:
		return []string{"24 h ago", "18 h", "12 h", "6 h", "now"}
	}
	var days []string
	if len(s.Buckets) == 0 {
		return nil
	}
	for i := 0; i < 4; i++ {
		days = append(days, s.Buckets[i*len(s.Buckets)/4].Start.Format("2 Jan"))
	}
	return append(days, "now")
}

// label is a bucket's time, in UTC like every exact time.
func label(s models.Stats, b models.Bucket) string {
	end := b.Start.Add(s.Range.Width())
	switch s.Range {
	case models.LastHour:
		return b.Start.Format("15:04 UTC")
	case models.LastDay:
		return b.Start.Format("2 Jan 15:04") + end.Format("–15:04 UTC")
	}
	return b.Start.Format("Mon 2 Jan 15:04") + end.Format("–15:04 UTC")
}

func (p Props) outcomes() ui.ChartProps {
	t, title := p.Stats.Total, titles[cmp.Or(p.Stats.Range, models.LastDay)]
	c := ui.ChartProps{
		ID: p.ID + "-outcomes", Ticks: ticks(p.Stats), Axis: ui.AxisCount, Low: p.Narrow, Stretch: title.stretch,
		Empty: "No deliveries in the " + title.long + ".",
		Summary: fmt.Sprintf("Deliveries by outcome, %s: %s succeeded, %s failed, %s blocked; %s made again.", title.long,
			ui.Count(t.Succeeded), ui.Count(t.Failed), ui.Count(t.Blocked), ui.Counted(t.Retried, "failed attempt was", "failed attempts were")),
		Series: []ui.Series{
			{Name: "Succeeded", Mark: ui.MarkOK, Total: ui.Count(t.Succeeded)}, {Name: "Retried", Mark: ui.MarkRetried, Total: ui.Count(t.Retried)},
			{Name: "Failed", Mark: ui.MarkFailed, Total: ui.Count(t.Failed)}, {Name: "Blocked", Mark: ui.MarkBlocked, Total: ui.Count(t.Blocked)},
		},
	}
	for _, b := range p.Stats.Buckets {
		counts := []int64{b.Succeeded, b.Retried, b.Failed, b.Blocked}
		column := ui.Column{Label: label(p.Stats, b), Empty: b.Ended()+b.Retried == 0}
		for _, n := range counts {
			column.Values, column.Texts = append(column.Values, float64(n)), append(column.Texts, ui.Count(n))
		}
		c.Columns = append(c.Columns, column)
	}
	return c
}

func (p Props) latency() ui.ChartProps {
	l, title := p.Stats.Latency, titles[cmp.Or(p.Stats.Range, models.LastDay)]
	c := ui.ChartProps{
		ID: p.ID + "-latency", Ticks: ticks(p.Stats), Axis: ui.AxisMillis, Low: p.Narrow, Stretch: title.stretch,
		Empty: "Nothing was answered in the " + title.long + ".",
		Summary: fmt.Sprintf("How long receivers took to answer, %s: half of the attempts up to %s, 95 percent up to %s, 99 percent up to %s.",
			title.long, took(l.P50), took(l.P95), took(l.P99)),
		Series: []ui.Series{
			{Name: "p50", Mark: ui.MarkMiddle, Total: took(l.P50)}, {Name: "p95", Mark: ui.MarkHigh, Total: took(l.P95)},
			{Name: "p99", Mark: ui.MarkTop, Total: took(l.P99)},
		},
	}
	for _, b := range p.Stats.Buckets {
		column := ui.Column{Label: label(p.Stats, b), Empty: b.Latency == models.Latency{}}
		for _, d := range []time.Duration{b.Latency.P50, b.Latency.P95, b.Latency.P99} {
			column.Values, column.Texts = append(column.Values, float64(d)/float64(time.Millisecond)), append(column.Texts, took(d))
		}
		c.Columns = append(c.Columns, column)
	}
	return c
}

func took(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return ui.Took(d)
}

// note says how exact the picture is.
const note = "Tests do not count. Percentiles are within 6.25%, of attempts that were answered or timed out."

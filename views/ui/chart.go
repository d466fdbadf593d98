package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Charts are drawn in a box of these units and stretched to the page; lines keep
// their width. What is written stands beside the drawing, so that it stays
// readable on a phone.
const (
	plotWidth  = 600.0
	plotHeight = 150.0
)

// Mark is how a series is drawn: each has a pattern or a dash of its own, so that
// colour is not needed to tell them apart.
type Mark string

const (
	MarkOK      Mark = "ok"      // plain
	MarkRetried Mark = "retried" // dots
	MarkFailed  Mark = "failed"  // slanted lines
	MarkBlocked Mark = "blocked" // level lines

	MarkMiddle Mark = "middle" // solid line
	MarkHigh   Mark = "high"   // dashes
	MarkTop    Mark = "top"    // dots
)

// Series is one of the things that a chart counts.
type Series struct {
	Name  string
	Mark  Mark
	Total string // of the whole range, for the legend
}

// Column is one stretch of time. Texts are its values as the table and the
// tooltip show them, one for each series.
type Column struct {
	Label  string
	Values []float64
	Texts  []string
	Empty  bool // nothing happened: the table leaves it out
}

// ChartProps is a chart of columns, stacked bars or lines.
type ChartProps struct {
	ID      string // unique in the page
	Summary string // the drawing in a sentence, for screen readers
	Series  []Series
	Columns []Column // oldest first
	Ticks   []string // below the drawing, spread evenly from its start to its end
	Axis    func(value float64) string
	Empty   string // what to say when all columns are empty
	Low     bool   // half as high
	Stretch string // what a row of the table is, e.g. Minute
}

func (p ChartProps) empty() bool {
	for _, c := range p.Columns {
		if !c.Empty {
			return false
		}
	}
	return true
}

func (p ChartProps) height() string {
	if p.Low {
		return "chart-plot low"
	}
	return "chart-plot"
}

// tooltip is a column in words.
func (p ChartProps) tooltip(c Column) string {
	if c.Empty {
		return c.Label + ": none"
	}
	parts := make([]string, len(p.Series))
	for i, s := range p.Series {
		parts[i] = s.Name + " " + c.Texts[i]
	}
	return c.Label + ": " + strings.Join(parts, ", ")
}

// newestFirst are the rows of the table.
func (p ChartProps) newestFirst() []Column {
	var rows []Column
	for i := len(p.Columns) - 1; i >= 0; i-- {
		if !p.Columns[i].Empty {
			rows = append(rows, p.Columns[i])
		}
	}
	return rows
}

// box is a rectangle of a drawing.
type box struct{ X, Y, Width, Height, Fill string }

// columnBox is the whole height of a column: where a pointer finds its tooltip.
func (p ChartProps) columnBox(i int) box {
	w := plotWidth / float64(len(p.Columns))
	return box{X: units(float64(i) * w), Y: "0", Width: units(w), Height: units(plotHeight)}
}

// stack are the bars of a column, the first series at the bottom. What happened
// at all is never too small to see.
func (p ChartProps) stack(i int, top float64) []box {
	const gap, least = 0.18, 1.5
	w := plotWidth / float64(len(p.Columns))
	var bars []box
	y := plotHeight
	for k, v := range p.Columns[i].Values {
		if v <= 0 {
			continue
		}
		h := min(max(least, v/top*plotHeight), y)
		y -= h
		bars = append(bars, box{
			X: units(float64(i)*w + w*gap/2), Y: units(y), Width: units(w * (1 - gap)), Height: units(h), Fill: p.fill(p.Series[k].Mark),
		})
	}
	return bars
}

// fill names the pattern of a mark within this chart.
func (p ChartProps) fill(m Mark) string { return "url(#" + p.ID + "-" + string(m) + ")" }

// stackTop is the end of the axis for stacked bars.
func (p ChartProps) stackTop() float64 {
	highest := 0.0
	for _, c := range p.Columns {
		sum := 0.0
		for _, v := range c.Values {
			sum += v
		}
		highest = max(highest, sum)
	}
	return axisTop(highest)
}

// lineTop is the end of the axis for lines.
func (p ChartProps) lineTop() float64 {
	highest := 0.0
	for _, c := range p.Columns {
		for _, v := range c.Values {
			highest = max(highest, v)
		}
	}
	return axisTop(highest)
}

// line is the path of a series. It breaks where there is nothing; a point with
// no neighbours becomes a short dash.
func (p ChartProps) line(series int, top float64) string {
	w := plotWidth / float64(len(p.Columns))
	var path strings.Builder
	drawing := false
	for i, c := range p.Columns {
		if c.Empty {
			drawing = false
			continue
		}
		x, y := (float64(i)+0.5)*w, units(plotHeight-c.Values[series]/top*plotHeight)
		if !drawing {
			path.WriteString("M" + units(x-w*0.3) + " " + y)
		}
		path.WriteString("L" + units(x) + " " + y)
		if i+1 == len(p.Columns) || p.Columns[i+1].Empty {
			path.WriteString("L" + units(x+w*0.3) + " " + y)
		}
		drawing = true
	}
	return path.String()
}

// axisTop is the next number that halves well.
func axisTop(highest float64) float64 {
	for scale := 1.0; ; scale *= 10 {
		for _, step := range []float64{2, 4, 6, 8, 10} {
			if highest <= step*scale {
				return step * scale
			}
		}
	}
}

func units(v float64) string { return strconv.FormatFloat(v, 'f', 2, 64) }

// AxisCount is a number of deliveries on an axis: 800, 4k, 20k, 1M.
func AxisCount(v float64) string {
	switch {
	case v >= 1e6:
		return strconv.FormatFloat(v/1e6, 'f', -1, 64) + "M"
	case v >= 1e4:
		return strconv.FormatFloat(v/1e3, 'f', -1, 64) + "k"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// AxisMillis is a number of milliseconds on an axis.
func AxisMillis(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v >= 60_000:
		return strconv.FormatFloat(v/60_000, 'f', 1, 64) + " min"
	case v >= 1000:
		return strconv.FormatFloat(v/1000, 'f', -1, 64) + " s"
	}
	return strconv.FormatFloat(v, 'f', -1, 64) + " ms"
}

// Count is a number with its thousands apart.
func Count(n int64) string {
	text := strconv.FormatInt(n, 10)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// Counted is a number of things: 1 webhook, 1,204 webhooks.
func Counted(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Count(n) + " " + many
}

// Age is how long something has lasted, in one unit: 40 s, 3 min, 5 h, 12 days.
func Age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", max(0, int(d.Seconds())))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d h", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}

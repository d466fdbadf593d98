package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// goal is a bound from the speed contract; the zero value is "none".
type goal struct {
	atLeast, atMost float64
	exact           *float64
	text            string
}

func atLeast(v float64, text string) goal { return goal{atLeast: v, text: "≥ " + text} }
func atMost(v float64, text string) goal  { return goal{atMost: v, text: "≤ " + text} }

// nothing: the goal is zero of something, such as duplicates.
func nothing() goal { zero := 0.0; return goal{exact: &zero, text: "0"} }

// row is one line of the table.
type row struct {
	figure string
	value  float64
	shown  string
	goal   goal
	beside string // what the value was made of
}

// missed tells whether the goal is not reached; a row without one never misses.
func (r row) missed() bool {
	switch {
	case r.goal.exact != nil:
		return r.value != *r.goal.exact
	case r.goal.atLeast > 0:
		return r.value < r.goal.atLeast
	case r.goal.atMost > 0:
		return r.value > r.goal.atMost
	}
	return false
}

func (r row) verdict() string {
	switch {
	case r.goal.text == "":
		return "-"
	case r.missed():
		return "MISSED"
	}
	return "ok"
}

// table collects rows and what could not be measured, in the order of the run.
type table struct {
	rows   []row
	failed []string
}

func (t *table) add(r row) { t.rows = append(t.rows, r) }

// ratio adds the ratio of two rates of the series.
func (t *table) ratio(s series, figure, name, base string, g goal) {
	ratio := s.ratio(name, base)
	t.add(row{
		figure: figure, value: ratio, shown: fmt.Sprintf("%.2f", ratio), goal: g,
		beside: fmt.Sprintf("%s/s against %s/s", thousands(s.median(name)), thousands(s.median(base))),
	})
}

func (t *table) fail(figure string, err error) {
	first, _, _ := strings.Cut(err.Error(), "\n") // the whole was shown while measuring
	t.failed = append(t.failed, figure+": "+first)
}

func (t *table) missed() int {
	n := 0
	for _, r := range t.rows {
		if r.missed() {
			n++
		}
	}
	return n
}

func (t *table) print(w io.Writer) {
	tw := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(tw, "figure\tmeasured\tgoal\tverdict\tmade of")
	for _, r := range t.rows {
		text := r.goal.text
		if text == "" {
			text = "-"
		}
		_, _ = fmt.Fprintf(tw, "%s\t%s\t%s\t%s\t%s\n", r.figure, r.shown, text, r.verdict(), r.beside)
	}
	_ = tw.Flush()
	for _, f := range t.failed {
		_, _ = fmt.Fprintln(w, "NOT MEASURED", f)
	}
}

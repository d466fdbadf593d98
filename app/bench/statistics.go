package main

import (
	"fmt"
	"slices"
	"time"
)

// median of an even number of values is the mean of the middle two; of none it is 0.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	m := len(s) / 2
	if len(s)%2 == 1 {
		return s[m]
	}
	return (s[m-1] + s[m]) / 2
}

// percentile p (0 to 100) by nearest rank; of none it is 0.
func percentile(values []time.Duration, p int) time.Duration {
	if len(values) == 0 {
		return 0
	}
	s := slices.Sorted(slices.Values(values))
	rank := (len(s)*p + 99) / 100
	return s[max(rank-1, 0)]
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// series collects a value per round and name.
type series map[string][]float64

func (s series) add(name string, v float64) { s[name] = append(s[name], v) }

func (s series) last(name string) float64 { return s[name][len(s[name])-1] }

func (s series) median(name string) float64 { return median(s[name]) }

// ratio is the median of the rounds' own ratios: both values of one come from the same few seconds.
func (s series) ratio(name, base string) float64 {
	var r []float64
	for i, v := range s[name] {
		if i < len(s[base]) && s[base][i] > 0 {
			r = append(r, v/s[base][i])
		}
	}
	return median(r)
}

// spread shows the lowest and highest round.
func (s series) spread(name, format string) string {
	v := s[name]
	if len(v) == 0 {
		return "none"
	}
	return fmt.Sprintf(format+" to "+format, slices.Min(v), slices.Max(v))
}

// thousands writes 12345.6 as 12,346.
func thousands(v float64) string {
	s := fmt.Sprintf("%.0f", v)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

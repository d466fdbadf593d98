package main

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// The receiver counts repeats and what has no number, and tells what is missing.
func TestReceiverCountsEachArrival(t *testing.T) {
	r, err := startReceiver()
	require.NoError(t, err)
	defer func() { require.NoError(t, r.server.Shutdown()) }()
	post := func(addr string, body []byte) {
		require.NoError(t, postOnward(http.DefaultClient, hookURL(addr, 0), body))
	}
	tpl := newEventTemplate(mainType)
	for _, n := range []uint64{3, 4, 3} {
		tpl.number(tpl.body, n)
		post(r.hooks, tpl.body)
	}
	tpl.number(tpl.body, ledgerSize)
	post(r.other, tpl.body)
	post(r.other, []byte("no number"))
	got := r.tally(seqRange{0, 10})
	require.Equal(t, []int{2, 3}, []int{got.unique, got.total})
	require.EqualValues(t, 2, r.strange.Load())
	at := r.arrivals(seqRange{3, 6})
	require.Equal(t, []int64{got.firstNS, got.lastNS, 0}, at)
	_, err = r.await(t.Context(), seqRange{3, 6}, 3, 10*time.Millisecond)
	require.ErrorContains(t, err, "only 2 of 3 events arrived")
	_, err = r.await(t.Context(), seqRange{3, 6}, 2, time.Minute)
	require.NoError(t, err)
}

func TestEventIsOneKiBAndFindsItsNumber(t *testing.T) {
	for _, eventType := range []string{mainType, otherType} {
		tpl := newEventTemplate(eventType)
		require.Len(t, tpl.body, 1024)
		tpl.number(tpl.body, 1234567)
		n, ok := eventNumber(append([]byte(`{"siteName":"x","data":`), tpl.body...))
		require.True(t, ok)
		require.EqualValues(t, 1234567, n)
	}
	_, ok := eventNumber([]byte("hlb-12"))
	require.False(t, ok)
}

func TestAnswerDelay(t *testing.T) {
	require.Equal(t, 50*time.Millisecond, answerDelay([]byte("/hook/50")))
	require.Zero(t, answerDelay([]byte("/hook/0")))
	require.Zero(t, answerDelay([]byte("/")))
}

func TestStatistics(t *testing.T) {
	require.Zero(t, median(nil))
	require.EqualValues(t, 2, median([]float64{3, 1, 2}))
	require.EqualValues(t, 2.5, median([]float64{4, 1, 2, 3}))
	values := []time.Duration{4, 1, 3, 2}
	require.EqualValues(t, 2, percentile(values, 50))
	require.EqualValues(t, 4, percentile(values, 99))
	require.EqualValues(t, 4, percentile(values, 100))
	require.EqualValues(t, 1, percentile(values, 0))
	s := series{"a": {10, 30, 20}, "b": {100, 100, 50}}
	require.InDelta(t, 0.3, s.ratio("a", "b"), 1e-9)
	require.Equal(t, []string{"0", "999", "1,000", "1,234,568"}, []string{thousands(0), thousands(999), thousands(1000), thousands(1234567.8)})
}

func TestVerdict(t *testing.T) {
	require.Equal(t, "ok", row{value: 0.5, goal: atLeast(0.5, "x")}.verdict())
	require.Equal(t, "MISSED", row{value: 0.49, goal: atLeast(0.5, "x")}.verdict())
	require.Equal(t, "ok", row{value: 2, goal: atMost(2, "x")}.verdict())
	require.Equal(t, "MISSED", row{value: 2.1, goal: atMost(2, "x")}.verdict())
	require.Equal(t, "ok", row{value: 0, goal: nothing()}.verdict())
	require.Equal(t, "MISSED", row{value: 1, goal: nothing()}.verdict())
	require.Equal(t, "-", row{value: 1}.verdict())
}

func TestProcFiles(t *testing.T) {
	d, err := parseCPUTime("42 (hook line) S 1 42 42 0 -1 4194304 100 0 0 0 120 30 0 0 20 0 9 0 100 0 0")
	require.NoError(t, err)
	require.Equal(t, 1500*time.Millisecond, d)
	mb, err := parseMemory("Name:\thookline\nVmHWM:\t   50000 kB\nVmRSS:\t   20000 kB\n", "VmRSS")
	require.NoError(t, err)
	require.InDelta(t, 20.48, mb, 1e-9)
	_, err = parseMemory("Name:\thookline\n", "VmRSS")
	require.Error(t, err)
}

func TestFirstReceipts(t *testing.T) {
	first, last := firstReceipts([]int64{0, 5, 90, 70, 80, 0, 60}, 50, 3)
	require.EqualValues(t, 60, first)
	require.EqualValues(t, 80, last)
}

func TestSelectFigures(t *testing.T) {
	names := func(args ...string) (names []string) {
		o, err := parseOptions(args, t.Output())
		require.NoError(t, err)
		selected, err := selectFigures(o.only)
		require.NoError(t, err)
		for _, f := range selected {
			names = append(names, f.name)
		}
		return names
	}
	require.Equal(t, figureNames(), names())
	require.Equal(t, figureNames(), names("-short"), "every figure that has a goal")
	require.Equal(t, []string{"throughput", "latency"}, names("-only", "latency,throughput"))
	require.Equal(t, []string{"postgres"}, names("-short", "-only", "postgres"))
	_, err := selectFigures("nonsense")
	require.ErrorContains(t, err, "nonsense")
}

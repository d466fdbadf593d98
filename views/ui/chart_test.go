package ui

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The end of an axis is never below what is drawn, and never far above it.
func TestB8_AxisFitsWhatIsDrawn(t *testing.T) {
	for highest, want := range map[float64]float64{0: 2, 1: 2, 2: 2, 3: 4, 9: 10, 10: 10, 11: 20, 61: 80, 101: 200, 99_999: 100_000} {
		require.Equal(t, want, axisTop(highest), "%v", highest)
	}
	require.Equal(t, []string{"0", "800", "20k", "2M"}, []string{AxisCount(0), AxisCount(800), AxisCount(20_000), AxisCount(2e6)})
	require.Equal(t, []string{"0", "400 ms", "2 s", "1.7 min"}, []string{AxisMillis(0), AxisMillis(400), AxisMillis(2000), AxisMillis(100_000)})
	require.Equal(t, []string{"7", "1,204", "12,345,678"}, []string{Count(7), Count(1204), Count(12345678)})
}

func TestB8_LinesBreakWhereNothingWasMeasured(t *testing.T) {
	at := func(v float64) Column { return Column{Values: []float64{v}, Texts: []string{"x"}} }
	none := Column{Empty: true, Values: []float64{0}, Texts: []string{"–"}}
	p := ChartProps{ID: "c", Series: []Series{{Name: "p50", Mark: MarkMiddle}}, Columns: []Column{at(1), at(2), none, at(2), none}}
	require.Equal(t, 2, strings.Count(p.line(0, p.lineTop()), "M"), "two strokes")
	require.Len(t, p.newestFirst(), 3)
	require.False(t, p.empty())
	require.True(t, ChartProps{Columns: []Column{none}}.empty())
}

func TestB8_StackedBarsFillTheirColumnAndNoMore(t *testing.T) {
	p := ChartProps{ID: "c", Series: []Series{{Mark: MarkOK}, {Mark: MarkFailed}}, Columns: []Column{{Values: []float64{100_000, 1}}, {Values: []float64{0, 0}}}}
	bars := p.stack(0, 100_000)
	require.Len(t, bars, 2)
	require.Equal(t, "url(#c-failed)", bars[1].Fill)
	require.Empty(t, p.stack(1, 100_000))
	require.Equal(t, "0.00", bars[0].Y)
}

package form

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// browserArea is the text that a browser posts of an untouched text area.
func browserArea(drawn string) string {
	return strings.ReplaceAll(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(drawn), "\n", "\r\n")
}

// browserLine is the same of a field of one line.
func browserLine(drawn string) string { return strings.NewReplacer("\r", "", "\n", "").Replace(drawn) }

func FuzzUntouchedStays(f *testing.F) {
	for _, text := range []string{"", "a\r\nb\r\n", "a\nb", "\r", "\n\n a", "a\r\n\nb\r", " \t ", "\u2028\u0085", "&quot;🔑"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		require.Equal(t, text, Block(text, browserArea(text)))
		require.Equal(t, text, Line(text, browserLine(text)))
		require.Equal(t, text, Exact(text, browserLine(text)))
	})
}

// A touched text is as it was typed, with the line ends that were there.
func TestTouchedIsAsTyped(t *testing.T) {
	require.Equal(t, "a\r\nc\r\n", Block("a\r\nb\r\n", "a\r\nc\r\n"))
	require.Equal(t, "a\nc", Block("a\nb", "a\r\nc"))
	require.Equal(t, "a\nc", Block("a\r\nb\n", "a\r\nc"), "of both kinds: LF")
	require.Equal(t, "a\nc", Block("", "a\r\nc"))
	require.Empty(t, Block("a\r\nb", ""))
	require.Equal(t, "b", Line(" a ", " b "))
	require.Equal(t, "a", Line("a ", "a"), "a space that was taken away is gone")
	require.Equal(t, " b ", Exact("a", " b "))
}

// A row finds its stored text, also after rows above it were taken away.
func TestRowsKeepTheirText(t *testing.T) {
	drawn := []models.Param{{Name: "a", Value: "1"}, {Name: " b ", Value: "x\ny"}}
	row := func(n int, sent models.Param) models.Param {
		keepUntouchedRow(&sent.Name, &sent.Value, n, drawn, func(p *models.Param) (name, value *string) { return &p.Name, &p.Value })
		return sent
	}
	require.Equal(t, drawn[1], row(1, models.Param{Name: " b ", Value: "xy"}))
	require.Equal(t, drawn[1], row(0, models.Param{Name: " b ", Value: "xy"}))
	require.Equal(t, models.Param{Name: "c", Value: "x\ny"}, row(1, models.Param{Name: " c ", Value: "xy"}))
	require.Equal(t, models.Param{Name: "new", Value: " v"}, row(7, models.Param{Name: "new ", Value: " v"}))
}

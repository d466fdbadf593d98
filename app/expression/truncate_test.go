package expression_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/expression"
)

// I14: services take texts up to a length, counted in characters.
func TestI14_TruncateCountsCharacters(t *testing.T) {
	for source, want := range map[string]string{
		`truncate("Ada", 3)`: `"Ada"`, `truncate("Ada Lovelace", 4)`: `"Ada…"`, `truncate("ééé", 2)`: `"é…"`, `truncate("ééé", 3)`: `"ééé"`,
		`truncate("Ada", 0)`: `""`, `truncate("Ada", 1)`: `"…"`, `truncate(data.n, 2)`: `"1…"`, `truncate(data.gone, 5)`: `""`,
	} {
		_, got, _ := eval(t, source, expression.Values{Data: []byte(`{"n": 1234}`)})
		require.Equal(t, want, got, source)
	}
}

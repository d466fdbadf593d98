package deliver

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// I6: attempts go on while access tokens are refused and the delivery is held.
func TestI6_AttemptsUntilOneIsLast(t *testing.T) {
	for name, c := range map[string]struct {
		refused, held int // attempts that are refused a token; after which the claim is held
		sent          int
		last          bool
	}{
		"accepted at once":            {refused: 0, held: 9, sent: 1, last: true},
		"refused twice":               {refused: 2, held: 9, sent: 3, last: true},
		"claim lost after the first":  {refused: 2, held: 0, sent: 1, last: false},
		"claim lost after the second": {refused: 9, held: 1, sent: 2, last: false},
	} {
		t.Run(name, func(t *testing.T) {
			var renewals []int
			kept := 0
			send := func(in Input) Exchange {
				renewals = append(renewals, in.Renewals)
				return Exchange{Again: len(renewals) <= c.refused}
			}
			ex, last := Attempts(Input{}, send, func(*Exchange) (Input, bool) {
				kept++
				return Input{}, kept <= c.held
			})
			require.Len(t, renewals, c.sent)
			for i, n := range renewals {
				require.Equal(t, i, n)
			}
			require.Equal(t, c.last, last)
			require.Equal(t, !c.last, ex.Again)
		})
	}
}

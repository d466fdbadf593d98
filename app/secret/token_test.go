package secret

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestNewToken(t *testing.T) {
	seen := map[string]bool{}
	letters := map[rune]bool{}
	for range 300 {
		clear, hash := NewToken("hl_")
		random, ok := strings.CutPrefix(clear, "hl_")
		require.True(t, ok)
		require.Len(t, random, tokenLength, "43 letters of 62 are 256 bits")
		require.Empty(t, strings.Trim(random, base62))
		require.Equal(t, Hash(clear), hash)
		require.False(t, seen[clear])
		seen[clear] = true
		for _, r := range random {
			letters[r] = true
		}
	}
	require.Len(t, letters, 62, "every letter occurs")
}

func TestHashIsSHA256(t *testing.T) {
	require.Equal(t, "\xba\x78\x16\xbf\x8f\x01\xcf\xea\x41\x41\x40\xde\x5d\xae\x22\x23"+
		"\xb0\x03\x61\xa3\x96\x17\x7a\x9c\xb4\x10\xff\x61\xf2\x00\x15\xad", string(Hash("abc")))
}

func TestHint(t *testing.T) {
	require.Equal(t, "hl_abcd", Hint("hl_", "hl_abcdefgh"))
	require.Equal(t, "hl_a", Hint("hl_", "hl_a"))
}

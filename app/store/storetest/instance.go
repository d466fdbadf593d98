package storetest

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// Nodes of one database have one name for it, in every answer.
func testInstance(t *testing.T, s *suite) {
	name, err := s.Instance(s.ctx)
	require.NoError(t, err)
	require.Regexp(t, `^[0-9a-f]{10}$`, name)
	again, err := s.open(t, "n2", s.clock).Instance(s.ctx)
	require.NoError(t, err)
	require.Equal(t, name, again)
}

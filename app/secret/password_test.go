package secret

import (
	"context"
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/stretchr/testify/require"
)

func TestPasswords(t *testing.T) {
	ctx := t.Context()
	hash, err := HashPassword(ctx, "correct horse battery")
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$"), hash)

	match, err := CheckPassword(ctx, "correct horse battery", hash)
	require.NoError(t, err)
	require.True(t, match)
	match, err = CheckPassword(ctx, "correct horse batterz", hash)
	require.NoError(t, err)
	require.False(t, match)

	again, err := HashPassword(ctx, "correct horse battery")
	require.NoError(t, err)
	require.NotEqual(t, hash, again, "salted")
}

func TestCheckPasswordWithDamagedHash(t *testing.T) {
	_, err := CheckPassword(t.Context(), "pw", "$2y$10$abcdef")
	require.EqualError(t, err, "the stored password hash is damaged")
}

// An unknown user costs the work of a known one: the same parameters, salt and
// key lengths.
func TestCheckNobodyDoesTheSameWork(t *testing.T) {
	p, _, _, err := argon2id.DecodeHash(nobody)
	require.NoError(t, err)
	require.Equal(t, params, p)
	require.NoError(t, CheckNobody(t.Context(), "whatever it is"))
}

// With every turn taken, callers wait, and give up when their request ends.
func TestPasswordsWaitForATurn(t *testing.T) {
	for range cap(turns) {
		require.NoError(t, takeTurn(t.Context()))
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := HashPassword(ctx, "pw")
	require.ErrorIs(t, err, context.Canceled)
	_, err = CheckPassword(ctx, "pw", nobody)
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorIs(t, CheckNobody(ctx, "pw"), context.Canceled)

	done := make(chan error, 1)
	go func() { done <- CheckNobody(t.Context(), "pw") }()
	endTurn()
	require.NoError(t, <-done)
	endTurn()
}

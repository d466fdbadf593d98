package models

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// B1: whsec_ and the base64 of 24 to 64 bytes, as strictly as the official
// libraries read it.
func TestB1_StandardKey(t *testing.T) {
	of := func(n int) string {
		return StandardKeyPrefix + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("\xfb", n)))
	}
	for text, ok := range map[string]bool{
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw": true,
		of(24):                                   true,
		of(32):                                   true,
		of(64):                                   true,
		of(23):                                   false,
		of(65):                                   false,
		strings.TrimSuffix(of(32), "="):          false, // no padding
		strings.ReplaceAll(of(32), "+", "-"):     false, // base64url
		of(32) + "\n":                            false,
		of(32) + " ":                             false,
		strings.ToUpper(of(32)[:6]) + of(32)[6:]: false,
		strings.TrimPrefix(of(32), "whsec_"):     false,
		"whsec_":                                 false,
		"":                                       false,
		"a signing key":                          false,
	} {
		_, got := ParseStandardKey(text)
		require.Equal(t, ok, got, "%q", text)
	}
}

func TestB1_KeyProblem(t *testing.T) {
	const standard = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
	for _, s := range []Signing{{}, {JWT: true}, {HMAC: true}} {
		require.Empty(t, s.KeyProblem("12345678"))
		require.Empty(t, s.KeyProblem(standard), "the same text is a key for the others")
		require.Contains(t, s.KeyProblem("1234567"), "8 to 512")
		require.Contains(t, s.KeyProblem(strings.Repeat("x", 513)), "8 to 512")
	}
	require.Contains(t, Signing{Standard: true}.KeyProblem("12345678"), "whsec_")
	require.Empty(t, Signing{Standard: true, JWT: true, HMAC: true}.KeyProblem(standard))
}

package api

import (
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWholeNumber_WhateverItsSpelling(t *testing.T) {
	for text, want := range map[string]int64{
		"5000": 5000, "5000.0": 5000, "5000.000": 5000, "5e3": 5000, "5E+3": 5000, "5.25e2": 525, "0.5e1": 5, "-3.0": -3, "0": 0, "0.0": 0, "0e5": 0, "1.0e0": 1,
		"9223372036854775807": 1<<63 - 1, "9223372036854775807.0": 1<<63 - 1,
	} {
		n, err := wholeNumber(text)
		require.NoError(t, err, text)
		require.Equal(t, want, n, text)
	}
	for _, text := range []string{"0.5", "5000.01", "5e-1", "1e99999999999999999999", "", "x", "1.2.3", "5e", "0x10"} {
		_, err := wholeNumber(text)
		require.Error(t, err, text)
	}
	for _, text := range []string{"9223372036854775808", "1e300", "1e999999999", strings.Repeat("9", 900_000)} {
		_, err := wholeNumber(text)
		require.ErrorIs(t, err, strconv.ErrRange, clip(text))
	}
}

func clip(text string) string { return text[:min(len(text), 20)] }

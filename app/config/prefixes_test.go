package config

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPrefixes(t *testing.T) {
	for _, tc := range []struct {
		text string
		want []string
	}{
		{"", nil},
		{" , ", nil},
		{"127.0.0.0/8", []string{"127.0.0.0/8"}},
		{"10.1.2.3/8,fd00::1/8", []string{"10.0.0.0/8", "fd00::/8"}},
		{" 192.0.2.7 , ::1 ", []string{"192.0.2.7/32", "::1/128"}},
		{"::ffff:192.0.2.7", []string{"192.0.2.7/32"}},
		{"::ffff:10.0.0.0/104", []string{"10.0.0.0/8"}},
		{"0.0.0.0/0,::/0", []string{"0.0.0.0/0", "::/0"}},
	} {
		var got Prefixes
		require.NoError(t, got.UnmarshalText([]byte(tc.text)), tc.text)
		var want []netip.Prefix
		for _, p := range tc.want {
			want = append(want, netip.MustParsePrefix(p))
		}
		require.Equal(t, want, []netip.Prefix(got), tc.text)
	}
}

func TestPrefixesRefused(t *testing.T) {
	for _, text := range []string{"localhost", "10.0.0.0/33", "127.1", "10.0.0.0/8;::1", "fe80::1%eth0", "::ffff:0:0/64", "10.0.0.0/8,x"} {
		var got Prefixes
		require.ErrorContains(t, got.UnmarshalText([]byte(text)), "is not a network: write it like 10.0.0.0/8, fd00::/8 or 192.0.2.7", text)
		require.Nil(t, got, text)
	}
}

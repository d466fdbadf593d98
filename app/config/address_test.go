package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMetricsListen(t *testing.T) {
	complete := func(listen, metrics string) error {
		s := Defaults()
		s.Listen, s.MetricsListen = listen, metrics
		return s.Complete()
	}
	for _, two := range [][2]string{
		{"127.0.0.1:8080", "127.0.0.1:9090"}, {"127.0.0.1:8080", "[::1]:8080"}, {"127.0.0.1:0", "127.0.0.1:0"}, {":8080", ":9090"}, {"10.0.0.1:8080", "127.0.0.1:8080"},
	} {
		require.NoError(t, complete(two[0], two[1]), two)
	}
	for _, same := range [][2]string{
		{"127.0.0.1:8080", "127.0.0.1:8080"}, {"0.0.0.0:8080", "127.0.0.1:8080"}, {"127.0.0.1:8080", "[::]:8080"}, {":8080", ":8080"}, {"localhost:8080", "127.0.0.1:8080"}, {"Desk:80", "desk:80"},
	} {
		require.ErrorContains(t, complete(same[0], same[1]), "--metrics-listen must be another address than --listen", same)
	}
	for _, bad := range []string{"9090", "http://127.0.0.1:9090", "127.0.0.1:99999"} {
		require.ErrorContains(t, complete("127.0.0.1:8080", bad), "--metrics-listen ", bad)
	}
}

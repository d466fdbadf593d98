package crashtest

import (
	"net/http"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// gauge reads one number from /metrics.
func gauge(t testing.TB, a api, name string) int {
	t.Helper()
	text := a.must(t, http.StatusOK, http.MethodGet, "/metrics", nil, nil).body
	found := regexp.MustCompile(`(?m)^` + name + ` (\d+)$`).FindSubmatch(text)
	require.NotNil(t, found, "%s is not in /metrics:\n%s", name, text)
	n, err := strconv.Atoi(string(found[1]))
	require.NoError(t, err)
	return n
}

func inFlightOf(t testing.TB, a api) int { return gauge(t, a, "hookline_deliveries_in_flight") }

// awaitIdle returns once a node has nothing in flight, nothing queued and no
// result on its way to the disk.
func awaitIdle(t testing.TB, a api) {
	t.Helper()
	eventually(t, "the node is idle", func() bool {
		return inFlightOf(t, a) == 0 && gauge(t, a, "hookline_deliveries_queued") == 0
	})
}

// awaitStopped returns once the kernel has stopped the process.
func (p *process) awaitStopped(t testing.TB) {
	t.Helper()
	eventually(t, "the process is stopped", func() bool {
		stat, err := os.ReadFile("/proc/" + strconv.Itoa(p.cmd.Process.Pid) + "/stat")
		require.NoError(t, err)
		_, rest, _ := strings.Cut(string(stat), ") ")
		return strings.HasPrefix(rest, "T")
	})
}

package rawhead

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func newWindow() *window { return &window{path: []byte("/capture/in/"), longest: 40 << 10} }

// A connection that never asks for the path costs next to nothing, and one that does
// is bounded, whatever comes.
func TestAConnectionRemembersLittle(t *testing.T) {
	w := newWindow()
	other := []byte("POST /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n" + strings.Repeat("y", 4000))
	w.read(other, 4096)
	allocated := testing.AllocsPerRun(1000, func() { w.read(other, 4096); w.settle() })
	require.Zero(t, allocated)
	require.LessOrEqual(t, cap(w.bytes), 2*beforePath+8)

	for range 100 {
		w.read([]byte("GET /capture/in/a HTTP/1.1\r\n"+strings.Repeat("y", 1000)), 4096)
	}
	require.LessOrEqual(t, cap(w.bytes), 2*w.longest)
	w.settle()
	require.LessOrEqual(t, cap(w.bytes), 2*readAhead)
	w.read(other, 4096)
	w.settle()
	require.LessOrEqual(t, cap(w.bytes), 2*beforePath, "the path is out of sight")

	w.read([]byte("GET /capture/in/a HTTP/1.1\r\n"), 4096)
	w.read(bytes.Repeat([]byte("z"), 5000), 5000)
	require.Empty(t, w.bytes, "a body in large parts is not looked at")
}

// A body full of request lines costs the request behind it a few looks, not one each.
func TestTriesAreBounded(t *testing.T) {
	r, err := http.NewRequest(http.MethodGet, "/capture/in/a", http.NoBody)
	require.NoError(t, err)
	r.RequestURI = "/capture/in/a"
	fakes := []byte(strings.Repeat("GET /capture/in/a HTTP/1.1\r\nHost: z\r\n\r\n", 1000))
	few := testing.AllocsPerRun(10, func() { _, _, _ = find(fakes[:len(fakes)/50], r) })
	many := testing.AllocsPerRun(10, func() { _, _, _ = find(fakes, r) })
	require.LessOrEqual(t, many, few+1)
}

func BenchmarkReadOfAnotherPath(b *testing.B) {
	w := newWindow()
	p := []byte("POST /api/v1/events HTTP/1.1\r\nHost: x\r\n\r\n" + strings.Repeat("y", 1000))
	for b.Loop() {
		w.read(p, 4096)
		w.settle()
	}
}

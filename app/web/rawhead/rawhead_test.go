package rawhead_test

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/web/rawhead"
	"hookline/models"
)

const prefix = "/capture/in/"

// seen is what a handler found out about its request.
type seen struct {
	target string
	lines  []models.HeaderLine
	ok     bool
	header http.Header
}

// server is a real server behind a listener of this package. Requests to other paths
// than the prefix are answered without a look at their heads.
type server struct {
	t        *testing.T
	address  string
	requests chan seen
}

func serve(t *testing.T) *server {
	t.Helper()
	s := &server{t: t, requests: make(chan seen, 1000)}
	h := &http.Server{MaxHeaderBytes: 32 << 10, ErrorLog: log.New(io.Discard, "", 0), ReadTimeout: time.Minute}
	h.Handler = http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, prefix) {
			lines, ok := rawhead.Lines(r)
			s.requests <- seen{r.RequestURI, lines, ok, r.Header}
		}
		_, _ = io.Copy(io.Discard, r.Body)
	})
	rawhead.Watch(h)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var done sync.WaitGroup
	done.Go(func() { _ = h.Serve(rawhead.Listen(l, prefix)) })
	t.Cleanup(func() { _ = h.Close(); done.Wait() })
	s.address = l.Addr().String()
	return s
}

// send writes the parts one after the other on one connection and reads so many
// answers to all of them.
func (s *server) send(answers int, parts ...string) {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.address)
	require.NoError(s.t, err)
	defer func() { _ = conn.Close() }()
	var writing sync.WaitGroup
	defer writing.Wait()
	writing.Go(func() {
		for _, p := range parts {
			_, _ = io.WriteString(conn, p)
		}
	})
	answered := bufio.NewReader(conn)
	for i := range answers {
		resp, err := http.ReadResponse(answered, nil)
		require.NoError(s.t, err, "answer %d", i)
		_, _ = io.Copy(io.Discard, resp.Body)
	}
}

// next is the next request that a handler saw, its lines as "Name: value".
func (s *server) next() (lines []string, ok bool) {
	r := <-s.requests
	for _, l := range r.lines {
		lines = append(lines, l.Name+": "+l.Value)
	}
	return lines, r.ok
}

// B4: order and spelling are the sender's, however the request came.
func TestB4_LinesAreTheSenders(t *testing.T) {
	const line = "POST /capture/in/a?q=1 HTTP/1.1\r\n"
	big := strings.Repeat("v", 30<<10)
	for name, c := range map[string]struct {
		raw  string
		want []string
	}{
		"order and spelling": {line + "zULU: 1\r\nhOST: x\r\nAlpha: 2\r\nzulu: 3\r\n\r\n", []string{"zULU: 1", "hOST: x", "Alpha: 2", "zulu: 3"}},
		"spaces and none":    {line + "Host:x\r\nA:   b c \t\r\nempty:\r\n\r\n", []string{"Host: x", "A: b c", "empty: "}},
		"bytes not UTF-8":    {line + "Host: x\r\nodd: caf\xe9\r\n\r\n", []string{"Host: x", "odd: caf\xe9"}},
		"line folding":       {line + "Host: x\r\nlong: a\r\n  b\r\n\tc \r\nz: 1\r\n\r\n", []string{"Host: x", "long: a b c", "z: 1"}},
		"bare line feeds":    {"GET /capture/in/a HTTP/1.1\nhost: x\nb: 1\na: 2\n\n", []string{"host: x", "b: 1", "a: 2"}},
		"odd method":         {"PURGE /capture/in/a HTTP/1.1\r\nb: 1\r\nHost: x\r\n\r\n", []string{"b: 1", "Host: x"}},
		"without a host":     {"GET /capture/in/a HTTP/1.0\r\nb: 1\r\nConnection: keep-alive\r\n\r\n", []string{"b: 1", "Connection: keep-alive"}},
		"absolute form":      {"GET http://x/capture/in/a HTTP/1.1\r\nb: 1\r\nHost: y\r\n\r\n", []string{"b: 1", "Host: y"}},
		"made up by net/http": {
			line + "Host: x\r\npragma: no-cache\r\ntrailer: X-Sum\r\ntransfer-encoding: Chunked\r\n\r\n0\r\nX-Sum: 1\r\n\r\n",
			[]string{"Host: x", "pragma: no-cache", "trailer: X-Sum", "transfer-encoding: Chunked"},
		},
		"a long head": {line + "big: " + big + "\r\nhost: x\r\nz: 1\r\na: 2\r\n\r\n", []string{"big: " + big, "host: x", "z: 1", "a: 2"}},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.send(1, c.raw)
			lines, ok := s.next()
			require.True(t, ok)
			require.Equal(t, c.want, lines)
			s.send(1, strings.Split(c.raw[:40], "")[0], c.raw[1:12], c.raw[12:])
			lines, ok = s.next()
			require.True(t, ok, "in parts")
			require.Equal(t, c.want, lines, "in parts")
		})
	}
}

// B4: each of the requests on a connection has its own lines.
func TestB4_RequestsOfOneConnection(t *testing.T) {
	const same = "POST /capture/in/a HTTP/1.1\r\nHost: x\r\n"
	other := "POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n" + strings.Repeat("/capture/in/a\r\n", 600)
	for name, c := range map[string]struct {
		between string
		answers int
	}{
		"pipelined":             {"first: 1\r\n\r\n", 2},
		"behind a body":         {"first: 1\r\nContent-Length: 6\r\n\r\nhello\n", 2},
		"behind a long body":    {"first: 1\r\nContent-Length: 90000\r\n\r\n" + strings.Repeat("x", 90000), 2},
		"behind a chunked body": {"first: 1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n3;x=y\r\nabc\r\n0\r\n\r\n", 2},
		"behind a long chunk":   {"first: 1\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n" + strings.Repeat("y", 0xffff) + "\r\n0\r\n\r\n", 2},
		"behind another path":   {"first: 1\r\n\r\n" + other, 3},
		"behind JSON elsewhere": {"first: 1\r\n\r\nPOST /api HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{\"a\":1}", 3},
		"behind its own copy":   {"first: 1\r\nContent-Length: 50\r\n\r\n" + same + "SECOND: 2\r\n\r\n", 2},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.send(c.answers, same+c.between, same+"second: 2\r\nB: 1\r\na: 1\r\n\r\n")
			lines, ok := s.next()
			require.True(t, ok)
			require.Equal(t, "first: 1", lines[1])
			lines, ok = s.next()
			require.True(t, ok)
			require.Equal(t, []string{"Host: x", "second: 2", "B: 1", "a: 1"}, lines)
		})
	}
}

// B4: requests that differ in the spelling alone are told apart by their order.
func TestB4_EqualRequestsKeepTheirOwnSpelling(t *testing.T) {
	s := serve(t)
	var all strings.Builder
	for i := range 50 {
		name := []string{"x-a", "X-a", "x-A", "X-A"}[i%4]
		fmt.Fprintf(&all, "POST /capture/in/a HTTP/1.1\r\nHost: x\r\n%s: 1\r\nContent-Length: 2\r\n\r\nhi", name)
	}
	s.send(50, all.String())
	for i := range 50 {
		lines, ok := s.next()
		require.True(t, ok)
		require.Equal(t, []string{"x-a", "X-a", "x-A", "X-A"}[i%4]+": 1", lines[1], i)
	}
}

// trust.md: behind a proxy strangers share a connection. Whatever they send, a
// request shows its own headers, or none.
func TestB4_NeverTheHeadersOfAnother(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	known, all := 0, 0
	for range 60 {
		s := serve(t)
		var parts []string
		var want []string
		answers := 4 + random.IntN(8)
		for i := range answers {
			raw, mark := message(random, i)
			if mark != "" {
				want = append(want, mark)
			}
			for len(raw) > 0 {
				n := min(len(raw), 1+random.IntN(1+random.IntN(6000)))
				parts, raw = append(parts, raw[:n]), raw[n:]
			}
		}
		s.send(answers, parts...)
		for i, mark := range want {
			r := <-s.requests
			require.Equal(t, mark, r.header.Get("Mark"), i)
			if all++; !r.ok {
				continue // behind a body of nothing but request lines
			}
			known++
			sent := http.Header{}
			for _, l := range r.lines {
				if l.Name != "hOst" && !strings.EqualFold(l.Name, "Transfer-Encoding") {
					sent.Add(l.Name, l.Value)
				}
			}
			require.Equal(t, r.header, sent)
			require.Equal(t, "mARK", r.lines[len(r.lines)-1].Name)
		}
	}
	require.Greater(t, known, all*2/3)
}

// message is a request with a body that may look like one, and its mark when it goes
// to the prefix.
func message(random *rand.Rand, n int) (raw, mark string) {
	path := []string{"/capture/in/a", "/capture/in/a", "/api"}[random.IntN(3)]
	line := "POST " + path + " HTTP/1.1\r\nhOst: x\r\n"
	head := line
	for range random.IntN(5) {
		head += []string{"x-A", "X-a", "Cookie", "zz"}[random.IntN(4)] + ": " + strings.Repeat("v", random.IntN(3000)) + "\r\n"
	}
	if path != "/api" {
		mark = strconv.Itoa(n)
	}
	end := "mARK: " + strconv.Itoa(n) + "\r\n\r\n"
	fake := "POST /capture/in/a HTTP/1.1\r\nhOst: x\r\nMaRk: stolen\r\n\r\n"
	body := strings.Repeat([]string{fake, "x", "POST /capture/in/a HTTP/1.1\r\n"}[random.IntN(3)], random.IntN(200))
	switch random.IntN(3) {
	case 0:
		return head + end, mark
	case 1:
		return head + fmt.Sprintf("Content-Length: %d\r\n", len(body)) + end + body, mark
	}
	chunk := ""
	if body != "" {
		chunk = fmt.Sprintf("%x\r\n%s\r\n", len(body), body)
	}
	return head + "Transfer-Encoding: chunked\r\n" + end + chunk + "0\r\n\r\n", mark
}

// The headers of a connection that was not watched are not guessed at.
func TestB4_UnknownIsSaidToBeUnknown(t *testing.T) {
	r, err := http.NewRequest(http.MethodPost, prefix+"a", http.NoBody)
	require.NoError(t, err)
	_, ok := rawhead.Lines(r)
	require.False(t, ok)
	s := serve(t)
	s.send(1, "GET /c%61pture/in/a HTTP/1.1\r\nHost: x\r\n\r\n")
	lines, ok := s.next()
	require.False(t, ok)
	require.Empty(t, lines)
}

package output

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func notice(n uint64) []byte { return fmt.Appendf(nil, "%d dropped\n", n) }

// sink is a writer that a test can stall and break.
type sink struct {
	mu   sync.Mutex // held: the writer stalls
	text bytes.Buffer
	err  error // what the next writes answer
	part int   // how much of a write is taken before err
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		n := min(s.part, len(p))
		s.text.Write(p[:n])
		return n, s.err
	}
	return s.text.Write(p)
}

func (s *sink) fail(err error, part int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err, s.part = err, part
}

const forEver = time.Minute

func TestQueue_WritesAllInOrder(t *testing.T) {
	var s sink
	q := NewQueue(&s, notice)
	var want strings.Builder
	for i := range 5000 {
		fmt.Fprintf(io.MultiWriter(q, &want), "line %d\n", i)
	}
	q.Close(forEver)
	require.Equal(t, want.String(), s.text.String())
	require.Zero(t, q.Dropped())
}

// A reader that stalls costs lines, bounded memory, and nobody's time; when it
// reads again, it gets all that was kept and one line about the rest.
func TestQueue_StalledReader(t *testing.T) {
	var s sink
	q := NewQueue(&s, notice)
	s.mu.Lock()
	text := []byte(strings.Repeat("x", 999) + "\n")
	const lines = 3 * maxQueued / 1000
	for range lines {
		_, err := q.Write(text)
		require.NoError(t, err)
	}
	dropped := q.Dropped()
	require.Greater(t, dropped, uint64(lines/2))
	require.LessOrEqual(t, q.size, maxQueued)
	s.mu.Unlock()
	q.awaitEmpty()
	_, _ = io.WriteString(q, "after\n")
	q.Close(forEver)
	got := s.text.String()
	require.Equal(t, lines-int(dropped), strings.Count(got, string(text)))
	require.True(t, strings.HasSuffix(got, fmt.Sprintf("\n%d dropped\nafter\n", dropped)), got[len(got)-200:])
	require.Equal(t, 1, strings.Count(got, "dropped"))
}

// awaitEmpty returns once the writer has nothing left.
func (q *Queue) awaitEmpty() {
	for {
		q.mu.Lock()
		size := q.size
		q.mu.Unlock()
		if size == 0 {
			return
		}
	}
}

// A full disk or a reader that went away: lines are lost and counted, the next
// that works starts on a line of its own.
func TestQueue_FailingWriter(t *testing.T) {
	var s sink
	q := NewQueue(&s, notice)
	s.fail(syscall.ENOSPC, 3)
	_, _ = io.WriteString(q, "lost line\n")
	q.awaitEmpty()
	s.fail(syscall.EPIPE, 0)
	_, _ = io.WriteString(q, "lost too\n")
	q.awaitEmpty()
	s.fail(nil, 0)
	_, _ = io.WriteString(q, "kept\n")
	q.awaitEmpty()
	_, _ = io.WriteString(q, "kept too\n")
	q.Close(forEver)
	require.Equal(t, "los\nkept\n2 dropped\nkept too\n", s.text.String())
	require.EqualValues(t, 2, q.Dropped())
}

// EAGAIN is no loss: the writer tries again with what is left.
func TestQueue_NonBlockingPipe(t *testing.T) {
	var s sink
	q := NewQueue(&s, notice)
	s.fail(syscall.EAGAIN, 1)
	_, _ = io.WriteString(q, "whole line\n")
	for {
		s.mu.Lock()
		begun := s.text.Len() > 0
		s.mu.Unlock()
		if begun {
			break
		}
	}
	s.fail(nil, 0)
	q.Close(forEver)
	require.Equal(t, "whole line\n", s.text.String())
	require.Zero(t, q.Dropped())
}

func TestQueue_CloseIsBounded(t *testing.T) {
	var s sink
	q := NewQueue(&s, notice)
	s.mu.Lock()
	_, _ = io.WriteString(q, "stuck\n")
	q.Close(time.Millisecond)
	_, _ = io.WriteString(q, "too late\n")
	require.EqualValues(t, 1, q.Dropped())
	s.mu.Unlock()
	<-q.done
	require.Equal(t, "stuck\n", strings.SplitAfter(s.text.String(), "\n")[0])
}

func TestCrashSafe(t *testing.T) {
	r, w, err := os.Pipe()
	require.NoError(t, err)
	fd := int(w.Fd()) // asked later, it would make the descriptor blocking again
	file := crashSafe(w)
	_, err = file.WriteString("to the same pipe\n")
	require.NoError(t, err)
	got := make([]byte, 100)
	n, err := r.Read(got)
	require.NoError(t, err)
	require.Equal(t, "to the same pipe\n", string(got[:n]))
	for err = nil; err == nil; {
		_, err = syscall.Write(fd, make([]byte, 4096))
	}
	require.True(t, errors.Is(err, syscall.EAGAIN), "%v", err)
	require.NoError(t, r.Close())
}

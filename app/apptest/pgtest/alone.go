package pgtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// Server is a PostgreSQL of one test's own, which may be stopped and started.
type Server struct{ *Cluster }

// Alone starts one, and takes it down with the test.
func Alone(t testing.TB) *Server {
	t.Helper()
	c, err := Start("", forTests...)
	s := &Server{c}
	t.Cleanup(func() {
		s.signal(syscall.SIGCONT)
		s.Stop()
	})
	if err != nil {
		t.Fatalf("no PostgreSQL for the test: %v", err)
	}
	return s
}

// URL is the address of the database that is there from the start.
func (s *Server) URL() string { return s.Cluster.URL("postgres") }

// Freeze stops all its processes where they are, as a machine that swaps or a disk
// that hangs does: connections stay open, new ones come up, nothing is answered.
func (s *Server) Freeze() { s.signal(syscall.SIGSTOP) }

// Thaw lets them go on.
func (s *Server) Thaw() { s.signal(syscall.SIGCONT) }

// Down ends the server; Up starts it again on the same data.
func (s *Server) Down() {
	_ = s.server.Process.Signal(syscall.SIGINT) // fast: clients are disconnected
	_ = s.server.Wait()
}

// Up returns when the server is on its way.
func (s *Server) Up(t testing.TB) {
	t.Helper()
	if err := s.launch(); err != nil {
		t.Fatal(err)
	}
}

// signal reaches the first process before those that it would start.
func (s *Server) signal(sig syscall.Signal) {
	if s.server == nil || s.server.Process == nil {
		return
	}
	parent := s.server.Process.Pid
	_ = syscall.Kill(parent, sig)
	for _, pid := range childrenOf(parent) {
		_ = syscall.Kill(pid, sig)
	}
}

func childrenOf(parent int) (pids []int) {
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range stats {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		// pid (name) state parent …, where the name may have anything in it.
		_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')')+1:]), " ")
		var state string
		var of int
		if _, err := fmt.Sscan(rest, &state, &of); err == nil && of == parent {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

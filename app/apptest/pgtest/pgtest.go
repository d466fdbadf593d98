// Package pgtest gives tests and the benchmark a real, throwaway PostgreSQL from the
// binaries that Debian installs. Tests share one cluster a process, with a database
// for each test.
package pgtest

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Main runs a package's tests and takes the cluster down afterwards. Call it
// from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if shared != nil {
		end(pooler.server, syscall.SIGKILL)
		shared.Stop()
	}
	os.Exit(code)
}

// forTests: a killed server finds in the kernel's memory what it wrote; only a machine
// that loses power would need fsync.
var forTests = []string{"fsync=off", "max_connections=300"}

var (
	shared    *Cluster
	startOnce sync.Once
	startErr  error
	databases atomic.Int64
)

// New makes an empty database and returns its URL. A machine without PostgreSQL
// fails the test: what is not run proves nothing.
func New(t testing.TB) string {
	t.Helper()
	startOnce.Do(func() { shared, startErr = Start("", forTests...) })
	if startErr != nil {
		t.Fatalf("no PostgreSQL for the tests: %v", startErr)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, shared.URL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	name := fmt.Sprintf("test%d", databases.Add(1))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return shared.URL(name)
}

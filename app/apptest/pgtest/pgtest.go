// Package pgtest gives tests a real, throwaway PostgreSQL: one cluster a test
// process, from the binaries that Debian installs, with a database for each test.
package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
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
	if shared.dir != "" {
		end(pooler.server, syscall.SIGKILL)
		shared.stop()
	}
	os.Exit(code)
}

var (
	shared    cluster
	startOnce sync.Once
	startErr  error
	databases atomic.Int64
)

// New makes an empty database and returns its URL. A machine without PostgreSQL
// fails the test: what is not run proves nothing.
func New(t testing.TB) string {
	t.Helper()
	startOnce.Do(func() { startErr = shared.start() })
	if startErr != nil {
		t.Fatalf("no PostgreSQL for the tests: %v", startErr)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, shared.url("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close(ctx) }()
	name := fmt.Sprintf("test%d", databases.Add(1))
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		t.Fatal(err)
	}
	return shared.url(name)
}

// cluster listens on a socket in its own folder, so it needs neither a port nor
// a password.
type cluster struct {
	dir    string
	bin    string
	as     *syscall.Credential
	server *exec.Cmd
}

func (c *cluster) url(database string) string {
	return fmt.Sprintf("postgres://tester@/%s?host=%s", database, c.dir)
}

func (c *cluster) start() error {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return errors.New("apt-get install postgresql")
	}
	slices.Sort(found)
	c.bin = filepath.Dir(found[len(found)-1])
	var err error
	if c.dir, err = os.MkdirTemp("", "pgtest"); err != nil {
		return err
	}
	if err := c.giveAway(); err != nil {
		return err
	}
	if out, err := c.command("initdb", "-D", c.data(), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale", "C").CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := c.launch(); err != nil {
		return err
	}
	return c.await()
}

// await returns once the server answers that these flags of pg_isready name.
func (c *cluster) await(flags ...string) error {
	for range 200 {
		if c.command("pg_isready", append([]string{"-q", "-h", c.dir, "-U", "tester"}, flags...)...).Run() == nil {
			return nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	return errors.New("not ready within 5 s")
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

// giveAway hands the folder to another user, because initdb refuses root.
func (c *cluster) giveAway() error {
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		return err
	}
	uid, err := strconv.Atoi(who.Uid)
	if err != nil {
		return err
	}
	gid, err := strconv.Atoi(who.Gid)
	if err != nil {
		return err
	}
	c.as = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return os.Chown(c.dir, uid, gid)
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

func (c *cluster) launch() error {
	// A killed server finds in the kernel's memory what it wrote; only a machine that
	// loses power would need fsync.
	c.server = c.command("postgres", "-D", c.data(), "-k", c.dir, "-c", "listen_addresses=", "-c", "max_connections=300", "-c", "fsync=off")
	return startTied(c.server)
}

// startTied starts a server that dies with the tests, however they end. The kernel
// ties that to the starting thread, which therefore must live as long.
func startTied(server *exec.Cmd) error {
	server.SysProcAttr.Pdeathsig = syscall.SIGQUIT
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- server.Start()
		select {}
	}()
	return <-started
}

func (c *cluster) stop() {
	end(c.server, syscall.SIGQUIT) // immediate: the data is thrown away
	_ = os.RemoveAll(c.dir)
}

func end(server *exec.Cmd, sig syscall.Signal) {
	if server != nil && server.Process != nil {
		_ = server.Process.Signal(sig)
		_ = server.Wait()
	}
}

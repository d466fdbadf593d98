package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// ErrNotInstalled says that the machine has no PostgreSQL.
var ErrNotInstalled = errors.New("no PostgreSQL in /usr/lib/postgresql: apt-get install postgresql")

// Cluster is a throwaway PostgreSQL. It listens on a socket in its own folder, which
// only its user and root can enter, so it needs neither a port nor a password.
type Cluster struct {
	dir      string
	bin      string
	settings []string
	as       *syscall.Credential
	server   *exec.Cmd
}

// Start makes a cluster in a new folder in parent ("" for that of temporary files),
// with settings such as fsync=off. Stop it also after an error.
func Start(parent string, settings ...string) (*Cluster, error) {
	c := &Cluster{settings: settings}
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return c, ErrNotInstalled
	}
	slices.Sort(found)
	c.bin = filepath.Dir(found[len(found)-1])
	var err error
	if c.dir, err = os.MkdirTemp(parent, "pgtest"); err != nil {
		return c, err
	}
	if err := c.giveAway(); err != nil {
		return c, err
	}
	if out, err := c.command("initdb", "-D", c.data(), "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale", "C").CombinedOutput(); err != nil {
		return c, fmt.Errorf("initdb: %w: %s", err, out)
	}
	if err := c.launch(); err != nil {
		return c, err
	}
	return c, c.await()
}

// URL is the address of a database; "postgres" is there from the start.
func (c *Cluster) URL(database string) string {
	return fmt.Sprintf("postgres://tester@/%s?host=%s", database, c.dir)
}

// Stop ends the server and removes its data.
func (c *Cluster) Stop() {
	end(c.server, syscall.SIGQUIT) // immediate: the data is thrown away
	_ = os.RemoveAll(c.dir)
}

// await returns once the server answers that these flags of pg_isready name.
func (c *Cluster) await(flags ...string) error {
	for range 200 {
		if c.command("pg_isready", append([]string{"-q", "-h", c.dir, "-U", "tester"}, flags...)...).Run() == nil {
			return nil
		}
		time.Sleep(25 * time.Millisecond)
	}
	return errors.New("not ready within 5 s")
}

func (c *Cluster) data() string { return filepath.Join(c.dir, "data") }

// giveAway hands the folder to another user, because initdb refuses root.
func (c *Cluster) giveAway() error {
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

func (c *Cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.as}
	return cmd
}

func (c *Cluster) launch() error {
	args := []string{"-D", c.data(), "-k", c.dir, "-c", "listen_addresses="}
	for _, setting := range c.settings {
		args = append(args, "-c", setting)
	}
	c.server = c.command("postgres", args...)
	return startTied(c.server)
}

// startTied starts a server that dies with this process, however it ends. The kernel
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

func end(server *exec.Cmd, sig syscall.Signal) {
	if server != nil && server.Process != nil {
		_ = server.Process.Signal(sig)
		_ = server.Wait()
	}
}

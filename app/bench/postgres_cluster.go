package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"time"
)

// errNoPostgres means that the binaries are not on this machine.
var errNoPostgres = errors.New("no PostgreSQL binaries in /usr/lib/postgresql")

// cluster is a throwaway PostgreSQL with the settings it comes with, so with full durability.
type cluster struct {
	*process
	dir  string
	bin  string
	cred *syscall.Credential // whom it runs as; nil = whoever we are
	url  string
}

// startCluster makes and starts one in dir. It listens on loopback only and wants a random password.
func startCluster(ctx context.Context, dir string) (*cluster, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if len(found) == 0 {
		return nil, errNoPostgres
	}
	slices.Sort(found)
	c := &cluster{dir: dir, bin: filepath.Dir(found[len(found)-1])}
	if err := c.prepare(ctx); err != nil {
		return nil, err
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	password := rand.Text()
	if err := c.initialise(ctx, password); err != nil {
		return nil, err
	}
	c.url = fmt.Sprintf("postgres://bench:%s@%s/postgres?sslmode=disable", password, addr)
	cmd := c.command("postgres", "-D", filepath.Join(dir, "db"), "-c", "listen_addresses="+host, "-c", "port="+port,
		"-c", "unix_socket_directories=")
	out, err := os.Create(filepath.Join(dir, "postgres.log"))
	if err != nil {
		return nil, err
	}
	defer func() { _ = out.Close() }()
	cmd.Stdout, cmd.Stderr = out, out
	if c.process, err = startProcess("postgres", cmd); err != nil {
		return nil, err
	}
	if err := c.awaitReady(ctx, host, port); err != nil {
		return nil, errors.Join(err, c.shutdown())
	}
	return c, nil
}

// prepare makes the folder. initdb refuses to run as root, so root hands it to another user.
func (c *cluster) prepare(ctx context.Context) error {
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return err
	}
	if os.Getuid() != 0 {
		return nil
	}
	who, err := user.Lookup("postgres")
	if err != nil {
		if who, err = user.Lookup("nobody"); err != nil {
			return err
		}
	}
	uid, err := strconv.ParseUint(who.Uid, 10, 32)
	if err != nil {
		return err
	}
	gid, err := strconv.ParseUint(who.Gid, 10, 32)
	if err != nil {
		return err
	}
	c.cred = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid), NoSetGroups: false}
	return errors.Join(os.Chown(c.dir, int(uid), int(gid)), ctx.Err())
}

func (c *cluster) initialise(ctx context.Context, password string) error {
	file := filepath.Join(c.dir, "password")
	if err := os.WriteFile(file, []byte(password), 0o600); err != nil {
		return err
	}
	defer func() { _ = os.Remove(file) }()
	if c.cred != nil {
		if err := os.Chown(file, int(c.cred.Uid), int(c.cred.Gid)); err != nil {
			return err
		}
	}
	_, err := runCommand(ctx, c.command("initdb", "-D", filepath.Join(c.dir, "db"), "-U", "bench", "-A", "scram-sha-256",
		"--pwfile", file, "-E", "UTF8", "--locale", "C"))
	return err
}

func (c *cluster) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred}
	return cmd
}

func (c *cluster) awaitReady(ctx context.Context, host, port string) error {
	for range 200 {
		if _, err := runCommand(ctx, c.command("pg_isready", "-q", "-h", host, "-p", port)); err == nil {
			return nil
		}
		if c.ended() {
			return fmt.Errorf("postgres ended: %w", c.err)
		}
		if err := sleep(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("postgres was not ready within 10 s")
}

// shutdown is PostgreSQL's "fast" one: connections are cut, data is written.
func (c *cluster) shutdown() error {
	c.signal(syscall.SIGINT)
	return c.wait(20 * time.Second)
}

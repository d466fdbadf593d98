package pgtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// pooler is a pgbouncer in transaction mode before the cluster. It gives the
// sessions that it has to its clients in turns, so that whoever relies on having
// the same one again is found out.
var pooler struct {
	once   sync.Once
	err    error
	server *exec.Cmd
}

const poolerPort = "6432"

// Pooled makes an empty database and returns the URL that leads to it through
// pgbouncer, in its default configuration but for the mode.
func Pooled(t testing.TB) string {
	t.Helper()
	direct := New(t)
	pooler.once.Do(func() { pooler.err = startPooler() })
	if pooler.err != nil {
		t.Fatalf("no pgbouncer for the tests: %v", pooler.err)
	}
	return direct + "&port=" + poolerPort
}

func startPooler() error {
	program, err := findPooler()
	if err != nil {
		return err
	}
	users := filepath.Join(shared.dir, "users.txt")
	config := filepath.Join(shared.dir, "pgbouncer.ini")
	for path, text := range map[string]string{users: `"tester" ""`, config: fmt.Sprintf(`
[databases]
* = host=%[1]s

[pgbouncer]
listen_addr =
listen_port = %[2]s
unix_socket_dir = %[1]s
auth_type = trust
auth_file = %[3]s
pool_mode = transaction
server_round_robin = 1
max_client_conn = 1000
`, shared.dir, poolerPort, users)} {
		if err := os.WriteFile(path, []byte(strings.TrimSpace(text)+"\n"), 0o644); err != nil {
			return err
		}
	}
	pooler.server = exec.Command(program, "-q", config)
	pooler.server.Dir = shared.dir
	pooler.server.SysProcAttr = &syscall.SysProcAttr{Credential: shared.as}
	if err := startTied(pooler.server); err != nil {
		return err
	}
	return shared.await("-p", poolerPort, "-d", "postgres")
}

// findPooler looks where Debian puts it, which is not in everybody's path.
func findPooler() (string, error) {
	if path, err := exec.LookPath("pgbouncer"); err == nil {
		return path, nil
	}
	const path = "/usr/sbin/pgbouncer"
	if _, err := os.Stat(path); err != nil {
		return "", errors.New("apt-get install pgbouncer")
	}
	return path, nil
}

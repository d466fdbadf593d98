package crashtest

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"hookline/app/apptest/pgtest"
	// The program's packages: go test sees by this import that its cached
	// results are stale, as it does not see what a child process reads.
	_ "hookline/app/cli"
)

// program is the built hookline.
var program string

// together is how many tests run at once. They wait for leases and time limits
// most of the time, so it is more than there are processors.
const together = "8"

func TestMain(m *testing.M) {
	flag.Parse()
	if err := flag.Set("test.parallel", together); err != nil {
		panic(err) // the flag is the testing package's
	}
	if err := build(); err != nil {
		fmt.Fprintln(os.Stderr, "cannot build hookline:", err)
		os.Exit(1)
	}
	pgtest.Main(m)
}

// build leaves no file behind, however the tests end: the program is open, so it
// can be run though its name is gone.
func build() error {
	dir, err := os.MkdirTemp("", "crashtest")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, "hookline")
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", path, "hookline").CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	built, err := os.Open(path)
	if err != nil {
		return err
	}
	program = fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), built.Fd())
	keepOpen = built
	return nil
}

var keepOpen *os.File

// patience is how long a test waits for a signal before it gives up. It is no
// measurement.
const patience = 90 * time.Second

// starts runs on a thread that never ends: the kernel kills a child when the
// thread that started it does.
var starts = func() chan func() {
	queue := make(chan func())
	go func() {
		runtime.LockOSThread()
		for start := range queue {
			start()
		}
	}()
	return queue
}()

// startCommand starts a child that dies with the tests, however they end.
func startCommand(cmd *exec.Cmd) error {
	result := make(chan error)
	starts <- func() { result <- cmd.Start() }
	return <-result
}

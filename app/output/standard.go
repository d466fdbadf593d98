package output

import (
	"os"
	"os/signal"
	"syscall"
)

// Standard puts queues in front of standard output and standard error, and from
// then on a reader that goes away no longer ends the process. notice is for
// standard error.
func Standard(stdout, stderr *os.File, notice func(dropped uint64) []byte) (out, errOut *Queue) {
	signal.Ignore(syscall.SIGPIPE)
	return NewQueue(stdout, nil), NewQueue(crashSafe(stderr), notice)
}

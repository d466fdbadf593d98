package crashtest

import (
	"bytes"
	"strings"
	"sync"
	"testing"
	"time"
)

// output is what a process has written, and a signal for what it writes next.
type output struct {
	mu      sync.Mutex
	text    bytes.Buffer
	changed chan struct{} // closed and replaced with every write
}

func newOutput() *output { return &output{changed: make(chan struct{})} }

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.changed)
	o.changed = make(chan struct{})
	return o.text.Write(p)
}

func (o *output) look() (string, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String(), o.changed
}

func (o *output) String() string {
	text, _ := o.look()
	return text
}

// lines are the whole lines.
func (o *output) lines() []string {
	return strings.SplitAfter(o.String(), "\n")
}

// line returns what follows start in the first whole line that has it, or ok
// false when ended closes before there is one.
func (o *output) line(t testing.TB, start string, ended <-chan struct{}) (rest string, ok bool) {
	t.Helper()
	deadline := time.After(patience)
	for last := false; ; {
		text, changed := o.look()
		if _, after, found := strings.Cut(text, start); found {
			if line, _, whole := strings.Cut(after, "\n"); whole {
				return line, true
			}
		}
		if last {
			return "", false
		}
		select {
		case <-changed:
		case <-ended:
			last = true // one more look: it may have been written just before the end
		case <-deadline:
			t.Errorf("gave up waiting for %q", start)
			return "", false
		}
	}
}

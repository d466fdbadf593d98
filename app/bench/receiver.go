package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"sync"
	"time"
)

// receiverCommand is the hidden subcommand under which this binary is the receiver.
const receiverCommand = "__receiver"

// addresses is what the receiver and the null engine print on their first line.
type addresses struct {
	Serve   string `json:"serve"`
	Other   string `json:"other,omitempty"`   // of the receiver: the same at another port
	Control string `json:"control,omitempty"` // of the receiver
}

// receiver answers 200 to everything and notes what came.
type receiver struct {
	ledger *ledger

	mu   sync.Mutex
	gate chan struct{} // answers wait until it is closed; nil = no holding
}

// runReceiver serves until standard input ends, that is until the bench is gone.
func runReceiver() error {
	r := &receiver{ledger: newLedger()}
	hooks, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	other, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	control, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	go r.accept(hooks)
	go r.accept(other)
	go r.serveControl(control)
	return announce(addresses{Serve: hooks.Addr().String(), Other: other.Addr().String(), Control: control.Addr().String()})
}

// announce prints where a helper process listens and waits for its standard input to end.
func announce(a addresses) error {
	if err := json.NewEncoder(os.Stdout).Encode(a); err != nil {
		return err
	}
	var b [1]byte
	for {
		if _, err := os.Stdin.Read(b[:]); err != nil {
			return nil //nolint:nilerr // the end of standard input is the way to stop
		}
	}
}

func (r *receiver) accept(l net.Listener) {
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		go r.serve(conn)
	}
}

var answer200 = []byte("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok")

func (r *receiver) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	in := bufio.NewReaderSize(conn, 16<<10)
	var line, body []byte
	for {
		h, err := readHead(in, line)
		if err != nil {
			return
		}
		line = h.first
		if body, err = readBody(in, h, body); err != nil {
			return
		}
		r.ledger.arrived(body, time.Now())
		r.hold()
		if d := answerDelay(line); d > 0 {
			time.Sleep(d)
		}
		if _, err := conn.Write(answer200); err != nil || h.close {
			return
		}
	}
}

// answerDelay reads the milliseconds out of a request line such as "POST /hook/50 HTTP/1.1".
func answerDelay(line []byte) time.Duration {
	_, rest, ok := bytes.Cut(line, []byte("/hook/"))
	if !ok {
		return 0
	}
	digits, _, _ := bytes.Cut(rest, []byte(" "))
	ms, err := strconv.Atoi(string(digits))
	if err != nil || ms <= 0 {
		return 0
	}
	return time.Duration(ms) * time.Millisecond
}

// hold waits while answers are held back. The wait is bounded: a bench that died must not leave connections behind.
func (r *receiver) hold() {
	r.mu.Lock()
	gate := r.gate
	r.mu.Unlock()
	if gate == nil {
		return
	}
	select {
	case <-gate:
	case <-time.After(2 * time.Minute):
	}
}

func (r *receiver) setHold(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case on && r.gate == nil:
		r.gate = make(chan struct{})
	case !on && r.gate != nil:
		close(r.gate)
		r.gate = nil
	}
}

// hookURL is the address that makes the receiver wait before it answers.
func hookURL(addr string, delay time.Duration) string {
	return fmt.Sprintf("http://%s/hook/%d", addr, delay.Milliseconds())
}

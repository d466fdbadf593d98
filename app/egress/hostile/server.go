package hostile

import (
	"bufio"
	"context"
	"crypto/tls"
	"io"
	"net"
	"net/http"
	"sync"
	"syscall"
	"time"
)

// dripInterval is the pause between two pieces of a slow answer: short enough
// that no idle rule of a sender could end it, so that only a deadline does.
const dripInterval = 20 * time.Millisecond

// peer is one connection from the sender, as a script sees it.
type peer struct {
	net.Conn
	in   *bufio.Reader
	done <-chan struct{} // closed when the test ends
}

// script is what a receiver does with a connection. The connection is closed
// when it returns.
type script func(p *peer)

// serve runs the script on every connection to a fresh loopback port.
func serve(tb TB, run script) (hostport string) {
	tb.Helper()
	return serveWith(tb, nil, run)
}

// serveWith is serve with options for the listener's socket.
func serveWith(tb TB, control func(network, address string, c syscall.RawConn) error, run script) (hostport string) {
	tb.Helper()
	listen := net.ListenConfig{Control: control}
	ln, err := listen.Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("hostile: listen: %v", err)
	}
	done := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			all.Go(func() { handle(conn, done, run) })
		}
	})
	tb.Cleanup(func() {
		close(done)
		ln.Close()
		all.Wait()
	})
	return ln.Addr().String()
}

// handle runs the script and sees to it that the end of the test ends it.
func handle(conn net.Conn, done chan struct{}, run script) {
	defer conn.Close()
	over := make(chan struct{})
	defer close(over)
	go func() {
		select {
		case <-done:
			conn.Close()
		case <-over:
		}
	}()
	run(&peer{Conn: conn, in: bufio.NewReader(conn), done: done})
}

// plain makes a Start function that serves the script over http.
func plain(run script) func(TB) string {
	return func(tb TB) string {
		tb.Helper()
		return "http://" + serve(tb, run) + "/hook"
	}
}

// secure makes a Start function that serves the script over https.
func secure(config func() *tls.Config, run script) func(TB) string {
	return func(tb TB) string {
		tb.Helper()
		cfg := config()
		return "https://" + serve(tb, func(p *peer) {
			conn := tls.Server(p.Conn, cfg)
			if conn.Handshake() != nil {
				return
			}
			run(&peer{Conn: conn, in: bufio.NewReader(conn), done: p.done})
		}) + "/hook"
	}
}

// request reads one request with its body and reports whether there was one.
func (p *peer) request() bool {
	req, err := http.ReadRequest(p.in)
	if err != nil {
		return false
	}
	_, err = io.Copy(io.Discard, req.Body)
	return err == nil
}

// say writes text and reports whether the sender still takes it.
func (p *peer) say(text string) bool {
	_, err := io.WriteString(p, text)
	return err == nil
}

// flood writes text until the sender has had enough.
func (p *peer) flood(text string) {
	for p.say(text) {
	}
}

// drip writes text again and again with a pause in between.
func (p *peer) drip(text string) {
	tick := time.NewTicker(dripInterval)
	defer tick.Stop()
	for p.say(text) {
		select {
		case <-tick.C:
		case <-p.done:
			return
		}
	}
}

// hang does nothing until the sender closes or the test ends.
func (p *peer) hang() { io.Copy(io.Discard, p.in) }

// stall does not even read.
func (p *peer) stall() { <-p.done }

// reset closes the connection with RST instead of FIN.
func (p *peer) reset() {
	if tcp, ok := p.Conn.(*net.TCPConn); ok {
		tcp.SetLinger(0)
	}
	p.Close()
}

// answer is the commonest script: take the request, say this, close.
func answer(text string) func(TB) string {
	return plain(func(p *peer) {
		if p.request() {
			p.say(text)
			p.linger()
		}
	})
}

// linger half-closes and waits for the sender, so that the kernel does not turn
// the close into a reset that overtakes the answer.
func (p *peer) linger() {
	if tcp, ok := p.Conn.(*net.TCPConn); ok {
		tcp.CloseWrite()
	}
	p.hang()
}

package hostile

import (
	"net"
	"net/http"
)

const emptyOK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

// connections are faults of the connection itself.
func connections() []Receiver {
	return []Receiver{
		{Name: "refuses", Start: refused, Want: Network, Reason: "refused the connection"},
		{Name: "closes at accept", Start: plain(func(p *peer) {}), Want: Network, Reason: "The receiver"},
		{Name: "resets at accept", Start: plain((*peer).reset), Want: Network, Reason: "reset the connection"},
		{Name: "closes after the request", Start: answer(""), Want: Network, Reason: "without an answer"},
		{Name: "resets after the request", Start: plain(afterRequest((*peer).reset)), Want: Network, Reason: "reset the connection"},
		{Name: "never answers", Start: plain((*peer).hang), Want: Timeout, Reason: "did not answer", Stalls: true},
		{Name: "accepts and never reads", Start: plain((*peer).stall), Want: Timeout, Reason: "did not take the whole request", Stalls: true, Upload: 16 << 20},
		{Name: "half-closes and waits", Start: plain(afterRequest((*peer).linger)), Want: Network, Reason: "without an answer"},
		{Name: "answers before the body is read, then never reads", Start: plain(func(p *peer) {
			if _, err := http.ReadRequest(p.in); err == nil {
				p.say(emptyOK)
				p.stall()
			}
		}), Want: Response, Status: 200, Upload: 16 << 20},
		{Name: "closes between two requests", Start: plain(func(p *peer) {
			// The first answer promises a connection that lives on.
			if p.request() {
				p.say(emptyOK)
			}
		}), Want: Response, Status: 200, Calls: 8},
		{Name: "resets between two requests", Start: plain(func(p *peer) {
			if p.request() && p.say(emptyOK) {
				p.in.Peek(1) // the next request has begun to arrive
				p.reset()
			}
		}), Want: Response, Status: 200, Calls: 8},
		{Name: "answers twice", Start: plain(func(p *peer) {
			for p.request() && p.say(emptyOK+"HTTP/1.1 500 Nobody asked\r\nContent-Length: 0\r\n\r\n") {
			}
		}), Want: Response, Status: 200, Calls: 64},
		{Name: "speaks first, as mail servers do", Start: plain(func(p *peer) {
			p.say("220 mail.example.com ESMTP ready\r\n")
			p.hang()
		}), Want: Network, Reason: "The receiver"},
	}
}

// refused returns the URL of a port on which nothing listens.
func refused(tb TB) string {
	tb.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatalf("hostile: listen: %v", err)
	}
	defer ln.Close()
	return "http://" + ln.Addr().String() + "/hook"
}

func afterRequest(then func(*peer)) script {
	return func(p *peer) {
		if p.request() {
			then(p)
		}
	}
}

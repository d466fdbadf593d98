package hostile

import "strings"

// invalid are the words for an answer that is not HTTP.
const invalid = "not valid HTTP"

// headers are faults between the first byte and the empty line.
func headers() []Receiver {
	return []Receiver{
		{Name: "garbage", Start: answer("\x00\xff\xfe\x01 nothing at all \r\n\r\n"), Want: Network, Reason: invalid},
		{Name: "HTTP/0.9", Start: answer("<html>hello</html>\n"), Want: Network, Reason: invalid},
		{Name: "another protocol", Start: answer("SSH-2.0-OpenSSH_9.9\r\n"), Want: Network, Reason: invalid},
		{Name: "huge status line", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 ")
			p.flood(strings.Repeat("O", 4<<10))
		})), Want: Network, Reason: "longer than 64 KiB"},
		{Name: "endless headers", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\n")
			p.flood("X-More: " + strings.Repeat("a", 1000) + "\r\n")
		})), Want: Network, Reason: "longer than 64 KiB"},
		{Name: "one endless header", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\nX-Long: ")
			p.flood(strings.Repeat("a", 4<<10))
		})), Want: Network, Reason: "longer than 64 KiB"},
		{Name: "slow headers", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\n")
			p.drip("X-Slow: 1\r\n")
		})), Want: Timeout, Reason: "did not finish its headers", Stalls: true},
		{Name: "stops after the status line", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\n")
			p.hang()
		})), Want: Timeout, Reason: "did not finish its headers", Stalls: true},
		{Name: "closes inside the headers", Start: answer("HTTP/1.1 200 OK\r\nX-Half: "), Want: Network, Reason: "without an answer"},
		{Name: "resets inside the headers", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\nX-Half: ")
			p.reset()
		})), Want: Network, Reason: "The receiver"},
		{Name: "null byte in a header", Start: answer("HTTP/1.1 200 OK\r\nX-Null: a\x00b\r\nContent-Length: 0\r\n\r\n"), Want: Network, Reason: invalid},
		{Name: "invalid header name", Start: answer("HTTP/1.1 200 OK\r\nBad Name\x01: x\r\nContent-Length: 0\r\n\r\n"), Want: Network, Reason: invalid},
		{Name: "header without a colon", Start: answer("HTTP/1.1 200 OK\r\nno colon here\r\n\r\n"), Want: Network, Reason: invalid},
		{Name: "negative content-length", Start: answer("HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello"), Want: Network, Reason: invalid},
		{Name: "two content-lengths", Start: answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!"), Want: Network, Reason: invalid},
		{Name: "content-length that overflows", Start: answer("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n"), Want: Network, Reason: invalid},
		{Name: "unknown transfer-encoding", Start: answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"), Want: Network, Reason: invalid},
	}
}

// informational are floods of 1xx answers, which HTTP allows without number.
func informational() []Receiver {
	return []Receiver{
		{Name: "flood of 100 Continue", Start: plain(afterRequest(func(p *peer) {
			p.flood("HTTP/1.1 100 Continue\r\n\r\n")
		})), Want: Network, Reason: "longer than 64 KiB"},
		{Name: "flood of 103 Early Hints", Start: plain(afterRequest(func(p *peer) {
			p.flood("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n")
		})), Want: Network, Reason: "longer than 64 KiB"},
		{Name: "drip of 102 Processing", Start: plain(afterRequest(func(p *peer) {
			p.drip("HTTP/1.1 102 Processing\r\n\r\n")
		})), Want: Timeout, Reason: "did not finish its headers", Stalls: true},
		{Name: "some 1xx, then an answer", Start: answer(strings.Repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 20) + emptyOK), Want: Response, Status: 200},
	}
}

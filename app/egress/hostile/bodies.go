package hostile

import (
	"bytes"
	"compress/gzip"
	"strconv"
	"strings"
)

// broken are the words for a body that ends too early or breaks the rules.
const broken = "in the middle of the body"

// bodies are faults after the empty line.
func bodies() []Receiver {
	filler := strings.Repeat("x", 4<<10)
	return []Receiver{
		{Name: "endless body", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\n\r\n")
			p.flood(filler)
		})), Want: Response, Status: 200, Truncated: true},
		{Name: "endless body with a length", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n")
			p.flood(filler)
		})), Want: Response, Status: 200, Truncated: true},
		{Name: "slow body", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
			p.drip("x")
		})), Want: Timeout, Reason: "did not finish its response body", Stalls: true},
		{Name: "slow body of a refusal", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 410 Gone\r\nContent-Length: 100000\r\n\r\n")
			p.drip("x")
		})), Want: Response, Status: 410, Truncated: true, Reason: "did not finish its response body", Stalls: true},
		{Name: "no body after its length", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n")
			p.hang()
		})), Want: Timeout, Reason: "did not finish its response body", Stalls: true},
		{Name: "body shorter than its length", Start: answer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort"), Want: Network, Reason: broken},
		{Name: "body of a failure shorter than its length", Start: answer("HTTP/1.1 503 Busy\r\nContent-Length: 100\r\n\r\nshort"),
			Want: Response, Status: 503, Truncated: true, Reason: broken},
		{Name: "body longer than its length", Start: answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and much more"), Want: Response, Status: 200},
		{Name: "resets in the body", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort")
			p.reset()
		})), Want: Network, Reason: "The receiver"},
		{Name: "gzip bomb", Start: plain(afterRequest(func(p *peer) { p.bomb("Content-Encoding: gzip\r\n") })), Want: Response, Status: 200, Truncated: true},
		{Name: "gzip bomb in disguise", Start: plain(afterRequest(func(p *peer) { p.bomb("") })), Want: Response, Status: 200, Truncated: true},
		{Name: "claims gzip and is not", Start: answer("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\nplain"), Want: Response, Status: 200},
	}
}

// bomb sends 64 MiB of zeros in 64 KiB of gzip, and then some.
func (p *peer) bomb(header string) {
	var packed bytes.Buffer
	zip, _ := gzip.NewWriterLevel(&packed, gzip.BestSpeed)
	zeros := make([]byte, 1<<20)
	for range 16 {
		zip.Write(zeros)
	}
	zip.Close()
	p.say("HTTP/1.1 200 OK\r\n" + header + "Content-Length: " + strconv.Itoa(packed.Len()) + "\r\n\r\n" + packed.String())
	p.linger()
}

// chunks are faults of the chunked transfer coding.
func chunks() []Receiver {
	const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	return []Receiver{
		{Name: "chunk garbage", Start: answer(head + "zz\r\nhello\r\n"), Want: Network, Reason: broken},
		{Name: "chunk longer than it says", Start: answer(head + "2\r\nhello\r\n0\r\n\r\n"), Want: Network, Reason: broken},
		{Name: "chunks without an end", Start: answer(head + "5\r\nhello\r\n"), Want: Network, Reason: broken},
		{Name: "chunk size that overflows", Start: answer(head + "fffffffffffffffff\r\nhello"), Want: Network, Reason: broken},
		{Name: "endless chunk extension", Start: plain(afterRequest(func(p *peer) {
			p.say(head + "5;x=")
			p.flood(strings.Repeat("y", 4<<10))
		})), Want: Network, Reason: broken},
		{Name: "one byte a chunk, without end", Start: plain(afterRequest(func(p *peer) {
			p.say(head)
			p.flood(strings.Repeat("1\r\nx\r\n", 500))
		})), Want: Response, Status: 200, Truncated: true},
		{Name: "endless trailer", Start: plain(afterRequest(func(p *peer) {
			p.say(head + "5\r\nhello\r\n0\r\n")
			p.flood("X-Trailer: " + strings.Repeat("z", 1000) + "\r\n")
		})), Want: Network, Reason: broken},
		{Name: "slow chunks", Start: plain(afterRequest(func(p *peer) {
			p.say(head)
			p.drip("1\r\nx\r\n")
		})), Want: Timeout, Reason: "did not finish its response body", Stalls: true},
	}
}

package hostile

// statuses are odd status codes, and bodies where none may be.
func statuses() []Receiver {
	return []Receiver{
		{Name: "101 without being asked", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
			p.flood("\x81\x05hello")
		})), Want: Response, Status: 101},
		{Name: "101 and silence", Start: plain(afterRequest(func(p *peer) {
			p.say("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
			p.hang()
		})), Want: Response, Status: 101},
		{Name: "204 with a body", Start: answer("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello"), Want: Response, Status: 204, Calls: 4},
		{Name: "304 with a body", Start: answer("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello"), Want: Response, Status: 304, Calls: 4},
		{Name: "204 with a body, kept open", Start: plain(func(p *peer) {
			for p.request() && p.say("HTTP/1.1 204 No Content\r\n\r\nhello") {
			}
		}), Want: Response, Status: 204, Calls: 64},
		{Name: "status 000", Start: answer("HTTP/1.1 000 Nothing\r\nContent-Length: 0\r\n\r\n"), Want: Network, Reason: invalid},
		{Name: "status 999", Start: answer("HTTP/1.1 999 Too Much\r\nContent-Length: 0\r\n\r\n"), Want: Response, Status: 999},
		{Name: "status of letters", Start: answer("HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"), Want: Network, Reason: invalid},
		{Name: "status of four digits", Start: answer("HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n"), Want: Network, Reason: invalid},
		{Name: "HTTP/9.9", Start: answer("HTTP/9.9 200 OK\r\nContent-Length: 0\r\n\r\n"), Want: Response, Status: 200},
		{Name: "redirect to itself", Start: answer("HTTP/1.1 307 Temporary Redirect\r\nLocation: /hook\r\nContent-Length: 0\r\n\r\n"), Want: Response, Status: 307},
		{Name: "401 with a challenge", Start: answer("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Negotiate\r\nContent-Length: 0\r\n\r\n"), Want: Response, Status: 401},
	}
}

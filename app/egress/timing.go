package egress

import (
	"sync/atomic"
	"time"
)

// Timing is what an exchange spent its time on. What did not happen is 0: a
// lookup for a literal address, all of the dial on a kept connection.
type Timing struct {
	Lookup    time.Duration // of the name
	Connect   time.Duration
	Handshake time.Duration // TLS
	Wait      time.Duration // from having a connection to the first byte of the answer
	Body      time.Duration // from there to the end
	Reused    bool          // a kept connection
}

// marks are when an exchange entered its phases, in nanoseconds since it began.
type marks struct {
	started time.Time
	at      [phaseBody + 1]atomic.Int64 // 0: not yet
	reused  atomic.Bool
}

// mark notes the first time a phase is entered.
func (m *marks) mark(p phase) {
	m.at[p].CompareAndSwap(0, max(1, int64(time.Since(m.started))))
}

// connected notes that a connection is at hand. It may be the second one: when
// a kept connection turns out to be dead, net/http takes another, and what came
// before belongs to getting it.
func (m *marks) connected(reused bool) {
	m.restart()
	m.reused.Store(reused)
}

// restart forgets what a request that has to be sent again did on the wire.
func (m *marks) restart() {
	for p := phaseSend; p <= phaseBody; p++ {
		m.at[p].Store(0)
	}
}

// timing reads the marks of an exchange that took so long.
func (m *marks) timing(took time.Duration) Timing {
	t := Timing{Reused: m.reused.Load()}
	connected := m.since(phaseSend, took)
	if !t.Reused {
		t.Lookup = m.between(phaseResolve, phaseConnect, connected)
		t.Connect = m.between(phaseConnect, phaseHandshake, connected)
		t.Handshake = m.between(phaseHandshake, phaseSend, connected)
	}
	answered := m.since(phaseHeaders, took)
	t.Wait, t.Body = answered-connected, took-answered
	return t
}

func (m *marks) since(p phase, otherwise time.Duration) time.Duration {
	if at := m.at[p].Load(); at > 0 {
		return min(time.Duration(at), otherwise)
	}
	return otherwise
}

// between is the time from one phase to the next, or to the end of the dial. A
// dial may go on for another exchange after this one got a connection: what
// comes after that is not this one's time.
func (m *marks) between(p, next phase, end time.Duration) time.Duration {
	begin := m.since(p, end)
	return max(0, min(m.since(next, end), end)-begin)
}

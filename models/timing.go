package models

import (
	"strconv"
	"strings"
	"time"
)

// Timing is what an attempt spent its time on. What did not happen is 0: a lookup
// for a literal address, all of the connecting on a kept connection.
type Timing struct {
	DNS     time.Duration
	Connect time.Duration
	TLS     time.Duration
	Wait    time.Duration // from having a connection to the first byte of the answer
	Body    time.Duration // from there to the end
	Reused  bool          // a connection kept from an earlier attempt
}

// Known reports whether anything was measured.
func (t Timing) Known() bool { return t != Timing{} }

// Total is the sum of the phases.
func (t Timing) Total() time.Duration { return t.DNS + t.Connect + t.TLS + t.Wait + t.Body }

// String packs it for the log: microseconds in the order of the fields, and an r
// for reused; "" when nothing was measured.
func (t Timing) String() string {
	if !t.Known() {
		return ""
	}
	b := make([]byte, 0, 32)
	for i, d := range []time.Duration{t.DNS, t.Connect, t.TLS, t.Wait, t.Body} {
		if i > 0 {
			b = append(b, ' ')
		}
		b = strconv.AppendInt(b, d.Microseconds(), 10)
	}
	if t.Reused {
		b = append(b, " r"...)
	}
	return string(b)
}

// ParseTiming reads what String wrote; anything else is a zero Timing.
func ParseTiming(packed string) Timing {
	parts := strings.Fields(packed)
	if len(parts) < 5 {
		return Timing{}
	}
	var t Timing
	for i, field := range []*time.Duration{&t.DNS, &t.Connect, &t.TLS, &t.Wait, &t.Body} {
		us, err := strconv.ParseInt(parts[i], 10, 64)
		if err != nil {
			return Timing{}
		}
		*field = time.Duration(us) * time.Microsecond
	}
	t.Reused = len(parts) > 5 && parts[5] == "r"
	return t
}

package main

import (
	"bytes"
	"fmt"
	"strconv"
)

const (
	eventSize    = 1024 // the whole request body
	marker       = "hlb-"
	markerDigits = 10

	mainType  = "release.published"       // what the measured webhook subscribes to
	otherType = "approval.status_changed" // what its slow neighbour subscribes to
)

// eventTemplate is one event as JSON with a place for its number.
type eventTemplate struct {
	body []byte
	at   int // where the digits stand
}

func newEventTemplate(eventType string) eventTemplate {
	start := fmt.Sprintf(`{"type":%q,"data":{"marker":"%s%0*d","release":"2026.4","author":{"name":"Ada","id":4711},"public":true,"notes":"`,
		eventType, marker, markerDigits, 0)
	const end = `"}}`
	filler := bytes.Repeat([]byte("All checks have passed. "), eventSize/24+1)
	body := append([]byte(start), filler[:eventSize-len(start)-len(end)]...)
	body = append(body, end...)
	return eventTemplate{body: body, at: bytes.Index(body, []byte(marker)) + len(marker)}
}

// number writes seq into body, a copy of the template.
func (t eventTemplate) number(body []byte, seq uint64) {
	for i := t.at + markerDigits - 1; i >= t.at; i-- {
		body[i] = byte('0' + seq%10)
		seq /= 10
	}
}

// eventNumber finds the number of the event in a delivered body, whatever the format around it.
func eventNumber(body []byte) (uint64, bool) {
	i := bytes.Index(body, []byte(marker))
	if i < 0 || i+len(marker)+markerDigits > len(body) {
		return 0, false
	}
	i += len(marker)
	n, err := strconv.ParseUint(string(body[i:i+markerDigits]), 10, 64)
	return n, err == nil
}

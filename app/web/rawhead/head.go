package rawhead

import (
	"bufio"
	"bytes"
	"maps"
	"net/http"
	"slices"

	"hookline/models"
)

// maxTries bounds what a body full of request lines can cost the request behind it.
const maxTries = 16

const space = " \t"

// Lines returns the headers of a request in the order and spelling in which they
// were sent, or false when that is not known for sure. It finds them once, so call
// it for every request to the path, in the handler, and before reading the body.
func Lines(r *http.Request) ([]models.HeaderLine, bool) {
	w, ok := r.Context().Value(contextKey{}).(*window)
	if !ok {
		return nil, false
	}
	return w.take(r)
}

// find looks for the first head that says what r says. length is that of all that
// it read, the head's end included.
func find(text []byte, r *http.Request) (lines []models.HeaderLine, length int, ok bool) {
	first := []byte(r.Method + " " + r.RequestURI + " " + r.Proto)
	at := 0
	for range maxTries {
		begin := requestLine(text[at:], first)
		if begin < 0 {
			return nil, 0, false
		}
		at += begin
		if says(text[at:], r) {
			lines, length := split(text[at:])
			return lines, at + length, true
		}
		at += len(first)
	}
	return nil, 0, false
}

// requestLine is where this line begins, or -1. It need not begin a line: a body in
// front of it ends as it likes.
func requestLine(text, line []byte) int {
	for at := 0; ; {
		i := bytes.Index(text[at:], line)
		if i < 0 {
			return -1
		}
		at += i
		rest := text[at+len(line):]
		if bytes.HasPrefix(rest, []byte("\n")) || bytes.HasPrefix(rest, []byte("\r\n")) {
			return at
		}
		at++
	}
}

// says reports whether net/http reads text as r. It compares all that net/http
// makes of a head.
func says(text []byte, r *http.Request) bool {
	read, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(text)))
	if err != nil {
		return false
	}
	return read.Host == r.Host && read.ContentLength == r.ContentLength && slices.Equal(read.TransferEncoding, r.TransferEncoding) &&
		maps.EqualFunc(read.Header, r.Header, slices.Equal[[]string]) && maps.EqualFunc(read.Trailer, r.Trailer, func(_, _ []string) bool { return true })
}

// split takes a head that net/http could read apart, as net/textproto does: spaces
// around a value are no part of it, and a line that begins with a space goes on
// with the value of the line before.
func split(text []byte) (lines []models.HeaderLine, length int) {
	fields := [][]byte{}
	for n := 0; ; n++ {
		line, _, _ := bytes.Cut(text[length:], []byte("\n"))
		length += len(line) + 1
		line = bytes.TrimSuffix(line, []byte("\r"))
		switch {
		case n == 0: // the request line
			continue
		case len(line) == 0:
			return headerLines(fields), length
		}
		trimmed := bytes.Trim(line, space)
		if line[0] == ' ' || line[0] == '\t' {
			last := &fields[len(fields)-1]
			*last = append(append(slices.Clone(*last), ' '), trimmed...)
			continue
		}
		fields = append(fields, trimmed)
	}
}

func headerLines(fields [][]byte) []models.HeaderLine {
	lines := make([]models.HeaderLine, 0, len(fields))
	for _, f := range fields {
		name, value, _ := bytes.Cut(f, []byte(":"))
		lines = append(lines, models.HeaderLine{Name: string(name), Value: string(bytes.TrimLeft(value, space))})
	}
	return lines
}

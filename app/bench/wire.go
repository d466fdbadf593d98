package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strconv"
)

// head is what the bare HTTP loops (receiver and generator) need of a request or a response.
type head struct {
	first   []byte // request or status line; valid until the next read
	length  int    // Content-Length, 0 if there is none
	chunked bool
	close   bool
}

var (
	contentLength    = []byte("content-length:")
	transferEncoding = []byte("transfer-encoding:")
	connection       = []byte("connection:")
)

// readHead reads up to and including the empty line. first is kept in scratch, so that a loop
// over one connection allocates nothing.
func readHead(r *bufio.Reader, scratch []byte) (head, error) {
	var h head
	line, err := r.ReadSlice('\n')
	if err != nil {
		return h, err
	}
	scratch = append(scratch[:0], bytes.TrimRight(line, "\r\n")...)
	h.first = scratch
	for {
		line, err = r.ReadSlice('\n')
		if err != nil {
			return h, unexpected(err)
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			return h, nil
		}
		if err := h.note(line); err != nil {
			return h, err
		}
	}
}

func (h *head) note(line []byte) error {
	if v, ok := cutHeader(line, contentLength); ok {
		n, err := strconv.Atoi(string(v))
		if err != nil || n < 0 {
			return errors.New("bad Content-Length")
		}
		h.length = n
	} else if v, ok := cutHeader(line, transferEncoding); ok {
		h.chunked = bytes.EqualFold(v, []byte("chunked"))
	} else if v, ok := cutHeader(line, connection); ok {
		h.close = bytes.EqualFold(v, []byte("close"))
	}
	return nil
}

func cutHeader(line, name []byte) ([]byte, bool) {
	if len(line) < len(name) || !bytes.EqualFold(line[:len(name)], name) {
		return nil, false
	}
	return bytes.TrimSpace(line[len(name):]), true
}

// readBody reads the body that h announced, appending to buf[:0].
func readBody(r *bufio.Reader, h head, buf []byte) ([]byte, error) {
	buf = buf[:0]
	if !h.chunked {
		return readExactly(r, buf, h.length)
	}
	for {
		line, err := r.ReadSlice('\n')
		if err != nil {
			return buf, unexpected(err)
		}
		size, _, _ := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(";"))
		n, err := strconv.ParseUint(string(size), 16, 24)
		if err != nil {
			return buf, errors.New("bad chunk size")
		}
		if buf, err = readExactly(r, buf, int(n)); err != nil {
			return buf, err
		}
		if _, err = r.ReadSlice('\n'); err != nil || n == 0 {
			return buf, unexpected(err)
		}
	}
}

func readExactly(r *bufio.Reader, buf []byte, n int) ([]byte, error) {
	start := len(buf)
	if need := start + n; need > cap(buf) {
		grown := make([]byte, start, max(need, 4096))
		copy(grown, buf)
		buf = grown
	}
	buf = buf[:start+n]
	_, err := io.ReadFull(r, buf[start:])
	return buf, unexpected(err)
}

func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

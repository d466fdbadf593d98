package egress

import (
	"io"
	"net/http"
	"sync"
)

// scratch buffers hold a body while its length is unknown; only what is kept is
// copied out. The second half takes what is read and thrown away.
var scratch = sync.Pool{New: func() any { return new([2 * maxKept]byte) }}

// readBody reads a response body to its end, but never more than maxRead bytes, and
// returns the first of them: maxKept, or as many as keep says. Reading on lets the
// connection be used again; past maxRead, closing it is cheaper. A body that is too
// long is no error.
func readBody(body io.Reader, keep int) (kept []byte, truncated bool, err error) {
	switch {
	case body == http.NoBody:
		return nil, false, nil
	case keep > 0:
		return readUpTo(body, min(keep, maxRead))
	}
	return readStart(body)
}

// readUpTo is readBody with a buffer of its own, which grows with the body.
func readUpTo(body io.Reader, keep int) (kept []byte, truncated bool, err error) {
	kept, err = io.ReadAll(io.LimitReader(body, int64(keep)))
	if err != nil || len(kept) < keep {
		return kept, false, err
	}
	// The last byte within maxRead may be the last of the body: then only reading on
	// tells that it is over.
	more, err := io.Copy(io.Discard, io.LimitReader(body, int64(max(maxRead-keep, 1))))
	return kept, more > 0, err
}

// readStart keeps maxKept bytes, which is what most answers fit into many times.
func readStart(body io.Reader) (kept []byte, truncated bool, err error) {
	buf := scratch.Get().(*[2 * maxKept]byte)
	defer scratch.Put(buf)
	n, total := 0, 0
	for err == nil && total < maxRead {
		into := buf[n:maxKept]
		if len(into) == 0 {
			into = buf[maxKept:]
		}
		into = into[:min(len(into), maxRead-total)]
		var m int
		m, err = body.Read(into)
		total += m
		n = min(n+m, maxKept)
	}
	if n > 0 {
		kept = append(make([]byte, 0, n), buf[:n]...)
	}
	if err == io.EOF {
		return kept, total > n, nil
	}
	if err == nil {
		return kept, true, nil // the limit, not the end
	}
	return kept, total > n, err
}

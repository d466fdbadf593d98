package rawhead

import (
	"bytes"
	"net/http"
	"slices"
	"sync"

	"hookline/models"
)

const (
	// readAhead is how many bytes net/http has read and not yet used at most: its
	// buffer, and the one byte by which it notices that the client has gone.
	readAhead = 4<<10 + 1
	// beforePath is what a connection remembers while the path was not seen, so that
	// a request line which comes in parts is there from its beginning.
	beforePath = 200
)

// window is the last bytes that were read from a connection. net/http reads while
// a handler runs, so there is a lock.
type window struct {
	path    []byte
	longest int // bytes from the beginning of a head to the last byte read, at most

	mu    sync.Mutex
	open  bool // the path was seen: more than beforePath is remembered
	bytes []byte
	end   int64 // of bytes, counted from the beginning of the connection
	next  int64 // a head that was not taken yet begins here at the earliest
}

// read takes what a read with room for so many bytes returned. net/http reads heads
// into its buffer, and more than that only for the rest of a body, when all that
// came before is used.
func (w *window) read(p []byte, room int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.end += int64(len(p))
	if room >= readAhead {
		w.open, w.bytes = false, nil
		return
	}
	if w.open = w.open || w.completesPath(p); w.open {
		w.remember(p, w.longest)
	} else {
		w.remember(p, beforePath)
	}
}

// completesPath reports whether the path is in p, or ends there.
func (w *window) completesPath(p []byte) bool {
	if bytes.Contains(p, w.path) {
		return true
	}
	part := len(w.path) - 1
	border := make([]byte, 0, 64)
	border = append(border, w.bytes[max(0, len(w.bytes)-part):]...)
	border = append(border, p[:min(len(p), part)]...)
	return bytes.Contains(border, w.path)
}

// remember adds p and forgets all but the last bytes, limit of them.
func (w *window) remember(p []byte, limit int) {
	p = p[max(0, len(p)-limit):]
	if over := len(w.bytes) + len(p) - limit; over > 0 {
		w.bytes = append(w.bytes[:0], w.bytes[over:]...)
	}
	w.bytes = append(w.bytes, p...)
}

// settle is called between two requests: only what was read ahead can hold a head.
func (w *window) settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.open {
		w.shrink(readAhead)
	}
}

// shrink keeps the last bytes, so many of them if the path is there, and the memory
// of no more.
func (w *window) shrink(limit int) {
	kept := w.bytes[max(0, len(w.bytes)-limit):]
	if w.open = bytes.Contains(kept, w.path); !w.open {
		kept = kept[max(0, len(kept)-beforePath):]
	}
	w.bytes = slices.Clone(kept)
}

// take finds the head of r and forgets it with all that came before.
func (w *window) take(r *http.Request) ([]models.HeaderLine, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.open {
		return nil, false
	}
	begin := w.end - int64(len(w.bytes))
	skipped := max(0, w.next-begin)
	if skipped > int64(len(w.bytes)) {
		return nil, false
	}
	lines, length, ok := find(w.bytes[skipped:], r)
	if !ok {
		return nil, false
	}
	after := skipped + int64(length)
	w.next = begin + after + max(0, r.ContentLength)
	w.bytes = w.bytes[after:]
	w.shrink(readAhead)
	return lines, true
}

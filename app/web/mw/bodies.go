package mw

import (
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/models"
)

// The bodies of all requests in flight share these bytes. A small
// body has room of its own, so that ordinary calls pass while large ones wait.
const (
	// smallBody is how long a small body is at most.
	smallBody   = 64 << 10
	smallBodies = 32 << 20
	largeBodies = 4 * models.MaxBatchBytes
)

// errBusy is for a body that there is no room for now.
var errBusy = &models.Error{
	Code: models.Unavailable, RetryAfter: time.Second,
	Message: "More large bodies are arriving than can be held at once. Nothing was done; send this again in a moment.",
}

// Bodies is a budget of bytes for the bodies of requests. A request takes what its
// body will need when the body is first read, and gives it back when it is answered.
type Bodies struct{ small, large room }

// NewBodies returns the budget with nothing taken.
func NewBodies() *Bodies {
	return &Bodies{small: room{left: smallBodies}, large: room{left: largeBodies}}
}

// Limit is the middleware. It comes before everything that reads a body.
func (b *Bodies) Limit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		if r.Body == nil || r.Body == http.NoBody {
			return next(c)
		}
		body := &budgetedBody{ReadCloser: r.Body, budget: b, length: r.ContentLength, expects: r.Header.Get("Expect") != ""}
		defer body.giveBack()
		// A copy, because net/http looks at the type of its own request's body to tell
		// whether the rest of it is worth reading before the answer.
		r = r.WithContext(r.Context())
		r.Body = body
		c.SetRequest(r)
		return next(c)
	}
}

// room is a number of bytes that are shared.
type room struct {
	mu   sync.Mutex
	left int64
}

func (r *room) take(n int64) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if n > r.left {
		return false
	}
	r.left -= n
	return true
}

func (r *room) give(n int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += n
}

// budgetedBody takes room before it reads: for all of a body that says how long it
// is, else for what has arrived, in steps. A body longer than any call takes is
// refused or cut by its handler, so it counts as one that does not say.
type budgetedBody struct {
	io.ReadCloser
	budget *Bodies
	length int64 // as declared; negative when it is not
	read   int64
	// expects: the sender waits for a word before it sends the body (RFC 9110, 10.1.1).
	expects bool

	small, large int64 // taken
}

func (b *budgetedBody) Read(p []byte) (int, error) {
	if !b.reserve(int64(len(p))) {
		b.skip()
		return 0, errBusy
	}
	if b.length < 0 || b.length > models.MaxBatchBytes {
		p = p[:min(int64(len(p)), b.small+b.large-b.read)]
	}
	n, err := b.ReadCloser.Read(p)
	b.read += int64(n)
	return n, err
}

// skip reads past a body that there is no room for, and keeps none of it. Many clients
// send all of a body before they look for an answer, and would see a broken connection
// in place of the refusal.
func (b *budgetedBody) skip() {
	if !b.expects || b.read > 0 {
		_, _ = io.CopyN(io.Discard, b.ReadCloser, models.MaxBatchBytes)
	}
}

// reserve makes room for what Read may read next.
func (b *budgetedBody) reserve(next int64) bool {
	taken := b.small + b.large
	switch {
	case b.length >= 0 && b.length <= models.MaxBatchBytes:
		return taken > 0 || b.take(b.length)
	case b.read < taken || next == 0:
		return true
	}
	return b.take(smallBody)
}

// take gets the first small part from the room for small bodies, and what comes
// beyond it, or a body known to be longer, from the one for large ones.
func (b *budgetedBody) take(n int64) bool {
	if n <= smallBody && b.small == 0 {
		if !b.budget.small.take(n) {
			return false
		}
		b.small = n
		return true
	}
	if !b.budget.large.take(n) {
		return false
	}
	b.large += n
	return true
}

// ReadAtMost tells the budget that no more than most bytes of a body are read. One
// that is declared longer takes room as it arrives: a sender that declares much and
// sends little would else take the room of others.
func ReadAtMost(body io.Reader, most int64) {
	if b, ok := body.(*budgetedBody); ok && b.length > most {
		b.length = -1
	}
}

func (b *budgetedBody) giveBack() {
	b.budget.small.give(b.small)
	b.budget.large.give(b.large)
	b.small, b.large = 0, 0
}

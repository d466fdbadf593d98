package receive

import (
	"context"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"hookline/app/capture"
	"hookline/app/web/mw"
	"hookline/app/web/rawhead"
	"hookline/models"
)

// captureHeaders make an answer that a stranger's endpoint chose harmless in a
// browser, although it comes from the site's own origin: plain text or JSON, not
// sniffed, in a sandbox without any right, unknown to caches and other origins.
var captureHeaders = http.Header{
	"Content-Security-Policy":      {"sandbox; default-src 'none'"},
	"X-Content-Type-Options":       {"nosniff"},
	"X-Frame-Options":              {"DENY"},
	"Referrer-Policy":              {"no-referrer"},
	"Cross-Origin-Opener-Policy":   {"same-origin"},
	"Cross-Origin-Resource-Policy": {"same-origin"},
	"Cache-Control":                {"no-store"},
}

const (
	// captureRead is how long a sender may take for its body.
	captureRead = 30 * time.Second
	// captureAtOnce is how many requests may be read or answered at a time.
	captureAtOnce = 512
	// captureEach of them are one endpoint's: with a long delay, or slow senders, it
	// would else take the places of all others.
	captureEach = 64
)

// CaptureDoor answers requests to capture URLs (B4). It stands before the router
// and everything behind that: the request is kept as it came, there is no
// session in play, and no cookie is set. It is the one address without a row in
// the table of pages; whoever knows the URL may send.
type CaptureDoor struct {
	bin    *capture.Bin
	now    func() time.Time
	places chan struct{}

	mu     sync.Mutex
	inside map[string]int // places taken, by endpoint
}

var captureFull = capture.Reply{
	Status: http.StatusServiceUnavailable, Type: models.PlainAnswer, RetryAfter: time.Second, Body: "Too many requests at a time. Send this one later.\n",
}

// enter takes one of the endpoint's places; leave gives it back.
func (d *CaptureDoor) enter(id string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inside[id] >= captureEach {
		return false
	}
	d.inside[id]++
	return true
}

func (d *CaptureDoor) leave(id string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.inside[id]--; d.inside[id] == 0 {
		delete(d.inside, id)
	}
}

// NewCaptureDoor makes the door of the bin's endpoints.
func NewCaptureDoor(bin *capture.Bin, now func() time.Time) *CaptureDoor {
	return &CaptureDoor{bin: bin, now: now, places: make(chan struct{}, captureAtOnce), inside: map[string]int{}}
}

// Pre is the echo middleware.
func (d *CaptureDoor) Pre(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !strings.HasPrefix(c.Request().URL.Path, capture.Path) {
			return next(c)
		}
		maps.Copy(c.Response().Header(), captureHeaders)
		headers := headerLines(c.Request())
		select {
		case d.places <- struct{}{}:
			defer func() { <-d.places }()
		default:
			return replyTo(c, captureFull)
		}
		reply, err := d.take(c, headers)
		if err != nil {
			return nil // the sender has gone, or broke off
		}
		return replyTo(c, reply)
	}
}

func (d *CaptureDoor) take(c echo.Context, headers []models.HeaderLine) (capture.Reply, error) {
	ctx := c.Request().Context()
	found, err := d.find(ctx, c.Request().URL.Path)
	switch {
	case err == nil:
	case models.CodeOf(err) == models.NotFound:
		return capture.Reply{Status: http.StatusNotFound, Type: models.PlainAnswer, Body: "There is no capture endpoint at this URL.\n"}, nil
	default:
		return capture.Reply{Status: http.StatusServiceUnavailable, Type: models.PlainAnswer, RetryAfter: 10 * time.Second, Body: "The endpoint cannot be looked up now.\n"}, nil
	}
	if reply, ok := d.bin.Admit(found); !ok {
		return reply, nil
	}
	if !d.enter(found.ID) {
		return captureFull, nil
	}
	defer d.leave(found.ID)
	r, err := d.read(c, headers)
	if err != nil {
		return captureFull, nil
	}
	r.CaptureID = found.ID
	if reply, ok := d.bin.Keep(r); !ok {
		return reply, nil
	}
	return capture.Wait(ctx, found.Answer)
}

func (d *CaptureDoor) find(ctx context.Context, path string) (models.Capture, error) {
	clear, ok := capture.Secret(path)
	if !ok {
		return models.Capture{}, models.Errorf(models.NotFound, "There is no capture endpoint at this URL.")
	}
	return d.bin.Find(ctx, clear)
}

// read takes the request as net/http gives it. A body that breaks off, or is
// longer than what is read, is kept as far as it came, and marked. The error is
// Unavailable: there is no room for the body now.
func (d *CaptureDoor) read(c echo.Context, headers []models.HeaderLine) (models.Captured, error) {
	req := c.Request()
	r := models.Captured{
		At: d.now().UTC(), Method: req.Method, Target: req.RequestURI, Remote: c.RealIP(), Headers: headers,
	}
	// Errors are of servers that know no deadlines, such as those of tests.
	_ = http.NewResponseController(c.Response()).SetReadDeadline(time.Now().Add(captureRead))
	mw.ReadAtMost(req.Body, models.MaxCaptureBody)
	body, err := io.ReadAll(io.LimitReader(req.Body, models.KeptCaptureBody))
	r.Body, r.Size = body, int64(len(body))
	if err == nil && len(body) == models.KeptCaptureBody {
		var more int64
		more, err = io.Copy(io.Discard, io.LimitReader(req.Body, models.MaxCaptureBody-models.KeptCaptureBody))
		r.Size += more
		r.Truncated = more > 0
	}
	if models.CodeOf(err) == models.Unavailable {
		return r, err
	}
	if err != nil {
		r.Truncated = true
	}
	if r.Size >= models.MaxCaptureBody {
		c.Response().Header().Set("Connection", "close") // the rest is not read
	}
	return r, nil
}

// headerLines are the headers as they were sent. Where that is not known, they come
// as net/http gives them: in canonical spelling and by name, while the lines of one
// name keep their order. It takes Host and Transfer-Encoding out, which are put back.
func headerLines(r *http.Request) []models.HeaderLine {
	if sent, ok := rawhead.Lines(r); ok {
		return sent
	}
	lines := []models.HeaderLine{{Name: "Host", Value: r.Host}}
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			lines = append(lines, models.HeaderLine{Name: name, Value: value})
		}
	}
	if len(r.TransferEncoding) > 0 {
		lines = append(lines, models.HeaderLine{Name: "Transfer-Encoding", Value: strings.Join(r.TransferEncoding, ", ")})
	}
	return lines
}

func replyTo(c echo.Context, r capture.Reply) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, r.Type+"; charset=utf-8")
	if r.RetryAfter > 0 {
		h.Set(echo.HeaderRetryAfter, strconv.Itoa(int(r.RetryAfter.Seconds())))
	}
	c.Response().WriteHeader(r.Status)
	if !capture.Bodied(c.Request().Method, r.Status) {
		return nil
	}
	_, err := io.WriteString(c.Response(), r.Body)
	return err
}

package page

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"hookline/app/web/form"
	"hookline/models"
)

// Pace of a live page.
const (
	// streamGather is how long changes are gathered before they go out together.
	streamGather = 250 * time.Millisecond
	// streamRefresh is how often a page is refreshed without a change of this node:
	// for changes of other nodes, and for the user's rights.
	streamRefresh = 2 * time.Second
	// streamBeat keeps proxies from taking a quiet stream for a dead one.
	streamBeat = 15 * time.Second
	// streamWrite is how long a slow reader may take for one update.
	streamWrite = 20 * time.Second
	// streamRest is how many times its own duration a slow refresh delays the next,
	// so that a filter that costs the database much does not run all the time.
	streamRest = 9
)

// A part is one element of a live list. ID is the element's id in the page, and
// Version changes with what it shows.
type part struct {
	ID      string
	Version string
	View    templ.Component
}

// stream keeps the answer open as server-sent events (WHATWG HTML, 9.2) and sends
// each part of the list when it is new or its version has changed. static/js/live.js
// puts parts in their place. refresh is called again after every change of the topic,
// with the actor's rights of that moment: when it fails, the stream ends, and the
// browser, which comes back by itself, is told why by the error. A browser that
// lost the connection gets the whole list once more, and then the event shown,
// with the ids of the list: what is not among them has grown old.
func (d Deps) stream(c echo.Context, topic string, refresh func(context.Context, models.Actor) ([]part, error)) error {
	return d.streamAtPace(c, topic, 0, refresh)
}

// streamAtPace is stream with at least this long between two refreshes.
func (d Deps) streamAtPace(c echo.Context, topic string, pace time.Duration, refresh func(context.Context, models.Actor) ([]part, error)) error {
	actor := d.actor(c)
	leave, ok := d.Service.Live.Join(actor.User.ID)
	defer leave()
	if !ok && c.Request().Method != http.MethodHead {
		form.SetRetryAfter(c, http.StatusServiceUnavailable, nil)
		return c.String(http.StatusServiceUnavailable, "Too many live pages are open. Close some, or reload this one now and then.")
	}
	first, err := refresh(c.Request().Context(), actor)
	if err != nil {
		return err
	}
	if c.Request().Method == http.MethodHead { // it has no body to keep open
		streamHeaders(c)
		return c.NoContent(http.StatusOK)
	}
	changed, stop := d.Service.Live.Watch(topic)
	defer stop()
	s := &streaming{Deps: d, c: c, refresh: refresh, pace: pace, rest: time.Now().Add(pace), seen: map[string]string{}}
	if err := s.begin(first); err != nil {
		return nil // the reader has gone
	}
	s.follow(changed)
	return nil
}

type streaming struct {
	Deps
	c       echo.Context
	refresh func(context.Context, models.Actor) ([]part, error)
	seen    map[string]string // versions by part id
	pace    time.Duration
	rest    time.Time // the earliest time of the next refresh
}

func streamHeaders(c echo.Context) {
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // nginx would hold updates back
}

// begin sends what changed between the drawing of the page and now.
func (s *streaming) begin(parts []part) error {
	streamHeaders(s.c)
	s.c.Response().WriteHeader(http.StatusOK)
	// The server's limit on reading would cut a stream off in the middle. A
	// recorder in a test knows no deadline.
	_ = http.NewResponseController(s.c.Response()).SetReadDeadline(time.Time{})
	if err := s.send(parts); err != nil {
		return err
	}
	ids := make([]string, len(parts))
	for i, p := range parts {
		ids[i] = p.ID
	}
	return s.write([]byte("event: shown\ndata: " + strings.Join(ids, " ") + "\n\n"))
}

func (s *streaming) follow(changed <-chan struct{}) {
	ctx := s.c.Request().Context()
	refreshes, beats := time.NewTicker(streamRefresh), time.NewTicker(streamBeat)
	defer refreshes.Stop()
	defer beats.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beats.C:
			if s.write([]byte(":\n\n")) != nil {
				return
			}
		case <-refreshes.C:
			if s.update(ctx) != nil {
				return
			}
		case _, open := <-changed:
			if !open || !wait(ctx, streamGather) || s.update(ctx) != nil {
				return
			}
		}
	}
}

func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// update does nothing while the stream rests: the next refresh comes soon.
func (s *streaming) update(ctx context.Context) error {
	started := time.Now()
	if started.Before(s.rest) {
		return nil
	}
	user, err := s.Sessions.Revalidate(s.c)
	if err != nil {
		return err
	}
	parts, err := s.refresh(ctx, models.Actor{User: user})
	if err != nil {
		return err
	}
	s.rest = started.Add(s.pace)
	if took := time.Since(started); took > streamGather {
		s.rest = time.Now().Add(max(s.pace, streamRest*took))
	}
	return s.send(parts)
}

// send writes the parts that the reader does not have, the oldest first, so that
// each is put above the one before.
func (s *streaming) send(parts []part) error {
	var out bytes.Buffer
	current := make(map[string]string, len(parts))
	for i := len(parts) - 1; i >= 0; i-- {
		p := parts[i]
		current[p.ID] = p.Version
		if s.seen[p.ID] == p.Version {
			continue
		}
		if err := writePart(s.c.Request().Context(), &out, p); err != nil {
			return err
		}
	}
	s.seen = current
	if out.Len() == 0 {
		return nil
	}
	return s.write(out.Bytes())
}

func writePart(ctx context.Context, out *bytes.Buffer, p part) error {
	var view strings.Builder
	if err := p.View.Render(ctx, &view); err != nil {
		return err
	}
	out.WriteString("event: part\n")
	// A carriage return would end a line of the protocol as well.
	for line := range strings.Lines(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(view.String())) {
		fmt.Fprintf(out, "data: %s\n", strings.TrimSuffix(line, "\n"))
	}
	out.WriteString("\n")
	return nil
}

func (s *streaming) write(b []byte) error {
	control := http.NewResponseController(s.c.Response())
	// The server's own limit is for answers that end.
	if err := control.SetWriteDeadline(time.Now().Add(streamWrite)); err != nil {
		return err
	}
	if _, err := s.c.Response().Write(b); err != nil {
		return err
	}
	return control.Flush()
}

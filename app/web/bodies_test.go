package web_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// upload is a request whose body has not arrived in full yet.
type upload struct {
	conn net.Conn
	rest []byte
}

// start sends the head and the body but for its last byte. What the server does not
// read, because it answers at once, is not sent.
func (s *site) start(head string, body []byte, chunked bool) (u upload, refused *http.Response) {
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = conn.Close() })
	length := fmt.Sprintf("Content-Length: %d", len(body))
	if chunked {
		length = "Transfer-Encoding: chunked"
	}
	_, err = io.WriteString(conn, head+length+"\r\nExpect: 100-continue\r\n\r\n")
	require.NoError(s.t, err)
	answers := bufio.NewReader(conn)
	res, err := http.ReadResponse(answers, nil)
	require.NoError(s.t, err)
	if res.StatusCode != http.StatusContinue {
		return upload{conn: conn}, res
	}
	if chunked {
		body = []byte(fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(body), body))
	}
	_, err = conn.Write(body[:len(body)-1])
	if err != nil { // the server answered meanwhile
		res, err = http.ReadResponse(answers, nil)
		require.NoError(s.t, err)
		return upload{conn: conn}, res
	}
	return upload{conn: conn, rest: body[len(body)-1:]}, nil
}

func (u upload) finish(t *testing.T) *http.Response {
	t.Helper()
	_, err := u.conn.Write(u.rest)
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(u.conn), nil)
	require.NoError(t, err)
	return res
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// A9: however many large bodies arrive, together they take no more than the budget;
// those beyond it are told when to come again, before any of them is read, and
// ordinary calls, pages and captures pass meanwhile. What was taken is given back.
func TestA9_BodiesInFlightHaveABudget(t *testing.T) {
	s := newSite(t)
	_, token := s.token(models.EventsWrite)
	batch := []byte(`{"events":[` + strings.Repeat(" ", 15<<20) + `{"type":"release.published","data":{}}]}`)
	head := "POST /api/v1/events/batch HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token + "\r\n"
	before := heap()
	var under []upload
	refused := 0
	for range 24 {
		u, res := s.start(head, batch, false)
		if res == nil {
			under = append(under, u)
			continue
		}
		refused++
		require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
		require.NotEmpty(t, res.Header.Get("Retry-After"))
	}
	require.Equal(t, 4, len(under))
	require.Equal(t, 20, refused)
	s.publishSmall(token)
	require.Less(t, heap()-before, int64(100<<20), "bytes of 24 batches of 15 MiB")

	b := s.owner()
	b.visit("/team") // pages and their forms
	require.Less(t, b.post("/theme", url.Values{"theme": {"dark"}}).StatusCode, 400)

	for _, u := range under {
		require.Equal(t, http.StatusAccepted, u.finish(t).StatusCode)
	}
	u, res := s.start(head, batch, false)
	require.Nil(t, res, "there is room again")
	require.Equal(t, http.StatusAccepted, u.finish(t).StatusCode)
}

// A body that does not say how long it is takes its room as it grows.
func TestA9_ChunkedBodiesHaveTheSameBudget(t *testing.T) {
	s := newSite(t)
	_, token := s.token(models.EventsWrite)
	head := "POST /api/v1/events/batch HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token + "\r\n"
	batch := []byte(`{"events":[` + strings.Repeat(" ", 15<<20) + `{"type":"release.published","data":{}}]}`)
	var under []upload
	for range 8 {
		if u, res := s.start(head, batch, true); res == nil {
			under = append(under, u)
		} else {
			require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
		}
	}
	s.publishSmall(token)
	accepted := 0
	for _, u := range under {
		if _, err := u.conn.Write(u.rest); err != nil {
			continue
		}
		if res, err := http.ReadResponse(bufio.NewReader(u.conn), nil); err == nil && res.StatusCode == http.StatusAccepted {
			accepted++
		}
	}
	require.Positive(t, accepted)
	require.LessOrEqual(t, accepted, 4)
	u, res := s.start(head, batch, true)
	require.Nil(t, res, "there is room again")
	require.Equal(t, http.StatusAccepted, u.finish(t).StatusCode)
}

// token makes one with these scopes.
func (s *site) token(scopes ...models.Scope) (models.Token, string) {
	clear, token, err := s.svc.Tokens.Create(context.Background(), system, "test", scopes, time.Time{})
	require.NoError(s.t, err)
	return token, clear
}

func (s *site) publishSmall(token string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.URL+"/api/v1/events", bytes.NewBufferString(`{"type":"release.published","data":{}}`))
	require.NoError(s.t, err)
	req.Header.Set("Authorization", "Bearer "+token)
	res, err := s.Client().Do(req)
	require.NoError(s.t, err)
	require.NoError(s.t, res.Body.Close())
	require.Equal(s.t, http.StatusAccepted, res.StatusCode)
}

// A9: a client that sends all of a body before it reads is told that there was no room,
// and when to come again.
func TestA9_ARefusedBodyIsAnsweredWhenItIsSent(t *testing.T) {
	s := newSite(t)
	_, token := s.token(models.EventsWrite)
	head := "POST /api/v1/events/batch HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nAuthorization: Bearer " + token + "\r\n"
	batch := []byte(`{"events":[` + strings.Repeat(" ", 15<<20) + `{"type":"release.published","data":{}}]}`)
	for range 4 {
		_, res := s.start(head, batch, false)
		require.Nil(t, res)
	}
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	_, err = fmt.Fprintf(conn, "%sContent-Length: %d\r\n\r\n%s", head, len(batch), batch)
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, res.StatusCode)
	require.NotEmpty(t, res.Header.Get("Retry-After"))
}

package capture_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/config"
	"hookline/app/service"
	"hookline/models"
)

// strict is the app as it is without any setting: no http, no inner addresses.
func strict(t *testing.T) *apptest.Server {
	return apptest.NewServer(t, func(c *config.Server) { c.AllowHTTP, c.AllowTargets = false, nil })
}

func person(t *testing.T, s *apptest.Server, name string, role models.Role) models.Actor {
	t.Helper()
	u, err := s.Service.Accounts.Add(t.Context(), name+"@example.com", name, role, "correct horse battery")
	require.NoError(t, err)
	return models.Actor{User: &u}
}

func endpoint(t *testing.T, s *apptest.Server, a models.Actor) models.Capture {
	t.Helper()
	v, err := s.Service.Captures.First(t.Context(), a)
	require.NoError(t, err)
	return v
}

// newest is the one that arrived last, whole.
func newest(t *testing.T, s *apptest.Server, a models.Actor, v models.Capture) models.Captured {
	t.Helper()
	s.Capture.Flush()
	page, err := s.Service.Captures.Requests(t.Context(), a, v.ID, models.PageRequest{})
	require.NoError(t, err)
	require.NotEmpty(t, page.Items)
	r, err := s.Service.Captures.Request(t.Context(), a, v.ID, page.Items[0].ID)
	require.NoError(t, err)
	return r
}

// wire sends bytes as they are and returns the answer.
func wire(t *testing.T, s *apptest.Server, raw string) *http.Response {
	t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.BaseURL, "http://"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, raw)
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	return resp
}

func pathOf(v models.Capture, s *apptest.Server) string {
	return strings.TrimPrefix(v.URL, s.BaseURL)
}

func TestB4_ByteForByte(t *testing.T) {
	s := strict(t)
	pat := person(t, s, "pat", models.Member)
	v := endpoint(t, s, pat)
	target := pathOf(v, s) + "/a%2Fb/../c?q=%zz&q=%00&&x"
	body := "\x00\xff\r\n{\"a\": 1}"
	resp := wire(t, s, "PURGE "+target+" HTTP/1.1\r\nHost: odd.example\r\nX-Two: 1\r\nX-Two:  2\r\nX-Forwarded-For: 9.9.9.9\r\nCookie: hookline=x\r\n"+
		fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body))
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, "sandbox; default-src 'none'", resp.Header.Get("Content-Security-Policy"))
	require.Equal(t, "nosniff", resp.Header.Get("X-Content-Type-Options"))
	require.Empty(t, resp.Header.Values("Set-Cookie"))
	r := newest(t, s, pat, v)
	require.Equal(t, "PURGE", r.Method)
	require.Equal(t, target, r.Target)
	require.Equal(t, body, string(r.Body))
	require.Equal(t, "127.0.0.1", r.Remote, "a stranger's X-Forwarded-For is kept, and not believed")
	require.Equal(t, []models.HeaderLine{
		{Name: "Host", Value: "odd.example"}, {Name: "X-Two", Value: "1"}, {Name: "X-Two", Value: "2"},
		{Name: "X-Forwarded-For", Value: "9.9.9.9"}, {Name: "Cookie", Value: "hookline=x"}, {Name: "Content-Length", Value: "12"},
	}, r.Headers)

	wire(t, s, "POST "+pathOf(v, s)+" HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")
	r = newest(t, s, pat, v)
	require.Equal(t, "abcde", string(r.Body))
	require.Equal(t, "chunked", r.Header("transfer-encoding"))

	// A body that breaks off is kept as far as it came.
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.BaseURL, "http://"))
	require.NoError(t, err)
	_, err = io.WriteString(conn, "POST "+pathOf(v, s)+" HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	_, _ = io.ReadAll(conn)
	r = newest(t, s, pat, v)
	require.Equal(t, "half", string(r.Body))
	require.True(t, r.Truncated)
}

func TestB4_LongBodiesAreCutAndCounted(t *testing.T) {
	s := strict(t)
	pat := person(t, s, "pat", models.Member)
	v := endpoint(t, s, pat)
	for _, c := range []struct {
		sent, size int64
		truncated  bool
	}{
		{models.KeptCaptureBody, models.KeptCaptureBody, false},
		{models.KeptCaptureBody + 1, models.KeptCaptureBody + 1, true},
		{models.MaxCaptureBody + 5000, models.MaxCaptureBody, true},
	} {
		resp, err := http.Post(v.URL, "text/plain", bytes.NewReader(make([]byte, c.sent)))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		r := newest(t, s, pat, v)
		require.Equal(t, c.size, r.Size)
		require.Equal(t, c.truncated, r.Truncated)
		require.Len(t, r.Body, int(min(c.sent, models.KeptCaptureBody)))
	}
}

func TestB4_AnswersAsItsOwnerSaid(t *testing.T) {
	s := strict(t)
	pat := person(t, s, "pat", models.Member)
	v := endpoint(t, s, pat)
	status, kind, body, delay := 418, models.JSONAnswer, "<script>alert(1)</script>", 20*time.Millisecond
	_, err := s.Service.Captures.Update(t.Context(), pat, v.ID, service.CaptureInput{Status: &status, Type: &kind, Body: &body, Delay: &delay})
	require.NoError(t, err)
	resp, err := http.Get(v.URL)
	require.NoError(t, err)
	got, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 418, resp.StatusCode)
	require.Equal(t, "application/json; charset=utf-8", resp.Header.Get("Content-Type"))
	require.Equal(t, body, string(got))
	for _, bad := range []service.CaptureInput{{Type: ptr("text/html")}, {Status: ptr(199)}, {Status: ptr(600)}, {Delay: ptr(31 * time.Second)}, {Delay: ptr(-time.Second)}} {
		_, err := s.Service.Captures.Update(t.Context(), pat, v.ID, bad)
		require.Equal(t, models.Invalid, models.CodeOf(err))
	}
	for _, path := range []string{"/capture/in/", "/capture/in/short", "/capture/in/" + strings.Repeat("a", 43), "/capture/in/" + strings.Repeat("a", 43) + "/x"} {
		resp, err := http.Get(s.BaseURL + path)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, 404, resp.StatusCode, path)
	}
}

func ptr[T any](v T) *T { return &v }

// A flood is turned away and counted, and what the owner sees says so.
func TestB4_FloodIsTurnedAwayAndCounted(t *testing.T) {
	s := strict(t)
	pat := person(t, s, "pat", models.Member)
	v := endpoint(t, s, pat)
	var mu sync.Mutex
	statuses, retry := map[int]int{}, ""
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 100 {
				resp, err := http.Post(v.URL, "text/plain", strings.NewReader("x"))
				if err != nil {
					t.Error(err)
					return
				}
				_, _ = io.Copy(io.Discard, resp.Body)
				_ = resp.Body.Close()
				mu.Lock()
				if statuses[resp.StatusCode]++; resp.StatusCode == 429 {
					retry = resp.Header.Get("Retry-After")
				}
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Positive(t, statuses[429], "%v", statuses)
	require.Equal(t, "1", retry)
	s.Capture.Flush()
	got, err := s.Service.Captures.Get(t.Context(), pat, v.ID)
	require.NoError(t, err)
	require.EqualValues(t, 800-statuses[200], got.Dropped)
}

// B4, trust.md: what is private is so for owners of the workspace too.
func TestB4_NobodyElseSeesAnEndpoint(t *testing.T) {
	s := strict(t)
	pat := person(t, s, "pat", models.Member)
	v := endpoint(t, s, pat)
	_, err := http.Post(v.URL, "text/plain", strings.NewReader("mine"))
	require.NoError(t, err)
	r := newest(t, s, pat, v)
	c := s.Service.Captures
	token := models.Actor{Token: &models.Token{ID: "tok_01kf2j7q8e5t9v3m6x0y4z1b2c", Scopes: []models.Scope{models.Admin}}}
	for name, other := range map[string]models.Actor{
		"owner": person(t, s, "boss", models.Owner), "member": person(t, s, "kim", models.Member), "token": token, "system": apptest.System,
	} {
		ctx := t.Context()
		for call, err := range map[string]error{
			"get": second(c.Get(ctx, other, v.ID)), "update": second(c.Update(ctx, other, v.ID, service.CaptureInput{})), "rotate": second(c.Rotate(ctx, other, v.ID)),
			"delete": c.Delete(ctx, other, v.ID), "clear": c.Clear(ctx, other, v.ID), "requests": second(c.Requests(ctx, other, v.ID, models.PageRequest{})),
			"request": second(c.Request(ctx, other, v.ID, r.ID)), "delete one": c.DeleteRequest(ctx, other, v.ID, r.ID),
			"replay": second(c.Replay(ctx, other, v.ID, r.ID, service.ReplayInput{URL: "https://example.com/"})), "use": second(c.Use(ctx, other, v.ID, "wh_x")),
		} {
			require.Equal(t, models.NotFound, models.CodeOf(err), "%s %s", name, call)
		}
	}
	// Nor by way of an endpoint of one's own.
	kim := person(t, s, "lee", models.Member)
	_, err = c.Request(t.Context(), kim, endpoint(t, s, kim).ID, r.ID)
	require.Equal(t, models.NotFound, models.CodeOf(err))
	require.Equal(t, models.Denied, models.CodeOf(second(c.Create(context.Background(), apptest.System, service.CaptureInput{Name: ptr("x")}))))
}

func second[T any](_ T, err error) error { return err }

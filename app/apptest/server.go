package apptest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app"
	"hookline/app/config"
	"hookline/models"
)

// Server is the whole app, as serve runs it, on a port of its own.
type Server struct {
	*app.App
	Token string // of scope admin
}

// NewServer starts the app on a temporary folder; change, which may be nil,
// edits its settings.
func NewServer(t testing.TB, change func(*config.Server)) *Server {
	t.Helper()
	cfg := config.Defaults()
	cfg.Listen, cfg.Data = "127.0.0.1:0", t.TempDir()
	cfg.AllowHTTP, cfg.AllowTargets = true, []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	if change != nil {
		change(&cfg)
	}
	require.NoError(t, cfg.Complete())
	a, err := app.New(t.Context(), cfg, slog.New(slog.DiscardHandler), true)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var done sync.WaitGroup
	done.Go(func() { require.NoError(t, a.Run(ctx)) })
	t.Cleanup(func() { cancel(); done.Wait() })

	s := &Server{App: a}
	s.Token, _, err = a.Service.Tokens.Create(t.Context(), System, "test", []models.Scope{models.Admin}, time.Time{})
	require.NoError(t, err)
	return s
}

// Call sends a JSON request to the API and decodes the answer into out, which
// may be nil. It returns the status.
func (s *Server) Call(t testing.TB, method, path string, in, out any) int {
	t.Helper()
	var body io.Reader
	if raw, ok := in.([]byte); ok {
		body = bytes.NewReader(raw)
	} else if in != nil {
		encoded, err := json.Marshal(in)
		require.NoError(t, err)
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, s.BaseURL+path, body)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+s.Token)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := (&http.Client{Timeout: time.Minute}).Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	if out != nil {
		require.NoError(t, json.Unmarshal(answer, out), "%d %s", resp.StatusCode, answer)
	}
	return resp.StatusCode
}

// AwaitState returns once n deliveries, 200 at most, are in a state. That a request
// has arrived says nothing: its result is stored after the answer.
func (s *Server) AwaitState(t testing.TB, state models.DeliveryState, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		page, err := s.Service.Deliveries.List(t.Context(), System, models.DeliveryFilter{State: state}, models.PageRequest{Limit: 200})
		return err == nil && len(page.Items) == n
	}, Patience, Patience/1000)
}

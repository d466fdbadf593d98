package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/apptest/pgtest"
	"hookline/app/config"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// Promise 4, Z6: what GitHub really sends goes in through the API and reaches
// the receiver byte for byte in data, on both databases.
func TestRealPayloadsByteForByte(t *testing.T) {
	payloads := githubPayloads(t)
	for name, database := range map[string]func(t *testing.T) string{
		"SQLite":   func(*testing.T) string { return "sqlite:hookline.db" },
		"Postgres": func(t *testing.T) string { return pgtest.New(t) },
	} {
		t.Run(name, func(t *testing.T) {
			s := apptest.NewServer(t, func(c *config.Server) { c.Database = database(t) })
			r := apptest.NewReceiver(t)
			hook := map[string]any{"name": "Receiver", "url": r.URL, "subscriptions": map[string]any{"all": true}}
			require.Equal(t, 201, s.Call(t, "POST", "/api/v1/webhooks", hook, nil))
			sent := map[string]bool{}
			for i, raw := range payloads {
				body := fmt.Appendf(nil, `{"type":"release.published","id":"gh-%d","data":%s}`, i, raw)
				require.Equal(t, 202, s.Call(t, "POST", "/api/v1/events", body, nil))
				sent[string(raw)] = true
			}
			for _, got := range r.Wait(t, len(payloads)) {
				_, data, ok := bytes.Cut(got.Body, []byte(`"data":`))
				require.True(t, ok)
				require.True(t, sent[string(bytes.TrimSuffix(data, []byte("}")))], "not what was sent: %.200s", data)
			}
		})
	}
}

// githubPayloads are the examples as their files spell them, white space and all.
func githubPayloads(t *testing.T) []json.RawMessage {
	t.Helper()
	files, err := filepath.Glob("../node_modules/@octokit/webhooks-examples/api.github.com/index.json")
	require.NoError(t, err)
	require.Len(t, files, 1, "npm install installs the examples")
	text, err := os.ReadFile(files[0])
	require.NoError(t, err)
	var events []struct{ Examples []json.RawMessage }
	require.NoError(t, json.Unmarshal(text, &events))
	var all []json.RawMessage
	for _, e := range events {
		all = append(all, e.Examples...)
	}
	require.Greater(t, len(all), 100)
	return all
}

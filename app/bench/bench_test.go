package main

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestMeasure runs the figures that need no tables against a stand-in, and sees that all is gone afterwards.
func TestMeasure(t *testing.T) {
	p := shortPlan()
	p.rounds, p.warmUp = 2, 100*time.Millisecond
	p.hop, p.flood = 100*time.Millisecond, 100*time.Millisecond
	p.settle, p.paceCount, p.slowEvents, p.backlog = 20*time.Millisecond, 10, 128, 1000
	self, err := os.Executable()
	require.NoError(t, err)
	parent := t.TempDir()
	l, err := openLab(t.Context(), parent, self, p, t.Output())
	t.Cleanup(func() { _ = l.close() })
	require.NoError(t, err)
	selected, err := selectFigures("throughput,drain,latency,neighbour,slow,memory,ready")
	require.NoError(t, err)
	var out strings.Builder
	require.Zero(t, l.measure(t.Context(), selected, false, &out), "%s", &out)
	t.Log(out.String())
	require.NoError(t, l.close())
	left, err := os.ReadDir(parent)
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestSeed fills tables as the migrations make them: when they change, seed.go has to follow.
func TestSeed(t *testing.T) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "hookline.db")
	sampleRows(t, path)
	s, err := openSeeder(ctx, path, 41)
	require.NoError(t, err)
	s.spreadIDs(1300)
	require.NoError(t, s.finished(ctx, 1000, "wh_other"))
	require.NoError(t, s.waiting(ctx, seqRange{500, 800}))
	require.NoError(t, s.close(ctx))

	db, err := sql.Open("sqlite3", path)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	for query, want := range map[string]int{
		"SELECT COUNT(*) FROM deliveries": 1301,
		"SELECT COUNT(*) FROM deliveries WHERE state = 'failed' AND last_status IN (500, 418)":                      10,
		"SELECT COUNT(*) FROM deliveries WHERE state = 'pending' AND attempts = 0 AND finished_at = 0":              300,
		"SELECT COUNT(*) FROM deliveries WHERE webhook_id = 'wh_other'":                                             100,
		"SELECT COUNT(*) FROM deliveries d JOIN events e ON e.id = d.event_id":                                      1301,
		"SELECT COUNT(*) FROM deliveries d JOIN events e ON e.id = d.event_id WHERE e.data LIKE '%hlb-0000000799%'": 1,
		"SELECT MAX(LENGTH(id)) FROM deliveries":                                                                    30,
	} {
		var got int
		require.NoError(t, db.QueryRow(query).Scan(&got), query)
		require.Equal(t, want, got, query)
	}
}

// sampleRows makes the tables and one delivered event, numbered 41.
func sampleRows(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	require.NoError(t, err)
	defer func() { _ = db.Close() }()
	files, err := filepath.Glob("../../migrations/sqlite/*.sql")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		up, _, _ := strings.Cut(string(text), "-- +goose Down")
		_, err = db.Exec(up)
		require.NoError(t, err, file)
	}
	now := time.Now().UnixMicro()
	insertRow(t, db, "events", map[string]any{"id": "evt_sample", "data": []byte(`{"marker":"hlb-0000000041"}`), "created_at": now})
	insertRow(t, db, "deliveries", map[string]any{"id": "dlv_sample", "event_id": "evt_sample", "webhook_id": "wh_sample",
		"state": "succeeded", "created_at": now, "last_status": 200, "attempts": 1, "finished_at": now})
}

// insertRow fills what is not given with 0, which every column takes.
func insertRow(t *testing.T, db *sql.DB, table string, values map[string]any) {
	t.Helper()
	rows, err := db.QueryContext(context.Background(), `SELECT name FROM pragma_table_info(?) WHERE "notnull" AND NOT (pk AND type = 'INTEGER')`, table)
	require.NoError(t, err)
	defer func() { _ = rows.Close() }()
	var names, marks []string
	var args []any
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		v, ok := values[name]
		if !ok {
			v = 0
		}
		names, marks, args = append(names, name), append(marks, "?"), append(args, v)
	}
	require.NoError(t, rows.Err())
	_, err = db.Exec("INSERT INTO "+table+" ("+strings.Join(names, ", ")+") VALUES ("+strings.Join(marks, ", ")+")", args...)
	require.NoError(t, err)
}

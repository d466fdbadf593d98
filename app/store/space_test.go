package store_test

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// filled is an SQLite database with events that are a month old, and its file.
func filled(t *testing.T, n int) (s *store.Store, file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "hookline.db")
	s, err := store.Open(t.Context(), store.Options{Database: "sqlite:" + file, Exclusive: true, Migrate: true, Node: "n1"})
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Close() })
	publishAt(t, s, time.Now().AddDate(0, -1, 0), n)
	require.NoError(t, s.EmptyWAL(t.Context()))
	return s, file
}

func publishAt(t *testing.T, s *store.Store, at time.Time, n int) {
	t.Helper()
	data := json.RawMessage(fmt.Sprintf(`{"pad":%q}`, strings.Repeat("x", 20_000)))
	pubs := make([]store.Publication, n)
	for i := range pubs {
		id := models.FormatID(models.EventPrefix, uuid.Must(uuid.NewV7()))
		pubs[i].Event = models.Event{ID: id, Type: "release.published", Data: data, OccurredAt: at, CreatedAt: at}
	}
	for _, p := range s.Publish(t.Context(), nil, pubs) {
		require.NoError(t, p.Err)
	}
}

func sizeOf(t *testing.T, file string) int64 {
	t.Helper()
	info, err := os.Stat(file)
	require.NoError(t, err)
	return info.Size()
}

// pruneAndGiveBack does what the hourly job does, with a publication between any two
// steps, as deliveries go on meanwhile. It returns how many pages were given back.
func pruneAndGiveBack(t *testing.T, s *store.Store) (pages int) {
	t.Helper()
	for p := (models.PruneStep{Limit: 100}); ; {
		done, err := s.PruneEvents(t.Context(), time.Now().Add(-time.Hour), p)
		require.NoError(t, err)
		if p.AfterSeq = done.NextSeq; done.Done {
			break
		}
	}
	for {
		done, err := s.GiveSpaceBack(t.Context(), time.Time{}, models.PruneStep{Limit: 200})
		require.NoError(t, err)
		require.LessOrEqual(t, done.Removed, 200, "in small steps")
		pages += done.Removed
		publishAt(t, s, time.Now(), 1)
		if done.Done {
			break
		}
	}
	require.NoError(t, s.EmptyWAL(t.Context()))
	return pages
}

// B14: after retention the file shrinks, in steps between which others write, and the
// write-ahead log is empty.
func TestB14_SQLiteGivesSpaceBack(t *testing.T) {
	s, file := filled(t, 1000)
	before := sizeOf(t, file)
	require.Greater(t, before, int64(10<<20))
	require.NotZero(t, pruneAndGiveBack(t, s))
	require.Less(t, sizeOf(t, file), before/4)
	sp, err := s.Space(t.Context())
	require.NoError(t, err)
	require.Equal(t, sizeOf(t, file), sp.File)
	require.Zero(t, sp.WAL)
	require.False(t, sp.Kept)
	require.LessOrEqual(t, sp.Free, int64(2<<20))
}

// B14: a small file from before is made one that shrinks when it is opened; a larger
// one with compact, and nothing in it is lost.
func TestB14_OlderFilesAreCompacted(t *testing.T) {
	s, file := filled(t, 1000)
	require.NoError(t, s.Close())
	db, err := sql.Open("sqlite3", file)
	require.NoError(t, err)
	for _, statement := range []string{"PRAGMA auto_vacuum = 0", "VACUUM"} {
		_, err := db.Exec(statement)
		require.NoError(t, err)
	}
	require.NoError(t, db.Close())

	plain := store.Options{Database: "sqlite:" + file, Node: "n2"} // as a command beside the server
	old, err := store.Open(t.Context(), plain)
	require.NoError(t, err)
	sp, err := old.Space(t.Context())
	require.NoError(t, err)
	require.True(t, sp.Kept)
	require.Zero(t, pruneAndGiveBackNothing(t, old))
	require.NoError(t, old.Close())

	plain.Exclusive = true
	again, err := store.Open(t.Context(), plain)
	require.NoError(t, err)
	defer func() { require.NoError(t, again.Close()) }()
	sp, err = again.Space(t.Context())
	require.NoError(t, err)
	require.False(t, sp.Kept)
	has, err := again.HasEvents(t.Context())
	require.NoError(t, err)
	require.True(t, has)
	require.NotZero(t, pruneAndGiveBack(t, again))
	require.NoError(t, again.Compact(t.Context()))
	require.Less(t, sizeOf(t, file), int64(10<<20))
}

func pruneAndGiveBackNothing(t *testing.T, s *store.Store) int {
	t.Helper()
	done, err := s.GiveSpaceBack(t.Context(), time.Time{}, models.PruneStep{Limit: 200})
	require.NoError(t, err)
	require.True(t, done.Done)
	return done.Removed
}

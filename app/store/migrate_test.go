package store_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
	"hookline/app/store"
	"hookline/models"
)

// eachDatabase gives the test an address for the store, and the same database raw.
func eachDatabase(t *testing.T, test func(t *testing.T, database string, raw *sql.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "hookline.db")
		test(t, "sqlite:"+file, openRaw(t, "sqlite3", file))
	})
	t.Run("postgres", func(t *testing.T) {
		database := pgtest.New(t)
		test(t, database, openRaw(t, "pgx", database))
	})
}

// beforeVersions takes a database back to the schema before 00028.
func beforeVersions(t *testing.T, raw *sql.DB) {
	t.Helper()
	for _, statement := range []string{"DROP TABLE webhook_versions", "DELETE FROM goose_db_version WHERE version_id = 28"} {
		_, err := raw.Exec(statement)
		require.NoError(t, err)
	}
}

// B6: a bulk job of the version before goes on with the filter it had.
func TestB6_OldBulkJobsMigrate(t *testing.T) {
	since := time.Date(2026, 6, 23, 9, 0, 0, 0, time.UTC)
	jobs := map[string]models.DeliveryFilter{
		`{"v":1,"problem":true,"status":404,"host":"example.com","only":["wh_a"]}`: {State: models.AnyProblem, Status: "404", Host: "example.com", Only: []string{"wh_a"}},
		`{"v":1,"state":"failed","status_class":5,"only":[]}`:                      {State: models.Failed, Status: "5xx", Only: []string{}},
		`{"v":1,"event_type":"a.b","event_id":"e","webhook_id":"wh_a","since":"2026-06-23T09:00:00Z","q":"x\"y","only":null}`: {
			EventType: "a.b", EventID: "e", WebhookID: "wh_a", Since: since, Search: `x"y`,
		},
	}
	eachDatabase(t, func(t *testing.T, database string, raw *sql.DB) {
		beforeVersions(t, raw)
		n := 0
		for filter := range jobs {
			n++
			_, err := raw.Exec(fmt.Sprintf(`INSERT INTO bulk_jobs (id, kind, webhook_id, filter, tests, rate, state, reason, through, reached, counted_to, matched, done, skipped,
				created_by, created_by_name, created_at, finished_at, next_at, lease_until)
				VALUES ('job_%d', 'retrigger', '', '%s', false, 50, 'running', '', '', '', '', 0, 0, 0, '', '%s', 1, 0, 1, 0)`, n, filter, filter))
			require.NoError(t, err)
		}
		s, err := store.Open(t.Context(), store.Options{Database: database, Migrate: true, Node: "n1"})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		list, err := s.BulkJobs(t.Context(), store.BulkFilter{}, store.Page{Limit: 10})
		require.NoError(t, err)
		require.Len(t, list, len(jobs))
		for _, j := range list {
			require.False(t, j.Unreadable, j.CreatedByName)
			require.Equal(t, jobs[j.CreatedByName], j.Filter, j.CreatedByName)
		}
	})
}

// B6: a job whose filter this version cannot read says so, and takes nothing.
func TestB6_AFilterOfANewerVersionIsUnreadable(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string, raw *sql.DB) {
		s, err := store.Open(t.Context(), store.Options{Database: database, Migrate: true, Node: "n1"})
		require.NoError(t, err)
		defer func() { require.NoError(t, s.Close()) }()
		require.NoError(t, s.CreateBulkJob(t.Context(), models.BulkJob{ID: "job_1", Kind: models.BulkCancel, State: models.BulkRunning, Through: "z"}))
		for _, odd := range []string{"", "{}", `{"v":3}`, `{"v":2,"from_a_newer_version":true}`} {
			_, err := raw.Exec(fmt.Sprintf("UPDATE bulk_jobs SET filter = '%s'", odd))
			require.NoError(t, err)
			j, err := s.BulkJob(t.Context(), "job_1")
			require.NoError(t, err)
			require.True(t, j.Unreadable, odd)
			_, err = s.BulkTargets(t.Context(), j, "", 1)
			require.Error(t, err)
		}
	})
}

// B16, B18: the history of a webhook begins with its present state, and each change,
// also by the engine and a deletion, adds a row; secrets stay out of it.
func TestB18_EachVersionOfAWebhookIsKept(t *testing.T) {
	eachDatabase(t, func(t *testing.T, database string, raw *sql.DB) {
		open := func() *store.Store {
			s, err := store.Open(t.Context(), store.Options{Database: database, Migrate: true, Node: "n1"})
			require.NoError(t, err)
			return s
		}
		w := models.NewWebhook()
		w.ID, w.Name, w.URL, w.Version, w.UpdatedAt = "wh_old", "Old", "https://example.com", 1, time.Now().UTC().Truncate(time.Microsecond)
		w.Headers = []models.Header{{Name: "X-Key", Secret: true, Sealed: models.Sealed("\x01sealed-bytes")}}
		s := open()
		require.NoError(t, s.CreateWebhook(t.Context(), w))
		require.NoError(t, s.Close())
		beforeVersions(t, raw)

		s = open()
		defer func() { require.NoError(t, s.Close()) }()
		w.Enabled = false
		w, err := s.SaveWebhook(t.Context(), w, models.Audit{ID: "aud_1", ActorName: "Pat"})
		require.NoError(t, err)
		require.NoError(t, s.DisableWebhook(t.Context(), w.ID, w.Version, models.Gone))
		require.NoError(t, s.DeleteWebhook(t.Context(), w.ID))
		list, err := s.WebhookVersionsSince(t.Context(), w.ID, models.Event{})
		require.NoError(t, err)
		require.Len(t, list, 4)
		for i, actor := range []string{"", "Pat", "Hookline", "Hookline"} {
			require.Equal(t, int64(i+1), list[i].Version)
			require.Equal(t, actor, list[i].ActorName)
			require.Equal(t, i > 0, list[i].ConfigVersion > 0)
		}
		require.True(t, list[0].Settings.Enabled)
		require.Equal(t, models.Mask, list[0].Settings.Headers[0].Value)
		require.False(t, list[1].Settings.Enabled)
		require.Equal(t, models.Gone, list[2].Settings.State)
		since, err := s.WebhookVersionsSince(t.Context(), w.ID, models.Event{ConfigVersion: list[2].ConfigVersion})
		require.NoError(t, err)
		require.Equal(t, list[2:], since)
	})
}

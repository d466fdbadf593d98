package crashtest

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

// Promise 1, before there is anything to lose: killed at any point of the very
// first start, the program starts the next time as if it were the first.
func TestKilledOnFirstStart(t *testing.T) {
	t.Parallel()
	for _, file := range []string{"hookline.db.lock", sqliteFile, "hookline.db-wal", "master.key"} {
		t.Run("SQLite "+file, func(t *testing.T) {
			t.Parallel()
			killFirstStart(t, newSite(t), file)
		})
	}
	t.Run("Postgres master.key", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.database = pgtest.New(t)
		killFirstStart(t, s, "master.key")
	})
}

// killFirstStart kills as soon as the file is there.
func killFirstStart(t *testing.T, s site, file string) {
	t.Helper()
	p := s.tryServe(t)
	tick := time.NewTicker(100 * time.Microsecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); ; <-tick.C {
		if _, err := os.Stat(s.path(file)); err == nil {
			break
		}
		require.True(t, time.Now().Before(deadline), "%s was never made", file)
	}
	p.kill()
	again := s.serve(t)
	again.setupLink(t)
	a := newAPI(t, again.url, s.token(t))
	r := newReceiver(t, nil)
	a.addWebhook(t, "Receiver", r.url, nil)
	a.publish(t, "first")
	r.await(t, []string{"first"})
	again.stop(t)
	checkRows(t, s.open(t), 1)
}

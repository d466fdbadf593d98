package crashtest

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

// limitFiles lets the process make no file longer than this, from now on: to a
// database that must grow, a full disk. "unlimited" gives the room back.
func (p *process) limitFiles(t testing.TB, bytes string) {
	t.Helper()
	out, err := exec.Command("prlimit", "--pid", strconv.Itoa(p.cmd.Process.Pid), "--fsize="+bytes+":unlimited").CombinedOutput()
	require.NoError(t, err, "%s", out)
}

// Promise 9 on SQLite: while the disk is full nothing is accepted and everybody
// is told; once there is room it goes on by itself.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addOwner(t)
	p := s.serve(t)
	scene := newOutage(t, p, s.token(t))
	answer := scene.holdOne(t)
	wal, err := os.Stat(s.path(sqliteFile + "-wal"))
	require.NoError(t, err)
	scene.run(t, s,
		func() { p.limitFiles(t, fmt.Sprint(wal.Size())); answer() },
		func() { p.limitFiles(t, "unlimited") })
	scene.checkHeldOnce(t)
	checkIntegrity(t, s.open(t))
}

// Promise 9 on SQLite: somebody else holds the database's write lock for longer
// than a writer waits.
func TestDatabaseLocked(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.addOwner(t)
	p := s.serve(t)
	scene := newOutage(t, p, s.token(t))
	conn, err := s.open(t).Conn(context.Background())
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	exec := func(statement string) func() {
		return func() {
			_, err := conn.ExecContext(context.Background(), statement)
			require.NoError(t, err)
		}
	}
	scene.run(t, s, exec("BEGIN IMMEDIATE"), exec("ROLLBACK"))
	checkIntegrity(t, s.open(t))
}

// Promise 9 on PostgreSQL: the server turns read-only, as a standby that was
// failed over to does, and back.
func TestReadOnlyPostgres(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.database = pgtest.New(t)
	s.addOwner(t)
	p := s.serve(t)
	scene := newOutage(t, p, s.token(t))
	answer := scene.holdOne(t)
	db := s.open(t)
	readOnly := func(value string) func() {
		return func() {
			for _, statement := range []string{
				"SET default_transaction_read_only = off",
				`DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = ` + value + `', current_database()); END $$`,
				"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hookline' AND datname = current_database()",
			} {
				_, err := db.Exec(statement)
				require.NoError(t, err)
			}
		}
	}
	db.SetMaxOpenConns(1)
	scene.run(t, s, func() { readOnly("on")(); answer() }, readOnly("off"))
	scene.checkHeldOnce(t)
}

// Promise 9: a disk with room for small writes alone stays full to everybody who
// looks, until a write of the refused size fits; nobody has to make one.
func TestDiskFullForLargeWrites(t *testing.T) {
	t.Parallel()
	for name, database := range map[string]func(t *testing.T, s *site) (full, room func(p *process)){
		"SQLite":   sqliteWithLittleRoom,
		"Postgres": postgresWithLittleRoom,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			full, room := database(t, &s)
			s.addOwner(t)
			p := s.serve(t)
			o := newOutage(t, p, s.token(t))
			o.checkWell(t)
			full(p)
			large := map[string]any{"type": eventType, "id": "large", "data": map[string]any{"text": strings.Repeat("large ", 120_000)}}
			r, err := o.api.call(http.MethodPost, "/api/v1/events", large)
			require.NoError(t, err)
			checkUnavailable(t, r)
			for _, id := range []string{"small-1", "small-2"} {
				o.api.publish(t, id)
				r, err := o.api.call(http.MethodGet, "/readyz", nil)
				require.NoError(t, err)
				checkUnavailable(t, r)
				require.Equal(t, 1, gauge(t, o.api, "hookline_database_degraded"))
				require.Contains(t, string(o.owner.get(t, "/webhooks").body), "cannot write to its database")
			}
			o.receiver.await(t, []string{"before", "small-1", "small-2"})
			room(p)
			eventually(t, "it is found out that there is room", func() bool {
				return gauge(t, o.api, "hookline_database_degraded") == 0
			})
			o.checkWell(t)
			o.api.must(t, http.StatusAccepted, http.MethodPost, "/api/v1/events", large, nil)
			require.Zero(t, count(t, s.open(t), `SELECT count(*) FROM disk_probe`))
		})
	}
}

// sqliteWithLittleRoom leaves room for small writes in the file that grows.
func sqliteWithLittleRoom(t *testing.T, s *site) (full, room func(p *process)) {
	return func(p *process) {
		wal, err := os.Stat(s.path(sqliteFile + "-wal"))
		require.NoError(t, err)
		p.limitFiles(t, fmt.Sprint(wal.Size()+500_000))
	}, func(p *process) { p.limitFiles(t, "unlimited") }
}

// postgresWithLittleRoom answers large rows as PostgreSQL does with a full disk.
func postgresWithLittleRoom(t *testing.T, s *site) (full, room func(p *process)) {
	s.database = pgtest.New(t)
	exec := func(statements ...string) func(*process) {
		return func(*process) {
			db := s.open(t)
			for _, statement := range statements {
				_, err := db.Exec(statement)
				require.NoError(t, err)
			}
		}
	}
	return exec(
			`CREATE FUNCTION disk_full() RETURNS trigger AS $$ BEGIN
				IF octet_length(CASE TG_TABLE_NAME WHEN 'events' THEN to_jsonb(NEW)->>'data' ELSE to_jsonb(NEW)->>'filler' END) > 500000 THEN
					RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100';
				END IF;
				RETURN NEW; END $$ LANGUAGE plpgsql`,
			`CREATE TRIGGER disk_full BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION disk_full()`,
			`CREATE TRIGGER disk_full BEFORE INSERT ON disk_probe FOR EACH ROW EXECUTE FUNCTION disk_full()`),
		exec(`DROP FUNCTION disk_full() CASCADE`)
}

// outage is a server with an owner who is signed in, and a webhook.
type outage struct {
	p        *process
	api      api
	owner    *browser
	receiver *receiver
	answer   chan struct{} // closed when the receiver may answer the event "held"
}

func newOutage(t *testing.T, p *process, token string) outage {
	t.Helper()
	o := outage{p: p, api: newAPI(t, p.url, token), owner: newBrowser(t, p.url), answer: make(chan struct{})}
	o.receiver = newReceiver(t, func(_ http.ResponseWriter, req *http.Request, _ int) {
		if req.Header.Get("X-Hookline-Event-Id") == "held" {
			holdUntil(o.answer, req)
		}
	})
	o.api.addWebhook(t, "Receiver", o.receiver.url, nil)
	o.owner.login(t, ownerEmail, ownerPassword)
	o.api.publish(t, "before")
	o.receiver.await(t, []string{"before"})
	awaitIdle(t, o.api)
	return o
}

// holdOne leaves one delivery in flight; answer lets its receiver answer, when
// the result cannot be stored.
func (o outage) holdOne(t *testing.T) (answer func()) {
	t.Helper()
	o.api.publish(t, "held")
	o.receiver.await(t, []string{"held"})
	return func() { close(o.answer) }
}

// checkHeldOnce: the result was kept until it could be stored, so the receiver
// was not asked again.
func (o outage) checkHeldOnce(t *testing.T) {
	t.Helper()
	for _, requests := range o.receiver.of("held") {
		require.Equal(t, 1, requests)
	}
}

// run takes the disk away and gives it back.
func (o outage) run(t *testing.T, s site, breaks, mends func()) {
	t.Helper()
	o.checkWell(t)
	breaks()
	refused := o.publishUntilRefused(t)
	o.checkIll(t, refused)
	mends()
	eventually(t, "it recovers by itself", func() bool {
		r, err := o.api.call(http.MethodGet, "/readyz", nil)
		return err == nil && r.status == http.StatusOK
	})
	o.api.must(t, http.StatusNotFound, http.MethodGet, "/api/v1/events/"+refused, nil, nil)
	o.publishAtLast(t, refused)
	o.publishAtLast(t, "after")
	o.receiver.await(t, []string{"before", refused, "after"})
	o.checkWell(t)
	awaitIdle(t, o.api)
	o.p.stop(t)
	db := s.open(t)
	require.Zero(t, count(t, db, `SELECT count(*) FROM deliveries WHERE state <> 'succeeded'`))
	checkRows(t, db, count(t, db, `SELECT count(*) FROM events`))
}

// publishUntilRefused publishes new events until one is answered 503: what fits
// into room that is there already may still be accepted. It returns that one's id.
func (o outage) publishUntilRefused(t *testing.T) string {
	t.Helper()
	for n := range 1000 {
		id := fmt.Sprintf("full-%d", n)
		r, err := o.api.call(http.MethodPost, "/api/v1/events", map[string]any{"type": eventType, "id": id, "data": map[string]any{}})
		require.NoError(t, err)
		if r.status == http.StatusAccepted {
			continue
		}
		checkUnavailable(t, r)
		return id
	}
	t.Fatal("nothing was refused")
	return ""
}

// publishAtLast repeats what is refused, as callers do: a connection that the
// outage cut off may be found out only now.
func (o outage) publishAtLast(t *testing.T, id string) {
	t.Helper()
	eventually(t, "the repeat is accepted", func() bool {
		r, err := o.api.call(http.MethodPost, "/api/v1/events", map[string]any{"type": eventType, "id": id, "data": map[string]any{}})
		require.NoError(t, err)
		if r.status != http.StatusAccepted {
			checkUnavailable(t, r)
		}
		return r.status == http.StatusAccepted
	})
}

func checkUnavailable(t *testing.T, r reply) {
	t.Helper()
	require.Equal(t, http.StatusServiceUnavailable, r.status, "%s", r.body)
	seconds, err := strconv.Atoi(r.header.Get("Retry-After"))
	require.NoError(t, err)
	require.Positive(t, seconds)
	require.Equal(t, "application/problem+json", r.header.Get("Content-Type"))
}

// checkIll: red to whoever asks, while all that only reads goes on.
func (o outage) checkIll(t *testing.T, refused string) {
	t.Helper()
	r, err := o.api.call(http.MethodGet, "/readyz", nil)
	require.NoError(t, err)
	checkUnavailable(t, r)
	r, err = o.api.call(http.MethodPost, "/api/v1/webhooks", map[string]any{"name": "x", "url": o.receiver.url})
	require.NoError(t, err)
	checkUnavailable(t, r)
	r, err = o.api.call(http.MethodPost, "/api/v1/events/batch", batchOf(20))
	require.NoError(t, err)
	checkUnavailable(t, r)
	require.Equal(t, 1, gauge(t, o.api, "hookline_database_degraded"))
	o.api.must(t, http.StatusOK, http.MethodGet, "/healthz", nil, nil)
	o.api.must(t, http.StatusNotFound, http.MethodGet, "/api/v1/events/"+refused, nil, nil)
	o.api.must(t, http.StatusOK, http.MethodGet, "/api/v1/events/before", nil, nil)
	page := o.owner.get(t, "/webhooks")
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, string(page.body), "cannot write to its database")
}

// batchOf is a batch of n events. It is refused as one: to try them singly, each
// against the same wall, would take n times as long.
func batchOf(n int) map[string]any {
	events := make([]map[string]any, n)
	for i := range events {
		events[i] = map[string]any{"type": eventType, "data": map[string]any{}}
	}
	return map[string]any{"events": events}
}

func (o outage) checkWell(t *testing.T) {
	t.Helper()
	o.api.must(t, http.StatusOK, http.MethodGet, "/readyz", nil, nil)
	require.Zero(t, gauge(t, o.api, "hookline_database_degraded"))
	require.NotContains(t, string(o.owner.get(t, "/webhooks").body), "cannot write to its database")
}

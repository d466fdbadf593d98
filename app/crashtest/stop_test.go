package crashtest

import (
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

// stopLimit is the promised 15 s, and what a busy machine may need to notice.
const stopLimit = 20 * time.Second

// Promise 10: SIGTERM under load ends in exit 0 within 15 s. Nothing answered 202
// is lost; an attempt in flight that ends in time counts; one whose receiver does
// not answer is given back uncounted, and goes out again at the next start, on
// PostgreSQL too, without waiting for a lease.
func TestSIGTERMUnderLoad(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		stopUnderLoad(t, newSite(t))
	})
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.database = pgtest.New(t)
		stopUnderLoad(t, s)
	})
}

// Promise 10, before anything is served: a stop that comes while a server waits
// for its database ends in exit 0 too.
func TestSIGTERMWhileStarting(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0") // takes connections, and says nothing
	require.NoError(t, err)
	defer func() { _ = silent.Close() }()
	s := newSite(t)
	s.database = "postgres://hookline@" + silent.Addr().String() + "/hookline?sslmode=disable"
	p := s.tryServe(t)
	conn, err := silent.Accept()
	require.NoError(t, err)
	defer func() { _ = conn.Close() }()
	began := time.Now()
	p.signal(t, syscall.SIGTERM)
	awaitExit(t, p, began)
}

// stopScene is a server whose receivers hold what they are sent: patient ones
// until the server begins to stop, silent ones until it has ended.
type stopScene struct {
	p                      *process
	quick, patient, silent *receiver
	stopping, ended        chan struct{}
}

func newStopScene(t *testing.T) *stopScene {
	c := &stopScene{stopping: make(chan struct{}), ended: make(chan struct{})}
	until := func(signal <-chan struct{}) func(http.ResponseWriter, *http.Request, int) {
		return func(_ http.ResponseWriter, req *http.Request, nth int) {
			if nth == 1 {
				holdUntil(signal, req)
			}
		}
	}
	c.quick = newReceiver(t, nil)
	c.patient = newReceiver(t, until(c.stopping))
	c.silent = newReceiver(t, until(c.ended))
	return c
}

func stopUnderLoad(t *testing.T, s site) {
	c := newStopScene(t)
	c.p = s.serve(t)
	token := s.token(t)
	a := newAPI(t, c.p.url, token)
	slow := map[string]any{"timeout_ms": 30_000}
	a.addWebhook(t, "Quick", c.quick.url, nil)
	patient := a.addWebhook(t, "Patient", c.patient.url, slow)
	silent := a.addWebhook(t, "Silent", c.silent.url, slow)

	here, random := newAddress(), newRandom(t)
	trigger := &trigger{}
	terminated := trigger.arm(answered202, 100+random.IntN(100), func() { _ = c.p.cmd.Process.Signal(syscall.SIGTERM) })
	l := startLoad(t, here, token, trigger)
	here.set(c.p.url)
	c.silent.awaitRequests(t, 1)
	trigger.await(t, terminated)
	began := time.Now()
	_, ok := c.p.stderr.line(t, `"msg":"stopping"`, c.p.ended)
	require.True(t, ok)
	close(c.stopping)
	awaitExit(t, c.p, began)
	inFlight, answered := c.silent.requests(), c.patient.requests()
	close(c.ended)
	checkGivenBack(t, s, silent, inFlight)
	checkCounted(t, s, patient, answered)

	again := s.serve(t)
	here.set(again.url)
	accepted := l.finish(t)
	for _, r := range []*receiver{c.quick, c.patient, c.silent} {
		r.await(t, accepted)
		r.checkStable(t, accepted)
	}
	awaitIdle(t, newAPI(t, again.url, token))
	again.stop(t)
	db := s.open(t)
	checkRows(t, db, len(accepted))
	require.Zero(t, count(t, db, `SELECT count(*) FROM deliveries WHERE state <> 'succeeded' OR attempts <> 1`), "nothing counted twice")
	t.Logf("%d events, %d in flight given back, %d ended in time", len(accepted), inFlight, answered)
}

func awaitExit(t *testing.T, p *process, began time.Time) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(stopLimit):
		t.Fatal("it does not end")
	}
	require.Zero(t, p.code, "%s", p.stderr)
	require.NotContains(t, p.stderr.String(), "panic")
	t.Logf("exit after %s", time.Since(began).Round(100*time.Millisecond))
}

// checkGivenBack: what was in flight to a receiver that never answered is pending,
// free and uncounted.
func checkGivenBack(t *testing.T, s site, webhook string, inFlight int) {
	t.Helper()
	require.NotZero(t, inFlight)
	db := s.open(t)
	of := func(where string) int {
		return count(t, db, strings.ReplaceAll(`SELECT count(*) FROM deliveries WHERE webhook_id = 'ID' AND `, "ID", webhook)+where)
	}
	require.Zero(t, of(`attempts > 0`), "an attempt that was cut off does not count")
	require.Zero(t, of(`state <> 'pending' OR claim_id IS NOT NULL`), "it is given back")
	require.GreaterOrEqual(t, of(`state = 'pending'`), inFlight)
}

// checkCounted: what was in flight to a receiver that answered while the server
// was stopping has its result.
func checkCounted(t *testing.T, s site, webhook string, answered int) {
	t.Helper()
	require.NotZero(t, answered)
	got := count(t, s.open(t), `SELECT count(*) FROM deliveries WHERE state = 'succeeded' AND attempts = 1 AND webhook_id = '`+webhook+`'`)
	require.Equal(t, answered, got)
}

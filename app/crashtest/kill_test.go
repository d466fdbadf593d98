package crashtest

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

const kills = 20

// Promises 1 and 2, crash ledger: killed twenty times under load, at every moment
// the world can see, the program owes nothing it has answered 202: each event is
// delivered, or visibly pending, under one delivery id; and the database is sound
// after each kill.
func TestKilledTwentyTimes(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		killTwentyTimes(t, newSite(t))
	})
	// A dead node's claims end with their lease, 45 s later, while its successor
	// works at what is new; the ledger is closed when all is delivered.
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.database = pgtest.New(t)
		killTwentyTimes(t, s)
	})
	t.Run("PgBouncer", func(t *testing.T) {
		t.Parallel()
		s := newSite(t)
		s.database = pgtest.Pooled(t)
		killTwentyTimes(t, s)
	})
}

// receivers are the three kinds: one that takes all, one that refuses each
// delivery at first, and one that is down, so that its deliveries stay pending.
type receivers struct{ steady, shaky, down *receiver }

func newReceivers(t *testing.T, trigger *trigger) receivers {
	answer := func(status func(nth int) int) func(http.ResponseWriter, *http.Request, int) {
		return func(w http.ResponseWriter, _ *http.Request, nth int) {
			trigger.hit(received)
			w.WriteHeader(status(nth))
			_ = http.NewResponseController(w).Flush()
			trigger.hit(delivered)
		}
	}
	return receivers{
		steady: newReceiver(t, answer(func(int) int { return http.StatusOK })),
		shaky: newReceiver(t, answer(func(nth int) int {
			if nth == 1 {
				return http.StatusServiceUnavailable
			}
			return http.StatusNoContent
		})),
		down: newReceiver(t, answer(func(int) int { return http.StatusBadGateway })),
	}
}

func (r receivers) add(t *testing.T, a api) {
	retry := func(attempts, delay int) map[string]any {
		return map[string]any{"retry": map[string]any{
			"preset": "custom", "attempts": attempts, "delays_ms": []int{delay}, "retry_on": []string{"5xx", "timeout", "network"},
		}}
	}
	const hour = 3_600_000
	a.addWebhook(t, "Steady", r.steady.url, nil)
	a.addWebhook(t, "Shaky", r.shaky.url, retry(50, 20))
	a.addWebhook(t, "Down", r.down.url, retry(2, hour))
}

func killTwentyTimes(t *testing.T, s site) {
	random, trigger, here := newRandom(t), &trigger{}, newAddress()
	receivers := newReceivers(t, trigger)
	first := s.serve(t)
	token := s.token(t)
	receivers.add(t, newAPI(t, first.url, token))
	first.stop(t)

	l := startLoad(t, here, token, trigger)
	for round := range kills {
		at, k := plan(round, random)
		p := s.serve(t)
		fired := trigger.arm(at, k, func() { _ = p.cmd.Process.Kill() })
		here.set(p.url)
		trigger.hit(announced)
		trigger.await(t, fired)
		<-p.ended
		require.Equal(t, -1, p.code, "it ended by itself: %s", p.stderr)
		if s.database == "" {
			checkSQLiteCopy(t, s)
		}
	}
	last := s.serve(t)
	here.set(last.url)
	accepted := l.finish(t)
	t.Logf("%d events, %d of them accepted on a repeat", len(accepted), l.repeated)
	require.NotZero(t, l.repeated, "no kill hit a publisher")
	closeLedger(t, s, last, newAPI(t, last.url, token), accepted, receivers)
}

func closeLedger(t *testing.T, s site, last *process, a api, accepted []string, r receivers) {
	r.steady.await(t, accepted)
	r.shaky.await(t, accepted)
	for _, id := range accepted {
		checkOwed(t, a, id)
	}
	for _, each := range []*receiver{r.steady, r.shaky, r.down} {
		each.checkStable(t, accepted)
	}
	last.stop(t)
	db := s.open(t)
	checkRows(t, db, len(accepted))
	if s.database == "" {
		checkIntegrity(t, db)
	}
	require.Zero(t, count(t, db, `SELECT count(*) FROM deliveries WHERE claim_id IS NOT NULL`), "a process that stopped in order holds nothing")
}

// checkOwed waits until an event stands as it must: two deliveries delivered, and
// the one whose receiver is down visibly pending after its first attempt.
func checkOwed(t *testing.T, a api, id string) {
	t.Helper()
	eventually(t, id, func() bool {
		states := map[string]int{}
		for _, d := range a.event(t, id).Deliveries {
			if d.State == "pending" && d.AttemptCount == 0 {
				return false // its turn has not come yet
			}
			states[d.State]++
		}
		return states["succeeded"] == 2 && states["pending"] == 1
	})
}

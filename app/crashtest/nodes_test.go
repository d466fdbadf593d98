package crashtest

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
)

// pair is two servers on one PostgreSQL, as on two machines: each has a folder of
// its own, and both the same master key.
type pair struct {
	a, b     *process
	toA, toB api
	site     site // of a
}

func newPair(t *testing.T) pair {
	t.Helper()
	sa, sb := newSite(t), newSite(t)
	sa.database = pgtest.New(t)
	p := pair{site: sa, a: sa.serve(t)}
	sb.database, sb.key = sa.database, "file:"+sa.data+"/master.key"
	p.b = sb.serve(t)
	token := sa.token(t)
	p.toA, p.toB = newAPI(t, p.a.url, token), newAPI(t, p.b.url, token)
	return p
}

// seesWebhook returns once b knows the webhook that was made through a.
func (p pair) seesWebhook(t *testing.T, id string) {
	t.Helper()
	eventually(t, "the other node knows the webhook", func() bool {
		r, err := p.toB.call(http.MethodGet, "/api/v1/webhooks/"+id, nil)
		return err == nil && r.status == http.StatusOK
	})
}

// publishMany publishes n events in batches of 500 and returns their ids.
func publishMany(t *testing.T, n int, nodes ...api) []string {
	t.Helper()
	const size = 500
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprintf("many-%d", i)
	}
	var done sync.WaitGroup
	for b := 0; b*size < n; b++ {
		batch := ids[b*size : min(n, (b+1)*size)]
		done.Go(func() {
			events := make([]map[string]any, len(batch))
			for i, id := range batch {
				events[i] = map[string]any{"type": eventType, "id": id, "data": map[string]any{"of": id}}
			}
			r, err := nodes[b%len(nodes)].call(http.MethodPost, "/api/v1/events/batch", map[string]any{"events": events})
			if err != nil || r.status != http.StatusAccepted || strings.Contains(string(r.body), `"error"`) {
				t.Errorf("a batch was not accepted: %v %d %.300s", err, r.status, r.body)
			}
		})
	}
	done.Wait()
	return ids
}

// Promises 1 and 3, B13: two healthy nodes share one queue, and of 10,000
// deliveries each is made once, by one of them.
func TestTwoNodesDeliverOnce(t *testing.T) {
	t.Parallel()
	const n = 10_000
	p := newPair(t)
	r := newReceiver(t, nil)
	p.seesWebhook(t, p.toA.addWebhook(t, "Receiver", r.url, nil))
	ids := publishMany(t, n, p.toA, p.toB)
	r.await(t, ids)
	p.a.stop(t)
	p.b.stop(t)
	require.Equal(t, n, r.requests(), "a request more than there are deliveries is one made twice")
	r.checkStable(t, ids)
	db := p.site.open(t)
	checkRows(t, db, n)
	require.Equal(t, n, count(t, db, `SELECT count(*) FROM deliveries WHERE state = 'succeeded' AND attempts = 1`))
	byA, byB := attempts(p.a), attempts(p.b)
	t.Logf("%d attempts by one node, %d by the other", byA, byB)
	require.NotZero(t, byA)
	require.NotZero(t, byB)
	require.Equal(t, n, byA+byB)
}

// attempts that a process has logged.
func attempts(p *process) int { return strings.Count(p.stderr.String(), `"msg":"attempt"`) }

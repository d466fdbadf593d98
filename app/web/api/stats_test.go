package api_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

type number = json.Number

func TestStatsAndQueueB8(t *testing.T) {
	d := newDelivering(t)
	good := d.webhook(receiver(t, okay))
	bad := d.webhook(receiver(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }))
	for range 3 {
		d.publish(`{"type":"release.published","data":{}}`)
	}
	total := func(path string) map[string]any {
		return d.until(path, func(v map[string]any) bool {
			sum := v["total"].(map[string]any)
			return sum["succeeded"] == number("3") || sum["retried"] == number("3")
		})
	}
	stats := total("/api/v1/stats?webhook_id=" + good)
	require.Equal(t, map[string]any{"succeeded": number("3"), "failed": number("0"), "blocked": number("0"), "retried": number("0")}, stats["total"])
	require.Equal(t, "24h", stats["range"])
	require.Len(t, stats["buckets"], models.LastDay.Buckets())
	require.NotEqual(t, number("0"), stats["latency"].(map[string]any)["p99_ms"])
	require.Nil(t, stats["buckets"].([]any)[0].(map[string]any)["latency"])
	require.Equal(t, number("3"), total("/api/v1/stats?range=1h&webhook_id=" + bad)["total"].(map[string]any)["retried"])

	queue := d.until("/api/v1/queue", func(v map[string]any) bool {
		list := v["data"].([]any)
		return len(list) == 1 && list[0].(map[string]any)["reason"] == "retry"
	})
	waits := queue["data"].([]any)[0].(map[string]any)
	require.Equal(t, bad, waits["webhook_id"])
	require.Equal(t, number("3"), waits["waiting"])
	require.NotNil(t, waits["next_due_at"])

	// W4: a token that may write webhooks counts its own only.
	d.admin = d.token(models.WebhooksWrite)
	own := d.call("GET", "/api/v1/stats", "").is(200)
	require.Equal(t, number("0"), own["total"].(map[string]any)["succeeded"])
	require.Empty(t, d.call("GET", "/api/v1/queue", "").is(200)["data"])
	d.call("GET", "/api/v1/stats?webhook_id="+good, "").problem(http.StatusNotFound)
	_, fields := d.call("GET", "/api/v1/stats?range=1y", "").problem(http.StatusUnprocessableEntity)
	require.Contains(t, fields, "range")
}

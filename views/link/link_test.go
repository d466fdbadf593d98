package link

import (
	"testing"

	"hookline/models"
)

func TestLinks(t *testing.T) {
	for _, tt := range []struct{ got, want string }{
		{Webhook("wh_1"), "/webhooks/wh_1"},
		{Webhook("../admin?x=1#y"), "/webhooks/..%2Fadmin%3Fx=1%23y"},
		{LoginNext(""), "/login"},
		{LoginNext("/webhooks?q=a b"), "/login?next=%2Fwebhooks%3Fq%3Da+b"},
		{DeliveryAttempt("dlv_1", 2), "/deliveries/dlv_1?attempt=2"},
		{WebhookLogs("wh_1", Logs{}), "/webhooks/wh_1/logs"},
		{WebhookLogs("wh_1", Logs{Filter: Filter{DeliveryFilter: models.DeliveryFilter{State: "failed", Search: "a&b"}}, Cursor: "c=", Limit: 20}.At("d")),
			"/webhooks/wh_1/logs?state=failed&q=a%26b&cursor=d&limit=20"},
	} {
		if tt.got != tt.want {
			t.Errorf("got %s, want %s", tt.got, tt.want)
		}
	}
}

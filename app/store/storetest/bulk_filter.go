package storetest

import (
	"net/url"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// testBulkFilter: a member of the log's filter that a job does not keep would make the
// job take more deliveries than were asked for (B6).
func testBulkFilter(t *testing.T, s *suite) {
	log := url.Values{
		"webhook_id": {"wh_01kf2j7q8e5t9v3m6x0y4z1b2c"}, "event_id": {`4711"<&>` + "\u2028"}, "state": {"problem"}, "event_type": {"release.published"}, "status": {"5xx"},
		"host": {"example.com"}, "since": {"2026-06-23T09:00:00.123456Z"}, "until": {"2026-06-23 10:00"}, "q": {`reset "50%" \`},
	}
	f, errs := models.ParseDeliveryFilter(log.Get)
	require.Empty(t, errs)
	f = f.At(s.clock.At)
	f.Only = []string{"wh_a", "wh_b"}
	for v, i := reflect.ValueOf(f), 0; i < v.NumField(); i++ {
		name := v.Type().Field(i).Name
		require.True(t, name == "Range" || !v.Field(i).IsZero(), "ask for %s here", name)
	}
	for _, only := range [][]string{nil, {}, f.Only} {
		f.Only = only
		j, err := s.BulkJob(s.ctx, s.bulk(t, models.BulkRetrigger, f).ID)
		require.NoError(t, err)
		require.False(t, j.Unreadable)
		require.Equal(t, f, j.Filter)
	}
}

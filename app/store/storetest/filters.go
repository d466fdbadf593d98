package storetest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// Why a delivery was made that its filter could not decide on is kept with it, and
// goes with it.
func testFilterFaults(t *testing.T, s *suite) {
	hook := s.webhook(t)
	plain, held := s.publish(t, hook.ID, ""), s.work(hook.ID, "claim")
	held.FilterFault = "Line 1, column 3: A text and a number\x00cannot be compared."
	again := s.work(hook.ID, "claim")
	again.FilterFault = "another"
	for _, r := range s.Publish(s.ctx, nil, []store.Publication{
		{Event: held.Event, Deliveries: []models.Work{held}, Repeatable: true}, {Event: again.Event, Deliveries: []models.Work{again}},
	}) {
		require.NoError(t, r.Err)
	}
	repeat := held
	repeat.ID = s.deliveryID()
	require.True(t, s.Publish(s.ctx, nil, []store.Publication{{Event: held.Event, Deliveries: []models.Work{repeat}, Repeatable: true}})[0].Repeat)

	asked := []string{plain.ID, held.ID, again.ID, repeat.ID}
	faults, err := s.FilterFaults(s.ctx, asked)
	require.NoError(t, err)
	require.Equal(t, map[string]string{held.ID: strings.ReplaceAll(held.FilterFault, "\x00", "\uFFFD"), again.ID: "another"}, faults)
	faults, err = s.FilterFaults(s.ctx, nil)
	require.NoError(t, err)
	require.Empty(t, faults)

	faulty, err := s.FaultyFilters(s.ctx, s.clock.At.Add(-time.Hour))
	require.NoError(t, err)
	require.Equal(t, map[string]models.FilterFaults{hook.ID: {Count: 2, Newest: again.ID, Fault: "another"}}, faulty)
	faulty, err = s.FaultyFilters(s.ctx, s.clock.At.Add(time.Hour))
	require.NoError(t, err)
	require.Empty(t, faulty, "that is long ago")
	hook.UpdatedAt = s.clock.At.Add(time.Minute)
	_, err = s.SaveWebhook(s.ctx, hook)
	require.NoError(t, err)
	faulty, err = s.FaultyFilters(s.ctx, s.clock.At.Add(-time.Hour))
	require.NoError(t, err)
	require.Empty(t, faulty, "the webhook was changed since")

	require.True(t, s.finish(t, models.Finish{DeliveryID: held.ID, ClaimID: "claim", Attempt: s.attempt(models.Success, 200), State: models.Succeeded, Tries: 1}))
	s.clock.At = s.clock.At.Add(48 * time.Hour)
	require.Equal(t, 1, prune(t, s, s.clock.At.Add(-24*time.Hour), s.PruneDeliveries))
	faults, err = s.FilterFaults(s.ctx, asked)
	require.NoError(t, err)
	require.Equal(t, map[string]string{again.ID: "another"}, faults)
}

// The newest events of some types, or of a webhook, within bounds.
func testRecentEvents(t *testing.T, s *suite) {
	hook, other := s.webhook(t), s.webhook(t)
	var ids []string
	for i := range 6 {
		w := s.work(hook.ID, "")
		w.Event.Type, w.EventType = "release.published", "release.published"
		if i%2 == 1 {
			w.Event.Type, w.EventType, w.WebhookID = "form.submitted", "form.submitted", other.ID
		}
		w.Event.Test = i == 4
		w.Event.Data = json.RawMessage(fmt.Sprintf(`{"n":%d,"pad":"%s"}`, i, strings.Repeat("x", 100)))
		require.NoError(t, s.Publish(s.ctx, nil, []store.Publication{{Event: w.Event, Deliveries: []models.Work{w}}})[0].Err)
		ids = append(ids, w.EventID)
	}
	twice := s.work(other.ID, "")
	twice.Event.ID, twice.EventID = ids[5], ids[5]
	require.NoError(t, s.AddDelivery(s.ctx, twice.Delivery, ""))

	for name, c := range map[string]struct {
		ask  store.RecentEvents
		want []string
	}{
		"all":          {store.RecentEvents{Limit: 50, MaxBytes: 1 << 20}, []string{ids[5], ids[3], ids[2], ids[1], ids[0]}},
		"a type":       {store.RecentEvents{Types: []string{"form.submitted"}, Limit: 2, MaxBytes: 1 << 20}, []string{ids[5], ids[3]}},
		"no type":      {store.RecentEvents{Types: []string{}, Limit: 50, MaxBytes: 1 << 20}, nil},
		"a webhook":    {store.RecentEvents{WebhookID: other.ID, Limit: 50, MaxBytes: 1 << 20}, []string{ids[5], ids[3], ids[1]}},
		"a stranger":   {store.RecentEvents{WebhookID: "wh_none", Limit: 50, MaxBytes: 1 << 20}, nil},
		"a few bytes":  {store.RecentEvents{Limit: 50, MaxBytes: 250}, []string{ids[5], ids[3]}},
		"one at least": {store.RecentEvents{Limit: 50, MaxBytes: 1}, []string{ids[5]}},
		"both":         {store.RecentEvents{Types: []string{"release.published"}, WebhookID: other.ID, Limit: 50, MaxBytes: 1 << 20}, nil},
	} {
		list, err := s.RecentEvents(s.ctx, c.ask)
		require.NoError(t, err, name)
		var got []string
		for _, e := range list {
			got = append(got, e.ID)
			require.Contains(t, string(e.Data), `"pad"`, name)
		}
		require.Equal(t, c.want, got, name)
	}
}

package storetest

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

// Promise 3: a dead node's work is taken up when its lease ends, not before.
func testLease(t *testing.T, s *suite) {
	hook := s.webhook(t)
	w := s.publish(t, hook.ID, s.NewClaimID())

	work, err := s.Claim(s.ctx, hook.ID, 10)
	require.NoError(t, err)
	require.Empty(t, work, "a live lease is respected")

	s.clock.At = s.clock.At.Add(models.Lease)
	got := s.claimOne(t, hook.ID)
	require.Equal(t, w.ID, got.ID)

	s.clock.At = s.clock.At.Add(models.Lease - time.Second)
	require.True(t, s.finish(t, models.Finish{
		DeliveryID: got.ID, ClaimID: got.ClaimID, State: models.Pending, DueAt: s.clock.At.Add(models.Lease), KeepClaim: true,
	}))
	s.clock.At = s.clock.At.Add(2 * time.Second)
	work, err = s.Claim(s.ctx, hook.ID, 10)
	require.NoError(t, err)
	require.Empty(t, work, "a renewed lease is respected")
}

func testWaiting(t *testing.T, s *suite) {
	list, err := s.Waiting(s.ctx)
	require.NoError(t, err)
	require.Empty(t, list)

	a, b := s.webhook(t), s.webhook(t)
	s.publish(t, a.ID, "")
	held := s.publish(t, b.ID, s.NewClaimID())
	list, err = s.Waiting(s.ctx)
	require.NoError(t, err)
	require.Equal(t, []models.Waiting{{WebhookID: a.ID, DueAt: s.clock.At}, {WebhookID: b.ID, DueAt: held.LeaseUntil}}, list)
}

// Promise 3: a process that wakes up late overwrites nothing.
func testLateFinish(t *testing.T, s *suite) {
	hook := s.webhook(t)
	s.publish(t, hook.ID, "")
	late := s.claimOne(t, hook.ID)
	s.clock.At = s.clock.At.Add(models.Lease)
	successor := s.claimOne(t, hook.ID)

	require.True(t, s.finish(t, models.Finish{
		DeliveryID: successor.ID, ClaimID: successor.ClaimID, Attempt: s.attempt(models.Success, 200), State: models.Succeeded, Tries: 1,
	}))
	failed := s.attempt(models.HTTPError, 500)
	failed.Cause, failed.Timing = "body_broken", models.Timing{Wait: time.Second, Reused: true}
	failed.Missing = []string{"contact.city", "data[\"a\\n<b\x00\"]"}
	require.False(t, s.finish(t, models.Finish{
		DeliveryID: late.ID, ClaimID: late.ClaimID, Attempt: failed, State: models.Failed, Tries: 1,
	}))
	d, err := s.Delivery(s.ctx, late.ID)
	require.NoError(t, err)
	require.Equal(t, models.Succeeded, d.State)
	require.Equal(t, 200, d.Last.Status)
	require.Equal(t, 2, d.Attempts, "both were made, so both are logged")
	attempts, err := s.Attempts(s.ctx, late.ID)
	require.NoError(t, err)
	require.Len(t, attempts, 2)
	require.Equal(t, s.attempt(models.Success, 200).Response, attempts[0].Response)
	require.Equal(t, s.attempt(models.Success, 200).Request, attempts[0].Request)
	require.Equal(t, s.attempt(models.Success, 200).Timing, attempts[0].Timing, "Z5")
	require.Empty(t, attempts[0].Cause)
	require.Empty(t, attempts[0].Missing)
	require.Equal(t, 500, attempts[1].Status)
	require.Equal(t, failed.Timing, attempts[1].Timing)
	require.Equal(t, failed.Cause, attempts[1].Cause)
	require.Equal(t, failed.Missing, attempts[1].Missing, "H5")
}

// Promise 10: what is given back does not count.
func testRelease(t *testing.T, s *suite) {
	hook := s.webhook(t)
	s.publish(t, hook.ID, "")
	mine := s.claimOne(t, hook.ID)
	other := s.open(t, "n10", s.clock) // n1 is a prefix of it
	theirs := s.publish(t, hook.ID, other.NewClaimID())

	require.NoError(t, s.ReleaseAll(s.ctx))
	got := s.claimOne(t, hook.ID)
	require.Equal(t, mine.ID, got.ID)
	require.Zero(t, got.Attempts)
	d, err := s.Delivery(s.ctx, theirs.ID)
	require.NoError(t, err)
	require.Equal(t, models.Running, d.State)
}

func testRetriggerCancel(t *testing.T, s *suite) {
	hook := s.webhook(t)
	w := s.publish(t, hook.ID, "")
	require.NoError(t, s.Cancel(s.ctx, w.ID))
	require.Equal(t, models.Conflict, models.CodeOf(s.Cancel(s.ctx, w.ID)))
	work, err := s.Claim(s.ctx, hook.ID, 10)
	require.NoError(t, err)
	require.Empty(t, work)

	require.NoError(t, s.Retrigger(s.ctx, w.ID))
	got := s.claimOne(t, hook.ID)
	require.Equal(t, w.ID, got.ID)
	require.Equal(t, models.Conflict, models.CodeOf(s.Retrigger(s.ctx, w.ID)), "not while it is attempted")

	require.NoError(t, s.Cancel(s.ctx, w.ID), "what is held can be cancelled")
	require.False(t, s.finish(t, models.Finish{DeliveryID: w.ID, ClaimID: got.ClaimID, Attempt: s.attempt(models.Success, 200), State: models.Succeeded}))
	d, err := s.Delivery(s.ctx, w.ID)
	require.NoError(t, err)
	require.Equal(t, models.Succeeded, d.State, "what arrived is never shown as cancelled")
	require.Equal(t, 1, d.Attempts, "the attempt that was on the wire is logged")
}

func testPages(t *testing.T, s *suite) {
	hook := s.webhook(t)
	var want []string
	for range 7 {
		want = append([]string{s.publish(t, hook.ID, "").ID}, want...)
	}
	page := func(p store.Page) []string {
		list, err := s.Deliveries(s.ctx, models.DeliveryFilter{WebhookID: hook.ID}, p)
		require.NoError(t, err)
		got := make([]string, len(list))
		for i, d := range list {
			got[i] = d.ID
		}
		return got
	}
	require.Equal(t, want[:3], page(store.Page{Limit: 3}))
	require.Equal(t, want[3:6], page(store.Page{Limit: 3, Before: want[2]}))
	require.Equal(t, want[1:3], page(store.Page{Limit: 2, After: want[3]}), "newer pages are those next to the cursor")
}

func testFilter(t *testing.T, s *suite) {
	hook := s.webhook(t)
	failed := s.publish(t, hook.ID, "")
	got := s.claimOne(t, hook.ID)
	a := s.attempt(models.HTTPError, 503)
	a.Error = `The receiver answered 50% "Wait_a bit".`
	s.finish(t, models.Finish{DeliveryID: got.ID, ClaimID: got.ClaimID, Attempt: a, State: models.Failed, Tries: 1})
	s.clock.At = s.clock.At.Add(time.Minute)
	waiting := s.publish(t, hook.ID, "")
	running := s.publish(t, hook.ID, s.NewClaimID())
	t0 := failed.CreatedAt

	for name, c := range map[string]struct {
		f    models.DeliveryFilter
		want []string
	}{
		"all":          {models.DeliveryFilter{}, []string{running.ID, waiting.ID, failed.ID}},
		"failed":       {models.DeliveryFilter{State: models.Failed}, []string{failed.ID}},
		"pending":      {models.DeliveryFilter{State: models.Pending}, []string{waiting.ID}},
		"running":      {models.DeliveryFilter{State: models.Running}, []string{running.ID}},
		"succeeded":    {models.DeliveryFilter{State: models.Succeeded}, []string{}},
		"problem":      {models.DeliveryFilter{State: models.AnyProblem}, []string{failed.ID}},
		"problem here": {models.DeliveryFilter{State: models.AnyProblem, WebhookID: hook.ID, Only: []string{hook.ID}}, []string{failed.ID}},
		"status":       {models.DeliveryFilter{Status: "503"}, []string{failed.ID}},
		"status here":  {models.DeliveryFilter{Status: "503", WebhookID: hook.ID}, []string{failed.ID}},
		"other status": {models.DeliveryFilter{Status: "200"}, []string{}},
		"class":        {models.DeliveryFilter{Status: "5xx"}, []string{failed.ID}},
		"class here":   {models.DeliveryFilter{Status: "5xx", WebhookID: hook.ID, State: models.Failed}, []string{failed.ID}},
		"other class":  {models.DeliveryFilter{Status: "4xx"}, []string{}},
		"host":         {models.DeliveryFilter{Host: "EXAMPLE.com"}, []string{running.ID, waiting.ID, failed.ID}},
		"host above":   {models.DeliveryFilter{Host: "com", State: models.Failed}, []string{failed.ID}},
		"other host":   {models.DeliveryFilter{Host: "ample.com"}, []string{}},
		"id's start":   {models.DeliveryFilter{Search: waiting.ID[:len(waiting.ID)-2]}, startingWith(waiting.ID[:len(waiting.ID)-2], running.ID, waiting.ID)},
		"event's":      {models.DeliveryFilter{Search: failed.EventID[:len(failed.EventID)-3]}, []string{failed.ID}},
		"any id":       {models.DeliveryFilter{Search: "dlv_"}, []string{running.ID, waiting.ID, failed.ID}},
		"both times":   {models.DeliveryFilter{Since: t0, Until: t0.Add(time.Second), State: models.Failed}, []string{failed.ID}},
		"since":        {models.DeliveryFilter{Since: t0.Add(time.Second)}, []string{running.ID, waiting.ID}},
		"until":        {models.DeliveryFilter{Until: t0.Add(time.Second)}, []string{failed.ID}},
		"type":         {models.DeliveryFilter{EventType: "no.such"}, []string{}},
		"by id":        {models.DeliveryFilter{Search: waiting.ID}, []string{waiting.ID}},
		"by event":     {models.DeliveryFilter{Search: waiting.EventID}, []string{waiting.ID}},
		"error text":   {models.DeliveryFilter{Search: "WAIT_A"}, []string{failed.ID}},
		"wildcards":    {models.DeliveryFilter{Search: "wait%bit"}, []string{}},
		"quote":        {models.DeliveryFilter{Search: `' OR 1=1 --`}, []string{}},
		"own":          {models.DeliveryFilter{Only: []string{}}, []string{}},
		"other's hook": {models.DeliveryFilter{WebhookID: "wh_none"}, []string{}},
	} {
		list, err := s.Deliveries(s.ctx, c.f, store.Page{Limit: 10})
		require.NoError(t, err, name)
		got := []string{}
		for _, d := range list {
			got = append(got, d.ID)
		}
		require.Equal(t, c.want, got, name)
	}
}

func startingWith(prefix string, ids ...string) (found []string) {
	for _, id := range ids {
		if strings.HasPrefix(id, prefix) {
			found = append(found, id)
		}
	}
	return found
}

// Several webhooks are read one by one or together, and their deliveries stand
// in one order.
func testFilterWebhooks(t *testing.T, s *suite) {
	var hooks, want []string
	for range 20 {
		hooks = append(hooks, s.webhook(t).ID)
	}
	for i := range 40 {
		s.clock.At = s.clock.At.Add(time.Millisecond)
		want = append([]string{s.publish(t, hooks[i%20], "").ID}, want...)
	}
	for _, only := range [][]string{hooks, hooks[:10], {}} {
		visible := []string{}
		for i, id := range want { // the newest is of the last webhook
			if hook := 19 - i%20; hook < len(only) {
				visible = append(visible, id)
			}
		}
		f, p := models.DeliveryFilter{Only: only}, store.Page{Limit: 7}
		got := ids(s.walk(t, f, p))
		require.Equal(t, visible, got)
	}
}

// walk reads a list to its end, page by page.
func (s *suite) walk(t *testing.T, f models.DeliveryFilter, p store.Page) (all []models.Work) {
	t.Helper()
	for {
		found, err := s.SearchDeliveries(s.ctx, f, p)
		require.NoError(t, err)
		for _, d := range found.Items {
			all = append(all, models.Work{Delivery: d})
		}
		switch {
		case found.SearchedTo != "":
			p.Before = found.SearchedTo
		case len(found.Items) == p.Limit:
			p.Before = found.Items[len(found.Items)-1].ID
		default:
			return all
		}
	}
}

// Deliveries that no index finds are looked for piece by piece, and nothing is left out.
func testBoundedSearch(t *testing.T, s *suite) {
	hook := s.webhook(t)
	const rows = 90_000 // more than one search looks at
	var rare []string
	for made := 0; made < rows; {
		var p store.Publication
		for range 3000 {
			w := s.work(hook.ID, "")
			if p.Event = w.Event; made%40_000 == 5 {
				w.EventType = "contact.deleted"
				rare = append([]string{w.ID}, rare...)
			}
			p.Deliveries = append(p.Deliveries, w)
			made++
		}
		s.clock.At = s.clock.At.Add(time.Second)
		require.NoError(t, s.Publish(s.ctx, nil, []store.Publication{p})[0].Err)
	}
	f := models.DeliveryFilter{EventType: "contact.deleted"}
	first, err := s.SearchDeliveries(s.ctx, f, store.Page{Limit: 10})
	require.NoError(t, err)
	require.NotEmpty(t, first.SearchedTo, "it stops before the end")
	require.Equal(t, rare, ids(s.walk(t, f, store.Page{Limit: 10})))
	all, err := s.Deliveries(s.ctx, f, store.Page{Limit: 10})
	require.NoError(t, err)
	require.Len(t, all, len(rare), "unless it is told not to stop")
	require.Equal(t, rare, ids(s.walk(t, f, store.Page{Limit: 1})))
}

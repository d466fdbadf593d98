package storetest

import (
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/store"
	"hookline/models"
)

func testManyClaimers(t *testing.T, s *suite) {
	hook := s.webhook(t)
	const rows, claimers = 500, 6
	pubs := make([]store.Publication, rows)
	for i := range pubs {
		w := s.work(hook.ID, "")
		pubs[i] = store.Publication{Event: w.Event, Deliveries: []models.Work{w}}
	}
	for _, r := range s.Publish(s.ctx, nil, pubs) {
		require.NoError(t, r.Err)
	}
	nodes := []*store.Store{s.Store, s.open(t, "n2", s.clock), s.open(t, "n3", s.clock)}
	var claimed [claimers][]string
	var errs [claimers]error
	var first, wg sync.WaitGroup
	first.Add(claimers)
	for i := range claimers {
		wg.Go(func() {
			claimed[i], errs[i] = claimOn(s, nodes[i%len(nodes)], hook.ID, &first)
		})
	}
	wg.Wait()
	require.NoError(t, errors.Join(errs[:]...))
	got := 0
	for _, list := range claimed {
		if len(list) > 0 {
			got++
		}
	}
	require.Greater(t, got, 1, "several claimers get rows")
	all := slices.Concat(claimed[:]...)
	unique(t, all)
	// A claimer may stop at rows that another had locked just then; what is left
	// is still claimable.
	for len(all) < rows {
		work, err := s.Claim(s.ctx, hook.ID, rows)
		require.NoError(t, err)
		require.NotEmpty(t, work)
		all = append(all, ids(work)...)
	}
	unique(t, all)
}

// claimOn claims on a node until nothing is left. After the first claim it waits for
// the other claimers' first, so that no claimer takes all rows before they begin.
func claimOn(s *suite, node *store.Store, webhookID string, first *sync.WaitGroup) (claimed []string, err error) {
	for n := 0; ; n++ {
		work, err := node.Claim(s.ctx, webhookID, 7)
		if n == 0 {
			first.Done()
			first.Wait()
		}
		if err != nil || len(work) == 0 {
			return claimed, err
		}
		claimed = append(claimed, ids(work)...)
	}
}

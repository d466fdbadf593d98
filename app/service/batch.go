package service

import (
	"context"
	"errors"

	"hookline/app/store"
	"hookline/models"
)

// batch is the events of one call on their way into the store. It is for one
// goroutine.
type batch struct {
	*publisher
	list    []NewEvent
	results []Published // of the list
}

// maxNamed is how many events about participants one caller has in the store's queue
// at once. Each carries all that is known of the participant, often twice, whatever
// the caller sent; a long batch of them would hold up the writes of other callers.
const maxNamed = 32

// publish publishes the events at these places of the list.
func (b *batch) publish(ctx context.Context, places []int) {
	for len(places) > 0 {
		n := b.group(places)
		b.publishGroup(ctx, places[:n])
		places = places[n:]
	}
}

// group is how many of the events to publish together.
func (b *batch) group(places []int) int {
	named := 0
	for n, i := range places {
		if b.list[i].Participant != nil {
			if named++; named > maxNamed {
				return n
			}
		}
	}
	return len(places)
}

// publishGroup publishes the events together. Those whose participant has changed
// since it was read are published again one by one.
func (b *batch) publishGroup(ctx context.Context, places []int) {
	refs := b.refs(places)
	leave := b.changes.queueUp(refs)
	b.publishOnce(ctx, places, refs)
	leave()
	for _, i := range places {
		if errors.Is(b.results[i].Err, store.ErrParticipantChanged) {
			b.results[i].Err = b.changes.retry(ctx, keyOfRef(*b.list[i].Participant), func() error {
				b.publishOnce(ctx, []int{i}, []models.ParticipantRef{*b.list[i].Participant})
				return b.results[i].Err
			})
		}
	}
}

// refs are the valid ones: the database cannot look up every text, and one event must
// not fail the others.
func (b *batch) refs(places []int) (refs []models.ParticipantRef) {
	for _, i := range places {
		if ref := b.list[i].Participant; ref != nil && len(ref.Validate()) == 0 {
			refs = append(refs, *ref)
		}
	}
	return refs
}

// publishOnce reads the participants, makes the publications and stores them.
func (b *batch) publishOnce(ctx context.Context, places []int, refs []models.ParticipantRef) {
	participants, err := b.store.ParticipantsNamed(ctx, refs)
	if err != nil {
		for _, i := range places {
			b.results[i].Err = err
		}
		return
	}
	pubs := make([]store.Publication, 0, len(places))
	index := make([]int, 0, len(places))   // pubs[k] belongs to results[index[k]]
	carried := make([]int, 0, len(places)) // by pubs[k]: see usage
	for _, i := range places {
		before := b.usage.carried
		p, err := b.publication(b.list[i], participants)
		if err != nil {
			b.results[i] = Published{Err: err}
			continue
		}
		pubs, index, carried = append(pubs, p), append(index, i), append(carried, b.usage.carried-before)
	}
	for k, r := range b.store.Publish(ctx, b.queue, pubs) {
		b.results[index[k]] = Published{Event: r.Event, Err: r.Err}
		switch {
		case r.Err == nil && !r.Repeat:
			b.tellOf(pubs[k])
		case toBeMadeAgain(r.Err):
			b.usage.carried -= carried[k]
		}
	}
}

func toBeMadeAgain(err error) bool {
	return errors.Is(err, store.ErrConfigChanged) || errors.Is(err, store.ErrParticipantChanged)
}

// publishUnderFreshConfig publishes once more, under the configuration as of now, the
// events that the store refused because another process has changed the configuration,
// and the invalid ones: the catalog may have their type by now.
func (b *batch) publishUnderFreshConfig(ctx context.Context) {
	var again []int
	for i, r := range b.results {
		if errors.Is(r.Err, store.ErrConfigChanged) || models.CodeOf(r.Err) == models.Invalid {
			again = append(again, i)
		}
	}
	if len(again) == 0 {
		return
	}
	fresh, err := b.store.FreshConfig(ctx)
	switch {
	case err == nil && fresh.Version != b.config.Version:
		b.follow(fresh)
		b.publish(ctx, again)
	case err != nil:
		for _, i := range again {
			if errors.Is(b.results[i].Err, store.ErrConfigChanged) {
				b.results[i].Err = err
			}
		}
	}
}

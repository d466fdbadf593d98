package service

import (
	"context"
	"slices"
	"strings"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// List pages through the participants: all of them, newest first, or those whom
// the text finds, by what it finds them by. It finds an id, and the beginning of an
// address, its domain, a name, a word of it and an identifier's value.
func (s *Participants) List(ctx context.Context, actor models.Actor, text string, r models.PageRequest) (models.Page[models.Participant], error) {
	if err := policy.Check(actor, policy.ReadParticipants); err != nil {
		return models.Page[models.Participant]{}, err
	}
	if text = models.SearchTerm(text); text != "" {
		return s.search(ctx, text, r)
	}
	p, err := store.PageOf(r, models.ParticipantPrefix)
	if err != nil {
		return models.Page[models.Participant]{}, err
	}
	list, err := s.store.Participants(ctx, p)
	return store.Paged(list, p, participantID), err
}

func participantID(p models.Participant) string { return p.ID }

// search pages forwards only. Its cursor is the id and the term to go on after.
func (s *Participants) search(ctx context.Context, text string, r models.PageRequest) (models.Page[models.Participant], error) {
	var out models.Page[models.Participant]
	p, err := store.PageOf(models.PageRequest{Limit: r.Limit}, models.ParticipantPrefix)
	if err != nil {
		return out, err
	}
	term, id, err := store.ReadSearchCursor(r.Cursor)
	if err != nil {
		return out, err
	}
	if whole, err := models.ParseID(models.ParticipantPrefix, text); err == nil {
		return s.byID(ctx, whole)
	}
	found, err := s.store.SearchParticipants(ctx, text, term, id, p.Limit)
	if err != nil {
		return out, err
	}
	if len(found) == p.Limit {
		found = found[:len(found)-1]
		out.Older = store.SearchCursor(found[len(found)-1])
	}
	out.Items = make([]models.Participant, len(found))
	for i, f := range found {
		out.Items[i] = f.Participant
	}
	return out, nil
}

func (s *Participants) byID(ctx context.Context, id string) (models.Page[models.Participant], error) {
	p, err := s.store.Participant(ctx, id)
	switch models.CodeOf(err) {
	case "":
		return models.Page[models.Participant]{Items: []models.Participant{p}}, err
	case models.NotFound:
		err = nil
	}
	return models.Page[models.Participant]{}, err
}

// Suggest offers a few participants for a text that is being typed; the newest
// ones for none.
func (s *Participants) Suggest(ctx context.Context, actor models.Actor, text string) ([]models.Participant, error) {
	page, err := s.List(ctx, actor, text, models.PageRequest{Limit: MaxSuggestions})
	return page.Items, err
}

// Find returns the one participant whom a text means: an id, a whole address, or
// what finds nobody else. picked is the id that was chosen from a list; it counts
// as long as the text is what that participant is called. A text that means nobody
// or several is a fault of participant.
func (s *Participants) Find(ctx context.Context, actor models.Actor, text, picked string) (models.Participant, error) {
	if p, err := s.Get(ctx, actor, picked); err == nil && strings.TrimSpace(p.Called()) == text {
		return p, nil
	}
	list, err := s.Suggest(ctx, actor, text)
	if err != nil {
		return models.Participant{}, err
	}
	var errs models.FieldErrors
	whole := func(p models.Participant) bool { return p.Email != "" && p.Email == models.NormalEmail(text) }
	switch i := slices.IndexFunc(list, whole); {
	case i >= 0:
		return list[i], nil
	case len(list) == 1:
		return list[0], nil
	case len(list) == 0:
		errs.Add("participant", "Nobody is found by this. Type an address, a name or an id.")
	default:
		errs.Add("participant", "This finds several participants. Choose one from the list, or type the whole address or the id.")
	}
	return models.Participant{}, errs.Err()
}

package service

// HoldTurns takes all turns until they are given back.
func (s *Webhooks) HoldTurns() (giveBack func()) {
	for range cap(s.turns.places) {
		s.turns.places <- struct{}{}
	}
	return func() {
		for range cap(s.turns.places) {
			<-s.turns.places
		}
	}
}

// Compiled says whether the webhook's filter is compiled and kept.
func (s *Webhooks) Compiled(id string) bool {
	_, kept := s.filters.compiled.Load(id)
	return kept
}

package service

// HoldPreviews takes all places of previews until they are given back.
func (s *Webhooks) HoldPreviews() (giveBack func()) {
	for range cap(s.previews.places) {
		s.previews.places <- struct{}{}
	}
	return func() {
		for range cap(s.previews.places) {
			<-s.previews.places
		}
	}
}

// Compiled says whether the webhook's filter is compiled and kept.
func (s *Webhooks) Compiled(id string) bool {
	_, kept := s.filters.compiled.Load(id)
	return kept
}

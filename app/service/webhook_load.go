package service

import "context"

// Load compiles what is stored, the filters, templates and schemas, so that neither
// the first event after a start nor the first delivery waits for it. It ends early when
// ctx does.
func (s *Webhooks) Load(ctx context.Context) {
	config := s.store.Config()
	for t := range config.EventTypes() {
		if len(t.Schema) > 0 && ctx.Err() == nil {
			_, _ = s.schemas.Of(t.Name, t.Schema) // a publication is told what is wrong with it
		}
	}
	for w := range config.Webhooks() {
		if ctx.Err() != nil {
			return
		}
		if w.Subscriptions.Filter != "" {
			_, _ = s.filters.of(w)
		}
		if s.sender != nil && w.Delivers() {
			s.sender.Load(w, config.Settings)
		}
	}
}

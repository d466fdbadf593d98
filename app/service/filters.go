package service

import (
	"strings"
	"sync"
	"sync/atomic"

	"hookline/app/deliver"
	"hookline/app/expression"
	"hookline/models"
)

// filters are the webhooks' filters, compiled once (B5). The zero value is ready;
// safe for concurrent use.
type filters struct {
	compiled sync.Map                      // webhook id → *compiledFilter
	config   atomic.Pointer[models.Config] // the configuration they are of
}

// compiledFilter is compiled once, however many publish at that moment.
type compiledFilter struct {
	source  string
	compile func() (*expression.Filter, error)
}

// follow drops the filters of webhooks that the configuration does not have, or has
// with another filter. It reports whether it is a new one.
func (f *filters) follow(config *models.Config) bool {
	if f.config.Load() == config || f.config.Swap(config) == config {
		return false
	}
	f.compiled.Range(func(id, kept any) bool {
		if w := config.Webhook(id.(string)); w == nil || w.Subscriptions.Filter != kept.(*compiledFilter).source {
			f.compiled.Delete(id)
		}
		return true
	})
	return true
}

// of is the webhook's filter; it has one.
func (f *filters) of(w *models.Webhook) (*expression.Filter, error) {
	source := w.Subscriptions.Filter
	if found, ok := f.compiled.Load(w.ID); ok {
		if hit := found.(*compiledFilter); hit.source == source {
			return hit.compile()
		}
	}
	fresh := &compiledFilter{source, sync.OnceValues(func() (*expression.Filter, error) { return expression.CompileFilter(source) })}
	f.compiled.Store(w.ID, fresh)
	return fresh.compile()
}

// sieve decides which webhooks want an event. What the filters read is looked up
// once for all of them, and not at all when there is none. It is for one goroutine.
type sieve struct {
	filters *filters
	config  *models.Config
	event   *models.Event
	env     *expression.Env
	reading float64 // of env, at its start
}

func (d deps) sieve(config *models.Config, e *models.Event) sieve {
	return sieve{filters: d.filters, config: config, event: e}
}

// match decides for one filter alone. One that cannot tell, because it fails on this
// event or is too much work, lets it through: a request too many can be seen and
// mended, one too few is noticed by nobody. fault then says why it could not tell; it
// names no values.
func (s *sieve) match(f *expression.Filter) (is bool, fault string) {
	is, err := f.Match(s.values())
	if err != nil {
		return true, sentenceOfFault(err)
	}
	return is, ""
}

// values are what a filter may name: as templates, but of no webhook.
func (s *sieve) values() *expression.Env {
	if s.env == nil {
		t, known := s.config.EventType(s.event.Type)
		if !known {
			t.Name = s.event.Type
		}
		s.env = expression.NewEnv(deliver.ValuesOf(deliver.Input{Event: *s.event, Type: t, Settings: s.config.Settings}))
		s.env.AllowReading(s.reading)
	}
	return s.env
}

func sentenceOfFault(err error) string {
	text := err.Error()
	if text != "" && !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// checkFilterText refuses a filter that cannot be compiled, with the place and how to
// mend it, and one that is in doubt unless it was there before. It returns the filter;
// nil where there is none.
func checkFilterText(source, before string, errs *models.FieldErrors) *expression.Filter {
	if source == "" {
		return nil
	}
	if len(source) > models.MaxFilter {
		errs.Add("subscriptions.filter", "Keep the filter under %d KiB.", models.MaxFilter>>10)
		return nil
	}
	f, err := expression.CompileFilter(source)
	if err == nil && f.Doubt() != nil && source != before {
		err = f.Doubt()
	}
	if err != nil {
		errs.Add("subscriptions.filter", "%s", sentenceOfFault(err))
	}
	return f
}

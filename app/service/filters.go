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

// matcher evaluates filters on one event. What the filters read is looked up once
// for all of them, and not at all without a filter. It is for one goroutine.
type matcher struct {
	filters *filters
	config  *models.Config
	event   *models.Event
	env     *expression.Env
	reading float64 // the budget of env for reading
	budget  float64 // of each filter
	tooMuch string  // the fault of a filter whose budget is a share
	spent   float64
}

func (d deps) matcher(config *models.Config, e *models.Event) matcher {
	return matcher{
		filters: d.filters, config: config, event: e,
		reading: eventBudget * readingShare, budget: filterBudget, tooMuch: tooMuchForEvent,
	}
}

// values are what a filter may name: those of templates, but of no webhook.
func (m *matcher) values() *expression.Env {
	if m.env == nil {
		t, known := m.config.EventType(m.event.Type)
		if !known {
			t.Name = m.event.Type
		}
		m.env = expression.NewEnv(deliver.ValuesOf(deliver.Input{Event: *m.event, Type: t, Settings: m.config.Settings}))
		m.env.AllowReading(m.reading)
	}
	return m.env
}

func sentenceOfFault(err error) string {
	text := err.Error()
	if text != "" && !strings.HasSuffix(text, ".") {
		text += "."
	}
	return text
}

// checkFilterText refuses a filter that cannot be compiled, with the place and how to
// mend it. A filter that is in doubt or too heavy is refused unless it was saved before.
// It returns the filter; nil where there is none.
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
	switch {
	case err == nil && source != before && tooHeavy(f):
		errs.Add("subscriptions.filter", "This takes too long whatever the event holds. Write smaller ranges, and no loop within a loop.")
	case err != nil:
		errs.Add("subscriptions.filter", "%s", sentenceOfFault(err))
	}
	return f
}

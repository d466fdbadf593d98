package service

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// heavyAndLight are 60 webhooks with filters that are as much work as they may be,
// each other way, and light ones before, between and after them.
func heavyAndLight() (list []*models.Webhook) {
	heavy := []string{
		`count(data.l, {count(data.l, {# == 7}) > 100000}) > 1`,
		strings.Repeat(`len(data.l) == 7 or `, 100) + `any(1..10000, any(1..10000, # == 0))`,
		strings.Repeat(`data.l[-1] == 7 or `, 30) + `any(1..10000, any(1..10000, # == 0))`,
		`any(map(1..10000, data.l), # == 7) or len(map(1..10000, map(1..10000, string(#)))) == 1`,
	}
	for i := range 60 {
		list = append(list, webhookFiltered(fmt.Sprint("heavy", i), heavy[i%len(heavy)]))
		if i%6 == 5 {
			list = append(list, webhookFiltered(fmt.Sprint("light", i), `data.kind == "paid" and data.n > 5`))
		}
	}
	return list
}

func webhookFiltered(id, filter string) *models.Webhook {
	return &models.Webhook{ID: id, Subscriptions: models.Subscriptions{All: true, Filter: filter}}
}

func denseEvent() *models.Event {
	return &models.Event{Type: "x", Data: []byte(`{"kind":"paid","n":4,"l":[` + strings.Repeat(`1,`, 430_000) + `1]}`)}
}

// 60 heavy filters on an event of 0.9 MB are no more work than 4: those that it does
// not suffice for let the event through and say so. The light ones decide all the
// same, wherever they stand.
func TestB5_HeavyFiltersShareOneBudget(t *testing.T) {
	d := deps{filters: new(filters)}
	list, used := heavyAndLight(), 0.0
	decisions := d.decide(&models.Config{}, list, denseEvent(), &used)
	decided := 0
	for i, v := range decisions {
		if strings.HasPrefix(list[i].ID, "light") {
			require.Equal(t, decision{}, v, list[i].ID)
			decided++
			continue
		}
		require.True(t, v.wanted)
		require.Contains(t, v.fault, "too long")
	}
	require.Equal(t, 10, decided)
	require.Greater(t, used, eventBudget/2)
	require.LessOrEqual(t, used, eventBudget+0.2, "the last one may go on to the end of a list")
}

// A heavy filter alone has no more than its own small budget, which the other
// webhooks' filters do not change while there are few.
func TestB5_AFilterHasASmallBudget(t *testing.T) {
	d := deps{filters: new(filters)}
	all, used := heavyAndLight(), 0.0
	for _, list := range [][]*models.Webhook{all[:1], all[:5]} {
		used = 0
		for _, v := range d.decide(&models.Config{}, list, denseEvent(), &used) {
			require.True(t, v.wanted)
			require.Contains(t, v.fault, "This takes too long")
		}
		require.Greater(t, used, filterBudget*float64(len(list))*0.9)
		require.LessOrEqual(t, used, filterBudget*float64(len(list))+eventBudget*readingShare)
	}
}

// A batch is bounded so too, and still the light ones decide on its last event.
func TestB5_LightFiltersDecideOnEveryEventOfABatch(t *testing.T) {
	d := deps{filters: new(filters)}
	list, used := heavyAndLight(), 0.0
	e := &models.Event{Type: "x", Data: []byte(`{"kind":"paid","n":4,"l":[1` + strings.Repeat(`,1`, 5000) + `]}`)}
	before := 0.0
	for range 12 {
		before = used
		for i, v := range d.decide(&models.Config{}, list, e, &used) {
			require.Equal(t, strings.HasPrefix(list[i].ID, "heavy"), v.wanted, "%s: %s", list[i].ID, v.fault)
		}
	}
	require.LessOrEqual(t, used-before, 2*leastBudget)
	require.LessOrEqual(t, used, batchBudget+12*2*leastBudget)
}

// The share of each in the first round is small when there are many, and nobody is
// left without a verdict.
func TestB5_ThousandsOfFiltersAreBounded(t *testing.T) {
	d := deps{filters: new(filters)}
	var list []*models.Webhook
	for i := range 2000 {
		list = append(list, webhookFiltered(fmt.Sprint("heavy", i), `any(1..10000, any(1..10000, # == 0))`))
	}
	list = append(list, webhookFiltered("light", `data.kind == "free"`))
	used := 0.0
	decisions := d.decide(&models.Config{}, list, denseEvent(), &used)
	require.Equal(t, decision{}, decisions[2000])
	for _, v := range decisions[:2000] {
		require.True(t, v.wanted)
		require.NotEmpty(t, v.fault)
	}
	require.LessOrEqual(t, used, eventBudget+0.2)
}

// The compiled filter of a webhook goes with it, at the next event of any webhook.
func TestB5_CompiledFiltersGoWithTheirWebhooks(t *testing.T) {
	var f filters
	a, b := webhookFiltered("a", "data.n == 1"), webhookFiltered("b", "data.n == 2")
	config := func(list ...*models.Webhook) *models.Config {
		return models.NewConfig(1, models.Settings{}, models.Access{}, list, nil, nil)
	}
	kept := func() (ids []string) {
		f.compiled.Range(func(id, _ any) bool { ids = append(ids, id.(string)); return true })
		return ids
	}
	first := config(a, b)
	require.True(t, f.follow(first))
	for _, w := range []*models.Webhook{a, b} {
		_, err := f.of(w)
		require.NoError(t, err)
	}
	require.False(t, f.follow(first))
	require.Len(t, kept(), 2)
	require.True(t, f.follow(config(a, webhookFiltered("b", ""))))
	require.Equal(t, []string{"a"}, kept())
	require.True(t, f.follow(config()))
	require.Empty(t, kept())
}

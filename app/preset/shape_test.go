package preset_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/preset"
	"hookline/app/schema"
	"hookline/app/service"
	"hookline/models"
)

// answersOf are what a person might answer, with what could break JSON or begin a
// template.
func answersOf(p preset.Preset) map[string]string {
	answers := map[string]string{}
	for _, f := range p.Fields {
		switch f.Kind {
		case preset.Text:
			answers[f.Name] = `A "title" \ {{event.nosuch {{ }} {`
		case preset.LongText:
			answers[f.Name] = "One {{data}}\ntwo\t\"three\""
		default:
			answers[f.Name] = f.Default
		}
	}
	return answers
}

func leastOf(p preset.Preset) map[string]string {
	answers := map[string]string{}
	for _, f := range p.Fields {
		if answers[f.Name] = f.Default; f.Required && f.Default == "" {
			answers[f.Name] = "tmpl_12345"
		}
	}
	return answers
}

func lastOf(r *apptest.Receiver) []byte {
	got := r.Got()
	return got[len(got)-1].Body
}

// Each preset, answered with little and with much, sends what its service
// documents: every sample of the catalog, by the real sender, to a real receiver.
func TestI14_EveryPresetSendsItsServicesShape(t *testing.T) {
	e := apptest.NewEngine(t, apptest.Options{})
	for _, p := range preset.All() {
		if p.ID == preset.CustomID {
			continue
		}
		source, err := os.ReadFile("shapes/" + p.ID + ".json")
		require.NoError(t, err, "every preset has a documented shape")
		shape, err := schema.Compile(source)
		require.NoError(t, err, p.ID)
		for name, answers := range map[string]map[string]string{"little": leastOf(p), "much": answersOf(p)} {
			t.Run(p.ID+" with "+name, func(t *testing.T) { sendsItsShape(t, e, p, answers, shape) })
		}
	}
}

func sendsItsShape(t *testing.T, e *apptest.Engine, p preset.Preset, answers map[string]string, shape *schema.Schema) {
	r := apptest.NewReceiver(t)
	filled, faults := p.Fill(answers)
	require.Empty(t, faults)
	types, err := service.StarterCatalog()
	require.NoError(t, err)
	w := e.AddWebhook(t, r.URL, func(d *service.WebhookDraft) {
		d.Settings.Method, d.Settings.Params, d.Settings.Body = filled.Method, filled.Params, filled.Body
		d.Settings.Signing, d.Settings.Retry = filled.Signing, filled.Retry
		d.Settings.Subscriptions = models.Subscriptions{}
	})
	for _, et := range append(types, models.EventType{Name: types[0].Name, Sample: bigSample()}) {
		got, err := e.Webhooks.Test(t.Context(), apptest.System, w.ID, service.TestInput{EventType: et.Name, Data: et.Sample})
		require.NoError(t, err)
		require.Equal(t, models.Succeeded, got.Delivery.State, "%s: %s", et.Name, got.Delivery.Last.Error)
		body := lastOf(r)
		require.True(t, json.Valid(body), "%s", body)
		require.NoError(t, shape.Check(body), "%s: %s", et.Name, body)
		if title := answers["title"]; title != "" {
			require.Contains(t, string(body), asJSON(title), "answers go in as they stand")
		}
	}
}

// bigSample is one that no service would take whole, with what ends a text early.
func bigSample() json.RawMessage {
	list := make([]string, 2000)
	for i := range list {
		list[i] = fmt.Sprintf("entry %d ``` é <!channel> @everyone {{event.id}}", i)
	}
	raw, _ := json.Marshal(map[string]any{"list": list})
	return raw
}

func asJSON(text string) string {
	raw, _ := json.Marshal(text)
	return string(raw[1 : len(raw)-1])
}

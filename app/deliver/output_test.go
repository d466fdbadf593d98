package deliver

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// trust.md: what one request renders has one total, checked as it grows, whichever
// parts it is for: fifty of a megabyte cost no more than one.
func TestTrust_OneTotalForARequest(t *testing.T) {
	b := newRig(t)
	const size = 900 << 10
	value := []byte(`{"v":"` + strings.Repeat("x", size) + `","half":"` + strings.Repeat("y", 600<<10) + `"}`)
	fifty := func(format string) (list []models.Param) {
		for i := range models.MaxParams {
			list = append(list, models.Param{Name: fmt.Sprintf("p%d", i), Value: format})
		}
		return list
	}
	parts := map[string]func(w *models.Webhook){
		"parameters": func(w *models.Webhook) { w.Params = fifty("{{data.v}}") },
		"headers": func(w *models.Webhook) {
			for i := range models.MaxHeaders {
				w.Headers = append(w.Headers, models.Header{Name: fmt.Sprintf("X-H%d", i), Value: "{{len(upper(data.v))}}{{data.v}}"})
			}
		},
		"form": func(w *models.Webhook) { w.Body = models.Body{Format: models.BodyForm, Fields: fifty("{{data.v}}")} },
		"URL":  func(w *models.Webhook) { w.URL += "?" + strings.Repeat("{{data.v}}", 50) },
		"raw": func(w *models.Webhook) {
			w.Body = models.Body{Format: models.BodyRaw, Template: strings.Repeat("{{data.v}}", 50)}
		},
		"JSON": func(w *models.Webhook) {
			w.Body = models.Body{Format: models.BodyJSON, Template: `["` + strings.Repeat(`{{data.v}}","`, 50) + `"]`}
		},
		"custom": func(w *models.Webhook) {
			var members []string
			for i := range 50 {
				members = append(members, fmt.Sprintf(`"m%d":"{{data.v}}"`, i))
			}
			w.Body = models.Body{Format: models.BodyMerged, Custom: "{" + strings.Join(members, ",") + "}"}
		},
		"header and body": func(w *models.Webhook) {
			w.Headers = []models.Header{{Name: "X-A", Value: `{{data.half[0:10]}}`}}
			w.URL += "?a={{data.half}}"
			w.Body = models.Body{Format: models.BodyRaw, Template: "{{data.half}}"}
		},
	}
	for name, part := range parts {
		in := b.input("https://hooks.example.com/a")
		in.Event.Data = value
		part(in.Webhook)
		_, err := b.Preview(in) // what is prepared once is prepared
		require.Error(t, err, name)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err = b.Preview(in)
		runtime.ReadMemStats(&after)
		require.Error(t, err, name)
		require.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(24<<20), name)
	}
	in := b.input("https://hooks.example.com/a")
	in.Event.Data = value
	in.Webhook.Body = models.Body{Format: models.BodyRaw, Template: "{{data.v}}"}
	p, err := b.Preview(in)
	require.NoError(t, err)
	require.Equal(t, size, p.Bytes)
}

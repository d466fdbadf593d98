package template_test

import (
	"strings"
	"testing"

	"hookline/app/template"
)

var order = template.Values{
	Event:   []byte(`{"id":"evt_1","type":"order.paid","occurred_at":"2026-06-23T09:30:00Z"}`),
	Data:    []byte(`{"id":"ord_1","price":19.90,"currency":"EUR","customer":{"name":"Ada","email":"ada@example.com"},"note":"` + strings.Repeat("x", 900) + `"}`),
	Contact: []byte(`{"email":"ada@example.com","first_name":"Ada"}`),
}

// BenchmarkH4_JSON renders five paths of a 1 KiB event, as an attempt does.
func BenchmarkH4_JSON(b *testing.B) {
	t, err := template.CompileJSON(`{"type":"{{event.type}}","order":"{{data.id}}","price":"{{data.price}}","to":"{{contact.email}}","text":"Thanks, {{data.customer.name}}"}`)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := t.Render(template.NewContext(order)); err != nil {
			b.Fatal(err)
		}
	}
}

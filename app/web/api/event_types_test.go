package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCatalogIsKeptByAPIZ4(t *testing.T) {
	d := newDesk(t)
	all := d.call("GET", "/api/v1/event-types", "").is(200)
	require.Nil(t, all["next_cursor"])
	require.NotEmpty(t, all["data"])

	made := d.call("POST", "/api/v1/event-types", `{"name":"order.line_paid","category":"orders","sample":{"total": 1.50,"s":"\u0041"}}`)
	require.Equal(t, "/api/v1/event-types/order.line_paid", made.header.Get("Location"))
	require.Equal(t, `{"name":"order.line_paid","category":"orders","title":"Order line paid","description":"","sample":{"total":1.50,"s":"\u0041"},"archived":false}`, made.body)
	d.call("POST", "/api/v1/event-types", made.body).problem(409)

	got := d.call("GET", "/api/v1/event-types/order.line_paid", "").body
	require.Equal(t, got, d.call("PUT", "/api/v1/event-types/order.line_paid", got).body, "a whole document may be sent back")
	v := d.call("PUT", "/api/v1/event-types/order.line_paid", `{"category":"orders","title":"Paid","description":"x"}`).is(200)
	require.Equal(t, "Paid", v["title"])
	d.publish(`{"type":"order.line_paid","data":{}}`)

	require.Equal(t, 204, d.call("DELETE", "/api/v1/event-types/order.line_paid", "").status)
	require.Equal(t, true, d.call("GET", "/api/v1/event-types/order.line_paid", "").is(200)["archived"])
	_, fields := d.call("POST", "/api/v1/events", `{"type":"order.line_paid","data":{}}`).problem(422)
	require.Contains(t, fields["type"], "archived")
	d.call("PUT", "/api/v1/event-types/order.line_paid", `{"category":"orders"}`).is(200)
	d.publish(`{"type":"order.line_paid","data":{}}`)
	require.Equal(t, "New one", d.call("PUT", "/api/v1/event-types/new.one", `{"category":"orders"}`).is(200)["title"])
}

func TestBadEventTypesAreRefusedAndNothingIsStored(t *testing.T) {
	d := newDesk(t)
	before := d.counts()
	for name, c := range map[string]struct{ body, field, says string }{
		"no name":         {`{"category":"orders"}`, "name", "lower-case words"},
		"one word":        {`{"name":"paid","category":"orders"}`, "name", "joined by dots"},
		"capitals":        {`{"name":"Order.paid","category":"orders"}`, "name", "lower-case"},
		"no category":     {`{"name":"order.paid"}`, "category", "one lower-case word"},
		"category number": {`{"name":"order.paid","category":1}`, "category", "Give a string"},
		"title too long":  {`{"name":"order.paid","category":"orders","title":"` + strings.Repeat("x", 201) + `"}`, "title", "200 bytes"},
		"title with NUL":  {`{"name":"order.paid","category":"orders","title":"a\u0000"}`, "title", "control"},
		"sample list":     {`{"name":"order.paid","category":"orders","sample":[]}`, "sample", "JSON object"},
		"archived string": {`{"name":"order.paid","category":"orders","archived":"no"}`, "archived", "true or false"},
		"unknown":         {`{"name":"order.paid","category":"orders","schema":{}}`, "schema", "Known are name, category"},
	} {
		_, fields := d.call("POST", "/api/v1/event-types", c.body).problem(422)
		require.Contains(t, fields[c.field], c.says, name)
	}
	d.call("POST", "/api/v1/event-types", `{"name":"order.paid","category":"orders","sample":{"a":1,"a":2}}`).problem(400)
	_, fields := d.call("PUT", "/api/v1/event-types/order.paid", `{"name":"other.name","category":"orders"}`).problem(422)
	require.Contains(t, fields, "name")
	d.call("PUT", "/api/v1/event-types/Bad", `{"category":"orders"}`).problem(422)
	require.Equal(t, before, d.counts())
}

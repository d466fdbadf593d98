package api_test

import (
	"fmt"
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
	require.Equal(t, `{"name":"order.line_paid","category":"orders","title":"Order line paid","description":"","sample":{"total":1.50,"s":"\u0041"},"schema":null,"archived":false}`, made.body)
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

// Z4: types are called as their senders call them.
func TestZ4_EventTypeNamesOfSenders(t *testing.T) {
	d := newDesk(t)
	for _, name := range []string{"push", "new", "pull_request", "item-added", "com.acme.Order-Paid", "v1.billing.meter", "ObjectCreated", "2fa", strings.Repeat("x", 128)} {
		d.call("POST", "/api/v1/event-types", `{"name":"`+name+`","category":"mine"}`).is(201)
		require.Equal(t, name, d.call("GET", "/api/v1/event-types/"+name, "").is(200)["name"])
		hook := d.call("POST", "/api/v1/webhooks", `{"name":"N","url":"https://example.com/","subscriptions":{"types":["`+name+`"],"filter":"event.type == \"`+name+`\""}}`).is(201)["id"].(string)
		require.EqualValues(t, "1", fmt.Sprint(d.call("POST", "/api/v1/events", `{"type":"`+name+`","data":{}}`).is(202)["deliveries"]), name)
		for _, list := range []string{"/deliveries?webhook_id=" + hook + "&event_type=" + name, "/events?type=" + name} {
			require.Len(t, d.call("GET", "/api/v1"+list, "").is(200)["data"], 1, list)
		}
		d.call("DELETE", "/api/v1/event-types/"+name, "").is(204)
	}
	d.call("POST", "/api/v1/event-types", `{"name":"Ping","category":"mine"}`).is(201)
	_, fields := d.call("POST", "/api/v1/events", `{"type":"ping","data":{}}`).problem(422)
	require.Contains(t, fields["type"], "no event type", "capitals count")
}

func TestBadEventTypesAreRefusedAndNothingIsStored(t *testing.T) {
	d := newDesk(t)
	before := d.counts()
	for name, c := range map[string]struct{ body, field, says string }{
		"no name":         {`{"category":"orders"}`, "name", "joined by dots"},
		"a space":         {`{"name":"order paid","category":"orders"}`, "name", "joined by dots"},
		"a slash":         {`{"name":"order/paid","category":"orders"}`, "name", "joined by dots"},
		"two dots":        {`{"name":"order..paid","category":"orders"}`, "name", "joined by dots"},
		"a dot at last":   {`{"name":"order.","category":"orders"}`, "name", "joined by dots"},
		"a hyphen first":  {`{"name":"-order","category":"orders"}`, "name", "joined by dots"},
		"a letter beyond": {`{"name":"größe","category":"orders"}`, "name", "joined by dots"},
		"too long":        {`{"name":"` + strings.Repeat("x", 129) + `","category":"orders"}`, "name", "128"},
		"no category":     {`{"name":"order.paid"}`, "category", "one lower-case word"},
		"category number": {`{"name":"order.paid","category":1}`, "category", "Give a string"},
		"title too long":  {`{"name":"order.paid","category":"orders","title":"` + strings.Repeat("x", 201) + `"}`, "title", "200 bytes"},
		"title with NUL":  {`{"name":"order.paid","category":"orders","title":"a\u0000"}`, "title", "control"},
		"sample list":     {`{"name":"order.paid","category":"orders","sample":[]}`, "sample", "JSON object"},
		"archived string": {`{"name":"order.paid","category":"orders","archived":"no"}`, "archived", "true or false"},
		"schema list":     {`{"name":"order.paid","category":"orders","schema":[]}`, "schema", "JSON object"},
		"schema file":     {`{"name":"order.paid","category":"orders","schema":{"$ref":"file:///etc/passwd"}}`, "schema", "outside of itself"},
		"sample unfit":    {`{"name":"order.paid","category":"orders","sample":{"lines":[{}]},"schema":{"properties":{"lines":{"items":{"required":["price"]}}}}}`, "sample.lines[0].price", "required"},
		"unknown":         {`{"name":"order.paid","category":"orders","scheme":{}}`, "scheme", "Known are name, category"},
	} {
		_, fields := d.call("POST", "/api/v1/event-types", c.body).problem(422)
		require.Contains(t, fields[c.field], c.says, name)
	}
	d.call("POST", "/api/v1/event-types", `{"name":"order.paid","category":"orders","sample":{"a":1,"a":2}}`).problem(400)
	_, fields := d.call("PUT", "/api/v1/event-types/order.paid", `{"name":"other.name","category":"orders"}`).problem(422)
	require.Contains(t, fields, "name")
	d.call("PUT", "/api/v1/event-types/-bad", `{"category":"orders"}`).problem(422)
	require.Equal(t, before, d.counts())
}

// Z4: data that does not fit the type's schema is refused, with its path; the
// schema of now counts.
func TestZ4_DataMustFitTheSchema(t *testing.T) {
	d := newDesk(t)
	const schema = `{"type":"object","properties":{"order":{"required":["id"],"properties":{"id":{"type":"integer"}}}}}`
	made := d.call("POST", "/api/v1/event-types", `{"name":"order.paid","category":"orders","sample":{"order":{"id":1}},"schema": `+schema+`}`)
	require.Contains(t, made.body, schema, "as it was written")
	d.publish(`{"type":"order.paid","data":{"order":{"id":7}}}`)
	before := d.counts()
	_, fields := d.call("POST", "/api/v1/events", `{"type":"order.paid","data":{"order":{"id":"7"}}}`).problem(422)
	require.Contains(t, fields["data.order.id"], "want integer")
	batch := d.call("POST", "/api/v1/events/batch", `{"events":[{"type":"order.paid","data":{"order":{}}},{"type":"order.paid","data":{}}]}`).is(202)["results"].([]any)
	require.Contains(t, batch[0].(map[string]any)["error"], "errors")
	require.NotContains(t, batch[1], "error")
	_, _ = before, d.call("PUT", "/api/v1/event-types/order.paid", `{"category":"orders","schema":null}`).is(200)
	d.publish(`{"type":"order.paid","data":{"order":{"id":"7"}}}`)
}

// A category moves with its types and with every subscription to it.
func TestZ4_RenameCategory(t *testing.T) {
	d := newDesk(t)
	hook := d.call("POST", "/api/v1/webhooks", `{"name":"H","url":"https://example.com","subscriptions":{"categories":["releases"],"types":[]}}`).is(201)["id"].(string)
	require.Equal(t, 204, d.call("PATCH", "/api/v1/event-categories/releases", `{"name":"launches"}`).status)
	require.Equal(t, "launches", d.call("GET", "/api/v1/event-types/release.published", "").is(200)["category"])
	subs := d.call("GET", "/api/v1/webhooks/"+hook, "").is(200)["subscriptions"].(map[string]any)
	require.Equal(t, []any{"launches"}, subs["categories"])
	d.call("PATCH", "/api/v1/event-categories/launches", `{"name":"payments"}`).problem(409)
	d.call("PATCH", "/api/v1/event-categories/launches", `{"name":"Two words"}`).problem(422)
	d.call("PATCH", "/api/v1/event-categories/releases", `{"name":"x"}`).problem(404)
	d.call("GET", "/api/v1/deliveries?webhook_id="+hook, "")
	d.publish(`{"type":"release.published","data":{}}`)
	require.Len(t, d.call("GET", "/api/v1/deliveries?webhook_id="+hook, "").is(200)["data"], 1)
}

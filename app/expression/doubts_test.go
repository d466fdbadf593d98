package expression_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/expression"
)

const named = `{"first-name": "Ada", "detail-type": "order.paid", "unit-price": 19.90, "qty": 3, "iso-8601-date": "2026", "opt-in": true, "is-on": true,
	"first": 5, "count": 7, "a": {"b-c": {"d-e": 1}}, "in-stock": 4, "address-line-1": "x", "next-step": "go", "élan-vital": 1, "list": [{"sku-id": "s"}], "x": "é", "on-hold": null, "status": "paid"}`

// H5: a hyphen between two names without space is part of a name, for nothing else
// could be meant.
func TestH5_NamesWithHyphens(t *testing.T) {
	v := expression.Values{Data: []byte(named), Contact: []byte(`{"first-name": "Bo", "plan": 2}`)}
	for source, want := range map[string]string{
		`data.first-name`:                     `"Ada"`,
		`data["first-name"]`:                  `"Ada"`,
		`contact.first-name`:                  `"Bo"`,
		`first-name`:                          `"Bo"`,
		`upper(data.first-name)`:              `"ADA"`,
		`data.detail-type == "order.paid"`:    `true`,
		`data.unit-price * data.qty`:          `59.7`,
		`2 * data.unit-price + 1`:             `40.8`,
		`!data.is-on`:                         `false`,
		`not data.opt-in`:                     `false`,
		`-data.in-stock`:                      `-4`,
		`data.iso-8601-date`:                  `"2026"`,
		`data.a.b-c.d-e`:                      `1`,
		`data?.a?.b-c?.d-e`:                   `1`,
		`data.address-line-1`:                 `"x"`,
		`data.next-step`:                      `"go"`,
		`data.élan-vital`:                     `1`,
		`data.x + data.first-name`:            `"éAda"`,
		`map(data.list, .sku-id)`:             `["s"]`,
		`data.first-name | upper()`:           `"ADA"`,
		`data.is-on ? data.first-name : "no"`: `"Ada"`,
		`let d = data; d.first-name`:          `"Ada"`,
		`{sku-id: 1}`:                         `{"sku-id":1}`,
		`"data.first-name"`:                   `"data.first-name"`,
		`data.on-hold ?? "none"`:              `"none"`,
		`data.count - 1`:                      `6`,
		`data.count-1`:                        `6`,
		`data.count -1`:                       `6`,
		`data.count - data.first`:             `2`,
		`data.count-data.first`:               `2`, // in doubt, and as it was
		`data.count-len(data.list)`:           `6`,
		`let n = 2; data.count-n`:             `5`,
		`let n = 2; n-1`:                      `1`,
		`reduce([1, 2], #acc-#, 10)`:          `7`,
		`data.count - plan`:                   `5`,
		"data.count /* - */ - 1":              `6`,
		`data.x == "\ua7f7" ? 1 : data.is-on`: `true`,
		`"ꟷ" + data.first-name`:               `"ꟷAda"`,
	} {
		_, got, _ := eval(t, source, v)
		require.Equal(t, want, got, source)
	}
	_, _, missing := eval(t, `data.last-name`, v)
	require.Equal(t, []string{`data["last-name"]`}, missing)
	_, _, missing = eval(t, `last-name`, v)
	require.Equal(t, []string{`contact["last-name"]`}, missing)
}

// H5: what other languages write for nil, true and false is that.
func TestH5_LiteralsOfOtherLanguages(t *testing.T) {
	v := expression.Values{Data: []byte(named)}
	for source, want := range map[string]string{
		`data.none == null`: `true`, `data.first != null`: `true`, `data.is-on == True`: `true`, `data.is-on == FALSE`: `false`,
		`data.none == undefined`: `true`, `data.none ?? None`: `null`, `let null = 1; null`: `1`, `data.first == 5 && data.is-on || false`: `true`,
	} {
		_, got, missing := eval(t, source, v)
		require.Equal(t, want, got, source)
		if source != `data.none ?? None` {
			require.Empty(t, missing, source)
		}
	}
}

// B5, H5: what can be run and is surely not meant is refused when it is saved, with
// what to write.
func TestB5_DoubtfulSources(t *testing.T) {
	both := map[string]string{
		`payload.id == 1`:                 "There is no payload to begin with. Did you mean data?",
		`order.total > 5`:                 "Say where order stands: data.order in the event's data, or contact.order at the participant.",
		`event.status == "x"`:             "There is no event.status: event has id, type, category, title, description, occurred_at and created_at. A field of its data is data.status.",
		`event.data.total > 5`:            "write data, not event.data",
		`webhook.url == "x"`:              "There is no webhook.url: webhook has id and name.",
		`event.type == 5`:                 "This compares text with a number, which are never equal.",
		`len(data.items) == "3"`:          "This compares a number with text, which are never equal.",
		`data == "x"`:                     "This compares an object with text",
		`data.total * 2 == "4"`:           "This compares a number with text",
		`(data.a > 1) == "true"`:          "This compares a bool with text",
		`event-type == "x"`:               `data["event-type"]`,
		`data.meta-data.x == 1`:           `Write data["meta-data"] for the name`,
		`data.user.next-step.id == 1`:     `Write data.user["next-step"] for the name`,
		`any(data.l, .next-step.id == 1)`: `Write #["next-step"] for the name`,
		`status == "paid"`:                `Say where status stands: data.status in the event's data, or contact.status at the participant. A text stands between quotes: "status".`,
		`data.status == paid`:             `A text stands between quotes: "paid".`,
		`first-name == "Ada"`:             `data["first-name"] in the event's data, or contact["first-name"] at the participant`,
		`type == "order.paid"`:            "Write event.type for the event's, or contact.type for the participant's.",
		`occurred_at > "2026"`:            "Write event.occurred_at",
	}
	for source, want := range both {
		p, err := expression.Compile(source)
		require.NoError(t, err, source)
		require.NotNil(t, p.Doubt(), source)
		require.Contains(t, p.Doubt().Message, want, source)
		f, err := expression.CompileFilter(source)
		require.NoError(t, err, source)
		require.NotNil(t, f.Doubt(), source)
		require.Contains(t, f.Doubt().Message, want, source)
	}
	for source, want := range map[string]string{
		`active`: "Say where active stands", `not vip`: "Say where vip stands", `data.x in [open, "b"]`: "Say where open stands", `any(tags, # == "x")`: "Say where tags stands",
	} {
		f, err := expression.CompileFilter(source)
		require.NoError(t, err, source)
		require.Contains(t, f.Doubt().Message, want, source)
	}
	for _, source := range []string{`email`, `firstName`, `upper(firstName)`, `"Hello " + firstName + "!"`, `firstName ?? data.name`, `last-name`} {
		p, err := expression.Compile(source)
		require.NoError(t, err, source)
		require.Nil(t, p.Doubt(), "a field of the participant is written alone: %s", source)
	}
}

func TestB5_FiltersThatAreNotInDoubt(t *testing.T) {
	for _, source := range []string{
		`data.count == 3`, `event.type == "a.b"`, `contact.plan == "pro"`, `data.first-name == "Ada"`, `any(data.items, .price > 10)`, `any(data.items, # == "x")`,
		`data.a == nil`, `data.a != null`, `len(data.items) == 3`, `"a" + data.x == "ab"`, `data.x + 1 == "a1"`, `min(data.a) == "a"`, `data.x[0:2] == "ab"`,
		`let s = data.status; s == "paid"`, `data.a == data.b`, `"x" in data.tags`, `(event.title ?? "") == ""`, `upper(data.x) == "A"`, `-data.x == 5`,
		`steps.lookup.status == 200`, `workflow.key == "x"`, `opportunity == "x"`, `formatDate(event.occurred_at, "HH") == "10"`, `round(data.x, 2) == 1.25`, `event.type > "a"`,
	} {
		f, err := expression.CompileFilter(source)
		require.NoError(t, err, source)
		require.Nil(t, f.Doubt(), "%s: %v", source, f.Doubt())
	}
}

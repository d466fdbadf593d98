package views_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func (s session) form(t *testing.T) {
	t.Run("header rows can be added without end", func(t *testing.T) {
		add := chromedp.Click("[data-add-pair=headers]")
		see(t, s.ctx, s.at("form-edit"), steps(add, add, add, add),
			`document.querySelectorAll("[data-pairs=headers] > .pair:not(.spare)").length === 6 && document.querySelectorAll("[name='headers.5.value']").length === 1 && document.activeElement.name === "headers.5.name"`)
	})
	secretRow := func(value, readOnly, secret, button string) string {
		return `(([v, s, b]) => v.value === "` + value + `" && v.readOnly === ` + readOnly + ` && s.checked === ` + secret + ` && b.textContent === "` + button +
			`")(["#f-headers-1-value", "#f-headers-1-secret", "[data-pairs=headers] > .pair:nth-child(2) [data-secret-change]"].map((q) => document.querySelector(q)))`
	}
	t.Run("D4: what stops being secret is asked for again, and can stay as it was", func(t *testing.T) {
		see(t, s.ctx, s.at("form-edit"), nil, secretRow("***", "true", "true", "Replace"))
		off := chromedp.Click("#f-headers-1-secret")
		see(t, s.ctx, s.at("form-edit"), steps(off), secretRow("", "false", "false", "Cancel"))
		s.shot(t, s.ctx, "secret-off")
		cancel := chromedp.Click("[data-pairs=headers] > .pair:nth-child(2) [data-secret-change]")
		see(t, s.ctx, s.at("form-edit"), steps(off, cancel), secretRow("***", "true", "true", "Replace"))
	})
	t.Run("D4: a secret is replaced as a whole, and Escape keeps it", func(t *testing.T) {
		replace := chromedp.Click("[data-pairs=headers] > .pair:nth-child(2) [data-secret-change]")
		typed := chromedp.SendKeys("#f-headers-1-value", "new value")
		see(t, s.ctx, s.at("form-edit"), steps(replace, typed), secretRow("new value", "false", "true", "Cancel"))
		see(t, s.ctx, s.at("form-edit"), steps(replace, typed, chromedp.SendKeys("#f-headers-1-value", "\x1b")), secretRow("***", "true", "true", "Replace"))
	})
	t.Run("the fields of a new key show when it is asked for", func(t *testing.T) {
		see(t, s.ctx, s.at("form-edit"), nil, `!document.querySelector("#f-signing-secret").checkVisibility() && !document.querySelector("#f-signing-overlap").checkVisibility()`)
		see(t, s.ctx, s.at("form-edit"), steps(chromedp.Click("#f-signing-key-enter")), `document.querySelector("#f-signing-secret").checkVisibility() && document.querySelector("#f-signing-overlap").checkVisibility()`)
		s.shot(t, s.ctx, "key-enter")
		see(t, s.ctx, s.at("form-edit"), steps(chromedp.Click("#f-signing-key-make")), `!document.querySelector("#f-signing-secret").checkVisibility() && document.querySelector("#f-signing-overlap").checkVisibility()`)
	})
}

func (s session) payload(t *testing.T) {
	t.Run("Z5: a fault in the payload is told by line while one types", func(t *testing.T) {
		typed := `(() => { const area = document.querySelector("#test-data"); area.value = %s; area.dispatchEvent(new Event("input", { bubbles: true })); %s })()`
		for text, want := range map[string]string{ // in the words of form.JSONObject
			"{\n  \"a\": 1,\n  \"b\": tru\n}": "Line 3, column 11: this is not valid JSON",
			"\n\n{\"a\": tru}":                "Line 3, column 10: this is not valid JSON",
			"{\"a\": 1,}":                     "Line 1, column 8: this is not valid JSON",
			"{\"a\": 1, \"a\": 2}":            "Line 1, column 10: the name \"a\" is there twice",
			"{\"a\": \"x":                     "Line 1, column 9: the JSON ends too early",
			"{\"a\": [1":                      "the JSON ends too early",
			"{\"ü\": x}":                      "Line 1, column 7: this is not valid JSON",
			`{"a": "\q"}`:                     "Line 1, column 9: this is not valid JSON",
			"{} {}":                           "Line 1, column 4: one object is enough",
			"[1]":                             "This must be a JSON object",
			" ":                               "Enter a JSON object",
			strings.Repeat(`{"a":`, 70):       "nested more than 64",
			` {"a": [1.10e5, -0, true, null, {}, []], "ü\u00e4": "\""} `: "Valid JSON",
		} {
			see(t, s.ctx, s.at("test"), nil, fmt.Sprintf(typed, strconv.Quote(text), "return document.querySelector('[data-json-state]').textContent.includes("+strconv.Quote(want)+")"))
		}
		formatted := strconv.Quote("{\n  \"n\": 1.10,\n  \"l\": [],\n  \"o\": {\n    \"s\": \"a, {b}: c\"\n  }\n}")
		see(t, s.ctx, s.at("test"), nil, fmt.Sprintf(typed, strconv.Quote(`{"n":1.10,"l":[],"o":{"s":"a, {b}: c"}}`), `document.querySelector("[data-json-format]").click(); return area.value === `+formatted))
	})
}

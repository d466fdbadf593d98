package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"hookline/app/service"
	"hookline/models"
)

// program calls the API as an admin.
type program struct {
	t     *testing.T
	site  *site
	token string
}

func (s *site) program() program {
	token, _, err := s.svc.Tokens.Create(s.t.Context(), system, "program", []models.Scope{models.Admin}, time.Time{})
	require.NoError(s.t, err)
	return program{s.t, s, token}
}

func (p program) in(t *testing.T) program { return program{t, p.site, p.token} }

func (p program) call(method, path string, in any) string {
	p.t.Helper()
	body, err := json.Marshal(in)
	require.NoError(p.t, err)
	req, err := http.NewRequest(method, p.site.URL+"/api/v1"+path, strings.NewReader(string(body)))
	require.NoError(p.t, err)
	req.Header.Set("Authorization", "Bearer "+p.token)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	require.NoError(p.t, err)
	defer func() { _ = res.Body.Close() }()
	answer, err := io.ReadAll(res.Body)
	require.NoError(p.t, err)
	require.Less(p.t, res.StatusCode, 300, "%s %s: %s", method, path, answer)
	return string(answer)
}

func (p program) made(path string, in any) string {
	p.t.Helper()
	var out struct{ ID string }
	require.NoError(p.t, json.Unmarshal([]byte(p.call(http.MethodPost, path, in)), &out))
	return out.ID
}

// asBrowsersSend is what a browser posts of an untouched form: it ends lines of text
// areas in CRLF, and leaves them out of fields of one line.
func asBrowsersSend(form *goquery.Selection) url.Values {
	values := formValues(form)
	form.Find("textarea[name]").Each(func(_ int, area *goquery.Selection) {
		name := area.AttrOr("name", "")
		lines := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(values.Get(name))
		values.Set(name, strings.ReplaceAll(lines, "\n", "\r\n"))
	})
	form.Find(`input[type="text"][name], input:not([type])[name]`).Each(func(_ int, line *goquery.Selection) {
		name := line.AttrOr("name", "")
		values.Set(name, strings.NewReplacer("\r", "", "\n", "").Replace(values.Get(name)))
	})
	return values
}

// texts stand in every text that is stored as it is sent.
var texts = map[string]string{
	"CRLF":           "BEGIN:VCARD\r\nFN:{{data.n}}\r\nEND:VCARD\r\n",
	"LF":             "one\ntwo\n",
	"lone CR":        "one\rtwo",
	"mixed":          "a\r\nb\nc\rd\n\re",
	"leading breaks": "\n\r\n\na",
	"trailing":       "a \t \n  ",
	"odd characters": "\u2028 \u00a0\ufeff🔑 ü \u200b a",
	"entities":       "&quot; &amp;lt; <b>\"'</b> </textarea> &#13;",
	"very long":      strings.Repeat("日本語\r\n", 4000),
}

// A form saved untouched changes nothing, whatever bytes stand in it: not what the
// API answers, and not the audit log.
func TestAnUntouchedFormChangesNothing(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	p := s.program()
	for name, text := range texts {
		t.Run(name, func(t *testing.T) {
			short := text[:min(len(text), 1998)]
			line := name + " " + strings.NewReplacer("\r", "", "\n", "", "\t", "", "{{", "{").Replace(short[:min(len(short), 60)]) + "x"
			for path, edit := range untouchedForms(p.in(t), text, short, line) {
				s.leaves(t, b, p.in(t), path, edit)
			}
		})
	}
}

// leaves saves the form of an object and wants nothing to be different.
func (s *site) leaves(t *testing.T, b *browser, p program, path, edit string) {
	t.Helper()
	count := func() int {
		page, err := s.svc.Audit.List(t.Context(), system, models.AuditFilter{}, models.PageRequest{Limit: 200})
		require.NoError(t, err)
		return len(page.Items)
	}
	before, entries := p.call(http.MethodGet, path, nil), count()
	s.clock.add(time.Second)
	form := b.visit(edit).doc.Find(`main form[method="post"]`).FilterFunction(func(_ int, f *goquery.Selection) bool {
		return f.Find("textarea, input[type=text]").Length() > 0 && !strings.HasSuffix(f.AttrOr("action", ""), "/delete")
	}).First()
	a := b.do(http.MethodPost, form.AttrOr("action", ""), asBrowsersSend(form))
	require.Equal(t, http.StatusSeeOther, a.StatusCode, "%s: %s", edit, a.text())
	require.Equal(t, before, p.call(http.MethodGet, path, nil), edit)
	require.Equal(t, entries, count(), "%s: nothing changed, so nothing is in the log", edit)
}

type object = map[string]any

// untouchedForms makes an object of each kind, and returns where the API has it and
// where its form is.
func untouchedForms(p program, text, short, line string) map[string]string {
	p.t.Helper()
	valid := strings.ToValidUTF8(short, "")
	line = strings.ToValidUTF8(line, "")
	pairs := []object{{"name": " a ", "value": valid}, {"name": " a ", "value": valid + "2"}, {"name": "b", "value": " " + valid + " "}}
	jsonText, _ := json.Marshal(text)
	bodies := map[string]object{
		"raw":    {"format": "raw", "template": text + "x", "content_type": "text/vcard"},
		"json":   {"format": "json", "template": "\r\n{\"a\":\r" + string(jsonText) + " }\n"},
		"form":   {"format": "form", "fields": pairs},
		"merged": {"format": "merged", "encoding": "form", "include_identity": true, "user_fields": []string{"a,b", " c", line}, "custom": "{\r\n\"a\": 1\n}"},
		"auto":   {"format": "auto"},
	}
	forms := map[string]string{}
	for _, body := range bodies {
		w := "/webhooks/" + p.made("/webhooks", object{
			"name": line, "description": valid, "url": "https://example.com/a/{{data.b}}?q=%20", "params": pairs, "body": body,
			"headers":       []object{{"name": "X-b", "value": "a\tb"}, {"name": "x-A", "value": "s3cret", "secret": true}, {"name": "X-C", "value": ""}},
			"auth":          object{"kind": "basic", "username": "u \"&quot; x", "password": ""},
			"subscriptions": object{"all": true, "types": []string{"release.published"}, "filter": "data.a ==\r\n1 ||\rtrue"},
			"retry":         object{"preset": "custom", "attempts": 3, "delays_ms": []int{1, 1500}, "retry_on": []string{"5xx", "429"}},
			"timeout_ms":    1234, "rate_limit": object{"per_second": 0.3},
		})
		forms[w] = w + "/edit"
	}
	p.call(http.MethodPut, "/event-types/untouched.one", object{
		"category": "orders", "title": " " + line + " ", "description": valid, "sample": json.RawMessage(`{"a":1.10,"b":` + string(jsonText) + `}`),
		"schema": json.RawMessage(`{"type":"object","description":` + string(jsonText) + `}`),
	})
	forms["/event-types/untouched.one"] = "/event-types/untouched.one/edit"
	person := "/participants/" + p.made("/participants", object{
		"identifiers": json.RawMessage(`{ "sp ace " : "\u0041 b ", "x":"` + "é" + `"}`), "fields": json.RawMessage(`{"a" : 1.10, "b":` + string(jsonText) + `}`),
	})
	forms[person] = person
	team := "/teams/" + p.made("/teams", object{"name": line})
	forms[team] = "/team" + team
	connection := "/oauth-connections/" + p.made("/oauth-connections", object{
		"name": line, "client_id": "a \"&quot;\" b", "client_secret": "s", "token_url": "https://auth.example.com/t?a=%20", "scope": "a b",
	})
	forms[connection] = connection
	p.call(http.MethodPatch, "/settings", object{"site_name": line, "site_domain": "example.com"})
	forms["/settings"] = "/settings"
	return forms
}

// The same of an endpoint that captures, and of one's own profile.
func TestAnUntouchedCaptureAndProfileChangeNothing(t *testing.T) {
	s := newSite(t)
	u := s.person(models.Owner)
	b, me := s.signedIn(u), models.Actor{User: &u}
	for name, text := range texts {
		text = text[:min(len(text), 3999)]
		text = strings.ToValidUTF8(strings.Map(func(r rune) rune {
			if r == '\u200b' || r == '\ufeff' {
				return 'x'
			}
			return r
		}, text), "")
		c, err := s.svc.Captures.First(t.Context(), me)
		require.NoError(t, err)
		_, err = s.svc.Captures.Update(t.Context(), me, c.ID, service.CaptureInput{Body: &text})
		require.NoError(t, err, name)
		b.visit("/capture/" + c.ID)
		form := b.page.Find(`form[method="post"][action="/capture/` + c.ID + `"]`).First()
		a := b.do(http.MethodPost, "/capture/"+c.ID, asBrowsersSend(form))
		require.Equal(t, http.StatusSeeOther, a.StatusCode, a.text())
		after, err := s.svc.Captures.Get(t.Context(), me, c.ID)
		require.NoError(t, err)
		require.Equal(t, text, after.Answer.Body, name)
	}
	before, err := s.store.User(t.Context(), u.ID)
	require.NoError(t, err)
	s.clock.add(time.Second)
	for _, page := range []string{"/profile", "/team/users/" + u.ID} {
		b.visit(page)
		require.Equal(t, http.StatusSeeOther, b.submit(page, nil).StatusCode)
	}
	after, err := s.store.User(t.Context(), u.ID)
	require.NoError(t, err)
	before.SeenAt, after.SeenAt = time.Time{}, time.Time{}
	require.Equal(t, before, after)
}

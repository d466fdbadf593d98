package browsertest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
)

// An untouched form that a real browser sends changes nothing, with its script and
// without, for all line breaks, spaces and signs in the texts.
func TestAnUntouchedFormInABrowser(t *testing.T) {
	s := apptest.NewServer(t, nil)
	b := open(t, s)
	b.setUp()
	const odd = "BEGIN:VCARD\r\nN:&quot;{{data.n}}\r\n\t x \u2028🔑 \r\r\n\n </textarea>\r\n  "
	const one = "\r\n two\nlines\r and \t&amp;\u00a0end \n"
	pairs := []object{{"name": " a ", "value": one}, {"name": "b", "value": " "}}
	paths := map[string]string{}
	for _, body := range []object{
		{"format": "raw", "template": "\r\n\n" + odd, "content_type": "text/vcard"}, {"format": "form", "fields": pairs},
		{"format": "json", "template": "\r{\"a\":\r\n 1.10,\n\"b\": \"{{data.x}}\"}\n\n"},
		{"format": "merged", "user_fields": []string{"a,b", " c"}, "custom": "{\r\n \"a\":1.0}\n"},
	} {
		path := "/webhooks/" + made(t, s, "/webhooks", object{
			"name": "Untouched", "description": odd, "url": "https://example.com/{{data.a}}?b=%20c", "params": pairs, "body": body,
			"headers":       []object{{"name": "X-A", "value": "a\tb"}, {"name": "X-B", "value": "s3cret", "secret": true}, {"name": "X-C", "value": ""}},
			"auth":          object{"kind": "basic", "username": "sk_test", "password": ""},
			"subscriptions": object{"all": true, "filter": "data.a == 1 ||\r\n data.b == 2"},
		})
		paths["/api/v1"+path] = path + "/edit"
	}
	person := "/participants/" + made(t, s, "/participants", object{"identifiers": object{" x ": " y "}, "fields": object{"note": odd, "n": 1}})
	paths["/api/v1"+person] = person
	require.Contains(t, []int{http.StatusOK, http.StatusCreated}, s.Call(t, "PUT", "/api/v1/event-types/untouched.one", object{
		"category": "orders", "title": " One ", "description": odd, "sample": object{"note": odd}, "schema": object{"description": one},
	}, nil))
	paths["/api/v1/event-types/untouched.one"] = "/event-types/untouched.one/edit"

	for _, script := range []bool{true, false} {
		if !script {
			b.withoutScript()
		}
		for api, page := range paths {
			var before, after any
			require.Equal(t, 200, s.Call(t, "GET", api, nil, &before))
			b.visit(page)
			if script {
				b.await(`document.readyState === "complete"`)
			}
			b.follow(chromedp.Click(chromedp.CSS(`main form .form-bar button[type="submit"], main form button.btn-primary`)))
			require.False(t, strings.HasSuffix(b.at(), "/edit"), "%s is saved", page)
			require.Equal(t, 200, s.Call(t, "GET", api, nil, &after))
			require.Equal(t, before, after, "%s, script: %v", page, script)
			require.NotContains(t, b.text("main"), "needs a change", page)
		}
	}
	var audit struct{ Data []struct{ Action string } }
	require.Equal(t, 200, s.Call(t, "GET", "/api/v1/audit?limit=200", nil, &audit))
	for _, a := range audit.Data {
		require.NotContains(t, a.Action, ".updated", "nothing changed")
	}
	require.NotEmpty(t, audit.Data)
}

type object = map[string]any

func made(t *testing.T, s *apptest.Server, path string, in object) string {
	t.Helper()
	var out struct{ ID string }
	require.Equal(t, http.StatusCreated, s.Call(t, "POST", "/api/v1"+path, in, &out))
	return out.ID
}

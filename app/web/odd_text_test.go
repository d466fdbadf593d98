package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest/pgtest"
	"hookline/app/web"
	"hookline/models"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// oddTexts are what no database of text can keep, or not every one.
var oddTexts = []string{"a\x00b", "caf\xe9", "\xed\xa0\x80"}

// A13: a NUL, and bytes that are no UTF-8, are the browser's fault on every page:
// in the path, in the query, in every field of every form, and in headers, on both
// databases. The pages are those of the route table, the forms those on them.
func TestA13_OddTextIsRefusedOnEveryPage(t *testing.T) {
	for name, database := range map[string]string{"SQLite": "", "Postgres": pgtest.New(t)} {
		t.Run(name, func(t *testing.T) {
			w := newWorldOn(t, database)
			p := oddPages{browser: w.signedIn(*w.people["owner"]), t: t, seen: map[string]bool{}}
			o := w.objects(receiver(t, http.StatusOK), w.people["member"].ID)
			for _, r := range web.Routes() {
				p.paths(r)
				path := filled(r.Path, o.params(t, r.Path))
				p.query(r, path)
				if r.Method == http.MethodGet {
					p.forms(path)
				}
			}
			require.Greater(t, len(p.seen), 30, "the pages have forms")
		})
	}
}

type oddPages struct {
	*browser
	t    *testing.T
	seen map[string]bool // forms, by what they post to
}

func (p oddPages) refused(a answer, what ...string) {
	p.t.Helper()
	require.GreaterOrEqual(p.t, a.StatusCode, 400, what)
	require.Less(p.t, a.StatusCode, 500, what)
}

func (p oddPages) paths(r web.Route) {
	parts := strings.Split(r.Path, "/")
	for i, part := range parts {
		if !strings.HasPrefix(part, ":") {
			continue
		}
		for _, odd := range oddTexts {
			with := append([]string{}, parts...)
			with[i] = url.PathEscape(odd)
			p.refused(p.do(r.Method, strings.Join(with, "/"), url.Values{}), r.Method, r.Path, part)
		}
	}
}

func (p oddPages) query(r web.Route, path string) {
	for _, odd := range oddTexts {
		p.refused(p.do(r.Method, path+"?"+url.Values{"q": {odd}}.Encode(), url.Values{}), r.Method, r.Path, "q")
		p.refused(p.do(r.Method, path+"?"+url.Values{odd: {"q"}}.Encode(), url.Values{}), r.Method, r.Path, "a name")
	}
}

// forms sends every form of a page once for every field, with odd text in it.
func (p oddPages) forms(path string) {
	a := p.get(path)
	if a.StatusCode != http.StatusOK {
		return
	}
	a.doc.Find("form").Each(func(_ int, form *goquery.Selection) {
		action, method := form.AttrOr("action", path), strings.ToUpper(form.AttrOr("method", http.MethodGet))
		if p.seen[method+action] || action == "/logout" {
			return
		}
		p.seen[method+action] = true
		values := formValues(form)
		for name := range values {
			for _, odd := range oddTexts {
				sent := url.Values{}
				for n, v := range values {
					sent[n] = v
				}
				sent[name] = []string{odd}
				if method == http.MethodGet {
					p.refused(p.get(action+"?"+sent.Encode()), method, action, name)
					continue
				}
				p.refused(p.do(method, action, sent), method, action, name)
			}
		}
	})
}

// Headers that are stored or compared are no way in either.
func TestA13_OddTextInHeaders(t *testing.T) {
	for name, database := range map[string]string{"SQLite": "", "Postgres": pgtest.New(t)} {
		t.Run(name, func(t *testing.T) {
			w := startSiteOn(t, database, nil, func(*http.Server) {})
			w.person(models.Owner)
			for _, header := range []string{"User-Agent", "Referer", "X-Forwarded-For", "Hx-Current-Url", "Accept-Language", "Cookie"} {
				b := w.browser()
				b.get("/login", header, "caf\xe9\xff")
				a := b.post("/login", url.Values{"email": {"owner@example.com"}, "password": {password}}, header, "caf\xe9\xff")
				require.Less(t, a.StatusCode, 500, header)
				require.Less(t, b.get("/webhooks", header, "caf\xe9\xff").StatusCode, 500, header)
			}
			b := w.browser()
			for _, path := range []string{"/capture/in/%00", "/capture/in/%FF", "/invite/%00", "/reset/%FF", "/%00", "/static/%00"} {
				for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodHead} {
					require.Less(t, b.do(method, path, url.Values{}).StatusCode, 500, method+" "+path)
				}
			}
			broken, err := http.NewRequestWithContext(t.Context(), http.MethodPost, w.URL+"/login", strings.NewReader("a=%zz"))
			require.NoError(t, err)
			broken.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res, err := w.Client().Do(broken)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			require.Equal(t, http.StatusBadRequest, res.StatusCode)
		})
	}
}

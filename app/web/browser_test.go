package web_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"hookline/app/service/account"
	"hookline/models"
)

// browser is a person at a site: a cookie jar and the page last seen. It follows
// no redirect by itself, so that tests see them.
type browser struct {
	t    *testing.T
	site *site
	http *http.Client
	page *goquery.Document
	at   string // path of the page
}

func (s *site) browser() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(s.t, err)
	return &browser{t: s.t, site: s, http: &http.Client{
		Jar: jar, Transport: s.Client().Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// signedIn is a browser with a session, without the cost of hashing a password.
func (s *site) signedIn(u models.User) *browser {
	s.t.Helper()
	started, err := s.svc.Accounts.StartSession(context.Background(), u, account.Visitor{Network: "192.0.2.1"})
	require.NoError(s.t, err)
	b := s.browser()
	b.http.Jar.SetCookies(b.url("/"), []*http.Cookie{{Name: "hookline", Value: started.Token, Path: "/"}})
	return b
}

// owner is a browser of a new owner.
func (s *site) owner() *browser { return s.signedIn(s.person(models.Owner)) }

func (b *browser) url(path string) *url.URL {
	u, err := url.Parse(b.site.URL + path)
	require.NoError(b.t, err)
	return u
}

func (b *browser) cookie(name string) string {
	for _, c := range b.http.Jar.Cookies(b.url("/")) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

type answer struct {
	*http.Response
	body string
	doc  *goquery.Document
}

func (a answer) location() string { return a.Header.Get("Location") }

// text is what a person reads, spaces made one.
func (a answer) text() string { return strings.Join(strings.Fields(a.doc.Text()), " ") }

// do sends a request. A whole page becomes the one the browser is at.
func (b *browser) do(method, path string, body url.Values, header ...string) answer {
	b.t.Helper()
	req, err := http.NewRequest(method, b.site.URL+path, strings.NewReader(body.Encode()))
	require.NoError(b.t, err)
	if method != http.MethodGet {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Origin", b.site.URL)
		req.Header.Set("Sec-Fetch-Site", "same-origin")
		req.Header.Set("Referer", b.site.URL+b.at)
	}
	for i := 0; i+1 < len(header); i += 2 {
		req.Header.Set(header[i], header[i+1])
		if header[i+1] == "" {
			req.Header.Del(header[i])
		}
	}
	res, err := b.http.Do(req)
	require.NoError(b.t, err)
	defer func() { _ = res.Body.Close() }()
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/event-stream") {
		return answer{Response: res, doc: goquery.NewDocumentFromNode(&html.Node{Type: html.DocumentNode})} // it has no end
	}
	raw, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	a := answer{Response: res, body: string(raw)}
	a.doc, err = goquery.NewDocumentFromReader(bytes.NewReader(raw))
	require.NoError(b.t, err)
	if a.doc.Find("html head title").Length() > 0 {
		b.page = a.doc
		if method == http.MethodGet {
			b.at = path
		}
	}
	return a
}

func (b *browser) get(path string, header ...string) answer {
	b.t.Helper()
	return b.do(http.MethodGet, path, nil, header...)
}

// visit is get, and wants a page.
func (b *browser) visit(path string) answer {
	b.t.Helper()
	a := b.get(path)
	require.Equal(b.t, http.StatusOK, a.StatusCode, "GET %s: %s", path, a.body)
	return a
}

// csrf is the token on the page the browser is at.
func (b *browser) csrf() string {
	b.t.Helper()
	require.NotNil(b.t, b.page, "visit a page first")
	token, found := b.page.Find(`meta[name="csrf-token"]`).Attr("content")
	require.True(b.t, found)
	return token
}

// post sends fields with the page's token, as a form on it would.
func (b *browser) post(path string, fields url.Values, header ...string) answer {
	b.t.Helper()
	all := url.Values{"csrf": {b.csrf()}}
	for name, values := range fields {
		all[name] = values
	}
	return b.do(http.MethodPost, path, all, header...)
}

// submit sends the page's form with this action as it stands, changed by fields.
// A value of nil leaves a field out.
func (b *browser) submit(action string, fields url.Values, header ...string) answer {
	b.t.Helper()
	form := b.page.Find(`form[method="post"][action="` + action + `"]`).First()
	require.Equal(b.t, 1, form.Length(), "the page has no form that posts to %s", action)
	values := formValues(form)
	for name, v := range fields {
		values[name] = v
		if v == nil {
			delete(values, name)
		}
	}
	return b.do(http.MethodPost, action, values, header...)
}

// formValues are what a browser would send of an untouched form.
func formValues(form *goquery.Selection) url.Values {
	values := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, field *goquery.Selection) {
		name, value := field.AttrOr("name", ""), field.AttrOr("value", "")
		switch {
		case goquery.NodeName(field) == "select":
			value = field.Find("option[selected]").AttrOr("value", field.Find("option").First().AttrOr("value", ""))
		case goquery.NodeName(field) == "textarea":
			value = field.Text()
		case field.Is(`[type="checkbox"], [type="radio"]`):
			if _, checked := field.Attr("checked"); !checked {
				return
			}
		}
		values.Add(name, value)
	})
	return values
}

package crashtest

import (
	"bytes"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"
)

// browser keeps cookies, sends what forms hold, and stays where it is told to go.
type browser struct {
	url    string
	client *http.Client
}

func newBrowser(t testing.TB, url string) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	c := newClient()
	c.Jar = jar
	c.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	t.Cleanup(c.CloseIdleConnections)
	return &browser{url: url, client: c}
}

func (b *browser) get(t testing.TB, path string) reply {
	t.Helper()
	return b.do(t, http.MethodGet, path, nil)
}

func (b *browser) post(t testing.TB, path string, form url.Values) reply {
	t.Helper()
	return b.do(t, http.MethodPost, path, form)
}

func (b *browser) do(t testing.TB, method, path string, form url.Values) reply {
	t.Helper()
	req, err := http.NewRequest(method, b.url+path, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	r, err := send(b.client, req)
	require.NoError(t, err)
	return r
}

// form is what the page's form with this action would send if nobody touched it,
// CSRF token and all.
func (b *browser) form(t testing.TB, path, action string) url.Values {
	t.Helper()
	r := b.get(t, path)
	require.Equal(t, http.StatusOK, r.status, "%s: %s", path, r.body)
	page, err := goquery.NewDocumentFromReader(bytes.NewReader(r.body))
	require.NoError(t, err)
	form := page.Find(`form[method="post"][action="` + action + `"]`).First()
	require.Equal(t, 1, form.Length(), "%s has no form that posts to %s", path, action)
	values := url.Values{}
	form.Find("input[name], textarea[name], select[name]").Each(func(_ int, field *goquery.Selection) {
		addField(values, field)
	})
	return values
}

func addField(values url.Values, field *goquery.Selection) {
	name, _ := field.Attr("name")
	_, checked := field.Attr("checked")
	switch kind, _ := field.Attr("type"); {
	case goquery.NodeName(field) == "textarea":
		values.Add(name, field.Text())
	case goquery.NodeName(field) == "select":
		values.Add(name, field.Find("option[selected]").AttrOr("value", field.Find("option").First().AttrOr("value", "")))
	case (kind == "checkbox" || kind == "radio") && !checked:
	default:
		values.Add(name, field.AttrOr("value", "on"))
	}
}

func (b *browser) login(t testing.TB, email, password string) reply {
	t.Helper()
	form := b.form(t, "/login", "/login")
	form.Set("email", email)
	form.Set("password", password)
	r := b.post(t, "/login", form)
	require.Equal(t, http.StatusSeeOther, r.status, "%s", r.body)
	return r
}

// sessionCookie has the installation's own name at its end.
var sessionCookie = regexp.MustCompile(`^hookline-[0-9a-f]{10}$`)

// session is the value of the session's cookie.
func (b *browser) session(t testing.TB) string {
	t.Helper()
	u, err := url.Parse(b.url)
	require.NoError(t, err)
	for _, c := range b.client.Jar.Cookies(u) {
		if sessionCookie.MatchString(c.Name) {
			return c.Value
		}
	}
	t.Fatal("not signed in")
	return ""
}

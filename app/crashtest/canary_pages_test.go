package crashtest

import (
	"bytes"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/stretchr/testify/require"
)

// setUp follows the setup link, first with a mistake.
func (c *canaryScene) setUp(t *testing.T) {
	link := c.p.setupLink(t)
	c.setupToken = setupToken(t, link)
	c.planted.add("setup token", c.setupToken)
	u, err := url.Parse(link)
	require.NoError(t, err)
	password := c.planted.plant("password")
	form := c.owner.form(t, u.RequestURI(), "/setup")
	c.once("setup token") // it is in the form that it opened
	form.Set("email", "nobody")
	form.Set("password", password)
	require.Equal(t, http.StatusUnprocessableEntity, c.owner.post(t, "/setup", form).status)
	c.once("setup token")
	require.Equal(t, http.StatusNotFound, c.owner.get(t, "/setup?token="+c.planted.plant("wrong setup token")).status)

	form = c.owner.form(t, u.RequestURI(), "/setup")
	c.once("setup token")
	for name, value := range map[string]string{
		"site_name": "Canary", "site_domain": "example.com", "name": "Olive", "email": ownerEmail, "password": password,
	} {
		form.Set(name, value)
	}
	require.Equal(t, http.StatusSeeOther, c.owner.post(t, "/setup", form).status)
	c.planted.add("first session", c.owner.session(t))
}

// signInAgain signs in with a password that an operator gave by the command line.
func (c *canaryScene) signInAgain(t *testing.T) {
	password := c.planted.plant("password by command line")
	added := c.site.run(t, password+"\n", "user", "add", "--email", "second@example.com", "--name", "Otto", "--role", "owner")
	require.Zero(t, added.code)
	c.planted.checkNone(t, "what user add prints", []byte(added.stdout+added.stderr))
	form := c.owner.form(t, "/webhooks", "/logout")
	require.Equal(t, http.StatusSeeOther, c.owner.post(t, "/logout", form).status)
	form = c.owner.form(t, "/login", "/login")
	form.Set("email", "second@example.com")
	form.Set("password", c.planted.plant("wrong password"))
	require.Equal(t, http.StatusUnauthorized, c.owner.post(t, "/login", form).status)
	c.owner.login(t, "second@example.com", password)
	c.planted.add("second session", c.owner.session(t))
}

// byPages makes and edits webhooks in the form, right and wrong.
func (c *canaryScene) byPages(t *testing.T) {
	fill := func(form url.Values, name, target string) {
		form.Set("name", "By form")
		form.Set("url", target)
		form.Set("subscriptions.all", "true")
		form.Set("headers.0.name", "X-Form-Key")
		form.Set("headers.0.value", c.planted.plant(name+" form header"))
		form.Set("headers.0.secret", "true")
		form.Set("signing.secret", c.planted.plant(name+" form key"))
		form.Del("action")
	}
	form := c.owner.form(t, "/webhooks/new", "/webhooks")
	fill(form, "refused", "ftp://nowhere")
	require.Equal(t, http.StatusUnprocessableEntity, c.owner.post(t, "/webhooks", form).status)
	fill(form, "adding", c.echo.URL)
	form.Set("action", "add_header")
	require.Equal(t, http.StatusOK, c.owner.post(t, "/webhooks", form).status)
	fill(form, "created", c.echo.URL)
	at := c.owner.post(t, "/webhooks", form).header.Get("Location")
	require.Regexp(t, `^/webhooks/wh_`, at)

	form = c.owner.form(t, at+"/edit", at)
	require.Equal(t, "***", form.Get("headers.0.value"))
	require.Equal(t, http.StatusSeeOther, c.owner.post(t, at, form).status)
	form = c.owner.form(t, at+"/edit", at)
	fill(form, "rotated", c.echo.URL)
	require.Equal(t, http.StatusSeeOther, c.owner.post(t, at, form).status)
	form = c.owner.form(t, at+"/edit", at)
	form.Del("headers.0.secret")
	form.Set("headers.0.value", "***")
	require.Equal(t, http.StatusUnprocessableEntity, c.owner.post(t, at, form).status)

	test := c.owner.post(t, at+"/test", c.owner.form(t, at+"/test", at+"/test"))
	require.Equal(t, http.StatusOK, test.status)
	require.Contains(t, string(test.body), "X-Echo-X-Form-Key", "the echo is on the page")
	c.shownOnPages(t, at)
}

// shownOnPages: a key and a token that Hookline makes are each on one page, once.
func (c *canaryScene) shownOnPages(t *testing.T, at string) {
	t.Helper()
	r := c.owner.post(t, at+"/duplicate", c.owner.form(t, at, at+"/duplicate"))
	require.Equal(t, http.StatusCreated, r.status)
	c.planted.add("key made by page", tail(only(t, r.body, `whsec_[A-Za-z0-9+/]{43}=`)))
	c.once("key made by page")

	form := c.owner.form(t, "/tokens", "/tokens")
	form.Set("name", "By page")
	form.Set("scopes", "events:read")
	r = c.owner.post(t, "/tokens", form)
	require.Equal(t, http.StatusCreated, r.status)
	c.planted.add("token made by page", tail(only(t, r.body, `hl_[A-Za-z0-9_-]{20,}`)))
	c.once("token made by page")
}

func only(t *testing.T, text []byte, pattern string) string {
	t.Helper()
	found := regexp.MustCompile(pattern).Find(text)
	require.NotNil(t, found, "%s", text)
	return string(found)
}

// crawl opens every page that a link or a fragment's address leads to.
func (c *canaryScene) crawl(t *testing.T) {
	seen, next := map[string]bool{}, []string{"/", "/webhooks", "/tokens", "/login", "/setup"}
	for len(next) > 0 {
		path := next[0]
		next = next[1:]
		if seen[path] || len(seen) > 300 {
			continue
		}
		seen[path] = true
		r := c.owner.get(t, path)
		require.Less(t, r.status, http.StatusInternalServerError, path)
		page, err := goquery.NewDocumentFromReader(bytes.NewReader(r.body))
		require.NoError(t, err)
		for _, attr := range []string{"href", "hx-get"} {
			page.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
				to, _ := s.Attr(attr)
				if to, _, _ = strings.Cut(to, "#"); strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//") && !strings.HasPrefix(to, "/static/") {
					next = append(next, to)
				}
			})
		}
	}
	require.True(t, seen["/webhooks/"+c.webhookID+"/logs"], "the crawl finds its way")
	t.Logf("%d pages", len(seen))
}

package egress

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestCheckURLAccepts(t *testing.T) {
	c := newClient(t, Config{})
	for raw, sent := range map[string]string{
		"https://hooks.example.com":                 "https://hooks.example.com",
		"https://hooks.example.com/a/b?c=d&e=%20f":  "https://hooks.example.com/a/b?c=d&e=%20f",
		"HTTPS://Hooks.Example.COM/Path":            "https://hooks.example.com/Path",
		"https://hooks.example.com:443/":            "https://hooks.example.com/",
		"https://hooks.example.com:8443/":           "https://hooks.example.com:8443/",
		"https://hooks.example.com./x":              "https://hooks.example.com/x",
		"https://x.example/":                        "https://x.example/",
		"https://bücher.example.com/ä?q=ü":          "https://xn--bcher-kva.example.com/%C3%A4?q=%C3%BC",
		"https://例え.jp/":                            "https://xn--r8jz45g.jp/",
		"https://xn--bcher-kva.example.com/":        "https://xn--bcher-kva.example.com/",
		"https://my_service.example.com/":           "https://my_service.example.com/",
		"https://_a.My_Service_.example.com/":       "https://_a.my_service_.example.com/",
		"https://qa--shop.netlify.app/":             "https://qa--shop.netlify.app/",
		"https://a---b.r4---sn.example.com/":        "https://a---b.r4---sn.example.com/",
		"https://QA--Shop_1.bücher.example/":        "https://qa--shop_1.xn--bcher-kva.example/",
		"https://bü_cher--x.example.com/":           "https://xn--b_cher--x-q9a.example.com/",
		"https://1.1.1.1/":                          "https://1.1.1.1/",
		"https://[2606:4700:0:0::1111]:8443/":       "https://[2606:4700::1111]:8443/",
		"https://[::ffff:1.1.1.1]/":                 "https://1.1.1.1/",
		"https://1.example.com/":                    "https://1.example.com/",
		"https://hooks.example.com?a=b":             "https://hooks.example.com?a=b",
		"https://hooks.example.com/?u=http://a@b/c": "https://hooks.example.com/?u=http://a@b/c",
	} {
		u, err := c.CheckURL(raw)
		require.NoError(t, err, raw)
		require.Equal(t, sent, u.String(), raw)
	}
}

// Every refusal is a *TargetError whose sentence names the fault.
func TestCheckURLRefuses_D3_D10(t *testing.T) {
	c := newClient(t, Config{})
	for raw, part := range map[string]string{
		"":                                    "empty",
		"hooks.example.com":                   "begin with https://",
		"//hooks.example.com":                 "begin with https://",
		"/hook?u=https://a.example.com":       "begin with https://",
		"https:/hooks.example.com":            "begin with https://",
		"https:hooks.example.com":             "begin with https://",
		"http://hooks.example.com/":           "--allow-http",
		"ftp://hooks.example.com/":            "begin with https://",
		"file:///etc/passwd":                  "no host",
		"javascript://hooks.example.com/":     "begin with https://",
		"https://":                            "no host",
		"https:///path":                       "no host",
		"https://./":                          "no host",
		"https://user@hooks.example.com/":     "user name or password",
		"https://u:p@hooks.example.com/":      "user name or password",
		"https://@hooks.example.com/":         "user name or password",
		"https://a.example.com#@b.example":    "fragment",
		"https://hooks.example.com/#":         "fragment",
		"https://hooks.example.com/#part":     "fragment",
		"https://hooks.example.com:/":         "port is missing",
		"https://hooks.example.com:0443/":     "The port is not",
		"https://hooks.example.com:65536/":    "The port is not",
		"https://hooks.example.com:x/":        "not a valid URL",
		"https://hooks.example.com:-1/":       "not a valid URL",
		"https://hooks.example.com:0/":        "another service",
		"https://hooks.example.com:22/":       "another service",
		"https://hooks.example.com:25/":       "another service",
		"https://hooks.example.com:6667/":     "another service",
		"https://hooks.example.com:10080/":    "another service",
		"https://hooks.example.com/a b":       "space",
		" https://hooks.example.com/":         "space",
		"https://hooks.example.com/\n":        "control",
		"https://hooks.example.com/\r\nX: y":  "control",
		"https://hooks.example.com/\x7f":      "control",
		"https://hooks.example.com\\@b.co/":   "backslash",
		"https://hooks.example.com/\xff":      "UTF-8",
		"https://%68ooks.example.com/":        "percent sign",
		"https://[fe80::1%25eth0]/":           "percent sign",
		"https://[::1/":                       "not a valid URL",
		"https://[1.1.1.1]/":                  "not a valid URL",
		"https://[v1.x]/":                     "not a valid URL",
		"https://2606:4700::1111/":            "",
		"https://hooks..example.com/":         "empty part",
		"https://hooks.example.com../":        "empty part",
		"https://.example.com/":               "empty part",
		"https://-a.example.com/":             "not a valid server name",
		"https://a-.example.com/":             "not a valid server name",
		"https://xn--a.example.com/":          "not a valid server name",
		"https://a_.xn--a.example.com/":       "not a valid server name",
		"https://a／b.example.com/":            "not a valid server name",
		"https://a＠b.example.com/":            "not a valid server name",
		"https://a％41.example.com/":           "not a valid server name",
		"https://a：80.example.com/":           "not a valid server name",
		"https://_service/":                   "single word",
		"https://a,b.example.com/":            "not a valid server name",
		"https://hooks/":                      "single word",
		"https://localhost/":                  "single word",
		"https://LOCALHOST./":                 "single word",
		"https://a.localhost/":                ".localhost",
		"https://printer.local/":              ".local",
		"https://printer.LOCAL./":             ".local",
		"https://metadata.google.internal/":   ".internal",
		"https://a.intranet/":                 ".intranet",
		"https://a.corp/":                     ".corp",
		"https://a.home/":                     ".home",
		"https://a.lan/":                      ".lan",
		"https://api.default.svc/":            ".svc",
		"https://a.home.arpa/":                ".arpa",
		"https://a.test/":                     ".test",
		"https://a.invalid/":                  ".invalid",
		"https://a.onion/":                    ".onion",
		"https://a。ｌｏｃａｌ/":                    ".local",
		"https://127.0.0.1/":                  "target guard",
		"https://127.0.0.1./":                 "target guard",
		"https://10.0.0.1/":                   "target guard",
		"https://169.254.169.254/":            "target guard",
		"https://168.63.129.16/":              "target guard",
		"https://0.0.0.0/":                    "target guard",
		"https://[::1]/":                      "target guard",
		"https://[::]/":                       "target guard",
		"https://[::ffff:127.0.0.1]/":         "target guard",
		"https://[::127.0.0.1]/":              "target guard",
		"https://[64:ff9b::7f00:1]/":          "target guard",
		"https://[2002:7f00:1::]/":            "target guard",
		"https://[fd00:ec2::254]/":            "target guard",
		"https://127.1/":                      "ends in a number",
		"https://127.0.1/":                    "ends in a number",
		"https://2130706433/":                 "ends in a number",
		"https://0x7f000001/":                 "ends in a number",
		"https://0x7f.1/":                     "ends in a number",
		"https://0X7F.0.0.0x1/":               "ends in a number",
		"https://a.0x/":                       "ends in a number",
		"https://0177.0.0.1/":                 "ends in a number",
		"https://127.0.0.01/":                 "ends in a number",
		"https://256.1.1.1/":                  "ends in a number",
		"https://1.1.1.1.1/":                  "ends in a number",
		"https://example.1/":                  "ends in a number",
		"https://①②⑦.⓪.⓪.①/":                  "ends in a number",
		"https://127。0。0。1/":                  "ends in a number",
		"https://１２７.０.０.１/":                  "ends in a number",
		"https://1。1。1。1/":                    "ends in a number",
		"https://" + long(64) + ".example/":   "63 characters",
		"https://" + longName(300) + ".co/":   "253 characters",
		"https://a.example.com/" + long(8192): "8192",
	} {
		u, err := c.CheckURL(raw)
		require.Error(t, err, "%q became %v", raw, u)
		var target *TargetError
		require.ErrorAs(t, err, &target, raw)
		require.Contains(t, target.Reason, part, raw)
		require.True(t, strings.HasSuffix(target.Reason, "."), "a sentence: %s", target.Reason)
	}
}

func long(n int) string { return strings.Repeat("a", n) }

func longName(n int) string { return strings.Repeat("abcdefghi.", n/10) + "a" }

func TestCheckURLAllowHTTP_D3(t *testing.T) {
	c := newClient(t, open())
	for _, raw := range []string{"http://hooks.example.com/", "http://127.0.0.1:8080/x", "http://[::1]:8080/", "http://127.9.9.9/"} {
		_, err := c.CheckURL(raw)
		require.NoError(t, err, raw)
	}
	u, err := c.CheckURL("http://hooks.example.com:80/")
	require.NoError(t, err)
	require.Equal(t, "http://hooks.example.com/", u.String())
	// AllowTargets speaks of addresses: the port and the spelling stay under their
	// rules.
	for _, raw := range []string{"http://127.1/", "http://127.0.0.1:22/", "http://10.0.0.1/", "http://localhost:22/", "http://a..local/"} {
		_, err := c.CheckURL(raw)
		require.Error(t, err, raw)
	}
}

// The URL that CheckURL returns passes unchanged, and without a copy, on every send.
func TestCheckURLIsStable(t *testing.T) {
	c := newClient(t, open())
	rapid.Check(t, func(rt *rapid.T) {
		raw := rapid.SampledFrom([]string{"https://", "http://", "HTTP://"}).Draw(rt, "scheme") +
			rapid.StringMatching(`[a-zA-Z0-9.\-äß①。０:]{1,20}`).Draw(rt, "host") +
			rapid.StringMatching(`(\.com|\.co\.|:8080)?(/[a-z%2Fü?&=|^;{"]{0,9})?`).Draw(rt, "rest")
		u, err := c.CheckURL(raw)
		if err != nil {
			return
		}
		again, err := c.normalise(u)
		if err != nil || again != u {
			rt.Fatalf("%q → %q → %v, %v", raw, u, again, err)
		}
		if _, err := c.CheckURL(u.String()); err != nil {
			rt.Fatalf("%q → %q refused: %v", raw, u, err)
		}
		for _, r := range u.Host {
			if r >= 0x80 {
				rt.Fatalf("%q → host %q is not ASCII", raw, u.Host)
			}
		}
	})
}

// Do looks at fields that a template may have filled after CheckURL.
func TestDoRefusesChangedURL(t *testing.T) {
	c := newClient(t, Config{})
	good := *parse(t, "https://hooks.example.com/")
	for name, change := range map[string]func(*Request){
		"path":     func(r *Request) { r.URL.Path = "x" },
		"query":    func(r *Request) { r.URL.RawQuery = "a=b c" },
		"CRLF":     func(r *Request) { r.URL.RawQuery = "a=b\r\nHost: x" },
		"fragment": func(r *Request) { r.URL.Fragment = "x" },
		"opaque":   func(r *Request) { r.URL.Opaque = "//127.0.0.1/" },
		"host":     func(r *Request) { r.URL.Host = "localhost" },
		"scheme":   func(r *Request) { r.URL.Scheme = "http" },
		"none":     func(r *Request) { r.URL = nil },
	} {
		u := good
		r := Request{Method: "GET", URL: &u}
		change(&r)
		res := c.Do(t.Context(), r)
		require.Equal(t, KindBlocked, res.Kind, name)
		require.NotEmpty(t, res.Reason, name)
	}
}

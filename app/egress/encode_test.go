package egress

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// D3: a URL goes over the wire as it is spelled. What is illegal in it is encoded,
// and nothing else changes for it.
func TestURLsKeepTheirSpelling_D3(t *testing.T) {
	targets := make(chan string, 1)
	srv := serveHTTP(t, func(_ http.ResponseWriter, r *http.Request) { targets <- r.RequestURI })
	c := newClient(t, open())
	for target, sent := range map[string]string{
		"":                        "/",
		"/":                       "/",
		"/a//b/./c/../d;x=1/":     "/a//b/./c/../d;x=1/",
		"/a%2Fb%2fc%3B%3b+%2B%40": "/a%2Fb%2fc%3B%3b+%2B%40",
		"/%41%7E~":                "/%41%7E~",
		"/!$&'()*+,;=:@[]-._~":    "/!$&'()*+,;=:@[]-._~",
		"/ü%2F%2B%3B%40":          "/%C3%BC%2F%2B%3B%40",
		"/|%2F":                   "/%7C%2F",
		`/"<>^{}` + "`%2F":        "/%22%3C%3E%5E%7B%7D%60%2F",
		"/100%/%zz/%2/%2F":        "/100%25/%25zz/%252/%2F",
		"/..;/x":                  "/..;/x",
		"?":                       "/?",
		"?a":                      "/?a",
		"/x?":                     "/x?",
		"/x?a=%2F%2f+b&&c=?/;:@":  "/x?a=%2F%2f+b&&c=?/;:@",
		"/x?a[]=1&b=ü|^`{}<>\"":   "/x?a[]=1&b=%C3%BC%7C%5E%60%7B%7D%3C%3E%22",
		"/x?a=100%&b=%2":          "/x?a=100%25&b=%252",
	} {
		u, err := c.CheckURL(srv.URL + target)
		require.NoError(t, err, target)
		res := c.Do(t.Context(), Request{Method: "GET", URL: u})
		require.Equal(t, KindResponse, res.Kind, res.Reason)
		require.Equal(t, sent, <-targets, target)
		require.True(t, strings.HasSuffix(srv.URL+sent, strings.TrimPrefix(u.String(), srv.URL)), "the log has what was sent: %s", u)
	}
}

// Do sends no path in a spelling that is not the URL's own.
func TestPathsThatWouldBeSentOtherwiseAreRefused_D10(t *testing.T) {
	c := newClient(t, Config{})
	for path, raw := range map[string]string{
		"/a/b": "/a%2Fc", "/a": "/a%2Fb", "/a/b/c": "/a%2Fb", "/ü": "/ü", "/a|b": "/a|b", "/a%": "/a%", "/a?b": "/a?b", "/a b": "/a b",
	} {
		u := &url.URL{Scheme: "https", Host: "hooks.example.com", Path: path, RawPath: raw}
		res := c.Do(t.Context(), Request{Method: "GET", URL: u})
		require.Equal(t, KindBlocked, res.Kind, raw)
		require.Contains(t, res.Reason, "another spelling")
	}
}

// An encoded URL decodes to the bytes that were given, whatever they are; it is legal,
// and encoding it again changes nothing.
func TestEncodeURL(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		tail := rapid.StringMatching(`/[ -~äß€%2Ff|/]{0,20}(\?[ -~ü%&=]{0,20})?`).Draw(rt, "tail")
		raw := "https://bücher.example.com:8443" + tail
		once := EncodeURL(raw)
		if !strings.HasPrefix(once, "https://bücher.example.com:8443/") {
			rt.Fatalf("the authority changed: %q", once)
		}
		if EncodeURL(once) != once {
			rt.Fatalf("%q → %q → %q", raw, once, EncodeURL(once))
		}
		meant, err := url.PathUnescape(once[len("https://bücher.example.com:8443"):])
		if err != nil {
			rt.Fatalf("%q: %v", once, err)
		}
		if strings.Count(tail, "%") == 0 && meant != tail {
			rt.Fatalf("%q means %q", tail, meant)
		}
		if u, err := url.Parse(strings.ReplaceAll(once, "#", "")); err == nil && u.RawPath != "" && !isSpelling(u.RawPath, u.Path) {
			rt.Fatalf("%q would not be sent as it is spelled", once)
		}
	})
	require.Equal(t, "no URL|", EncodeURL("no URL|"))
}

// isSpelling says what net/url would do.
func TestIsSpelling(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		raw := rapid.StringMatching(`/[a-c%02Ff?;|ü\[+]{0,9}`).Draw(rt, "raw")
		path, err := url.PathUnescape(raw)
		if err != nil {
			path = raw
		}
		u := url.URL{Path: path, RawPath: raw}
		if kept := u.EscapedPath() == raw; isSpelling(raw, path) && !kept {
			rt.Fatalf("%q is sent as %q", raw, u.EscapedPath())
		}
		require.False(rt, isSpelling(raw, path+"x"))
	})
	require.Zero(t, testing.AllocsPerRun(10, func() { isSpelling("/a%2Fb/c", "/a/b/c") }))
}

// 8 KiB as it is sent, and no more.
func TestURLLimit_D3(t *testing.T) {
	c := newClient(t, Config{})
	const start = "https://hooks.example.com/"
	for tail, fits := range map[string]bool{
		long(maxURL - len(start)): true, long(maxURL - len(start) + 1): false,
		"?q=" + strings.Repeat("ж", 1300): true, "?q=" + strings.Repeat("ж", 1400): false,
	} {
		_, err := c.CheckURL(start + tail)
		require.Equal(t, fits, err == nil, "%d bytes: %v", len(start+tail), err)
	}
}

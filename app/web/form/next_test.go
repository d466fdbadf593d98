package form

import (
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLocalPath(t *testing.T) {
	for _, good := range []string{"/", "/webhooks", "/webhooks?q=a%20b&x=//y", "/a#b", "/a//b", "/a:b", "/@evil.example"} {
		require.Equal(t, good, LocalPath(good))
	}
	for _, bad := range []string{
		"", "webhooks", "?q", "#x", "/%2Fevil", "//evil", "///evil", "//", `/\evil`, `/a\b`, `\/evil`, " /a", "/ a", "/\tevil", "/\n/evil", "/\x00", "/\x7f", "/é",
		"http://evil", "https:evil", "javascript:alert(1)", "data:text/html,x", "/%zz", "/" + strings.Repeat("a", 3000),
	} {
		require.Empty(t, LocalPath(bad), "%q", bad)
	}
}

// FuzzLocalPath: whatever passes stays on the host when a browser follows it.
func FuzzLocalPath(f *testing.F) {
	for _, s := range []string{"/a", "//a", "/\\a", "/a?b#c", "/..//a"} {
		f.Add(s)
	}
	base, _ := url.Parse("https://desk.example.com/login")
	f.Fuzz(func(t *testing.T, text string) {
		if LocalPath(text) == "" {
			return
		}
		ref, err := url.Parse(text)
		require.NoError(t, err)
		to := base.ResolveReference(ref)
		require.Equal(t, "https://desk.example.com", to.Scheme+"://"+to.Host)
	})
}

func TestFrom_TakesThePathAlone(t *testing.T) {
	for referer, want := range map[string]string{
		"":                                  "",
		"https://desk.example.com/a?b=c":    "/a?b=c",
		"https://evil.example//x":           "",
		"https://evil.example/tokens":       "/tokens",
		"https://evil.example":              "",
		"javascript:alert(1)":               "",
		"https://desk.example.com/a\\b":     "/a%5Cb",
		"https://desk.example.com/ü?x=%C3":  "/%C3%BC?x=%C3",
		"https://desk.example.com/%0d%0aX:": "/%0d%0aX:",
	} {
		r := httptest.NewRequest("POST", "/x", nil)
		r.Header.Set("Referer", referer)
		require.Equal(t, want, From(r), "%q", referer)
	}
}

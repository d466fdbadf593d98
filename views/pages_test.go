package views_test

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
	"github.com/a-h/templ"
	"github.com/stretchr/testify/require"

	"hookline/views/ui"
)

func render(t *testing.T, c templ.Component) string {
	t.Helper()
	var out strings.Builder
	require.NoError(t, c.Render(context.Background(), &out))
	return out.String()
}

func eachPage(t *testing.T, check func(t *testing.T, doc *goquery.Document)) {
	for name, c := range pages() {
		t.Run(name, func(t *testing.T) {
			doc, err := goquery.NewDocumentFromReader(strings.NewReader(render(t, c)))
			require.NoError(t, err)
			check(t, doc)
		})
	}
}

// The content security policy would block them; outside text that turned into
// markup would show up here too.
func TestNothingInline(t *testing.T) {
	eachPage(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("*").Each(func(_ int, s *goquery.Selection) {
			for _, a := range s.Nodes[0].Attr {
				if a.Key == "style" || strings.HasPrefix(a.Key, "on") || strings.HasPrefix(a.Key, "hx-on") || strings.HasPrefix(a.Val, "javascript:") {
					t.Errorf("<%s %s=%q>", s.Nodes[0].Data, a.Key, a.Val)
				}
			}
		})
		require.Zero(t, doc.Find("style, iframe, object, embed, script:not([src]), img[src=x]").Length())
		require.Equal(t, 8, doc.Find("script").Length())
	})
}

func TestIDsAreUnique(t *testing.T) {
	eachPage(t, func(t *testing.T, doc *goquery.Document) {
		seen := map[string]bool{}
		doc.Find("[id]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			if id == "" || seen[id] {
				t.Errorf("id %q is empty or there twice", id)
			}
			seen[id] = true
		})
		for _, attr := range []string{"for", "aria-describedby", "aria-labelledby", "commandfor", "popovertarget", "data-copy"} {
			doc.Find("[" + attr + "]").Each(func(_ int, s *goquery.Selection) {
				for _, id := range strings.Fields(s.AttrOr(attr, "")) {
					if !seen[id] {
						t.Errorf("%s names %q, which is not there", attr, id)
					}
				}
			})
		}
		doc.Find(`a[href^="#"]`).Each(func(_ int, s *goquery.Selection) {
			if id := s.AttrOr("href", "")[1:]; !seen[id] {
				t.Errorf("a link leads to #%s, which is not there", id)
			}
		})
	})
}

func TestEveryControlHasAName(t *testing.T) {
	eachPage(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("input, select, textarea").Not("[type=hidden]").Each(func(_ int, s *goquery.Selection) {
			id := s.AttrOr("id", "")
			labelled := s.ParentsFiltered("label").Length() > 0 || id != "" && doc.Find(`label[for="`+id+`"]`).Length() == 1
			if !labelled {
				html, _ := goquery.OuterHtml(s)
				t.Errorf("no label: %s", html)
			}
		})
		doc.Find("button, a").Each(func(_ int, s *goquery.Selection) {
			if strings.TrimSpace(s.Text()) == "" && s.AttrOr("aria-label", "") == "" {
				html, _ := goquery.OuterHtml(s)
				t.Errorf("no name: %s", html)
			}
		})
	})
}

func TestEveryPostCarriesTheToken(t *testing.T) {
	eachPage(t, func(t *testing.T, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, s *goquery.Selection) {
			tokens := s.Find(`input[name=csrf][value="csrf-token-value"]`).Length()
			if s.AttrOr("method", "") == "post" {
				require.Equal(t, 1, tokens, s.AttrOr("action", ""))
			} else {
				require.Zero(t, tokens, "a token does not belong into a URL")
			}
		})
	})
}

func TestOneHeadingAndOneMain(t *testing.T) {
	eachPage(t, func(t *testing.T, doc *goquery.Document) {
		require.Equal(t, 1, doc.Find("main#main").Length())
		require.Equal(t, 1, doc.Find("h1").Length())
		require.NotEmpty(t, doc.Find("title").Text())
	})
}

// A secret that someone typed must not come back, even if the caller forgets.
func TestTypedSecretsAreNotDrawn(t *testing.T) {
	html := render(t, pages()["form-wrong"])
	require.NotContains(t, html, "typed-secret-value")
	require.NotContains(t, html, "typed-secret-key")
}

func TestEveryIconExists(t *testing.T) {
	call := regexp.MustCompile(`(?:Icon\(|Icon: )"([a-z0-9-]+)"`)
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".templ" && filepath.Ext(path) != ".go" {
			return err
		}
		source, err := os.ReadFile(path)
		for _, m := range call.FindAllStringSubmatch(string(source), -1) {
			require.True(t, ui.HasIcon(m[1]), "%s uses the icon %s", path, m[1])
		}
		return err
	}))
}

package deliver

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"hookline/models"
)

func TestMaskText(t *testing.T) {
	m := newMask([]string{"s3cret-value", "abcd", "cdef", "tiny"[:3], "Bearer tok-12345", "Basic dXNlcjpwYXNzd29yZA=="})
	for in, want := range map[string]string{
		"nothing here":                    "nothing here",
		"s3cret-value":                    "***",
		"<s3cret-value>":                  "<***>",
		"a s3cret-value s3cret-value":     "a *** ***",
		"xabcdefy":                        "x***y",          // two that overlap are hidden whole
		"abcdabcd":                        "***",            // neighbours become one
		"tin":                             "tin",            // too short to look for
		"bad token: tok-12345":            "bad token: ***", // without the scheme
		"Authorization: Bearer tok-12345": "Authorization: Bearer ***",
		"password was wrong":              "*** was wrong", // decoded from Basic
		"Basic dXNlcjpwYXNzd29yZA==":      "Basic ***",
		"":                                "",
	} {
		require.Equal(t, want, m.text(in), "%q", in)
	}
}

// How receivers spell what they send back.
func TestMaskSpellings(t *testing.T) {
	const canary = `k"e<y>/&\ 'end`
	m := newMask([]string{canary})
	goJSON, err := json.Marshal(canary)
	require.NoError(t, err)
	for _, spelt := range []string{
		canary,
		string(goJSON),
		`"k\"e<y>/&\\ 'end"`,
		`"k\"e<y>\/&\\ 'end"`,
		url.QueryEscape(canary), url.PathEscape(canary),
		"k&#34;e&lt;y&gt;/&amp;\\ &#39;end",
	} {
		require.Equal(t, "***", strings.Trim(m.text(spelt), `"`), "%s", spelt)
	}
}

func TestMaskCutBodies(t *testing.T) {
	m := newMask([]string{"0123456789"})
	for in, want := range map[string]string{
		"body 012345":     "body ***",
		"body 0":          "body *", // never longer than it was
		"body 0123456789": "body ***",
		"0":               "*",
		"body 1234":       "body 1234", // not its start
		"body":            "body",
		"":                "",
	} {
		require.Equal(t, want, string(m.body([]byte(in), true)), "%q", in)
	}
	require.Equal(t, "body 012345", string(m.body([]byte("body 012345"), false)), "a whole body ends where it ends")
}

// Whatever the secrets and wherever they stand, none is left, and nothing grows.
func TestMaskLeavesNoSecret(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[ab]{4,7}`)
		secrets := rapid.SliceOfN(word, 1, 4).Draw(t, "secrets")
		parts := rapid.SliceOf(rapid.OneOf(rapid.SampledFrom(secrets), rapid.StringMatching(`[abc]{0,5}`))).Draw(t, "parts")
		text := strings.Join(parts, "")
		cut := rapid.IntRange(0, len(text)).Draw(t, "cut")
		original := []byte(text[:cut])

		masked := newMask(secrets).body(original, true)
		require.LessOrEqual(t, len(masked), len(original))
		for _, s := range secrets {
			require.NotContains(t, string(masked), s)
			require.False(t, len(masked) > 0 && bytes.HasSuffix(masked, []byte(s[:1])), "%s ends with the start of %s", masked, s)
		}
		require.Equal(t, text[:cut], string(original), "the input is not changed")
	})
}

// D4, promise 6: a receiver that sends everything back puts no secret into the
// log: not in headers, not in the body, not the five-minute token.
func TestEchoedSecretsAreMaskedD4(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", r.Header.Get("X-Api-Key"))
		w.Header().Set("X-Echo-Token", r.Header.Get("X-Webhook-Secret"))
		w.WriteHeader(http.StatusUnauthorized)
		_ = json.NewEncoder(w).Encode(map[string]any{"headers": r.Header, "key": testKey})
	})
	in := b.input(server.URL + "/hook?key=canary-url")
	in.Webhook.Headers = []models.Header{
		b.secretHeader("wh_1", "X-Api-Key", `canary-"5"`),
		b.secretHeader("wh_1", "Authorization", "Bearer canary-6"),
		b.secretHeader("wh_1", "X-In-Url", "canary-url"),
	}
	a := b.Send(t.Context(), in).Attempt
	token := (<-got).header.Get("X-Webhook-Secret")

	require.Equal(t, models.HTTPError, a.Outcome)
	require.Equal(t, server.URL+"/hook?key=***", a.Request.URL)
	require.Equal(t, []string{"***"}, lineValues(a.Response.Headers, "X-Echo"))
	require.Equal(t, []string{"***"}, lineValues(a.Response.Headers, "X-Echo-Token"))
	require.Contains(t, string(a.Response.Body), `"Authorization":["Bearer ***"]`)
	require.Contains(t, string(a.Response.Body), `"key":"***"`)
	whole := fmt.Sprintf("%+v %s %s", a, a.Request.Body, a.Response.Body)
	for _, canary := range []string{"canary", testKey, token} {
		require.NotContains(t, whole, canary)
	}
}

// A secret that the 16 KiB limit cuts in two is not half shown.
func TestEchoedSecretAtTheLimit(t *testing.T) {
	b := newRig(t)
	const canary = "canary-0123456789"
	server, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat(".", 16<<10-9)+r.Header.Get("X-Key")+" and more")
	})
	in := b.input(server.URL)
	in.Webhook.Headers = []models.Header{b.secretHeader("wh_1", "X-Key", canary)}
	a := b.Send(t.Context(), in).Attempt
	require.True(t, a.Response.Truncated)
	require.Equal(t, strings.Repeat(".", 16<<10-9)+"***", string(a.Response.Body))
}

// A blocked URL is shown in the log too, so it is masked too.
func TestBlockedURLIsMasked(t *testing.T) {
	b := newRig(t)
	in := b.input("https://10.0.0.1/?k=canary-8")
	in.Webhook.Headers = []models.Header{b.secretHeader("wh_1", "X-Key", "canary-8")}
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, models.BlockedURL, a.Outcome)
	require.Equal(t, "https://10.0.0.1/?k=***", a.Request.URL)
}

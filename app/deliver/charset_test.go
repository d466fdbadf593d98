package deliver

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/simplifiedchinese"
	utf16 "golang.org/x/text/encoding/unicode"

	"hookline/app/egress"
	"hookline/models"
)

func encoded(t testing.TB, e encoding.Encoding, text string) string {
	t.Helper()
	out, err := e.NewEncoder().String(text)
	require.NoError(t, err)
	return out
}

// W6: an answer in another charset is text in the log, wherever the charset is named.
func TestAnswersInOtherCharsets_W6(t *testing.T) {
	const german = "Schlüssel ungültig – 5 €"
	be, le := utf16.UTF16(utf16.BigEndian, utf16.IgnoreBOM), utf16.UTF16(utf16.LittleEndian, utf16.IgnoreBOM)
	latin := encoded(t, charmap.Windows1252, german)
	for _, c := range []struct{ contentType, body, want string }{
		{"text/plain; charset=iso-8859-1", encoded(t, charmap.ISO8859_1, "Schlüssel"), "Schlüssel"},
		{"text/plain;CHARSET=\"Windows-1252\";;", latin, german},
		{"application/json; charset=latin1", `{"error":"` + latin + `"}`, `{"error":"` + german + `"}`},
		{"application/problem+json", `{"error":"` + latin + `"}`, `{"error":"` + german + `"}`},
		{"text/plain", latin, german},
		{"text/html", `<meta charset="shift_jis"><p>` + encoded(t, japanese.ShiftJIS, "エラー"), `<meta charset="shift_jis"><p>エラー`},
		{"text/plain; charset=iso-2022-jp", encoded(t, japanese.ISO2022JP, "エラー"), "エラー"},
		{"text/plain; charset=gb18030", encoded(t, simplifiedchinese.GB18030, "错误"), "错误"},
		{"text/xml", `<?xml version="1.0" encoding="ISO-8859-5"?><a>` + encoded(t, charmap.ISO8859_5, "Ошибка"), `<?xml version="1.0" encoding="ISO-8859-5"?><a>Ошибка`},
		{"application/json; charset=utf-16", encoded(t, le, "\ufeff"+`{"a":"ü"}`), `{"a":"ü"}`},
		{"application/json; charset=utf-16", encoded(t, be, `{"a":"ü"}`), `{"a":"ü"}`},
		{"application/json", encoded(t, le, `{"a":"ü"}`), `{"a":"ü"}`},
		{"", encoded(t, be, "\ufeff"+german), german},
		// UTF-8 is itself, whatever it is called; what is no text stays as it is.
		{"text/plain; charset=iso-8859-1", german, german},
		{"text/plain; charset=utf-8", german, german},
		{"", german, german},
		{"text/plain; charset=no-such", latin, latin},
		{"text/plain; charset=utf-8", latin, latin},
		{"image/png", "\x89PNG\r\n\x1a\n\x00\x00", "\x89PNG\r\n\x1a\n\x00\x00"},
		{"text/html; charset=iso-8859-1", "\x89PNG\r\n\x1a\n\x00\x00", "\x89PNG\r\n\x1a\n\x00\x00"},
		{"application/octet-stream", "a\x00b\x00", "a\x00b\x00"},
		{"", latin, latin},
	} {
		b := newRig(t)
		server, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Content-Type"] = []string{c.contentType}
			w.WriteHeader(http.StatusBadRequest)
			_, _ = w.Write([]byte(c.body))
		})
		a := b.Send(t.Context(), b.input(server.URL)).Attempt
		require.Equal(t, models.HTTPError, a.Outcome)
		require.Equal(t, c.want, string(a.Response.Body), "%s %q", c.contentType, c.body)

		u, err := b.client.CheckURL(server.URL)
		require.NoError(t, err)
		require.Equal(t, c.want, string(b.Exchange(context.Background(), egress.Request{Method: "POST", URL: u}).Body), "a replay")
	}
}

// An answer that was cut within a character is text up to there.
func TestCutAnswersInOtherCharsets_Promise7(t *testing.T) {
	for contentType, body := range map[string]string{
		"text/plain; charset=utf-8":  strings.Repeat("€", 16<<10),
		"text/plain; charset=latin1": strings.Repeat("€", 16<<10),
		"text/plain; charset=gbk":    encoded(t, simplifiedchinese.GBK, "x"+strings.Repeat("错", 16<<10)),
	} {
		b := newRig(t)
		server, _ := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", contentType)
			_, _ = w.Write([]byte(body))
		})
		a := b.Send(t.Context(), b.input(server.URL)).Attempt
		require.True(t, a.Response.Truncated)
		kept := a.Response.Body[:len(a.Response.Body)-cutRune(a.Response.Body)]
		require.True(t, utf8.Valid(kept), contentType)
		require.NotContains(t, string(kept), "\uFFFD", contentType)
		require.Contains(t, "€错", string([]rune(string(kept))[9]), contentType)
	}
}

// Promise 6: a secret that comes back in another charset is hidden too.
func TestSecretsInOtherCharsets_Promise6(t *testing.T) {
	for name, e := range map[string]encoding.Encoding{"utf-16": utf16.UTF16(utf16.LittleEndian, utf16.UseBOM), "windows-1252": charmap.Windows1252} {
		b := newRig(t)
		server, _ := receiver(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json; charset="+name)
			w.Header()["X-Echo"] = []string{"\xfc " + r.Header.Get("X-Key")}
			_, _ = w.Write([]byte(encoded(t, e, `{"ü":"`+r.Header.Get("X-Key")+`"}`)))
		})
		in := b.input(server.URL)
		in.Webhook.Headers = []models.Header{b.secretHeader("wh_1", "X-Key", "canary-1")}
		a := b.Send(t.Context(), in).Attempt
		require.Equal(t, `{"ü":"***"}`, string(a.Response.Body), name)
		require.Equal(t, []string{"ü ***"}, lineValues(a.Response.Headers, "X-Echo"), "header values are text")
	}
}

func BenchmarkReadable(b *testing.B) {
	res := egress.Result{Body: []byte(`{"ok":true}`), Header: http.Header{"Date": {"Wed, 04 Mar 2026 12:00:00 GMT"}, "Content-Type": {"application/json"}}}
	b.ReportAllocs()
	for b.Loop() {
		readable(res)
	}
}

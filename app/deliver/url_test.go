package deliver

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// H3, I7, D3: an address is sent, logged and previewed in one spelling, the one it
// was saved in. A letter that has to be encoded changes nothing around it.
func TestURLsKeepTheirSpelling_I7(t *testing.T) {
	for source, want := range map[string]string{
		"/api/group%2Fprojü%3B%2B%40/x":               "/api/group%2Fproj%C3%BC%3B%2B%40/x",
		"/ü/{{data.v}}":                               "/%C3%BC/a%2Fb%2B%25%40%3B",
		"/|%2F{{data.v}}/{{data.v}}?a=%2F|{{data.v}}": "/%7C%2Fa%2Fb%2B%25%40%3B/a%2Fb%2B%25%40%3B?a=%2F%7Ca%2Fb%2B%25%40%3B",
		"/%{{data.hex}}":                              "/%252F",
		`/search?f={"id":[7]}&or=a|b`:                 "/search?f=%7B%22id%22:[7]%7D&or=a%7Cb",
		"/x;y=1/%41?sig=AbC-_%2B%3D&100%":             "/x;y=1/%41?sig=AbC-_%2B%3D&100%25",
	} {
		const data = `{"v":"a/b+%@;","hex":"2F"}`
		r, a := filled(t, func(w *models.Webhook) { w.URL = "SERVER" + source }, data)
		require.Equal(t, want, r.path, "%s: %s", source, a.Error)
		require.True(t, strings.HasSuffix(a.Request.URL, want), "the log has %s", a.Request.URL)

		b := newRig(t)
		in := b.input("https://hooks.example.com" + source)
		in.Event.Data = []byte(data)
		p, err := b.Preview(in)
		require.NoError(t, err)
		require.Equal(t, "https://hooks.example.com"+want, p.Request.URL)
	}
}

// The token URL keeps its spelling too.
func TestTokenURLKeepsItsSpelling_I6(t *testing.T) {
	b := newRig(t)
	asked := make(chan string, 1)
	tokens := newTokenServer(t, func(w http.ResponseWriter, r *http.Request) {
		asked <- r.RequestURI
		_, _ = io.WriteString(w, `{"access_token":"canary-1","token_type":"Bearer"}`)
	})
	server, _ := receiver(t, answerOK)
	a := b.Send(t.Context(), b.oauthInput(server.URL, tokens.URL+"/tenant%2Fü|/token?scope=a%2F{b}")).Attempt
	require.Equal(t, models.Success, a.Outcome, a.Error)
	require.Equal(t, "/tenant%2F%C3%BC%7C/token?scope=a%2F%7Bb%7D", <-asked)
}

// A value that Java's servers would take for a way up is refused, as .. is.
func TestNoValueLeadsUp_I7(t *testing.T) {
	for _, v := range []string{"..", "..;", "..;x", "a/..;/b", `..\\..`} {
		for _, source := range []string{"SERVER/ü/{{data.v}}/b", "SERVER/a/{{data.v}}"} {
			_, a := filled(t, func(w *models.Webhook) { w.URL = source }, `{"v":"`+v+`"}`)
			require.Equal(t, models.RenderError, a.Outcome, v)
		}
	}
}

// A secret that a URL repeats is hidden in the log, encoded or not.
func TestSecretsInEncodedURLs_D4(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.input(server.URL + "/hook/k|ey/{{data.b}}")
	in.Webhook.Headers = []models.Header{b.secretHeader("wh_1", "X-Key", "k|ey/1")}
	in.Webhook.URL = server.URL + "/hook/k|ey/1"
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, models.Success, a.Outcome, a.Error)
	require.Equal(t, "/hook/k%7Cey/1", (<-got).path)
	require.Equal(t, server.URL+"/hook/***", a.Request.URL)
}

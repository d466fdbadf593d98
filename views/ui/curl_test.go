package ui

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// everyByte has each byte once, and what shells and printf treat in their own way.
func everyByte() []byte {
	b := []byte("%s %% \\n \\0 'quoted' \"$HOME\" `id` $(id) !! # \r\n")
	for i := range 256 {
		b = append(b, byte(i))
	}
	return append(b, '1', '2')
}

// B6: the command that is copied sends the very bytes, in bash and in a plain
// POSIX shell.
func TestB6_CurlSendsTheSameBytes(t *testing.T) {
	type received struct {
		method, uri string
		header      http.Header
		body        []byte
	}
	arrived := make(chan received, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		arrived <- received{r.Method, r.RequestURI, r.Header, body}
	}))
	defer server.Close()
	odd := `it's "$HOME" $(id) \ !x`
	for name, body := range map[string][]byte{
		"json": []byte("{\"it's\": \"$HOME\\n\", \"ü\": \"☃ 💥\"}\n  !! `id`"), "every byte": everyByte(), "none": nil, "at": []byte("@/etc/passwd"), "nul": {0, 0, '1'},
		"not utf-8": []byte("a\xff\xfeb"), "crlf": []byte("a\r\nb"),
	} {
		r := models.LoggedRequest{
			Method: "POST", URL: server.URL + "/a/../b?x=[1-3]&y={a,b}&q=it's$(id)", Body: body,
			Headers: []models.HeaderLine{
				{Name: "Content-Type", Value: "application/json"}, {Name: "X-Odd", Value: odd}, {Name: "X-Empty", Value: ""},
				{Name: "Authorization", Value: "Bearer ***"}, {Name: "X-Webhook-Secret", Value: "***"}, {Name: "Content-Length", Value: "1"},
			},
		}
		c := CurlOf(r)
		require.Equal(t, []string{"HEADER_AUTHORIZATION", "SIGNING_X_WEBHOOK_SECRET"}, c.FillIn)
		require.NotContains(t, c.Command, models.Mask)
		for _, shell := range []string{"bash", "sh"} {
			cmd := exec.CommandContext(t.Context(), shell, "-c", c.Command)
			cmd.Env = append(os.Environ(), "HEADER_AUTHORIZATION=se cret", "SIGNING_X_WEBHOOK_SECRET=a'b")
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s: %s\n%s", name, out, c.Command)
			got := <-arrived
			require.Equal(t, "POST", got.method)
			require.Equal(t, string(body), string(got.body), "%s in %s", name, shell)
			require.Equal(t, "/a/../b?x=[1-3]&y={a,b}&q=it's$(id)", got.uri)
			require.Equal(t, odd, got.header.Get("X-Odd"))
			require.Equal(t, []string{""}, got.header["X-Empty"])
			require.Equal(t, "Bearer se cret", got.header.Get("Authorization"))
			require.Equal(t, "a'b", got.header.Get("X-Webhook-Secret"))
			require.Equal(t, "application/json", got.header.Get("Content-Type"))
		}
	}
}

func TestB6_CurlNamesNoTypeThatWasNotSent(t *testing.T) {
	c := CurlOf(models.LoggedRequest{Method: "PUT", URL: "https://example.com/?key=***", Body: []byte("x"), Truncated: true})
	require.Equal(t, "curl --globoff --path-as-is -X 'PUT' 'https://example.com/?key='\"$URL_SECRET\" \\\n  -H 'Content-Type:' \\\n  --data-raw 'x'", c.Command)
	require.True(t, c.Cut)
}

// The editor of a webhook names its headers: no such name reads what the shell of
// whoever pastes the command has already.
func TestB6_CurlReadsNoVariableOfTheShell(t *testing.T) {
	c := CurlOf(models.LoggedRequest{Method: "POST", URL: "https://evil.example/", Headers: []models.HeaderLine{{Name: "GITHUB-TOKEN", Value: "***"}, {Name: "PATH", Value: "***"}}})
	require.Equal(t, []string{"HEADER_GITHUB_TOKEN", "HEADER_PATH"}, c.FillIn)
}

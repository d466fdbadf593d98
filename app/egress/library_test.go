package egress

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// D10: a library's client obeys the guard, and follows no redirect with the secrets in
// its body.
func TestD10_ALibrarysClientIsGuarded(t *testing.T) {
	var sent []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent = append(sent, r.URL.Path+" "+string(body))
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	open := New(Config{AllowHTTP: true, AllowTargets: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}})
	defer open.Close()
	res, err := HTTPClient(open.Do, time.Minute).Post(server.URL+"/token", "text/plain", strings.NewReader("secret"))
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusTemporaryRedirect, res.StatusCode)
	require.Equal(t, []string{"/token secret"}, sent)

	strict := New(Config{AllowHTTP: true})
	defer strict.Close()
	_, err = HTTPClient(strict.Do, time.Minute).Get(server.URL) //nolint:bodyclose // there is none
	require.Error(t, err)
	require.Len(t, sent, 1)
}

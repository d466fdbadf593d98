package static

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func get(t *testing.T, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	return w
}

func TestEveryFileHasAURLThatServesIt(t *testing.T) {
	require.NotEmpty(t, assets())
	for name, a := range assets() {
		w := get(t, URL(name))
		require.Equal(t, 200, w.Code, name)
		require.Equal(t, a.mime, w.Header().Get("Content-Type"))
		require.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
		require.Contains(t, w.Header().Get("Cache-Control"), "immutable")
		require.Equal(t, a.raw, w.Body.Bytes())
	}
}

func TestAnOldHashGetsTheFileButNotForEver(t *testing.T) {
	w := get(t, "/static/css/app.000000000000.css")
	require.Equal(t, 200, w.Code)
	require.Equal(t, "no-cache", w.Header().Get("Cache-Control"))
}

func TestCompressedAndUnchanged(t *testing.T) {
	w := get(t, URL("js/htmx.min.js"), "Accept-Encoding", "gzip, br")
	require.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
	require.Less(t, w.Body.Len(), 20<<10)

	w = get(t, URL("js/htmx.min.js"), "If-None-Match", w.Header().Get("ETag"))
	require.Equal(t, http.StatusNotModified, w.Code)
}

func TestNothingElseIsServed(t *testing.T) {
	for _, path := range []string{"/static/", "/static/css", "/static/css/", "/static/css/input.css", "/static/static.go", "/static/../go.mod", "/static/js/nope.js"} {
		w := get(t, path)
		require.Equal(t, http.StatusNotFound, w.Code, path)
	}
	r := httptest.NewRequest(http.MethodPost, URL("css/app.css"), strings.NewReader("x"))
	w := httptest.NewRecorder()
	Handler().ServeHTTP(w, r)
	require.Equal(t, http.StatusMethodNotAllowed, w.Code)
}

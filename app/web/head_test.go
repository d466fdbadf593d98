package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/web"
	"hookline/static"
)

// HEAD works where GET does, on every page: the same status and kind, and no body.
// The answer of a live page ends at once.
func TestHEAD_AnswersAsGETOnEveryPage(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(*w.people["owner"])
	o := w.objects(receiver(t, http.StatusOK), w.people["member"].ID)
	paths := []string{static.URL("css/app.css"), "/nowhere"}
	for _, r := range web.Routes() {
		if r.Method == http.MethodGet {
			paths = append(paths, filled(r.Path, o.params(t, r.Path)))
		}
	}
	for _, path := range paths {
		ask := func(method string) *http.Response {
			req, err := http.NewRequestWithContext(t.Context(), method, b.site.URL+path, nil)
			require.NoError(t, err)
			res, err := b.http.Do(req)
			require.NoError(t, err)
			require.NoError(t, res.Body.Close())
			return res
		}
		get, head := ask(http.MethodGet), ask(http.MethodHead)
		require.Equal(t, get.StatusCode, head.StatusCode, path)
		for _, name := range []string{"Content-Type", "Location", "Content-Security-Policy", "Cache-Control", "X-Accel-Buffering"} {
			require.Equal(t, get.Header.Values(name), head.Header.Values(name), "%s: %s", path, name)
		}
	}
}

package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// HEAD works where GET does: the same status and headers, and no body.
func TestHEAD_AnswersAsGETWithoutTheBody(t *testing.T) {
	d := newDesk(t)
	event := d.publish(`{"type":"release.published","data":{"a":1}}`)
	paths := []string{"/healthz", "/readyz", "/metrics", "/api/openapi.json", "/api/docs", "/api/v1/events/" + event, "/api/v1/events?limit=0", "/api/nope"}
	for _, row := range access {
		if method, path, _ := strings.Cut(row.call, " "); method == http.MethodGet {
			paths = append(paths, address(path))
		}
	}
	for _, path := range paths {
		get, head := d.call("GET", path, ""), d.call("HEAD", path, "")
		require.Equal(t, get.status, head.status, path)
		require.Empty(t, head.body, path)
		for name := range get.header {
			if name != "Date" && name != "Content-Length" { // of an answer that says its length at once
				require.Equal(t, get.header[name], head.header[name], "%s: %s", path, name)
			}
		}
	}
	other := d.token(models.EventsWrite)
	require.Equal(t, http.StatusForbidden, d.call("HEAD", "/api/v1/tokens", "", "Authorization", "Bearer "+other).status)
	require.Equal(t, http.StatusUnauthorized, d.call("HEAD", "/api/v1/tokens", "", "Authorization", "").status)
}

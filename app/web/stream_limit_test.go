package web_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/app/service"
)

func TestB6_AStreamTooManyIsRefused(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	for range service.MaxStreamsEach {
		b.listen("/deliveries/stream")
	}
	a := b.get("/events-stream")
	require.Equal(t, http.StatusServiceUnavailable, a.StatusCode)
	require.Equal(t, "text/plain; charset=UTF-8", a.Header.Get("Content-Type"))
	require.NotEmpty(t, a.Header.Get("Retry-After"))
	require.Equal(t, http.StatusOK, b.get("/deliveries").StatusCode, "pages go on")
	require.Equal(t, http.StatusOK, b.do(http.MethodHead, "/deliveries/stream", nil).StatusCode)
}

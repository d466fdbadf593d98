package web_test

import (
	"net/http"
	"net/url"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"

	"hookline/models"
)

// withoutRoom runs fn while this process can write to no file: the nearest thing
// to a full disk that needs no rights.
func withoutRoom(t *testing.T, fn func()) {
	t.Helper()
	var was syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_FSIZE, &was))
	none := was
	none.Cur = 0
	require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &none))
	defer func() { require.NoError(t, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &was)) }()
	fn()
}

// Promise 9, as people see it: a banner, 503 with Retry-After, nothing typed is
// lost, and all is well again without a restart.
func TestPromise9_DiskFull(t *testing.T) {
	s := newSite(t)
	u := s.person(models.Owner)
	b := s.signedIn(u)
	b.visit("/webhooks/new")
	var refused, page, visitor answer
	withoutRoom(t, func() {
		refused = b.submit("/webhooks", with(signed, url.Values{"name": {"Typed name"}}))
		page, visitor = b.get("/webhooks"), s.browser().get("/login")
	})
	require.Equal(t, http.StatusServiceUnavailable, refused.StatusCode, refused.text())
	require.NotEmpty(t, refused.Header.Get("Retry-After"))
	require.Equal(t, "Typed name", refused.doc.Find(`[name="name"]`).AttrOr("value", ""))
	require.NotContains(t, refused.body, "a-signing-key-of-mine")
	require.Equal(t, http.StatusOK, page.StatusCode)
	for _, a := range []answer{page, visitor} {
		require.Contains(t, a.text(), "Hookline cannot write to its database since")
	}
	b.visit("/webhooks/new")
	a := b.submit("/webhooks", signed)
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.text())
	require.NotContains(t, b.visit(a.location()).text(), "cannot write")
}

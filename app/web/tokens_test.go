package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTokens_ShownOnceThenRevoked(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/tokens")
	a := b.submit("/tokens", url.Values{"name": {"Shop <b>"}, "scopes": {"events:write", "events:read"}, "expires": {"30d"}})
	require.Equal(t, http.StatusCreated, a.StatusCode, a.text())
	clear := strings.TrimSpace(a.doc.Find("#token").Text())
	require.True(t, strings.HasPrefix(clear, "hl_"), clear)
	require.NotContains(t, s.log.String(), clear)
	token, err := s.svc.Tokens.Authenticate(t.Context(), clear)
	require.NoError(t, err)
	require.WithinDuration(t, s.clock.Now().AddDate(0, 0, 30), token.ExpiresAt, time.Millisecond)

	a = b.visit("/tokens")
	require.NotContains(t, a.body, clear)
	require.Contains(t, a.text(), "Shop <b>")
	require.Equal(t, "/tokens", b.submit("/tokens/"+token.ID+"/revoke", nil).location())
	require.Contains(t, b.visit("/tokens").text(), "The token is revoked.")
	_, err = s.svc.Tokens.Authenticate(t.Context(), clear)
	require.Error(t, err)
}

func TestTokens_FormKeepsWhatWasTyped(t *testing.T) {
	s := newSite(t)
	b := s.owner()
	b.visit("/tokens")
	a := b.submit("/tokens", url.Values{"name": {"Shop"}, "expires": {"1y"}})
	require.Equal(t, http.StatusUnprocessableEntity, a.StatusCode)
	require.Contains(t, a.text(), "Choose at least one scope.")
	require.Equal(t, "Shop", a.doc.Find(`[name="name"]`).AttrOr("value", ""))
	require.Equal(t, "1y", a.doc.Find(`[name="expires"] option[selected]`).AttrOr("value", ""))
	for _, bad := range []url.Values{{"scopes": {"root"}}, {"scopes": {"admin"}, "expires": {"soon"}}, {"scopes": {"admin"}, "name": {""}}} {
		require.Equal(t, http.StatusUnprocessableEntity, b.submit("/tokens", with(url.Values{"name": {"Shop"}}, bad)).StatusCode, "%v", bad)
	}
	for _, choice := range []string{"90d", "never"} {
		b.visit("/tokens")
		require.Equal(t, http.StatusCreated, b.submit("/tokens", url.Values{"name": {choice}, "scopes": {"admin"}, "expires": {choice}}).StatusCode)
	}
}

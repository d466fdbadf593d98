package browsertest

import (
	"net/http"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
)

// D4, ui.md: a form that was refused offers the way back: what is stored can stay
// secret after all, with the page's script and without.
func TestD4_ARefusedFormCanKeepTheSecret(t *testing.T) {
	s := apptest.NewServer(t, nil)
	b := open(t, s)
	b.setUp()
	id := made(t, s, "/webhooks", object{
		"name": "Kept", "url": "https://example.com/",
		"headers": []object{{"name": "X-Key", "value": "s3cret", "secret": true}},
		"auth":    object{"kind": "basic", "username": "u", "password": "pw"},
	})
	before := b.webhook()
	save := chromedp.Click(chromedp.CSS(`main form .form-bar button`))
	secret, value, password := field("headers.0.secret"), field("headers.0.value"), field("auth.secret")

	b.visit("/webhooks/" + id + "/edit")
	b.do(chromedp.Click(secret), chromedp.Click(chromedp.CSS(`[data-secret-change][aria-controls="f-auth-secret"]`)), chromedp.SendKeys(password, " pw "))
	require.Equal(t, int64(http.StatusUnprocessableEntity), b.follow(save))
	require.Contains(t, b.text("#f-headers-0-value-error"), "Enter the value again")
	require.Contains(t, b.text("#f-auth-secret-error"), "spaces", "the fault itself, not only that the secret was dropped")
	b.await(`document.readyState === "complete"`)
	for _, of := range []string{"f-headers-0-value", "f-auth-secret"} {
		b.do(chromedp.Click(chromedp.CSS(`[data-secret-change][aria-controls="` + of + `"]`)))
		b.await(`document.getElementById("` + of + `").value === "***"`)
	}
	b.await(`document.getElementsByName("headers.0.secret")[0].checked`)
	b.follow(save)
	require.Equal(t, "/webhooks/"+id, b.at())
	require.Equal(t, before.Headers, b.webhook().Headers)
	require.Equal(t, before.Auth, b.webhook().Auth)

	b.withoutScript()
	b.visit("/webhooks/" + id + "/edit")
	b.do(chromedp.Click(secret))
	require.Equal(t, int64(http.StatusUnprocessableEntity), b.follow(save))
	require.Contains(t, b.text("#f-headers-0-value-secret"), "Tick Secret and enter *** to keep the stored value.")
	b.do(chromedp.Click(secret), chromedp.SetValue(value, "***"))
	b.follow(save)
	require.Equal(t, "/webhooks/"+id, b.at())
	require.Equal(t, before.Headers, b.webhook().Headers)
	b.quiet()
}

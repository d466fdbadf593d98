package api_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// D4: a secret header does not turn plain without its value, however one asks, and
// what is refused changes nothing.
func TestD4_ASecretHeaderIsNotLostByTurningPlain(t *testing.T) {
	got := make(chan string, 1)
	d := newDelivering(t)
	url := receiver(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("X-Api-Key") })
	made := d.call("POST", "/api/v1/webhooks", `{"name":"N","url":"`+url+`","headers":[{"name":"X-Api-Key","value":"s3cr3t-value","secret":true},{"name":"X-Plain","value":"p"}]}`).is(201)
	one := "/api/v1/webhooks/" + made["id"].(string)
	before := d.call("GET", one, "").body
	for name, headers := range map[string]string{
		"mask":          `{"name":"X-Api-Key","value":"***"}`,
		"mask said":     `{"name":"X-Api-Key","value":"***","secret":false}`,
		"blank":         `{"name":"X-Api-Key","value":"","secret":false}`,
		"left out":      `{"name":"X-Api-Key"}`,
		"other case":    `{"name":"x-API-key","value":""}`,
		"among others":  `{"name":"X-Plain","value":"p"},{"name":"X-Api-Key","value":""}`,
		"renamed blank": `{"name":"X-New-Key","value":""}`,
		"renamed mask":  `{"name":"X-New-Key","value":"***"}`,
		"renamed kept":  `{"name":"X-New-Key","value":"***","secret":true}`,
		"twice":         `{"name":"X-Api-Key","value":"***","secret":true},{"name":"x-api-key","value":""}`,
		"still secret":  `{"name":"X-Api-Key","value":"","secret":true}`,
		"now secret":    `{"name":"X-Api-Key","value":"***","secret":true},{"name":"X-Plain","value":"***","secret":true}`,
	} {
		t.Run(name, func(t *testing.T) {
			a := d.in(t).call("PATCH", one, `{"headers":[`+headers+`]}`)
			_, fields := a.problem(422)
			require.Contains(t, fmt.Sprint(fields), "nter the ")
			require.Equal(t, before, d.in(t).call("GET", one, "").body)
		})
	}
	d.call("POST", "/api/v1/webhooks", `{"name":"N","url":"`+url+`","headers":[{"name":"X-Api-Key","value":"***"}]}`).problem(422)
	d.call("PATCH", one, `{"headers":[{"name":"X-Other","value":"1"},{"name":"x-api-key","value":"***","secret":true}]}`).is(200)
	d.publish(`{"type":"release.published","data":{}}`)
	require.Equal(t, "s3cr3t-value", <-got, "in another order and spelling it is kept")
	changed := d.call("PATCH", one, `{"headers":[{"name":"X-Api-Key","value":"public"}]}`).is(200)
	require.Contains(t, fmt.Sprint(changed["headers"]), "public", "with its value it may")
	d.call("PATCH", one, `{"headers":[{"name":"X-Empty","value":""}]}`).is(200)
}

// Z2: the signing key's 8 to 512 are characters.
func TestZ2_ASigningKeyCountsCharacters(t *testing.T) {
	d := newDesk(t)
	for key, want := range map[string]int{
		"äöüß": 422, "äöüßäöü": 422, "äöüßäöüß": 201, "🔑🔑": 422, strings.Repeat("🔑", 8): 201,
		strings.Repeat("ä", 512): 201, strings.Repeat("ä", 513): 422, strings.Repeat("k", 513): 422,
	} {
		a := d.call("POST", "/api/v1/webhooks", `{"name":"N","url":"https://example.com/","signing":{"secret":"`+key+`"}}`)
		require.Equal(t, want, a.status, "%d characters: %s", len([]rune(key)), a.body)
		if want == 422 {
			require.Contains(t, a.body, "8 to 512 characters")
		}
	}
}

// credentialCases are the places for a credential: a value that is accepted, and
// the members of a webhook that carry the value. Without members, the value goes
// to a route of its own (see sendCredential).
var credentialCases = map[string]struct{ good, members string }{
	"key":               {"my-signing-key", `"signing":{"hmac":true,"standard":false,"secret":"%s"}`},
	"standard key":      {whsec, `"signing":{"standard":true,"secret":"%s"}`},
	"bearer":            {"token", `"auth":{"kind":"bearer","token":"%s"}`},
	"basic token":       {"token", `"auth":{"kind":"basic_token","token":"%s"}`},
	"api key":           {"value", `"auth":{"kind":"api_key","header":"X-Key","value":"%s"}`},
	"api key name":      {"X-Key", `"auth":{"kind":"api_key","value":"v","header":"%s"}`},
	"password":          {"pass", `"auth":{"kind":"basic","username":"u","password":"%s"}`},
	"user name":         {"user", `"auth":{"kind":"basic","password":"p","username":"%s"}`},
	"client secret":     {"secret", `"auth":{"kind":"oauth2",` + oauthMembers("client_secret", "%s") + `}`},
	"client id":         {"client", `"auth":{"kind":"oauth2",` + oauthMembers("client_id", "%s") + `}`},
	"token url":         {"https://auth.example.com/t", `"auth":{"kind":"oauth2",` + oauthMembers("token_url", "%s") + `}`},
	"secret header":     {"value", `"headers":[{"name":"X-A","secret":true,"value":"%s"}]`},
	"plain header":      {"value", `"headers":[{"name":"X-A","value":"%s"}]`},
	"rotated":           {whsec, ""},
	"tested":            {whsec, ""},
	"connection secret": {"secret", ""}, "connection id": {"client", ""}, "connection url": {"https://auth.example.com/u", ""},
}

const whsec = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

// oauthMembers are the members of OAuth client credentials, the named member with
// the value.
func oauthMembers(member, value string) string {
	members := map[string]string{"client_id": "c", "client_secret": "s", "token_url": "https://auth.example.com/t", "scope": "a"}
	members[member] = value
	var parts []string
	for k, v := range members {
		parts = append(parts, `"`+k+`":"`+v+`"`)
	}
	return strings.Join(parts, ",")
}

// sendCredential sends the value to each route that takes this credential.
func sendCredential(d *desk, name, webhook, connection, value string) []answer {
	switch name {
	case "rotated":
		return []answer{d.call("POST", webhook+"/rotate-secret", `{"secret":"`+value+`"}`)}
	case "tested":
		return []answer{d.call("POST", webhook+"/test", `{"secret":"`+value+`"}`)}
	case "connection secret", "connection id", "connection url":
		member := map[string]string{"connection secret": "client_secret", "connection id": "client_id", "connection url": "token_url"}[name]
		return []answer{
			d.call("POST", "/api/v1/oauth-connections", `{"name":"`+fmt.Sprintf("%x", value)+`",`+oauthMembers(member, value)+`}`),
			d.call("PATCH", connection, `{"`+member+`":"`+value+`"}`),
		}
	}
	members := strings.ReplaceAll(credentialCases[name].members, "%s", value)
	return []answer{
		d.call("POST", "/api/v1/webhooks", `{"name":"N","url":"https://example.com/",`+members+`}`),
		d.call("PATCH", webhook, "{"+members+"}"),
	}
}

// White space copied along with a credential is refused, in every place for a credential.
func TestPastedWhiteSpaceIsRefusedInEveryCredential(t *testing.T) {
	d := newDesk(t)
	webhook := "/api/v1/webhooks/" + d.call("POST", "/api/v1/webhooks", `{"name":"N","url":"https://example.com/","auth":{"kind":"bearer","token":"tok"}}`).is(201)["id"].(string)
	connection := "/api/v1/oauth-connections/" + d.call("POST", "/api/v1/oauth-connections", `{"name":"C","client_id":"c","client_secret":"s","token_url":"https://auth.example.com/t"}`).is(201)["id"].(string)
	for name, c := range credentialCases {
		t.Run(name, func(t *testing.T) {
			d := d.in(t)
			for _, bad := range []string{c.good + `\n`, c.good + `\r\n`, " " + c.good, c.good + " ", `\t` + c.good, `\ufeff` + c.good, c.good + `\u200b`, c.good[:3] + `\n` + c.good[3:]} {
				for _, a := range sendCredential(d, name, webhook, connection, bad) {
					require.Equal(t, 422, a.status, "%q: %s", bad, a.body)
				}
			}
			if name == "tested" {
				return // which would leave the machine
			}
			for _, a := range sendCredential(d, name, webhook, connection, c.good) {
				require.Less(t, a.status, 300, a.body)
			}
		})
	}
}

// H2: basic authentication goes without one of its halves, and never without both.
func TestH2_BasicAuthenticationWithAnEmptyHalf(t *testing.T) {
	got := make(chan string, 1)
	d := newDelivering(t)
	url := receiver(t, func(_ http.ResponseWriter, r *http.Request) { got <- r.Header.Get("Authorization") })
	made := d.call("POST", "/api/v1/webhooks", `{"name":"N","url":"`+url+`","auth":{"kind":"basic","username":"sk_test_4eC39","password":""}}`).is(201)
	one := "/api/v1/webhooks/" + made["id"].(string)
	require.Equal(t, map[string]any{"kind": "basic", "username": "sk_test_4eC39", "password": ""}, made["auth"])
	sent := func() string {
		d.publish(`{"type":"release.published","data":{}}`)
		return <-got
	}
	require.Equal(t, "Basic c2tfdGVzdF80ZUMzOTo=", sent())
	d.call("PATCH", one, `{"name":"M","auth":{"kind":"basic","username":"sk_test_4eC39"}}`).is(200)
	require.Equal(t, "Basic c2tfdGVzdF80ZUMzOTo=", sent(), "none is stored, so leaving it out keeps none")
	d.call("PATCH", one, `{"auth":{"kind":"basic","username":"","password":"pw"}}`).is(200)
	require.Equal(t, "Basic OnB3", sent())
	d.call("PATCH", one, `{"auth":{"username":"u"}}`).is(200)
	require.Equal(t, "Basic dTpwdw==", sent(), "what is not named stays")
	d.call("POST", one+"/test", `{}`).is(200)
	require.Equal(t, "Basic dTpwdw==", <-got)
	for _, bad := range []string{`{"username":"","password":""}`, `{"kind":"bearer"}`, `{"kind":"bearer","token":""}`} {
		d.call("PATCH", one, `{"auth":`+bad+`}`).problem(422)
	}
	d.call("PATCH", one, `{"auth":{"kind":"none"}}`).is(200)
	_, fields := d.call("PATCH", one, `{"auth":{"kind":"basic","username":"u"}}`).problem(422)
	require.Contains(t, fields["auth.password"], "Enter the password", "left out is not left empty")
	d.call("PATCH", one, `{"auth":{"kind":"basic","username":"u","password":"***"}}`).problem(422)
}

// Z2: a key of any characters signs as its UTF-8, spaces inside included.
func TestZ2_AKeySignsAsItsUTF8(t *testing.T) {
	type request struct{ body, signature string }
	got := make(chan request, 1)
	d := newDelivering(t)
	url := receiver(t, func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got <- request{string(body), r.Header.Get("X-Hmac-Signature")}
	})
	d.call("POST", "/api/v1/webhooks", `{"name":"N","url":"`+url+`","signing":{"hmac":true,"secret":"schlüssel ünd"}}`).is(201)
	d.publish(`{"type":"release.published","data":{}}`)
	r := <-got
	mac := hmac.New(sha256.New, []byte("schlüssel ünd"))
	mac.Write([]byte(r.body))
	require.Equal(t, hex.EncodeToString(mac.Sum(nil)), r.signature)
}

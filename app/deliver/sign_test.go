package deliver

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// W5, the vector of trust.md.
func TestSignBodyVectorW5(t *testing.T) {
	require.Equal(t, "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
		newSigningKey("It's a Secret to Everybody").signBody([]byte("Hello, World!")))
}

// verify reads a token as a receiver does: with the library, HS256 only, expiry
// checked against the time of the attempt.
func verify(t require.TestingT, token, key string) jwt.MapClaims {
	claims := jwt.MapClaims{}
	_, err := jwt.ParseWithClaims(token, claims, func(*jwt.Token) (any, error) { return []byte(key), nil },
		jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithIssuedAt(), jwt.WithStrictDecoding(),
		jwt.WithTimeFunc(func() time.Time { return noon }))
	require.NoError(t, err)
	return claims
}

// Z2: the claims, for any body, key, domain and id.
func TestSignTokenZ2(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		key := rapid.StringN(8, 100, -1).Draw(t, "key")
		domain := rapid.String().Draw(t, "domain")
		id := rapid.String().Draw(t, "id")

		token := newSigningKey(key).signToken(appendJSONString(nil, domain), id, body, noon)

		sum := sha256.Sum256(body)
		require.Equal(t, jwt.MapClaims{
			"iss": domain, "iat": float64(noon.Unix()), "exp": float64(noon.Add(5 * time.Minute).Unix()),
			"jti": id, "body_sha256": hex.EncodeToString(sum[:]),
		}, verify(t, token, key))
	})
}

// The token is byte for byte what the library would have made of the claims.
func TestSignTokenIsTheLibrarys(t *testing.T) {
	type claims struct {
		Issuer     string `json:"iss"`
		IssuedAt   int64  `json:"iat"`
		Expires    int64  `json:"exp"`
		ID         string `json:"jti"`
		Hash       string `json:"body_sha256"`
		jwt.Claims `json:"-"`
	}
	body := []byte(`{"a":1}`)
	sum := sha256.Sum256(body)
	want, err := jwt.NewWithClaims(jwt.SigningMethodHS256, claims{
		Issuer: "site.example", IssuedAt: noon.Unix(), Expires: noon.Unix() + 300, ID: deliveryID, Hash: hex.EncodeToString(sum[:]),
	}).SignedString([]byte(testKey))
	require.NoError(t, err)
	require.Equal(t, want, newSigningKey(testKey).signToken([]byte(`"site.example"`), deliveryID, body, noon))
}

// Z2: the receiver verifies what arrived; a token of another key or for another
// body does not pass.
func TestTokenArrivesVerifiableZ2(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	b.Send(t.Context(), b.input(server.URL))
	r := <-got
	token := r.header.Get("X-Webhook-Secret")
	claims := verify(t, token, testKey)
	require.Equal(t, "site.example", claims["iss"])
	require.Equal(t, deliveryID, claims["jti"])
	sum := sha256.Sum256(r.body)
	require.Equal(t, hex.EncodeToString(sum[:]), claims["body_sha256"])

	_, err := jwt.Parse(token, func(*jwt.Token) (any, error) { return []byte("another key"), nil },
		jwt.WithTimeFunc(func() time.Time { return noon }))
	require.ErrorIs(t, err, jwt.ErrTokenSignatureInvalid)
	_, err = jwt.Parse(token, func(*jwt.Token) (any, error) { return []byte(testKey), nil },
		jwt.WithTimeFunc(func() time.Time { return noon.Add(5*time.Minute + time.Second) }))
	require.ErrorIs(t, err, jwt.ErrTokenExpired)
}

// Promise 2: on every attempt the delivery id is the same, time and signature
// are fresh.
func TestEveryAttemptIsSignedAfresh(t *testing.T) {
	b := newRig(t)
	clock := noon
	b.Sender.now = func() time.Time { return clock }
	server, got := receiver(t, answerOK)
	in := b.input(server.URL)

	b.Send(t.Context(), in)
	first := <-got
	clock = noon.Add(time.Minute)
	in.Delivery.Attempts++
	ex := b.Send(t.Context(), in)
	second := <-got

	require.Equal(t, 4, ex.Attempt.Number)
	require.Equal(t, first.body, second.body)
	require.Equal(t, first.header["Idempotency-Key"], second.header["Idempotency-Key"])
	require.Equal(t, first.header["X-Hmac-Signature"], second.header["X-Hmac-Signature"])
	require.NotEqual(t, first.header["X-Webhook-Secret"], second.header["X-Webhook-Secret"])
	unverified := jwt.MapClaims{}
	_, _, err := jwt.NewParser().ParseUnverified(second.header.Get("X-Webhook-Secret"), unverified)
	require.NoError(t, err)
	require.Equal(t, float64(clock.Unix()), unverified["iat"])
}

func TestSigningIsAChoice(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	for _, tc := range []struct{ jwt, hmac bool }{{true, false}, {false, true}, {false, false}} {
		in := b.input(server.URL)
		in.Webhook.Signing.JWT, in.Webhook.Signing.HMAC = tc.jwt, tc.hmac
		in.Delivery.Test = true
		a := b.Send(t.Context(), in).Attempt
		r := <-got
		require.Equal(t, tc.jwt, r.header.Get("X-Webhook-Secret") != "")
		require.Equal(t, tc.hmac, r.header.Get("X-Hmac-Signature") != "")
		require.Len(t, lineValues(a.Request.Headers, "x-webhook-secret"), len(r.header[http.CanonicalHeaderKey("x-webhook-secret")]))
	}
}

package deliver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"hookline/models"
)

// VerifyHMAC checks a captured delivery's signature of its body (W5) as its
// receiver would.
func VerifyHMAC(key string, r models.Captured) models.SignatureCheck {
	sent := r.Header(hmacSignature)
	if sent == "" {
		return models.SignatureAbsent
	}
	return checked(hmac.Equal([]byte(sent), []byte(newSigningKey(key).signBody(r.Body))))
}

// VerifyToken checks a captured delivery's token (Z2) against its delivery, its
// body and the time it came.
func VerifyToken(key string, r models.Captured, deliveryID string) models.SignatureCheck {
	sent := r.Header(tokenHeader)
	if sent == "" {
		return models.SignatureAbsent
	}
	signed, signature, _ := cutLast(sent, ".")
	sum := newSigningKey(key).sum(nil, []byte(signed))
	if !hmac.Equal([]byte(signature), []byte(base64.RawURLEncoding.EncodeToString(sum))) {
		return models.SignatureWrong
	}
	claims, err := readClaims(signed)
	body := sha256.Sum256(r.Body)
	return checked(err == nil && claims.ID == deliveryID && claims.Body == hex.EncodeToString(body[:]) &&
		r.At.Before(time.Unix(claims.Expires, 0)))
}

// VerifyStandard checks a captured delivery's signatures of Standard Webhooks
// (B1): one made with this key is enough. The time it bears is not compared, since
// it was stamped here.
func VerifyStandard(key string, r models.Captured) models.SignatureCheck {
	sent := r.Header(standardSignature)
	if sent == "" {
		return models.SignatureAbsent
	}
	secret, ok := models.ParseStandardKey(key)
	if !ok {
		return models.SignatureWrong
	}
	keys := []standardKey{{signingKey: newSigningKey(string(secret))}}
	want := signStandard(keys, r.Header(standardID), r.Header(standardTimestamp), r.Body, time.Time{})
	found := false
	for _, one := range strings.Fields(sent) {
		found = hmac.Equal([]byte(one), []byte(want)) || found
	}
	return checked(found)
}

type tokenClaims struct {
	ID      string `json:"jti"`
	Expires int64  `json:"exp"`
	Body    string `json:"body_sha256"`
}

func readClaims(signed string) (c tokenClaims, err error) {
	_, payload, _ := strings.Cut(signed, ".")
	raw, err := base64.RawURLEncoding.DecodeString(payload)
	if err == nil {
		err = json.Unmarshal(raw, &c)
	}
	return c, err
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

func checked(ok bool) models.SignatureCheck {
	if ok {
		return models.SignatureValid
	}
	return models.SignatureWrong
}

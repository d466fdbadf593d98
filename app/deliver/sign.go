package deliver

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"strconv"
	"sync"
	"time"

	"hookline/models"
)

// tokenLifetime is how long a receiver may accept a token (Z2).
const tokenLifetime = 5 * time.Minute

// signatures are what a body was signed with; "" for what the webhook does not
// want.
type signatures struct {
	token     string // Z2
	hmac      string // W5
	standard  string // B1: one signature for each key, new first, a space between
	timestamp string // of standard: seconds since 1970
}

// A signer makes the signatures of a body.
type signer func(body []byte, deliveryID string) signatures

// signer signs with the webhook's key. now is the attempt's own time: every
// attempt is signed afresh, or a retry would arrive with an expired token
// (promise 2).
func (p *prepared) signer(now time.Time) signer {
	return func(body []byte, deliveryID string) (s signatures) {
		if p.signing.JWT {
			s.token = p.key.signToken(p.issuer, deliveryID, body, now)
		}
		if p.signing.HMAC {
			s.hmac = p.key.signBody(body)
		}
		if p.signing.Standard {
			s.timestamp = strconv.FormatInt(now.Unix(), 10)
			s.standard = signStandard(p.keys, deliveryID, s.timestamp, body, now)
		}
		return s
	}
}

// placeholders stand where a preview has no signatures.
func (p *prepared) placeholders(now time.Time) signer {
	return func([]byte, string) (s signatures) {
		if p.signing.JWT {
			s.token = models.Mask
		}
		if p.signing.HMAC {
			s.hmac = models.Mask
		}
		if p.signing.Standard {
			s.timestamp, s.standard = strconv.FormatInt(now.Unix(), 10), models.Mask
		}
		return s
	}
}

// signingKey makes HMAC-SHA256 with one key. It keeps used hashes, since one
// that has seen the key before starts with half of its work done.
type signingKey struct{ macs sync.Pool }

func newSigningKey(key string) *signingKey {
	return &signingKey{sync.Pool{New: func() any { return hmac.New(sha256.New, []byte(key)) }}}
}

// sum appends the HMAC-SHA256 of data to dst.
func (k *signingKey) sum(dst, data []byte) []byte {
	mac := k.macs.Get().(hash.Hash)
	defer k.macs.Put(mac)
	mac.Reset()
	mac.Write(data)
	return mac.Sum(dst)
}

// signBody is the HMAC-SHA256 of the exact body bytes, in hex (W5).
func (k *signingKey) signBody(body []byte) string {
	var sum [sha256.Size]byte
	return hex.EncodeToString(k.sum(sum[:0], body))
}

// tokenStart is the first part of every token: {"alg":"HS256","typ":"JWT"} and
// the dot.
var tokenStart = base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "."

// signToken makes the JWT of Z2. It is written by hand, since it is five claims
// of fixed form on the hot path; the tests hold it against golang-jwt, byte for
// byte. issuer is a JSON string already.
func (k *signingKey) signToken(issuer []byte, deliveryID string, body []byte, now time.Time) string {
	bodySum := sha256.Sum256(body)
	issued := now.Unix()
	claims := make([]byte, 0, 192+len(issuer)+len(deliveryID))
	claims = append(append(claims, `{"iss":`...), issuer...)
	claims = strconv.AppendInt(append(claims, `,"iat":`...), issued, 10)
	claims = strconv.AppendInt(append(claims, `,"exp":`...), issued+int64(tokenLifetime/time.Second), 10)
	claims = appendJSONString(append(claims, `,"jti":`...), deliveryID)
	claims = hex.AppendEncode(append(claims, `,"body_sha256":"`...), bodySum[:])
	claims = append(claims, `"}`...)

	const signature = 43 // base64 letters of 256 bits
	token := make([]byte, 0, len(tokenStart)+base64.RawURLEncoding.EncodedLen(len(claims))+1+signature)
	token = base64.RawURLEncoding.AppendEncode(append(token, tokenStart...), claims)
	var sum [sha256.Size]byte
	signed := k.sum(sum[:0], token)
	return string(base64.RawURLEncoding.AppendEncode(append(token, '.'), signed))
}

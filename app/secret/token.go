package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"

	"hookline/models"
)

// base62 has no signs: a double click selects a whole token, and no shell, URL
// or mail program cuts it.
const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// tokenLength letters of base62 hold 256 bits.
const tokenLength = 43

// NewToken makes a token with 256 random bits behind prefix. clear is for its
// holder alone; the hash is what the database keeps.
func NewToken(prefix string) (clear string, hash []byte) {
	token := make([]byte, 0, len(prefix)+tokenLength)
	token = append(token, prefix...)
	var random [64]byte
	for len(token) < cap(token) {
		_, _ = rand.Read(random[:]) // never fails: it ends the program instead
		for _, b := range random {
			// Six bits, and those past the alphabet thrown away: a
			// remainder would make some letters likelier than others.
			if b &= 63; int(b) < len(base62) && len(token) < cap(token) {
				token = append(token, base62[b])
			}
		}
	}
	return string(token), Hash(string(token))
}

// NewSigningKey makes a key of 256 random bits for a webhook's signatures. It has
// the form that Standard Webhooks asks for, since every other signature takes any
// text: so whoever switches that on later need not rotate.
func NewSigningKey() string {
	var random [32]byte
	_, _ = rand.Read(random[:])
	return models.StandardKeyPrefix + base64.StdEncoding.EncodeToString(random[:])
}

// Hash is how a token is stored and looked up. A fast hash is enough: nobody
// can guess 256 random bits.
func Hash(clear string) []byte {
	sum := sha256.Sum256([]byte(clear))
	return sum[:]
}

// hintLength letters behind the prefix tell tokens apart and leave over 230
// bits unknown.
const hintLength = 4

// Hint is the start of a token made with prefix, for lists.
func Hint(prefix, clear string) string {
	return clear[:min(len(clear), len(prefix)+hintLength)]
}

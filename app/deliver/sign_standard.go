package deliver

import (
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"time"
)

// Standard Webhooks, symmetric signatures
// (https://github.com/standard-webhooks/standard-webhooks, "Signature scheme"):
// HMAC-SHA256 over id.timestamp.body with the bytes that the key stands for,
// in base64 behind the scheme's version.

const standardVersion = "v1,"

// standardKey signs until a time; the webhook's own key has none.
type standardKey struct {
	*signingKey
	until time.Time
}

// signStandard is the value of webhook-signature at this time. Keys whose overlap
// is over sign nothing, however long ago they were prepared.
func signStandard(keys []standardKey, id, timestamp string, body []byte, now time.Time) string {
	const length = len(standardVersion) + 44 // base64 letters of 256 bits, padded
	head := make([]byte, 0, 64)
	head = append(append(append(append(head, id...), '.'), timestamp...), '.')
	out := make([]byte, 0, len(keys)*(length+1))
	for _, k := range keys {
		if !k.until.IsZero() && !now.Before(k.until) {
			continue
		}
		if len(out) > 0 {
			out = append(out, ' ')
		}
		var sum [sha256.Size]byte
		out = append(out, standardVersion...)
		out = base64.StdEncoding.AppendEncode(out, k.sumOf(sum[:0], head, body))
	}
	return string(out)
}

// sumOf appends the HMAC-SHA256 of head and body to dst, without joining them.
func (k *signingKey) sumOf(dst, head, body []byte) []byte {
	mac := k.macs.Get().(hash.Hash)
	defer k.macs.Put(mac)
	mac.Reset()
	mac.Write(head)
	mac.Write(body)
	return mac.Sum(dst)
}

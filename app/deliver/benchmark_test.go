package deliver

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"net/http"
	"net/url"
	"testing"

	"hookline/app/egress"
	"hookline/models"
)

// kilobyte is an event of 1 KiB, as in the speed goals.
func kilobyte() []byte {
	const head, tail = `{"name":"`, `"}`
	return append(append([]byte(head), bytes.Repeat([]byte("x"), 1024-len(head)-len(tail))...), tail...)
}

// BenchmarkRequest is one attempt up to the client: cache, body, both
// signatures, headers for wire and log.
func BenchmarkRequest(b *testing.B) {
	r := newRig(b)
	in := r.input("https://hooks.example.com/x")
	in.Event.Data = kilobyte()
	in.Webhook.Headers = []models.Header{r.secretHeader("wh_1", "Authorization", "Bearer abcdefghijklmnop")}
	b.ReportAllocs()
	for b.Loop() {
		p := r.prepared(&in)
		if m, f := p.message(&in, p.signer(noon)); f != nil || len(m.body) < 1024 {
			b.Fatal("no request")
		}
	}
}

// BenchmarkHashing is the floor under BenchmarkRequest: the three passes of
// SHA-256 that any way of making the two signatures needs.
func BenchmarkHashing(b *testing.B) {
	body, key, token := bytes.Repeat([]byte("x"), 1200), []byte(testKey), make([]byte, 320)
	var sum [sha256.Size]byte
	for b.Loop() {
		sum = sha256.Sum256(body)
		for _, signed := range [][]byte{body, token} {
			mac := hmac.New(sha256.New, key)
			mac.Write(signed)
			mac.Sum(sum[:0])
		}
	}
}

// BenchmarkRecord is one attempt after the client: outcome, masking, log record.
func BenchmarkRecord(b *testing.B) {
	r := newRig(b)
	in := r.input("https://hooks.example.com/x")
	in.Event.Data = kilobyte()
	in.Webhook.Headers = []models.Header{r.secretHeader("wh_1", "Authorization", "Bearer abcdefghijklmnop")}
	p := r.prepared(&in)
	m, _ := p.message(&in, p.signer(noon))
	res := egress.Result{
		Kind: egress.KindResponse, Status: 200, Body: []byte(`{"ok":true}`),
		Header: http.Header{"Date": {"Wed, 04 Mar 2026 12:00:00 GMT"}, "Content-Type": {"application/json"}, "Content-Length": {"11"}},
	}
	b.ReportAllocs()
	for b.Loop() {
		if a := p.attempt(&in, &m, res); a.Outcome != models.Success {
			b.Fatal(a.Error)
		}
	}
}

// BenchmarkPrepare is what the cache saves.
func BenchmarkPrepare(b *testing.B) {
	r := newRig(b)
	in := r.input("https://hooks.example.com/x")
	in.Webhook.Headers = []models.Header{r.secretHeader("wh_1", "Authorization", "Bearer abcdefghijklmnop")}
	check := func(raw string) (*url.URL, error) { return r.client.CheckURL(raw) }
	b.ReportAllocs()
	for b.Loop() {
		if p := prepare(in.Webhook, in.Settings, check, r.box.Open); p.fault != nil {
			b.Fatal(p.fault.sentence)
		}
	}
}

package hostile

import (
	"bufio"
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"crypto/tls"
	"encoding/binary"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
)

// KeyUpdates is a TLS 1.3 receiver that answers without end, asks for a key update
// before each byte as often as a sender puts up with, and reads nothing but the
// request. The sender has to answer each request for an update, so that in the end it
// cannot go on reading, because it cannot write.
func KeyUpdates() Receiver {
	return Receiver{Name: "TLS key updates, and nothing read", Start: startKeyUpdates, Want: Timeout, Reason: "did not finish", Stalls: true}
}

// maxUpdates is how many messages without data crypto/tls takes in a row.
const maxUpdates = 16

func startKeyUpdates(tb TB) string {
	tb.Helper()
	cfg := withCert(leaf{ip: true})
	cfg.MinVersion, cfg.SessionTicketsDisabled = tls.VersionTLS13, true
	return "https://" + serveWith(tb, smallBuffers, func(p *peer) {
		var secrets bytes.Buffer
		mine := cfg.Clone()
		mine.KeyLogWriter = &secrets
		conn := tls.Server(p.Conn, mine)
		if conn.Handshake() != nil {
			return
		}
		// An answer before the request would be refused as nobody's.
		if _, err := http.ReadRequest(bufio.NewReader(conn)); err != nil {
			return
		}
		w := newRecordWriter(p.Conn, conn.ConnectionState().CipherSuite, secrets.String())
		w.data("HTTP/1.1 200 OK\r\nX-Slow: ")
		for w.err == nil {
			for range maxUpdates {
				w.keyUpdate()
			}
			w.data("a")
			w.flush()
		}
	}) + "/hook"
}

// recordWriter writes the records of a TLS 1.3 server after the handshake.
type recordWriter struct {
	to     io.Writer
	suite  uint16
	secret []byte
	aead   cipher.AEAD
	iv     []byte
	seq    uint64
	out    []byte
	err    error
}

// newRecordWriter takes the server's first secret from what KeyLogWriter got.
func newRecordWriter(to net.Conn, suite uint16, log string) *recordWriter {
	w := &recordWriter{to: to, suite: suite}
	for line := range strings.Lines(log) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "SERVER_TRAFFIC_SECRET_0" {
			secret, err := hex.DecodeString(f[2])
			must(err)
			w.use(secret)
		}
	}
	return w
}

// use begins to write with a secret (RFC 8446, 7.3).
func (w *recordWriter) use(secret []byte) {
	w.aead = newAEAD(w.suite, secret)
	w.secret, w.iv, w.seq = secret, expandLabel(secret, "iv", 12), 0
}

// newAEAD knows the suites with SHA-256: a machine without AES in its processor
// prefers the second.
func newAEAD(suite uint16, secret []byte) cipher.AEAD {
	if suite == tls.TLS_CHACHA20_POLY1305_SHA256 {
		aead, err := chacha20poly1305.New(expandLabel(secret, "key", chacha20poly1305.KeySize))
		must(err)
		return aead
	}
	block, err := aes.NewCipher(expandLabel(secret, "key", 16))
	must(err)
	aead, err := cipher.NewGCM(block)
	must(err)
	return aead
}

func expandLabel(secret []byte, label string, length int) []byte {
	info := []byte{byte(length >> 8), byte(length), byte(len("tls13 " + label))}
	info = append(append(info, "tls13 "+label...), 0)
	out, err := hkdf.Expand(sha256.New, secret, string(info), length)
	must(err)
	return out
}

func (w *recordWriter) data(text string) { w.record(23, []byte(text)) }

// keyUpdate says that the next record has another key, and asks for the same.
func (w *recordWriter) keyUpdate() {
	w.record(22, []byte{24, 0, 0, 1, 1})
	w.use(expandLabel(w.secret, "traffic upd", sha256.Size))
}

func (w *recordWriter) record(kind byte, content []byte) {
	plain := append(slices.Clone(content), kind)
	head := []byte{23, 3, 3, 0, 0}
	binary.BigEndian.PutUint16(head[3:], uint16(len(plain)+w.aead.Overhead()))
	nonce := slices.Clone(w.iv)
	for i := range 8 {
		nonce[4+i] ^= byte(w.seq >> (56 - 8*i))
	}
	w.seq++
	w.out = w.aead.Seal(append(w.out, head...), nonce, plain, head)
}

func (w *recordWriter) flush() {
	_, w.err = w.to.Write(w.out)
	w.out = w.out[:0]
}

// must panics: what it is asked about cannot fail.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

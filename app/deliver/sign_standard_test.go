package deliver

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"hookline/app/secret"
	"hookline/models"
)

const (
	standardText = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" // of the specification
	olderText    = "whsec_b2xkZXIga2V5IG9mIHRoaXJ0eSB0d28gYnl0ZXMhISE="
)

// inStandard is a webhook that signs for Standard Webhooks alone.
func (b rig) inStandard(url string) Input {
	in := b.input(url)
	in.Webhook.Signing = models.Signing{Standard: true, Key: b.seal(standardText, secret.SigningKey(in.Webhook.ID))}
	return in
}

// rotated keeps text as the key before, for an hour.
func (b rig) rotated(in Input, text string) {
	in.Webhook.Signing.OldKey = b.seal(text, secret.OldSigningKey(in.Webhook.ID))
	in.Webhook.Signing.OldKeyUntil = noon.Add(time.Hour)
}

// official checks a request with the library of Standard Webhooks.
func official(t testing.TB, text string, r received) error {
	t.Helper()
	library, err := standardwebhooks.NewWebhook(text)
	require.NoError(t, err)
	return library.VerifyIgnoringTimestamp(r.body, r.header) // the rig's clock stands still
}

// B1, the vector of trust.md.
func TestB1_StandardVector(t *testing.T) {
	key, ok := models.ParseStandardKey(standardText)
	require.True(t, ok)
	require.Equal(t, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", signStandard([]standardKey{{signingKey: newSigningKey(string(key))}},
		"msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", []byte(`{"test": 2432232314}`), noon))
}

// B1: for any key, id and body it is what the official library makes.
func TestB1_StandardIsTheLibrarys(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SliceOfN(rapid.Byte(), models.MinStandardKey, models.MaxStandardKey).Draw(t, "key")
		id := rapid.StringN(1, 80, -1).Draw(t, "id")
		body := rapid.SliceOf(rapid.Byte()).Draw(t, "body")
		library, err := standardwebhooks.NewWebhookRaw(key)
		require.NoError(t, err)
		want, err := library.Sign(id, noon, body)
		require.NoError(t, err)
		require.Equal(t, want, signStandard([]standardKey{{signingKey: newSigningKey(string(key))}}, id, "1772625600", body, noon))

		read, ok := models.ParseStandardKey(models.StandardKeyPrefix + base64.StdEncoding.EncodeToString(key))
		require.True(t, ok)
		require.Equal(t, key, read)
	})
}

// B1: the libraries accept a real delivery, at its real time, and no other body,
// id, time or key. One retry later id is the same, time and signature are fresh.
func TestB1_OfficialLibraryAcceptsADelivery(t *testing.T) {
	b := newRig(t)
	clock := time.Now()
	b.now = func() time.Time { return clock }
	server, got := receiver(t, answerOK)
	in := b.inStandard(server.URL)
	in.Webhook.Signing.JWT, in.Webhook.Signing.HMAC = true, true
	b.Send(t.Context(), in)
	r := <-got
	library, err := standardwebhooks.NewWebhook(standardText)
	require.NoError(t, err)
	require.NoError(t, library.Verify(r.body, r.header))
	require.Equal(t, deliveryID, r.header.Get("webhook-id"))
	require.NotEmpty(t, verifyNow(t, r.header.Get(tokenHeader), standardText), "the same text is the token's key")
	require.Equal(t, newSigningKey(standardText).signBody(r.body), r.header.Get(hmacSignature))

	require.Error(t, library.Verify(append(r.body, ' '), r.header))
	require.Error(t, official(t, olderText, r))
	for name, value := range map[string]string{"webhook-id": "dlv_other", "webhook-timestamp": "1"} {
		forged := r.header.Clone()
		forged.Set(name, value)
		require.Error(t, library.VerifyIgnoringTimestamp(r.body, forged), name)
	}

	clock = clock.Add(-6 * time.Minute)
	b.Send(t.Context(), in)
	old := <-got
	require.ErrorIs(t, library.Verify(old.body, old.header), standardwebhooks.ErrMessageTooOld)
	require.Equal(t, r.header["Webhook-Id"], old.header["Webhook-Id"])
	require.NotEqual(t, r.header["Webhook-Signature"], old.header["Webhook-Signature"])
}

func verifyNow(t *testing.T, token, key string) string {
	t.Helper()
	r := models.Captured{At: time.Now(), Headers: []models.HeaderLine{{Name: tokenHeader, Value: token}}}
	sum := newSigningKey(key).sum(nil, []byte(token[:strings.LastIndex(token, ".")]))
	require.True(t, strings.HasSuffix(token, "."+base64.RawURLEncoding.EncodeToString(sum)))
	return r.Header(tokenHeader)
}

// npm checks a request with the package standardwebhooks.
func npm(t testing.TB, text string, r received) string {
	t.Helper()
	const script = `
const { Webhook } = require("standardwebhooks");
const { key, headers, body } = JSON.parse(require("fs").readFileSync(0, "utf8"));
try {
	new Webhook(key).verify(Buffer.from(body, "base64").toString(), headers);
	console.log("valid");
} catch (e) {
	console.log(e.name + ": " + e.message);
}`
	headers := map[string]string{}
	for name := range r.header {
		headers[name] = r.header.Get(name)
	}
	in, err := json.Marshal(map[string]any{"key": text, "headers": headers, "body": r.body})
	require.NoError(t, err)
	node := exec.CommandContext(t.Context(), "node", "-e", script)
	node.Dir, node.Stdin = "../..", bytes.NewReader(in) // where package.json and node_modules are
	said, err := node.CombinedOutput()
	require.NoError(t, err, "%s", said)
	return strings.TrimSpace(string(said))
}

// B1: so does the package of npm, and both keys are valid while a rotation's
// overlap lasts.
func TestB1_NpmPackageAcceptsADelivery(t *testing.T) {
	b := newRig(t)
	clock := time.Now()
	b.now = func() time.Time { return clock }
	server, got := receiver(t, answerOK)
	in := b.inStandard(server.URL)
	b.rotated(in, olderText)
	in.Webhook.Signing.OldKeyUntil = clock.Add(time.Hour)
	b.Send(t.Context(), in)
	r := <-got
	require.Equal(t, "valid", npm(t, standardText, r))
	require.Equal(t, "valid", npm(t, olderText, r))
	r.body = append(r.body, ' ')
	require.Contains(t, npm(t, standardText, r), "No matching signature")
}

// B1: until the old key's end both signatures go out, the new one first, and not
// an instant longer, though nothing of the webhook changes and its prepared form
// stays in the cache.
func TestB1_BothSignaturesUntilTheOverlapEnds(t *testing.T) {
	b := newRig(t)
	clock := noon
	b.now = func() time.Time { return clock }
	server, got := receiver(t, answerOK)
	in := b.inStandard(server.URL)
	b.rotated(in, olderText)
	end := in.Webhook.Signing.OldKeyUntil
	for _, tc := range []struct {
		at   time.Time
		both bool
	}{{noon, true}, {end.Add(-time.Microsecond), true}, {end, false}, {end.Add(time.Hour), false}, {noon, true}} {
		clock = tc.at
		b.Send(t.Context(), in)
		r := <-got
		sent := strings.Split(r.header.Get("webhook-signature"), " ")
		require.NoError(t, official(t, standardText, r))
		if !tc.both {
			require.Len(t, sent, 1)
			require.Error(t, official(t, olderText, r))
			continue
		}
		require.Len(t, sent, 2)
		require.NoError(t, official(t, olderText, r))
		first := r
		first.header = r.header.Clone()
		first.header.Set("webhook-signature", sent[0])
		require.NoError(t, official(t, standardText, first), "the new one is first")
		require.Error(t, official(t, olderText, first))
	}
}

// An old key of another form, or one that does not open, signs nothing and stops
// nothing.
func TestB1_OldKeyThatCannotSignIsLeftOut(t *testing.T) {
	for name, seal := range map[string]func(rig) models.Sealed{
		"another form":       func(b rig) models.Sealed { return b.seal(testKey, secret.OldSigningKey("wh_1")) },
		"another master key": func(rig) models.Sealed { return rig{nil, t, newBox(t)}.seal(olderText, secret.OldSigningKey("wh_1")) },
	} {
		t.Run(name, func(t *testing.T) {
			b := newRig(t)
			server, got := receiver(t, answerOK)
			in := b.inStandard(server.URL)
			in.Webhook.Signing.OldKey, in.Webhook.Signing.OldKeyUntil = seal(b), noon.Add(time.Hour)
			require.Equal(t, models.Success, b.Send(t.Context(), in).Attempt.Outcome)
			r := <-got
			require.NotContains(t, r.header.Get("webhook-signature"), " ")
			require.NoError(t, official(t, standardText, r))
		})
	}
}

// A key of another form stops every attempt with the way to mend it.
func TestB1_KeyOfAnotherFormIsSaid(t *testing.T) {
	b := newRig(t)
	in := b.input("http://127.0.0.1:1/")
	in.Webhook.Signing.Standard = true
	a := b.Send(t.Context(), in).Attempt
	require.Equal(t, models.AuthError, a.Outcome)
	require.Contains(t, a.Error, "whsec_")
	require.NotContains(t, a.Error, testKey)
}

// B1: a request without a body is signed too.
func TestB1_NoBodyIsSigned(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.inStandard(server.URL)
	in.Webhook.Method = http.MethodGet
	b.Send(t.Context(), in)
	r := <-got
	require.Empty(t, r.body)
	require.NoError(t, official(t, standardText, r))
}

// Promise 6: of neither key the log keeps anything, however the receiver spells
// it; the signature stands in the log as it was sent, in a preview as ***.
func TestB1_StandardInTheLog(t *testing.T) {
	b := newRig(t)
	bare := func(text string) string { return strings.TrimPrefix(text, models.StandardKeyPrefix) }
	server, got := receiver(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Keys", standardText+" "+olderText)
		_, _ = io.WriteString(w, standardText+" "+bare(standardText)+" "+olderText+" "+bare(olderText))
	})
	in := b.inStandard(server.URL)
	b.rotated(in, olderText)
	a := b.Send(t.Context(), in).Attempt
	sent := (<-got).header
	for name, canonical := range map[string]string{"webhook-id": "Webhook-Id", "webhook-timestamp": "Webhook-Timestamp", "webhook-signature": "Webhook-Signature"} {
		require.Equal(t, sent[canonical], lineValues(a.Request.Headers, name))
	}
	logged, err := json.Marshal(a)
	require.NoError(t, err)
	require.NotContains(t, string(logged), bare(standardText))
	require.NotContains(t, string(logged), bare(olderText))
	require.NotContains(t, string(a.Response.Body), bare(standardText))
	require.NotContains(t, string(a.Response.Body), bare(olderText))

	preview, err := b.Preview(in)
	require.NoError(t, err)
	require.Equal(t, []string{models.Mask}, lineValues(preview.Request.Headers, "webhook-signature"))
	require.Equal(t, []string{deliveryID}, lineValues(preview.Request.Headers, "webhook-id"))
	require.Equal(t, []string{"1772625600"}, lineValues(preview.Request.Headers, "webhook-timestamp"))
}

// B4: the capture page's verdict.
func TestB1_VerifyStandard(t *testing.T) {
	b := newRig(t)
	server, got := receiver(t, answerOK)
	in := b.inStandard(server.URL)
	b.rotated(in, olderText)
	b.Send(t.Context(), in)
	r := <-got
	captured := models.Captured{Body: r.body}
	require.Equal(t, models.SignatureAbsent, VerifyStandard(standardText, captured))
	for name := range r.header {
		captured.Headers = append(captured.Headers, models.HeaderLine{Name: name, Value: r.header.Get(name)})
	}
	require.Equal(t, models.SignatureValid, VerifyStandard(standardText, captured))
	require.Equal(t, models.SignatureValid, VerifyStandard(olderText, captured))
	require.Equal(t, models.SignatureWrong, VerifyStandard(testKey, captured))
	captured.Body = []byte("{}")
	require.Equal(t, models.SignatureWrong, VerifyStandard(standardText, captured))
}

// BenchmarkRequestStandard is BenchmarkRequest with the third signature, in the
// overlap of a rotation.
func BenchmarkRequestStandard(bench *testing.B) {
	b := newRig(bench)
	in := b.inStandard("https://hooks.example.com/x")
	in.Webhook.Signing.JWT, in.Webhook.Signing.HMAC = true, true
	b.rotated(in, olderText)
	in.Event.Data = kilobyte()
	bench.ReportAllocs()
	for bench.Loop() {
		p := b.prepared(&in)
		if m, f := p.message(&in, p.signer(noon)); f != nil || len(m.body) < 1024 {
			bench.Fatal("no request")
		}
	}
}

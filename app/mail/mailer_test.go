package mail_test

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	"net/http/httptest"
	netmail "net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"hookline/app/apptest"
	"hookline/app/mail"
	"hookline/models"
)

const smtpPassword = "canary-of-the-smtp-password"

// certificates are a server's, and the pool that trusts them.
func certificates(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	web := httptest.NewTLSServer(nil) // its certificate is for 127.0.0.1
	t.Cleanup(web.Close)
	pool := x509.NewCertPool()
	pool.AddCert(web.Certificate())
	return &tls.Config{Certificates: web.TLS.Certificates, MinVersion: tls.VersionTLS12}, pool
}

func options(t *testing.T, box *apptest.Mailbox, log io.Writer) mail.Options {
	t.Helper()
	host, port, err := net.SplitHostPort(box.Address)
	require.NoError(t, err)
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	return mail.Options{Host: host, Port: n, From: "Hookline <desk@example.com>", Log: slog.New(slog.NewTextHandler(log, nil))}
}

func send(t *testing.T, o mail.Options, m models.Mail) error {
	t.Helper()
	mailer, err := mail.New(o)
	require.NoError(t, err)
	return mailer.Send(t.Context(), m)
}

var invitation = models.Mail{
	To: "kim@example.com", Subject: "Your invitation to Nørdwind", Paragraphs: []string{"Pat <script>alert(1)</script> invites you."},
	Button: "Accept", URL: "https://desk.example.com/invite/abc?x=1&y=2", After: []string{"It works once."},
}

// parts are the bodies of a letter by their type.
func parts(t *testing.T, l apptest.Letter) (netmail.Header, map[string]string) {
	t.Helper()
	msg, err := netmail.ReadMessage(strings.NewReader(l.Raw))
	require.NoError(t, err)
	kind, params, err := mime.ParseMediaType(msg.Header.Get("Content-Type"))
	require.NoError(t, err)
	require.Equal(t, "multipart/alternative", kind)
	bodies := map[string]string{}
	for r := multipart.NewReader(msg.Body, params["boundary"]); ; {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) {
			return msg.Header, bodies
		}
		require.NoError(t, err)
		kind, _, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		require.NoError(t, err)
		text, err := io.ReadAll(quotedprintable.NewReader(p))
		require.NoError(t, err)
		bodies[kind] = string(text)
	}
}

func TestSend_TextAndHTMLOverSTARTTLS(t *testing.T) {
	config, pool := certificates(t)
	box := apptest.NewMailbox(t, config, false)
	box.User, box.Password = "desk", smtpPassword
	o := options(t, box, io.Discard)
	o.User, o.Password, o.RootCAs = "desk", smtpPassword, pool
	require.NoError(t, send(t, o, invitation))
	l := box.Next(t)
	require.True(t, l.TLS)
	require.Equal(t, "desk", l.User)
	require.Equal(t, []string{"kim@example.com"}, l.To)
	require.Equal(t, "desk@example.com", l.From)
	header, bodies := parts(t, l)
	subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	require.NoError(t, err)
	require.Equal(t, invitation.Subject, subject)
	require.Equal(t, "auto-generated", header.Get("Auto-Submitted"))
	require.Contains(t, bodies["text/plain"], "Accept:\nhttps://desk.example.com/invite/abc?x=1&y=2")
	require.Contains(t, bodies["text/html"], `href="https://desk.example.com/invite/abc?x=1&amp;y=2"`)
	require.NotContains(t, bodies["text/html"], "<script>")
}

func TestSend_ImplicitTLS(t *testing.T) {
	config, pool := certificates(t)
	box := apptest.NewMailbox(t, config, true)
	o := options(t, box, io.Discard)
	o.Implicit, o.RootCAs = true, pool
	require.NoError(t, send(t, o, invitation))
	require.Contains(t, box.Next(t).Raw, "kim@example.com")
}

func TestSend_RefusesToGoOnInClear(t *testing.T) {
	box := apptest.NewMailbox(t, nil, false)
	o := options(t, box, io.Discard)
	require.Error(t, send(t, o, invitation), "no STARTTLS on offer")
	require.True(t, box.Empty())
	o.Plain = true
	require.NoError(t, send(t, o, invitation))
	require.False(t, box.Next(t).TLS)

	config, _ := certificates(t)
	box = apptest.NewMailbox(t, config, false)
	require.ErrorContains(t, send(t, options(t, box, io.Discard), invitation), "certificate")
	require.True(t, box.Empty())
}

// A server on this machine without TLS is given the password in either of the
// ways that send it as it is; any other server is not, and nothing of it leaves.
func TestSend_SignsInWithoutTLSOnThisMachineOnly(t *testing.T) {
	for _, way := range []string{"PLAIN", "LOGIN"} {
		box := apptest.NewMailbox(t, nil, false)
		box.User, box.Password, box.SignIn = "desk", smtpPassword, way
		var log bytes.Buffer
		o := options(t, box, &log)
		o.User, o.Password, o.Plain, o.Local = "desk", smtpPassword, true, true
		require.NoError(t, send(t, o, invitation), "%s: %s", way, &log)
		require.Equal(t, "desk", box.Next(t).User)
		o.Password = "wrong"
		require.ErrorContains(t, send(t, o, invitation), "did not take it")

		o.Password, o.Local = smtpPassword, false // as tls=off for a server elsewhere
		require.ErrorContains(t, send(t, o, invitation), "in clear")
		require.True(t, box.Empty())
	}
}

// AUTH LOGIN over TLS, for servers that know nothing else.
func TestSend_LoginOverTLS(t *testing.T) {
	config, pool := certificates(t)
	box := apptest.NewMailbox(t, config, false)
	box.User, box.Password, box.SignIn = "desk", smtpPassword, "LOGIN"
	o := options(t, box, io.Discard)
	o.User, o.Password, o.RootCAs = "desk", smtpPassword, pool
	require.NoError(t, send(t, o, invitation))
	require.True(t, box.Next(t).TLS)
}

// A name that was taken for this machine's and leads elsewhere.
func TestSend_LocalNameThatLeadsElsewhere(t *testing.T) {
	var log bytes.Buffer
	o := mail.Options{
		Host: "192.0.2.1", Port: 25, User: "desk", Password: smtpPassword, From: "desk@example.com", Plain: true, Local: true,
		Log: slog.New(slog.NewTextHandler(&log, nil)),
	}
	require.Error(t, send(t, o, invitation))
	require.Contains(t, log.String(), "not on this machine")
}

func TestSend_HeadersCannotBeInjected(t *testing.T) {
	box := apptest.NewMailbox(t, nil, false)
	o := options(t, box, io.Discard)
	o.Plain = true
	m := invitation
	m.Subject = "Hello\r\nBcc: evil@example.com\r\n\r\nbody"
	require.NoError(t, send(t, o, m))
	l := box.Next(t)
	header, _ := parts(t, l)
	require.Empty(t, header.Get("Bcc"))
	require.Equal(t, []string{"kim@example.com"}, l.To)
	for _, to := range []string{"kim@example.com\r\nBcc: evil@example.com", "kim@example.com, evil@example.com", "kim@example.com>\r\nRCPT TO:<evil@example.com", "nobody"} {
		m.To = to
		require.Error(t, send(t, o, m), "%q", to)
	}
	require.True(t, box.Empty())
}

func TestSend_FailuresAreSentencesWithoutThePassword(t *testing.T) {
	var log bytes.Buffer
	config, pool := certificates(t)
	box := apptest.NewMailbox(t, config, false)
	box.User, box.Password = "desk", "another"
	o := options(t, box, &log)
	o.User, o.Password, o.RootCAs = "desk", smtpPassword, pool
	err := send(t, o, invitation)
	require.ErrorContains(t, err, "did not take it")
	box.Password = smtpPassword
	box.SetRefuse("no such mailbox")
	require.ErrorContains(t, send(t, o, invitation), "did not take it")
	o.Port = 1
	require.ErrorContains(t, send(t, o, invitation), "cannot be reached")
	require.NotContains(t, log.String()+err.Error(), smtpPassword)
	require.Contains(t, log.String(), "no such mailbox")
}

func TestSend_EndsWhenTheServerSaysNothing(t *testing.T) {
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = silent.Close() }()
	host, port, _ := net.SplitHostPort(silent.Addr().String())
	n, _ := strconv.Atoi(port)
	mailer, err := mail.New(mail.Options{Host: host, Port: n, From: "desk@example.com", Plain: true, Timeout: 50 * time.Millisecond})
	require.NoError(t, err)
	require.ErrorContains(t, mailer.Send(t.Context(), invitation), "in time")
}

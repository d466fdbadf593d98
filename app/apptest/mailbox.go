package apptest

import (
	"cmp"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"github.com/stretchr/testify/require"
)

// Mailbox is a real SMTP server that keeps what it is given.
type Mailbox struct {
	Address string // host:port
	// Settings, to change before the first mail.
	User, Password string // "" takes anybody
	Refuse         string // an answer to every receiver; "" takes all
	SignIn         string // the one way of signing in: PLAIN (also for "") or LOGIN

	mails chan Letter
	mu    sync.Mutex
}

// Letter is one mail as it came over the wire.
type Letter struct {
	From string
	To   []string
	Raw  string
	TLS  bool
	User string
}

// NewMailbox starts one. With certificates it offers STARTTLS, or with implicit
// speaks TLS from the first byte.
func NewMailbox(t testing.TB, config *tls.Config, implicit bool) *Mailbox {
	t.Helper()
	m := &Mailbox{mails: make(chan Letter, 100)}
	server := smtp.NewServer(m)
	server.Domain, server.AllowInsecureAuth, server.TLSConfig = "mail.test", true, config
	server.ReadTimeout, server.WriteTimeout = Patience, Patience
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	m.Address = listener.Addr().String()
	if implicit {
		listener = tls.NewListener(listener, config)
	}
	var done sync.WaitGroup
	done.Go(func() { _ = server.Serve(listener) })
	t.Cleanup(func() { _ = server.Close(); done.Wait() })
	return m
}

// Next waits for the next letter.
func (m *Mailbox) Next(t testing.TB) Letter {
	t.Helper()
	select {
	case l := <-m.mails:
		return l
	case <-time.After(Patience):
		t.Fatal("no mail came")
		return Letter{}
	}
}

// Empty reports whether nothing waits to be read.
func (m *Mailbox) Empty() bool { return len(m.mails) == 0 }

// NewSession is for go-smtp.
func (m *Mailbox) NewSession(c *smtp.Conn) (smtp.Session, error) {
	_, secure := c.TLSConnectionState()
	return &letterSession{box: m, letter: Letter{TLS: secure}}, nil
}

// SetRefuse makes the server refuse every receiver, or with "" take them.
func (m *Mailbox) SetRefuse(why string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.Refuse = why
}

type letterSession struct {
	box    *Mailbox
	letter Letter
}

func (s *letterSession) AuthMechanisms() []string {
	return []string{cmp.Or(s.box.SignIn, sasl.Plain)}
}

func (s *letterSession) Auth(mechanism string) (sasl.Server, error) {
	if mechanism == sasl.Login {
		return &loginServer{check: s.check}, nil
	}
	return sasl.NewPlainServer(func(_, user, password string) error { return s.check(user, password) }), nil
}

func (s *letterSession) check(user, password string) error {
	if user != s.box.User || password != s.box.Password {
		return errors.New("wrong password")
	}
	s.letter.User = user
	return nil
}

// loginServer is the server's half of AUTH LOGIN, which go-sasl does not have.
type loginServer struct {
	check func(user, password string) error
	user  *string
}

func (l *loginServer) Next(response []byte) (challenge []byte, done bool, err error) {
	switch {
	case response == nil:
		return []byte("Username:"), false, nil
	case l.user == nil:
		user := string(response)
		l.user = &user
		return []byte("Password:"), false, nil
	}
	return nil, true, l.check(*l.user, string(response))
}

func (s *letterSession) Mail(from string, _ *smtp.MailOptions) error {
	if s.box.User != "" && s.letter.User == "" {
		return smtp.ErrAuthRequired
	}
	s.letter.From = from
	return nil
}

func (s *letterSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.box.mu.Lock()
	defer s.box.mu.Unlock()
	if s.box.Refuse != "" {
		return errors.New(s.box.Refuse)
	}
	s.letter.To = append(s.letter.To, to)
	return nil
}

func (s *letterSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	s.letter.Raw = strings.ReplaceAll(string(raw), "\r\n", "\n")
	s.box.mails <- s.letter
	return err
}

func (s *letterSession) Reset()        { s.letter.To = nil }
func (s *letterSession) Logout() error { return nil }

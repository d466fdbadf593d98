package mail

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"syscall"
	"time"

	gomail "github.com/wneessen/go-mail"

	"hookline/models"
)

// Options name the mail server.
type Options struct {
	Host     string
	Port     int
	User     string // "" for a server that asks for none
	Password string
	From     string         // an address, with a name or without
	Implicit bool           // TLS from the first byte, instead of STARTTLS
	Plain    bool           // no TLS at all
	Local    bool           // on this machine: the password may go there in clear
	RootCAs  *x509.CertPool // nil: the system's
	Timeout  time.Duration  // for one message, from the first packet to the last; 0: 15 s
	Log      *slog.Logger
}

const defaultTimeout = 15 * time.Second

// Mailer sends mail. Safe for concurrent use: each message has a connection of
// its own.
type Mailer struct {
	options Options
	client  []gomail.Option
}

// New checks the options; it does not connect.
func New(o Options) (*Mailer, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	m := &Mailer{options: o, client: clientOptions(o)}
	if _, err := gomail.NewClient(o.Host, m.client...); err != nil {
		return nil, err
	}
	return m, gomail.NewMsg().From(o.From)
}

func clientOptions(o Options) []gomail.Option {
	options := []gomail.Option{
		gomail.WithPort(o.Port), gomail.WithTimeout(o.Timeout), gomail.WithTLSPolicy(gomail.TLSMandatory),
		gomail.WithTLSConfig(&tls.Config{ServerName: o.Host, RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12}),
	}
	switch {
	case o.Implicit:
		options = append(options, gomail.WithSSL())
	case o.Plain:
		options = append(options, gomail.WithTLSPolicy(gomail.NoTLS))
	}
	if o.User != "" {
		options = append(options, gomail.WithUsername(o.User), gomail.WithPassword(o.Password))
		options = append(options, signIn(o)...)
	}
	return options
}

// signIn chooses how Hookline authenticates. Without TLS the library offers only
// ways that keep the password to itself; a server on this machine is given it in
// clear too, over a connection that is checked to stay on this machine.
func signIn(o Options) []gomail.Option {
	if !o.Plain || !o.Local {
		return []gomail.Option{gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover)}
	}
	return []gomail.Option{
		gomail.WithOpportunisticSMTPAuth(
			gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthSCRAMSHA1, gomail.SMTPAuthPlainNoEnc, gomail.SMTPAuthLoginNoEnc, gomail.SMTPAuthCramMD5,
		),
		gomail.WithDialContextFunc((&net.Dialer{Control: loopbackOnly}).DialContext),
	}
}

// loopbackOnly looks at the address a name has led to.
func loopbackOnly(_, address string, _ syscall.RawConn) error {
	addr, err := netip.ParseAddrPort(address)
	if err == nil && !addr.Addr().Unmap().IsLoopback() {
		err = fmt.Errorf("%s is not on this machine, so the password is not sent there in clear", address)
	}
	return err
}

// Send hands one message over. The error is a sentence for an owner; what the
// server said goes to the log.
func (m *Mailer) Send(ctx context.Context, message models.Mail) error {
	msg, err := m.compose(message)
	if err != nil {
		m.options.Log.Warn("a mail could not be written", "error", err)
		return errors.New("the address or the text cannot be put into an e-mail")
	}
	ctx, cancel := context.WithTimeout(ctx, m.options.Timeout)
	defer cancel()
	client, err := gomail.NewClient(m.options.Host, m.client...)
	if err == nil {
		err = client.DialAndSendWithContext(ctx, msg)
	}
	if err != nil {
		m.options.Log.Warn("a mail was not sent", "server", m.address(), "error", err)
		return m.explain(err)
	}
	return nil
}

func (m *Mailer) address() string {
	return net.JoinHostPort(m.options.Host, fmt.Sprint(m.options.Port))
}

// explain tells apart what an operator mends in different places.
func (m *Mailer) explain(err error) error {
	var network net.Error
	var dns *net.DNSError
	var unknown *tls.CertificateVerificationError
	switch {
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered) && m.options.Plain:
		return fmt.Errorf("the mail server %s takes the password in clear alone, which Hookline sends over TLS only: leave tls=off out of --smtp-url", m.address())
	case errors.Is(err, gomail.ErrNoSupportedAuthDiscovered):
		return fmt.Errorf("the mail server %s offers no way of signing in that Hookline knows", m.address())
	case errors.As(err, &unknown):
		return fmt.Errorf("the certificate of the mail server %s is not trusted", m.address())
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return fmt.Errorf("the mail server %s did not answer in time", m.address())
	case errors.As(err, &dns), errors.As(err, &network):
		return fmt.Errorf("the mail server %s cannot be reached", m.address())
	}
	return fmt.Errorf("the mail server %s did not take it; the server's log says why", m.address())
}

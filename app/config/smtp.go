package config

import (
	"errors"
	"net/mail"
	"net/netip"
	"net/url"
	"strconv"
)

// SMTP is --smtp-url taken apart.
type SMTP struct {
	Host     string
	Port     int
	User     string
	Password string
	From     string
	Implicit bool // TLS from the first byte
	Plain    bool // no TLS
	Local    bool // on this machine
}

const smtpForm = "--smtp-url must be smtp://user:password@host:587?from=address or smtps://…"

// Mail takes --smtp-url apart; nil when it is not set. Errors never repeat it,
// since it holds a password.
func (s Server) Mail() (*SMTP, error) {
	if s.SMTPURL == "" {
		return nil, nil
	}
	u, err := url.Parse(s.SMTPURL)
	if err != nil || (u.Scheme != "smtp" && u.Scheme != "smtps") || u.Hostname() == "" || (u.Path != "" && u.Path != "/") {
		return nil, errors.New(smtpForm)
	}
	m := &SMTP{Host: u.Hostname(), Port: 587, Implicit: u.Scheme == "smtps", User: u.User.Username(), From: u.Query().Get("from")}
	m.Password, _ = u.User.Password()
	if m.Implicit {
		m.Port = 465
	}
	if text := u.Port(); text != "" {
		if m.Port, err = strconv.Atoi(text); err != nil || m.Port < 1 || m.Port > 65535 {
			return nil, errors.New(smtpForm)
		}
	}
	if m.From == "" {
		m.From = m.User
	}
	if _, err := mail.ParseAddress(m.From); err != nil {
		return nil, errors.New("--smtp-url needs ?from=, the address that mails come from")
	}
	return m, m.completeTLS(u.Query().Get("tls"))
}

// completeTLS: only a server on this machine may be spoken to in clear unasked.
func (m *SMTP) completeTLS(choice string) error {
	addr, err := netip.ParseAddr(m.Host)
	m.Local = m.Host == "localhost" || (err == nil && addr.Unmap().IsLoopback())
	switch {
	case choice == "off" && !m.Implicit:
		m.Plain = true
	case choice == "" && !m.Implicit:
		m.Plain = m.Local
	case choice != "" && choice != "on":
		return errors.New("tls in --smtp-url is on or off; smtps:// is always on")
	}
	return nil
}

func (s *Server) validateMail() error {
	_, err := s.Mail()
	return err
}

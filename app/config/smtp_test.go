package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMail(t *testing.T) {
	for text, want := range map[string]SMTP{
		"smtp://u:p%40ss@mail.example.com?from=desk@example.com": {Host: "mail.example.com", Port: 587, User: "u", Password: "p@ss", From: "desk@example.com"},
		"smtps://mail.example.com?from=Desk+<desk@example.com>":  {Host: "mail.example.com", Port: 465, From: "Desk <desk@example.com>", Implicit: true},
		"smtp://desk%40example.com:x@mail.example.com:2525":      {Host: "mail.example.com", Port: 2525, User: "desk@example.com", Password: "x", From: "desk@example.com"},
		"smtp://127.0.0.1:25?from=desk@example.com":              {Host: "127.0.0.1", Port: 25, From: "desk@example.com", Plain: true, Local: true},
		"smtp://[::1]?from=desk@example.com&tls=on":              {Host: "::1", Port: 587, From: "desk@example.com", Local: true},
		"smtp://mail.example.com?from=desk@example.com&tls=off":  {Host: "mail.example.com", Port: 587, From: "desk@example.com", Plain: true},
	} {
		got, err := Server{SMTPURL: text}.Mail()
		require.NoError(t, err, text)
		require.Equal(t, &want, got, text)
	}
	for _, bad := range []string{
		"mail.example.com", "http://canary@x?from=a@b", "smtp://?from=a@b", "smtp://canary:canary@mail.example.com", "smtp://h:0?from=a@b", "smtp://h:99999?from=a@b",
		"smtp://h/path?from=a@b", "smtp://h?from=a@b&tls=maybe", "smtps://canary@h?from=a@b&tls=off", "smtp://h?from=a%0d%0ab", "smtp://canary:%zz@h",
	} {
		_, err := Server{SMTPURL: bad}.Mail()
		require.Error(t, err, bad)
		require.NotContains(t, err.Error(), "canary")
	}
	got, err := Server{}.Mail()
	require.NoError(t, err)
	require.Nil(t, got)
}

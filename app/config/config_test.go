package config

import (
	"net/netip"
	"path/filepath"
	"testing"

	"github.com/alecthomas/kong"
	"github.com/stretchr/testify/require"
)

// parse reads flags the way app/cli does.
func parse(t *testing.T, args ...string) (Server, error) {
	t.Helper()
	var s Server
	parser, err := kong.New(&s)
	require.NoError(t, err)
	_, err = parser.Parse(args)
	return s, err
}

func TestDefaultsAreThoseOfTheFlags(t *testing.T) {
	s, err := parse(t)
	require.NoError(t, err)
	require.Equal(t, Defaults(), s)
	require.NoError(t, s.Complete())
	require.Equal(t, "http://127.0.0.1:8080", s.BaseURL)
	dialect, path, err := s.Open()
	require.NoError(t, err)
	require.Equal(t, SQLite, dialect)
	require.Equal(t, filepath.Join("data", "hookline.db"), path)
}

func TestFlags(t *testing.T) {
	s, err := parse(t, "--listen=:9000", "--data=/srv/h", "--database=sqlite:x.db", "--master-key=file:/k",
		"--base-url=https://h.example", "--allow-http", "--allow-targets=127.0.0.0/8, ::1", "--trusted-proxies=10.0.0.1",
		"--workers=7", "--log-format=json")
	require.NoError(t, err)
	require.Equal(t, wanted(), s)
}

// Every flag has its environment variable (interface.md).
func TestEnvironment(t *testing.T) {
	for name, value := range map[string]string{
		"LISTEN": ":9000", "DATA": "/srv/h", "DATABASE": "sqlite:x.db", "MASTER_KEY": "file:/k",
		"BASE_URL": "https://h.example", "ALLOW_HTTP": "true", "ALLOW_TARGETS": "127.0.0.0/8, ::1",
		"TRUSTED_PROXIES": "10.0.0.1", "WORKERS": "7", "LOG_FORMAT": "json",
	} {
		t.Setenv("HOOKLINE_"+name, value)
	}
	s, err := parse(t)
	require.NoError(t, err)
	require.Equal(t, wanted(), s)
}

func wanted() Server {
	return Server{
		Storage: Storage{Data: "/srv/h", Database: "sqlite:x.db", MasterKey: "file:/k"},
		Listen:  ":9000", BaseURL: "https://h.example", AllowHTTP: true,
		AllowTargets:   Prefixes{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")},
		TrustedProxies: Prefixes{netip.MustParsePrefix("10.0.0.1/32")},
		Workers:        7, LogFormat: "json",
	}
}

func TestComplete(t *testing.T) {
	for _, tc := range []struct {
		name string
		set  func(*Server)
		want string // "" means valid
	}{
		{"defaults", func(*Server) {}, ""},
		{"no data folder", func(s *Server) { s.Data = "" }, "--data must name a folder"},
		{"no workers", func(s *Server) { s.Workers = 0 }, "--workers must be a number from 1 to 4096, not 0"},
		{"one worker", func(s *Server) { s.Workers = 1 }, ""},
		{"most workers", func(s *Server) { s.Workers = 4096 }, ""},
		{"too many workers", func(s *Server) { s.Workers = 4097 }, "--workers must be a number from 1 to 4096, not 4097"},
		{"log format", func(s *Server) { s.LogFormat = "xml" }, `--log-format must be text or json, not "xml"`},
		{"listen without port", func(s *Server) { s.Listen = "localhost" }, `--listen must be HOST:PORT, for example 127.0.0.1:8080, not "localhost"`},
		{"listen with scheme", func(s *Server) { s.Listen = "http://localhost:80" }, `--listen must be HOST:PORT, for example 127.0.0.1:8080, not "http://localhost:80"`},
		{"listen with odd port", func(s *Server) { s.Listen = ":http" }, `--listen needs a port number from 0 to 65535, not "http"`},
		{"listen with high port", func(s *Server) { s.Listen = ":70000" }, `--listen needs a port number from 0 to 65535, not "70000"`},
		{"base URL path", func(s *Server) { s.BaseURL = "https://h.example/hooks" }, `--base-url must not have a path ("/hooks"): Hookline needs a host of its own`},
		{"base URL query", func(s *Server) { s.BaseURL = "https://h.example?a=b" }, `--base-url must not have a query or fragment, as "https://h.example?a=b" has`},
		{"base URL scheme", func(s *Server) { s.BaseURL = "ftp://h.example" }, `--base-url must begin with https:// or http://, not "ftp://h.example"`},
		{"base URL without scheme", func(s *Server) { s.BaseURL = "h.example" }, `--base-url must be like https://hooks.example.com, not "h.example"`},
		{"base URL without host", func(s *Server) { s.BaseURL = "https://:8443" }, `--base-url must be like https://hooks.example.com, not "https://:8443"`},
		{"base URL with password", func(s *Server) { s.BaseURL = "https://u:p@h.example" }, "--base-url must not have a user name or password"},
		{"several faults", func(s *Server) { s.Workers, s.LogFormat = -1, "x" },
			"--workers must be a number from 1 to 4096, not -1; " + `--log-format must be text or json, not "x"`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := Defaults()
			tc.set(&s)
			err := s.Complete()
			if tc.want == "" {
				require.NoError(t, err)
				return
			}
			require.EqualError(t, err, tc.want)
		})
	}
}

func TestBaseURL(t *testing.T) {
	for _, tc := range []struct{ listen, base, want string }{
		{"127.0.0.1:8080", "", "http://127.0.0.1:8080"},
		{"0.0.0.0:8080", "", "http://localhost:8080"},
		{"[::]:8080", "", "http://localhost:8080"},
		{":8080", "", "http://localhost:8080"},
		{"[::1]:8080", "", "http://[::1]:8080"},
		{"hooks.example.com:80", "", "http://hooks.example.com"},
		{"127.0.0.1:0", "", ""},
		{":8080", "https://Hooks.Example.com/", "https://hooks.example.com"},
		{":8080", "http://10.0.0.1:81", "http://10.0.0.1:81"},
	} {
		s := Defaults()
		s.Listen, s.BaseURL = tc.listen, tc.base
		require.NoError(t, s.Complete())
		require.Equal(t, tc.want, s.BaseURL, "%s %s", tc.listen, tc.base)
	}
}

func TestJSONLogs(t *testing.T) {
	for _, tc := range []struct {
		format         string
		terminal, want bool
	}{
		{"", true, false}, {"", false, true}, {"text", false, false}, {"json", true, true},
	} {
		s := Server{LogFormat: tc.format}
		require.Equal(t, tc.want, s.JSONLogs(tc.terminal))
	}
}

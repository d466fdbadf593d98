// Package config holds what the operator sets. The structs are the
// documentation: app/cli embeds them, and kong makes flags, help and
// environment variables out of their tags.
package config

import (
	"errors"
	"fmt"
	"strings"
)

// Storage is what every command needs that touches the database.
type Storage struct {
	Data      string `help:"Folder for the database and the master key file; made if missing, for this user alone." default:"./data" env:"HOOKLINE_DATA" placeholder:"DIR"`
	Database  string `help:"sqlite:PATH (relative to --data) or postgres://user:pass@host/db." default:"sqlite:hookline.db" env:"HOOKLINE_DATABASE" placeholder:"URL"`
	MasterKey string `help:"Key set that seals the secrets: base64 text, or file:PATH. Default: the file master.key in --data. Losing it loses the sealed secrets, and nothing else." env:"HOOKLINE_MASTER_KEY" placeholder:"KEY"`
}

// Server is what serve needs. Call Complete before use.
type Server struct {
	Storage

	Listen            string   `help:"Address of UI and API." default:"127.0.0.1:8080" env:"HOOKLINE_LISTEN" placeholder:"HOST:PORT"`
	MetricsListen     string   `help:"Address of its own for /metrics without a token, and for /healthz and /readyz; keep it from the public. Default: none, and /metrics on --listen takes a token with the scope metrics:read." env:"HOOKLINE_METRICS_LISTEN" placeholder:"HOST:PORT"`
	BaseURL           string   `help:"Public address, for links, inbound hooks and cookies (https makes them Secure). Default: http:// and the address of --listen." env:"HOOKLINE_BASE_URL" placeholder:"URL"`
	AllowHTTP         bool     `help:"Accept http targets; meant for development." env:"HOOKLINE_ALLOW_HTTP"`
	AllowTargets      Prefixes `help:"Networks the target guard lets through in spite of its rules, and in which names such as db or api.internal may lie, comma-separated, e.g. 127.0.0.0/8 for tests." env:"HOOKLINE_ALLOW_TARGETS" placeholder:"CIDR,…"`
	TrustedProxies    Prefixes `help:"Networks whose X-Forwarded-For and -Proto are believed, comma-separated." env:"HOOKLINE_TRUSTED_PROXIES" placeholder:"CIDR,…"`
	OutgoingAddresses Prefixes `help:"Addresses or networks that requests to receivers come from, comma-separated; shown to people for their allow-lists." env:"HOOKLINE_OUTGOING_ADDRESSES" placeholder:"CIDR,…"`
	Workers           int      `help:"Concurrent requests in flight per node, 1 to 4096." default:"64" env:"HOOKLINE_WORKERS" placeholder:"N"`
	SMTPURL           string   `name:"smtp-url" help:"Mail server for invitations and forgotten passwords: smtp://user:password@host:587?from=ADDRESS, or smtps://. STARTTLS is required unless the server is on this machine or tls=off is given. Without it, owners hand links over themselves." env:"HOOKLINE_SMTP_URL" placeholder:"URL"`
	LogFormat         string   `help:"text or json. Default: text on a terminal, else json." env:"HOOKLINE_LOG_FORMAT" placeholder:"FORMAT"`
}

// Bounds of --workers.
const (
	minWorkers = 1
	maxWorkers = 4096
)

// Defaults are a Server without any flag or variable, for tests and the demo.
// A test holds it against the tags.
func Defaults() Server {
	return Server{
		Storage: Storage{Data: "./data", Database: "sqlite:hookline.db"},
		Listen:  "127.0.0.1:8080",
		Workers: 64,
	}
}

// Complete checks every value and fills in what follows from others: the base
// URL from the listen address (it stays empty for port 0, until the port is
// known; see BaseURLOf). The error names every faulty flag in one line, and
// never repeats a password or key.
func (s *Server) Complete() error {
	var faults []string
	for _, err := range []error{
		s.Storage.Validate(), s.completeAddresses(), s.validateWorkers(), s.validateMail(), s.validateLogFormat(),
	} {
		if err != nil {
			faults = append(faults, err.Error())
		}
	}
	if len(faults) > 0 {
		return errors.New(strings.Join(faults, "; "))
	}
	return nil
}

func (s *Server) completeAddresses() error {
	if err := checkListen("--listen", s.Listen); err != nil {
		return err
	}
	if err := s.validateMetricsListen(); err != nil {
		return err
	}
	if s.BaseURL == "" {
		if !strings.HasSuffix(s.Listen, ":0") {
			s.BaseURL = BaseURLOf(s.Listen)
		}
		return nil
	}
	base, err := cleanBaseURL(s.BaseURL)
	if err != nil {
		return err
	}
	s.BaseURL = base
	return nil
}

func (s *Server) validateMetricsListen() error {
	if s.MetricsListen == "" {
		return nil
	}
	if err := checkListen("--metrics-listen", s.MetricsListen); err != nil {
		return err
	}
	if sameAddress(s.Listen, s.MetricsListen) {
		return fmt.Errorf("--metrics-listen must be another address than --listen, which is %s: there, /metrics takes a token", s.Listen)
	}
	return nil
}

func (s *Server) validateWorkers() error {
	if s.Workers < minWorkers || s.Workers > maxWorkers {
		return fmt.Errorf("--workers must be a number from %d to %d, not %d", minWorkers, maxWorkers, s.Workers)
	}
	return nil
}

func (s *Server) validateLogFormat() error {
	switch s.LogFormat {
	case "", "text", "json":
		return nil
	}
	return fmt.Errorf("--log-format must be text or json, not %q", s.LogFormat)
}

// JSONLogs reports whether logs are JSON; terminal says whether they go to one.
func (s *Server) JSONLogs(terminal bool) bool {
	return s.LogFormat == "json" || (s.LogFormat == "" && !terminal)
}

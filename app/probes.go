package app

import (
	"fmt"
	"net"
	"net/http"

	"hookline/app/config"
	"hookline/app/web"
)

// probes is the address of its own that monitoring may have (--metrics-listen).
// Without one, all methods do nothing.
type probes struct {
	listener net.Listener
	server   *http.Server
}

func (p *probes) listen(cfg config.Server) (err error) {
	if cfg.MetricsListen == "" {
		return nil
	}
	if p.listener, err = net.Listen("tcp", cfg.MetricsListen); err != nil {
		return fmt.Errorf("cannot listen on %s, the address of --metrics-listen: %w", cfg.MetricsListen, err)
	}
	return nil
}

func (p *probes) serve(o web.Options, failed chan<- error) {
	if p.listener == nil {
		return
	}
	p.server = web.Server(web.NewProbes(o), o.Log)
	go func() { failed <- p.server.Serve(p.listener) }()
}

// url is where the metrics are, or "".
func (p *probes) url() string {
	if p.listener == nil {
		return ""
	}
	return config.BaseURLOf(p.listener.Addr().String()) + "/metrics"
}

func (p *probes) close() error {
	switch {
	case p.server != nil:
		return p.server.Close()
	case p.listener != nil:
		return p.listener.Close()
	}
	return nil
}

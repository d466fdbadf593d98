// Package app is the composition root: it alone knows everybody.
package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"sync"
	"time"

	"github.com/google/uuid"

	"hookline/app/capture"
	"hookline/app/config"
	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/secret"
	"hookline/app/service"
	"hookline/app/store"
	"hookline/app/web"
	"hookline/jobs"
	"hookline/models"
	"hookline/views/link"
)

// App is one node: UI, API and delivery jobs.
type App struct {
	Service  *service.Service
	BaseURL  string
	Capture  *capture.Bin
	log      *slog.Logger
	store    *store.Store
	client   *egress.Client
	runner   *jobs.Runner
	bulk     *jobs.Bulk
	metrics  *metrics
	listener net.Listener
	server   *http.Server
	probes   probes
	web      web.Options
}

// New opens and wires everything and takes the port, but serves nothing yet.
// cfg must be complete. Its errors are sentences for the operator.
func New(ctx context.Context, cfg config.Server, log *slog.Logger, migrate bool) (*App, error) {
	st, box, err := OpenStore(ctx, cfg.Storage, log, StoreOptions{Exclusive: true, Migrate: migrate})
	if err != nil {
		return nil, err
	}
	a := &App{log: log, store: st}
	if a.listener, err = net.Listen("tcp", cfg.Listen); err != nil {
		return nil, errors.Join(fmt.Errorf("cannot listen on %s: %w", cfg.Listen, err), st.Close())
	}
	fail := func(err error) (*App, error) {
		return nil, errors.Join(err, a.listener.Close(), a.probes.close(), st.Close())
	}
	if err := a.probes.listen(cfg); err != nil {
		return fail(err)
	}
	if a.BaseURL = cfg.BaseURL; a.BaseURL == "" {
		a.BaseURL = config.BaseURLOf(a.listener.Addr().String())
	}
	a.client = egress.New(egress.Config{AllowHTTP: cfg.AllowHTTP, AllowTargets: cfg.AllowTargets, MaxConns: cfg.Workers})
	mailer, err := newMailer(cfg, log)
	if err != nil {
		return fail(err)
	}
	instance, err := st.Instance(ctx)
	if err != nil {
		return fail(err)
	}
	m := newMetrics(st)
	a.metrics = m
	live := service.NewLive()
	a.Capture = capture.New(capture.Options{
		Store: st, BaseURL: a.BaseURL, Now: now, Log: log, Told: func(id string) { live.Tell(id) },
	})
	targets := capture.NewClient(a.client, a.Capture)
	sender := deliver.NewSender(targets, box, now).KeepTokens(st)
	a.runner = jobs.NewRunner(st, sender, jobs.Options{
		Workers: cfg.Workers, Permits: sharedPermits(st), Log: log, Now: now, Observe: m.observe,
		Changed: func(webhookID string) { live.Tell(service.LiveDeliveries, webhookID) },
	})
	m.watch(a.runner)
	a.Service = service.New(service.Deps{
		Store: st, Box: box, Sender: sender, Targets: targets, Queue: a.runner, Live: live, Capture: a.Capture, Mail: mailer, Links: links{a.BaseURL}, Now: now, SiteDomain: hostOf(a.BaseURL), Outgoing: cfg.OutgoingAddresses,
	})
	a.bulk = &jobs.Bulk{Batches: a.Service.Bulk, Log: log, Now: now}
	a.web = web.Options{
		Service: a.Service, Capture: a.Capture, BaseURL: a.BaseURL, Instance: instance, TrustedProxies: cfg.TrustedProxies, Log: log, Metrics: m.handler(), Now: now,
	}
	handler, err := web.New(a.web)
	if err == nil {
		err = a.Service.EventTypes.Seed(ctx)
	}
	if err != nil {
		return fail(err)
	}
	a.server = web.Server(handler, log)
	a.server.RegisterOnShutdown(live.Close)
	return a, nil
}

// sharedPermits is where nodes that share a database share rate limits too.
func sharedPermits(st *store.Store) jobs.Permits {
	if st.Shared() {
		return st
	}
	return nil
}

func now() time.Time { return time.Now().UTC() }

func hostOf(base string) string {
	u, err := url.Parse(base)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// StoreOptions say how to open the database.
type StoreOptions struct {
	Exclusive bool // as the one server of an SQLite file
	Migrate   bool
	Now       func() time.Time // nil: the real time
}

// OpenStore opens the database and the key that fits it. On the very first start
// it makes both.
func OpenStore(ctx context.Context, cfg config.Storage, log *slog.Logger, o StoreOptions) (*store.Store, *secret.Box, error) {
	dialect, address, err := cfg.Open()
	if err != nil {
		return nil, nil, err
	}
	if dialect == config.SQLite {
		address = "sqlite:" + address
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, nil, fmt.Errorf("cannot make the data folder: %w", err)
	}
	var box *secret.Box
	fresh := false
	st, err := store.Open(ctx, store.Options{
		Database: address, Exclusive: o.Exclusive, Migrate: o.Migrate, Node: uuid.NewString(), Log: log, Now: o.Now,
		CheckKey: func(probe models.Sealed) (err error) {
			fresh = len(probe) == 0
			if box, err = loadKey(cfg, fresh); err == nil && !fresh {
				err = box.CheckProbe(probe)
			}
			return err
		},
	})
	if err != nil {
		return nil, nil, err
	}
	if warning := secret.Exposed(cfg.MasterKey, cfg.Data); warning != "" {
		log.Warn(warning)
	}
	if fresh {
		if err := keepProbe(ctx, st, box); err != nil {
			return nil, nil, errors.Join(err, st.Close())
		}
	}
	return st, box, nil
}

func loadKey(cfg config.Storage, create bool) (*secret.Box, error) {
	box, err := secret.Load(cfg.MasterKey, cfg.Data, create)
	if errors.Is(err, secret.ErrNoKey) {
		return nil, fmt.Errorf("the database has secrets sealed with a master key, but there is none: %w; put the key back, or give it with --master-key", err)
	}
	return box, err
}

func keepProbe(ctx context.Context, st *store.Store, box *secret.Box) error {
	probe, err := box.NewProbe()
	if err != nil {
		return err
	}
	if err := st.SetKeyProbe(ctx, probe); err != nil {
		return err
	}
	// Another node that started at the same moment may have been first, with a key
	// of its own.
	kept, err := st.KeyProbe(ctx)
	if err == nil {
		err = box.CheckProbe(kept)
	}
	return err
}

// Announce writes where to go, and on first start the one-time setup link.
func (a *App) Announce(ctx context.Context, out io.Writer) error {
	token, err := a.Service.Accounts.OpenSetup(ctx)
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(out, "Hookline is at %s\n", a.BaseURL); err != nil {
		return err
	}
	if url := a.probes.url(); url != "" {
		if _, err := fmt.Fprintf(out, "Its metrics are at %s\n", url); err != nil {
			return err
		}
	}
	if token == "" {
		return nil
	}
	_, err = fmt.Fprintf(out, "Set it up, once: %s%s\n", a.BaseURL, link.SetupToken(token))
	return err
}

// closeRequests is how long requests to us may go on after a stop began, while
// attempts in flight come to their end.
const closeRequests = 3 * time.Second

// giveUp is how long results may take to be stored after a stop began, the grace
// of attempts in flight included. A database that hangs has no longer than that.
const giveUp = 13 * time.Second

// noteSignIns writes down the sign-ins that failed and were only counted so far,
// unless the database takes too long.
func (a *App) noteSignIns(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeRequests)
	defer cancel()
	if err := a.Service.Accounts.NoteFailures(ctx, true); err != nil {
		a.log.Warn("sign-ins that failed could not be counted in the audit log", "err", err)
	}
}

// Run serves until ctx ends, then stops: no new claims, no new requests, what is
// in flight ends or is given back, within 15 s.
func (a *App) Run(ctx context.Context) error {
	jobsCtx, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	defer stopJobs()
	var jobsDone sync.WaitGroup
	jobsDone.Go(func() { a.runner.Run(jobsCtx) })
	jobsDone.Go(func() { a.bulk.Run(jobsCtx) })
	jobsDone.Go(func() { a.Service.Webhooks.Load(jobsCtx) })
	jobsDone.Go(func() { a.store.WatchConfig(jobsCtx) })
	jobsDone.Go(func() { a.store.WatchHealth(jobsCtx) })
	jobsDone.Go(func() { a.Service.Accounts.RunMail(jobsCtx) })
	jobsDone.Go(func() { a.Service.Accounts.RunSignInLog(jobsCtx) })

	failed := make(chan error, 2)
	go func() { failed <- a.server.Serve(web.Listener(a.listener)) }()
	a.probes.serve(a.web, failed)
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		a.log.Info("stopping")
		defer time.AfterFunc(giveUp, a.store.GiveUp).Stop()
		stopJobs()
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeRequests)
		if a.server.Shutdown(closing) != nil {
			_ = a.server.Close()
		}
		cancel()
	}
	stopJobs()
	_, _ = a.server.Close(), a.probes.close()
	jobsDone.Wait()
	a.noteSignIns(ctx)
	a.runner.GiveBack(context.WithoutCancel(ctx))
	a.client.Close()
	a.Capture.Close()
	return errors.Join(err, a.store.Close())
}

package demo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	random "math/rand/v2"
	"net/netip"
	"os"
	"sync"
	"time"

	"hookline/app"
	"hookline/app/config"
	"hookline/app/deliver"
	"hookline/app/egress"
	"hookline/app/service"
	"hookline/models"
)

// Options say where the demo listens and where it writes what to do.
type Options struct {
	Listen  string
	BaseURL string
	Out     io.Writer
	Log     *slog.Logger
	// DroppedLines is how many lines of output were dropped, for the metrics.
	DroppedLines func() uint64
}

// Run serves the demo until ctx ends, and leaves nothing behind.
func Run(ctx context.Context, o Options) (err error) {
	dir, err := os.MkdirTemp("", "hookline-demo-")
	if err != nil {
		return fmt.Errorf("cannot make a folder for the demo: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	r, err := startReceiver(o.Log)
	if err != nil {
		return err
	}
	defer r.close(context.WithoutCancel(ctx))

	cfg := config.Defaults()
	cfg.Data, cfg.Listen, cfg.BaseURL, cfg.AllowHTTP = dir, o.Listen, o.BaseURL, true
	cfg.AllowTargets = config.Prefixes{netip.MustParsePrefix("127.0.0.1/32")}
	if err := cfg.Complete(); err != nil {
		return err
	}
	password := rand.Text()[:16]
	a, err := start(ctx, cfg, r.url, password, o.Log)
	if ctx.Err() != nil && err != nil {
		return nil // stopped before there was anything to see
	}
	if err != nil {
		return err
	}
	a.CountDroppedLines(o.DroppedLines)
	if err := announce(o.Out, a.BaseURL, password); err != nil {
		return err
	}
	busy, stop := context.WithCancel(ctx)
	var done sync.WaitGroup
	done.Go(func() { traffic(busy, a.Service) })
	err = a.Run(ctx)
	stop()
	done.Wait()
	return err
}

// start makes the sample data and the app that serves it.
func start(ctx context.Context, cfg config.Server, receiverURL, password string, log *slog.Logger) (*app.App, error) {
	if err := fill(ctx, cfg, receiverURL, password, log); err != nil {
		return nil, err
	}
	return app.New(ctx, cfg, log, true)
}

func announce(out io.Writer, url, password string) error {
	_, err := fmt.Fprintf(out, "Hookline's demo is at %s\n", url)
	for _, p := range people {
		if err == nil {
			_, err = fmt.Fprintf(out, "  sign in as %-20s  password %s  (%s)\n", p.email, password, p.role)
		}
	}
	if err == nil {
		_, err = fmt.Fprintln(out, "Everything in it is made up, and gone when you stop it with Ctrl+C.")
	}
	return err
}

// clock is a time that history moves through.
type clock struct {
	mu sync.Mutex
	at time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

func (c *clock) set(at time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = at
}

// fill makes the people, the webhooks and their history in a new database.
func fill(ctx context.Context, cfg config.Server, receiverURL, password string, log *slog.Logger) error {
	until := time.Now().UTC()
	c := &clock{at: until.Add(-8 * 24 * time.Hour)}
	st, box, err := app.OpenStore(ctx, cfg.Storage, log, app.StoreOptions{Exclusive: true, Migrate: true, Now: c.now})
	if err != nil {
		return err
	}
	client := egress.New(egress.Config{AllowHTTP: true, AllowTargets: cfg.AllowTargets})
	sender := deliver.NewSender(client, box, c.now)
	s := service.New(service.Deps{Store: st, Box: box, Sender: sender, Targets: client, Now: c.now})
	settings := st.Config().Settings
	settings.SiteName, settings.SiteDomain = "Demo workspace", "demo.example"
	err = errors.Join(s.EventTypes.Seed(ctx), st.SaveSettings(ctx, settings))
	p := &past{
		clock: c, store: st, sender: sender, hooks: map[string]string{}, manner: map[string]manner{}, off: map[string]bool{},
		random: random.New(random.NewPCG(1, 2)), until: until,
	}
	if err == nil {
		err = p.addParticipants(ctx, s)
	}
	if err == nil {
		err = p.addWebhooks(ctx, s, receiverURL)
	}
	if err == nil {
		err = p.addPeople(ctx, s, password)
	}
	if err == nil {
		err = p.write(ctx)
	}
	if err == nil {
		c.set(until)
		err = p.switchOff(ctx, s)
	}
	client.Close()
	return errors.Join(err, st.Close())
}

// addPeople makes the users, and shares webhooks with them: one by one, and by a
// team.
func (p *past) addPeople(ctx context.Context, s *service.Service, password string) error {
	team := models.Team{ID: idAt(models.TeamPrefix, p.clock.now()), Name: "Integrations", CreatedAt: p.clock.now(), UpdatedAt: p.clock.now()}
	for _, who := range people {
		u, err := s.Accounts.Add(ctx, who.email, who.name, who.role, password)
		if err != nil {
			return err
		}
		if who.inTeam {
			team.Members = append(team.Members, u.ID)
		}
		for path, level := range who.grants {
			if _, err := s.Grants.Give(ctx, system, p.hooks[path], u.ID, level); err != nil {
				return err
			}
		}
	}
	if err := p.store.CreateTeam(ctx, team); err != nil {
		return err
	}
	_, err := s.Grants.Give(ctx, system, p.hooks["/lake/events"], team.ID, models.ViewGrant)
	return err
}

var system = models.Actor{System: true}

func (p *past) addWebhooks(ctx context.Context, s *service.Service, receiverURL string) error {
	var err error
	if p.types, err = s.EventTypes.List(ctx, system); err != nil {
		return err
	}
	for _, h := range samples {
		saved, err := s.Webhooks.Create(ctx, system, h.draft(receiverURL))
		if err != nil {
			return err
		}
		p.hooks[h.path] = saved.Webhook.ID
		p.manner[saved.Webhook.ID], p.off[saved.Webhook.ID] = h.manner, h.off
	}
	return nil
}

func (p *past) switchOff(ctx context.Context, s *service.Service) error {
	for id, off := range p.off {
		if !off {
			continue
		}
		if _, err := s.Webhooks.SetEnabled(ctx, system, id, false); err != nil {
			return err
		}
	}
	return nil
}

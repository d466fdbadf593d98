package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"hookline/app/config"
	"hookline/app/service"
	"hookline/models"
)

type tokenAddCommand struct {
	config.Storage
	Name    string `required:"" help:"What the token is for."`
	Scopes  scopes `required:"" help:"Comma-separated, for example events:write,deliveries:read."`
	Expires string `help:"How long it is valid, for example 90d or 12h. Default: until it is revoked."`
}

// scopes is a comma-separated list, with spaces or without.
type scopes []models.Scope

// UnmarshalText reads the list and adds it to what is there; kong calls it each
// time that the flag is given.
func (s *scopes) UnmarshalText(text []byte) error {
	for part := range strings.SplitSeq(string(text), ",") {
		if part = strings.TrimSpace(part); part != "" {
			*s = append(*s, models.Scope(part))
		}
	}
	return nil
}

// Run makes the token and prints it alone.
func (c *tokenAddCommand) Run(w *world) error {
	var expires time.Time
	if c.Expires != "" {
		d, err := parseSpan(c.Expires)
		if err != nil {
			return usageError{err}
		}
		expires = time.Now().UTC().Add(d)
	}
	return withService(w, c.Storage, func(s *service.Service) error {
		clear, _, err := s.Tokens.Create(w.ctx, models.Actor{System: true}, c.Name, c.Scopes, expires)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintln(w.out, clear)
		return err
	})
}

// parseSpan reads Go's durations, and days as 90d.
func parseSpan(text string) (time.Duration, error) {
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err == nil && n > 0 && n <= 36500 {
			return time.Duration(n) * 24 * time.Hour, nil
		}
	} else if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d, nil
	}
	return 0, fmt.Errorf("--expires is a span such as 90d or 12h, not %q", text)
}

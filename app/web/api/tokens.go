package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"hookline/app/policy"
	"hookline/models"
)

// Token is an API token without itself.
type Token struct {
	ID         string         `json:"id"`
	Name       string         `json:"name"`
	Hint       string         `json:"hint" doc:"The token's first characters, to tell tokens apart."`
	Scopes     []models.Scope `json:"scopes" nullable:"false"`
	CreatedAt  time.Time      `json:"created_at"`
	ExpiresAt  *time.Time     `json:"expires_at" doc:"null means never."`
	LastUsedAt *time.Time     `json:"last_used_at" doc:"To the minute; null means never."`
}

func tokenOf(t *models.Token) Token {
	return Token{
		ID: t.ID, Name: t.Name, Hint: t.Hint, Scopes: t.Scopes, CreatedAt: t.CreatedAt,
		ExpiresAt: optionalTime(t.ExpiresAt), LastUsedAt: optionalTime(t.LastUsed),
	}
}

// optionalTime is null for a time that is not there.
func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// newToken is the only answer with a token in clear.
type newToken struct {
	Token
	Clear string `json:"token" doc:"The token itself. It is shown this once."`
}

func (t newToken) location() string { return "/tokens/" + t.ID }

type tokenInput struct {
	Name      string         `json:"name" maxLength:"200" example:"CI pipeline"`
	Scopes    []models.Scope `json:"scopes" minItems:"1" nullable:"false"`
	ExpiresIn string         `json:"expires_in,omitzero" pattern:"^[0-9]+[mhdw]$" doc:"How long it is valid: a number and m, h, d or w, for example 90d. Without it and expires_at, for ever." example:"90d"`
	ExpiresAt string         `json:"expires_at,omitzero" format:"date-time" doc:"Until when it is valid; instead of expires_in."`
}

func (s *server) mountTokens() {
	const tag, path = "API tokens", "/tokens"
	add(s, route{
		method: http.MethodGet, path: path, action: policy.ManageTokens, tag: tag,
		summary: "All API tokens", description: "In one page, never in clear.",
	}, s.tokens)
	add(s, route{
		method: http.MethodPost, path: path, action: policy.ManageTokens, tag: tag, status: http.StatusCreated,
		summary: "Make an API token", description: "The answer shows the token once.",
		body: `{"name":"CI pipeline","scopes":["events:write"],"expires_in":"90d"}`,
	}, s.createToken)
	add(s, route{
		method: http.MethodDelete, path: path + "/{id}", action: policy.ManageTokens, tag: tag, status: http.StatusNoContent,
		summary: "Revoke an API token", description: "It ends at once.",
	}, s.revokeToken)
}

func (s *server) tokens(ctx context.Context, actor models.Actor, _ *struct{}) (list[Token], error) {
	tokens, err := s.Service.Tokens.List(ctx, actor)
	return whole(tokens, tokenOf), err
}

func (s *server) createToken(ctx context.Context, actor models.Actor, in *struct{ Body tokenInput }) (newToken, error) {
	expires, err := expiry(in.Body, s.Now())
	if err != nil {
		return newToken{}, err
	}
	clear, t, err := s.Service.Tokens.Create(ctx, actor, in.Body.Name, in.Body.Scopes, expires)
	return newToken{tokenOf(&t), clear}, err
}

func (s *server) revokeToken(ctx context.Context, actor models.Actor, in *struct {
	ID string `path:"id" doc:"The token's id."`
}) (none, error) {
	return none{}, s.Service.Tokens.Revoke(ctx, actor, in.ID)
}

// expiry is when the token ends; the zero time for never.
func expiry(in tokenInput, now time.Time) (time.Time, error) {
	switch {
	case in.ExpiresIn != "" && in.ExpiresAt != "":
		return time.Time{}, invalid("expires_in", "Give expires_in or expires_at, not both.")
	case in.ExpiresAt != "":
		t, ok := models.ParseTime(in.ExpiresAt)
		if !ok {
			return t, invalid("expires_at", "Give a time in RFC 3339, for example 2027-01-01T00:00:00Z.")
		}
		return t, nil
	case in.ExpiresIn != "":
		d, ok := parsePeriod(in.ExpiresIn)
		if !ok {
			return time.Time{}, invalid("expires_in", "Give a number and m, h, d or w, for example 90d; at most 100 years.")
		}
		return now.Add(d).UTC(), nil
	}
	return time.Time{}, nil
}

const day = 24 * time.Hour

var periods = map[byte]time.Duration{'m': time.Minute, 'h': time.Hour, 'd': day, 'w': 7 * day}

func parsePeriod(text string) (time.Duration, bool) {
	last := len(text) - 1
	unit, known := periods[text[last]]
	n, err := strconv.ParseInt(text[:last], 10, 64)
	const longest = 100 * 365 * day
	if !known || err != nil || n < 1 || n > int64(longest/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

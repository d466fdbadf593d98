package account

import (
	"context"
	"strings"
	"sync"
	"time"

	"hookline/app/policy"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// Tokens lets programs in.
type Tokens struct {
	deps
	touched sync.Map // token id → when its use was last written down
}

// Create makes a token and returns it in clear, the only time. A zero expiry
// means never.
func (s *Tokens) Create(ctx context.Context, actor models.Actor, name string, scopes []models.Scope, expires time.Time) (string, models.Token, error) {
	if err := policy.Check(actor, policy.ManageTokens); err != nil {
		return "", models.Token{}, err
	}
	clear, hash := secret.NewToken(models.TokenStart)
	t := models.Token{
		ID: store.NewID(models.TokenPrefix), Name: strings.TrimSpace(name), Hash: hash, Hint: secret.Hint(models.TokenStart, clear),
		Scopes: scopes, CreatedAt: s.now(), ExpiresAt: expires,
	}
	if err := t.Validate(s.now()); err != nil {
		return "", t, err
	}
	return clear, t, s.store.CreateToken(ctx, t, s.entry(actor, "token.created", t.ID, t.Name, nil, t.AuditFields()))
}

// List returns all tokens, newest first, never in clear.
func (s *Tokens) List(ctx context.Context, actor models.Actor) ([]*models.Token, error) {
	if err := policy.Check(actor, policy.ManageTokens); err != nil {
		return nil, err
	}
	return s.store.Tokens(ctx)
}

// Revoke ends a token at once.
func (s *Tokens) Revoke(ctx context.Context, actor models.Actor, id string) error {
	id, err := policy.CheckID(actor, policy.ManageTokens, models.TokenPrefix, id)
	if err != nil {
		return err
	}
	name := "a token"
	if t := s.store.Config().TokenByID(id); t != nil {
		name = t.Name
	}
	return s.store.DeleteToken(ctx, id, s.entry(actor, "token.revoked", id, name, nil, nil))
}

// touchEvery is how exact a token's last use is known.
const touchEvery = time.Minute

var wrongToken = models.Errorf(models.Unauthenticated, "This API token is not valid. Make one under API tokens, or with hookline token add.")

// Authenticate returns whose token this is; Unauthenticated for anything that is
// not a live one.
func (s *Tokens) Authenticate(ctx context.Context, clear string) (*models.Token, error) {
	if !strings.HasPrefix(clear, models.TokenStart) || len(clear) > 128 {
		return nil, wrongToken
	}
	hash := secret.Hash(clear)
	t := s.store.Config().Token(hash)
	if t == nil {
		var err error
		if t, err = s.store.TokenByHash(ctx, hash); models.CodeOf(err) == models.NotFound {
			return nil, wrongToken
		} else if err != nil {
			return nil, err
		}
	}
	now := s.now()
	if t.Expired(now) {
		return nil, models.Errorf(models.Unauthenticated, "This API token expired on %s. Make a new one.", t.ExpiresAt.Format(time.DateOnly))
	}
	s.touch(ctx, t, now)
	return t, nil
}

// touch notes the use of a token; a busy one costs one write a minute.
func (s *Tokens) touch(ctx context.Context, t *models.Token, now time.Time) {
	last, known := s.touched.Load(t.ID)
	if !known {
		last, _ = s.touched.LoadOrStore(t.ID, t.LastUsed)
	}
	if now.Sub(last.(time.Time)) < touchEvery || !s.touched.CompareAndSwap(t.ID, last, now) {
		return
	}
	// Not worth failing a call for.
	_ = s.store.TouchToken(context.WithoutCancel(ctx), t.ID, now)
}

// Exists reports whether there is still such a token.
func (s *Tokens) Exists(id string) bool { return s.store.Config().TokenByID(id) != nil }

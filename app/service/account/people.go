package account

import (
	"context"
	"slices"
	"strings"

	"hookline/app/policy"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// People are the users, as owners see and change them.
type People struct{ deps }

// UserInput is what to change of a user; nil leaves it as it is.
type UserInput struct {
	Name     *string
	Email    *string
	Role     *models.Role
	Disabled *bool
}

// List pages through all users, newest first; search finds in name and address.
func (s *People) List(ctx context.Context, actor models.Actor, search string, r models.PageRequest) (models.Page[models.User], error) {
	if err := policy.Check(actor, policy.ManagePeople); err != nil {
		return models.Page[models.User]{}, err
	}
	p, err := store.PageOf(r, models.UserPrefix)
	if err != nil {
		return models.Page[models.User]{}, err
	}
	users, err := s.store.Users(ctx, search, p)
	return store.Paged(users, p, func(u models.User) string { return u.ID }), err
}

// Get returns one; NotFound when there is none.
func (s *People) Get(ctx context.Context, actor models.Actor, id string) (models.User, error) {
	id, err := policy.CheckID(actor, policy.ManagePeople, models.UserPrefix, id)
	if err != nil {
		return models.User{}, err
	}
	return s.store.User(ctx, id)
}

// Update changes a user, from their next click on. Disabling ends their sessions
// at once. The last owner who can sign in stays one: Conflict.
func (s *People) Update(ctx context.Context, actor models.Actor, id string, in UserInput) (models.User, error) {
	id, err := policy.CheckID(actor, policy.ManagePeople, models.UserPrefix, id)
	if err != nil {
		return models.User{}, err
	}
	return s.store.ChangeUser(ctx, id, "", func(u *models.User) ([]models.Audit, error) {
		before := u.AuditFields()
		in.applyTo(u)
		if err := u.Validate().Err(); err != nil {
			return nil, err
		}
		return s.changed(actor, "user.updated", u, before), nil
	})
}

// errOneself keeps a slip from locking somebody out for good.
var errOneself = models.Errorf(models.Conflict, "This is your own account. Ask another owner to delete it.")

// Delete removes a user's account for good, and signs them out at once. Conflict
// for oneself and for the last owner who can sign in.
func (s *People) Delete(ctx context.Context, actor models.Actor, id string) error {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return err
	}
	if actor.User != nil && actor.User.ID == u.ID {
		return errOneself
	}
	return s.store.DeleteUser(ctx, u.ID, func(u models.User) models.Audit {
		return s.entry(actor, "user.deleted", u.ID, u.Name, u.AuditFields(), nil)
	})
}

func (in UserInput) applyTo(u *models.User) {
	if in.Name != nil {
		u.Name = strings.TrimSpace(*in.Name)
	}
	if in.Email != nil {
		u.Email = models.NormalEmail(*in.Email)
	}
	if in.Role != nil {
		u.Role = *in.Role
	}
	if in.Disabled != nil {
		u.Disabled = *in.Disabled
	}
}

// changed is the entry for a user's change, or none when nothing differs.
func (d deps) changed(actor models.Actor, action string, u *models.User, before []models.Field) []models.Audit {
	audit := d.entry(actor, action, u.ID, u.Name, before, u.AuditFields()).IfChanged()
	if len(audit) > 0 {
		u.UpdatedAt = d.now()
	}
	return audit
}

// ResetLink makes a link with which the user sets a new password, once, within a
// day. It ends the one before. Conflict for a disabled user.
func (s *People) ResetLink(ctx context.Context, actor models.Actor, id string) (string, models.User, error) {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return "", u, err
	}
	if u.Disabled {
		return "", u, models.Errorf(models.Conflict, "This user is disabled and cannot sign in. Enable them first.")
	}
	clear, hash := secret.NewToken("")
	r := models.Reset{Hash: hash, UserID: u.ID, CreatedAt: s.now(), ExpiresAt: s.now().Add(models.ResetLifetime)}
	return s.links.Reset(clear), u, s.store.SaveReset(ctx, r, s.entry(actor, "user.reset_link_made", u.ID, u.Name, nil, nil))
}

// Sessions lists where a user is signed in.
func (s *People) Sessions(ctx context.Context, actor models.Actor, id string) ([]models.Session, error) {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return nil, err
	}
	return s.store.Sessions(ctx, u.ID, s.now())
}

// RevokeSession ends one of a user's sessions at once, or with "" all of them.
func (s *People) RevokeSession(ctx context.Context, actor models.Actor, id, session string) error {
	u, err := s.Get(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.revoke(ctx, actor, u, session)
}

func (d deps) revoke(ctx context.Context, actor models.Actor, u models.User, session string) error {
	if session == "" {
		return d.store.RevokeSessions(ctx, u.ID, "", d.entry(actor, "user.sessions_revoked", u.ID, u.Name, nil, nil))
	}
	session, err := models.ParseID(models.SessionPrefix, session)
	if err != nil {
		return err
	}
	return d.store.RevokeSession(ctx, u.ID, session, d.entry(actor, "user.session_revoked", u.ID, u.Name, nil, nil))
}

// Reach is one webhook that a user was granted, and why.
type Reach struct {
	Webhook models.Webhook
	Level   models.Level
	Reasons []Reason
}

// Reason is one grant: to the user, or to a team that they are in.
type Reason struct {
	Team  *models.Team // nil: to the user
	Level models.Level
}

// Reach lists by name which webhooks the user reaches by grants. What their role
// allows everywhere comes on top.
func (s *People) Reach(actor models.Actor, userID string) ([]Reach, error) {
	if err := policy.Check(actor, policy.ManagePeople); err != nil {
		return nil, err
	}
	config := s.store.Config()
	reasons := map[string][]Reason{}
	for _, g := range config.Access.Grants {
		team := config.Access.Team(g.TeamID)
		if g.UserID == userID || (team != nil && slices.Contains(team.Members, userID)) {
			reasons[g.WebhookID] = append(reasons[g.WebhookID], Reason{Team: team, Level: g.Level})
		}
	}
	list := []Reach{}
	for id, why := range reasons {
		if w := config.Webhook(id); w != nil {
			list = append(list, Reach{Webhook: *w, Level: config.Access.Level(userID, id), Reasons: why})
		}
	}
	slices.SortFunc(list, func(a, b Reach) int {
		return strings.Compare(strings.ToLower(a.Webhook.Name)+a.Webhook.ID, strings.ToLower(b.Webhook.Name)+b.Webhook.ID)
	})
	return list, nil
}

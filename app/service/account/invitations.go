package account

import (
	"context"
	"slices"
	"strings"

	"hookline/app/policy"
	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// Invitations are how people get in.
type Invitations struct {
	deps
	guesses *ratelimit.Buckets
}

// Invited is an invitation with its link, which is known this once.
type Invited struct {
	Invitation models.Invitation
	Link       string
	Sent       bool   // by e-mail
	Problem    string // why it was not, though there is a mail server
}

// List returns the invitations that nobody accepted yet, newest first.
func (s *Invitations) List(ctx context.Context, actor models.Actor, r models.PageRequest) (models.Page[models.Invitation], error) {
	if err := policy.Check(actor, policy.ManagePeople); err != nil {
		return models.Page[models.Invitation]{}, err
	}
	p, err := store.PageOf(r, models.InvitePrefix)
	if err != nil {
		return models.Page[models.Invitation]{}, err
	}
	list, err := s.store.Invitations(ctx, p)
	page := store.Paged(list, p, func(i models.Invitation) string { return i.ID })
	page.Newer = "" // they are listed in one direction
	return page, err
}

// Invite makes an invitation and its link, and mails it if there is a mail
// server; that this fails does not undo it. Conflict when a user has the
// address, or it is invited already.
func (s *Invitations) Invite(ctx context.Context, actor models.Actor, email string, role models.Role, teams []string) (Invited, error) {
	if err := policy.Check(actor, policy.ManagePeople); err != nil {
		return Invited{}, err
	}
	clear, hash := secret.NewToken("")
	_, inviter := actor.Identity()
	i := models.Invitation{
		ID: store.NewID(models.InvitePrefix), Email: models.NormalEmail(email), Role: role, Teams: teams, Hash: hash, InvitedBy: inviter,
		CreatedAt: s.now(), ExpiresAt: s.now().Add(models.InvitationLifetime),
	}
	if actor.User != nil {
		i.InviterID = actor.User.ID
	}
	errs := i.Validate()
	access := s.store.Config().Access
	if slices.ContainsFunc(teams, func(id string) bool { return access.Team(id) == nil }) {
		errs.Add("teams", "One of the teams is not there any more. Choose again.")
	}
	if err := errs.Err(); err != nil {
		return Invited{}, err
	}
	if err := s.store.CreateInvitation(ctx, i, s.entry(actor, "invitation.created", i.ID, i.Email, nil, i.AuditFields())); err != nil {
		return Invited{}, err
	}
	return s.hand(ctx, i, clear), nil
}

// Renew makes a new link, which ends the one before, and mails it again.
func (s *Invitations) Renew(ctx context.Context, actor models.Actor, id string) (Invited, error) {
	i, err := s.find(ctx, actor, id)
	if err != nil {
		return Invited{}, err
	}
	clear, hash := secret.NewToken("")
	i.Hash, i.ExpiresAt = hash, s.now().Add(models.InvitationLifetime)
	if err := s.store.RenewInvitation(ctx, i, s.entry(actor, "invitation.renewed", i.ID, i.Email, nil, nil)); err != nil {
		return Invited{}, err
	}
	return s.hand(ctx, i, clear), nil
}

// Revoke ends an invitation and its link.
func (s *Invitations) Revoke(ctx context.Context, actor models.Actor, id string) error {
	i, err := s.find(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.store.DeleteInvitation(ctx, i.ID, s.entry(actor, "invitation.revoked", i.ID, i.Email, nil, nil))
}

func (s *Invitations) find(ctx context.Context, actor models.Actor, id string) (models.Invitation, error) {
	id, err := policy.CheckID(actor, policy.ManagePeople, models.InvitePrefix, id)
	if err != nil {
		return models.Invitation{}, err
	}
	return s.store.Invitation(ctx, id)
}

func (s *Invitations) hand(ctx context.Context, i models.Invitation, clear string) Invited {
	out := Invited{Invitation: i, Link: s.links.Invite(clear)}
	if s.Mails() {
		if err := s.mail.Send(ctx, s.invitationMail(i, out.Link)); err != nil {
			out.Problem = err.Error()
		}
		out.Sent = out.Problem == ""
	}
	return out
}

// tooManyGuesses is for an address that tries links out.
var tooManyGuesses = models.Errorf(models.TooMany, "Too many links that do not work were opened from your network. Wait a few minutes and try again.")

// maxLinkToken is well over the length of a real one.
const maxLinkToken = 128

// guess looks a link's token up. A network that tried too many wrong ones is told
// so; the right one works all the same, whatever others there do.
func guess[T any](t *ratelimit.Buckets, network, token string, look func(hash []byte) (T, error)) (found T, err error) {
	found, err = look(secret.Hash(token[:min(len(token), maxLinkToken)]))
	if models.CodeOf(err) == models.NotFound && !t.Allow("network "+network, networkLimit) {
		err = tooManyGuesses
	}
	return found, err
}

// Check returns the invitation of a link that still works, else NotFound.
// address is the client's, for throttling.
func (s *Invitations) Check(ctx context.Context, token, address string) (models.Invitation, error) {
	return guess(s.guesses, address, token, func(hash []byte) (models.Invitation, error) {
		return s.store.InvitationByHash(ctx, hash, s.now())
	})
}

// Accept makes the invited person's account. Of several that race with one link,
// one wins; the others get NotFound.
func (s *Invitations) Accept(ctx context.Context, token, address, name, password string) (models.User, error) {
	i, err := s.Check(ctx, token, address)
	if err != nil {
		return models.User{}, err
	}
	u := models.User{
		ID: store.NewID(models.UserPrefix), Email: i.Email, Name: strings.TrimSpace(name), Role: i.Role, CreatedAt: s.now(), UpdatedAt: s.now(),
	}
	errs := u.Validate()
	models.CheckPassword(password, &errs)
	if err := errs.Err(); err != nil {
		return models.User{}, err
	}
	if u.PasswordHash, err = secret.HashPassword(ctx, password); err != nil {
		return models.User{}, err
	}
	return s.store.AcceptInvitation(ctx, secret.Hash(token), u, func(u models.User) models.Audit {
		return s.entry(models.Actor{User: &u}, "invitation.accepted", u.ID, u.Name, nil, u.AuditFields())
	})
}

package account

import (
	"context"
	"strings"
	"time"

	"hookline/app/policy"
	"hookline/app/ratelimit"
	"hookline/app/secret"
	"hookline/models"
)

// ProfileInput is what one may change of oneself. A new address needs the
// password.
type ProfileInput struct {
	Name     string
	Email    string
	Password string
}

// SaveProfile changes one's own name and address.
func (s *Accounts) SaveProfile(ctx context.Context, actor models.Actor, in ProfileInput) (models.User, error) {
	if err := checkPerson(actor); err != nil {
		return models.User{}, err
	}
	me := *actor.User
	me.Name, me.Email = strings.TrimSpace(in.Name), models.NormalEmail(in.Email)
	if err := me.Validate().Err(); err != nil {
		return me, err
	}
	if me.Email != actor.User.Email {
		if err := s.prove(ctx, *actor.User, in.Password, "password"); err != nil {
			return me, err
		}
	}
	return s.store.ChangeUser(ctx, me.ID, "", func(u *models.User) ([]models.Audit, error) {
		before := u.AuditFields()
		u.Name, u.Email = me.Name, me.Email
		return s.changed(actor, "user.updated", u, before), nil
	})
}

// ChangePassword sets one's own password and ends one's other sessions; keep is
// the id of the one that asks.
func (s *Accounts) ChangePassword(ctx context.Context, actor models.Actor, current, password, keep string) error {
	if err := checkPerson(actor); err != nil {
		return err
	}
	var errs models.FieldErrors
	models.CheckPassword(password, &errs)
	if err := errs.Err(); err != nil {
		return err
	}
	if err := s.prove(ctx, *actor.User, current, "current"); err != nil {
		return err
	}
	hash, err := secret.HashPassword(ctx, password)
	if err != nil {
		return err
	}
	_, err = s.store.ChangeUser(ctx, actor.User.ID, keep, func(u *models.User) ([]models.Audit, error) {
		before := u.AuditFields()
		u.PasswordHash = hash
		return s.changed(actor, "user.password_changed", u, before), nil
	})
	return err
}

// prove checks one's own password, as slowly as signing in does. Only the user's own
// sessions count here.
func (s *Accounts) prove(ctx context.Context, u models.User, password, field string) error {
	if !s.proofs.Allow(u.ID, ratelimit.Limit{Every: time.Minute, Burst: 10}) {
		return models.Errorf(models.TooMany, "Too many attempts with a wrong password. Wait a few minutes and try again.")
	}
	ok, err := secret.CheckPassword(ctx, password, u.PasswordHash)
	if err != nil {
		return err
	}
	var errs models.FieldErrors
	if !ok {
		errs.Add(field, "This is not your password. Enter the one you sign in with.")
		return errs.Err()
	}
	s.proofs.Reset(u.ID)
	return nil
}

// OwnSessions lists where one is signed in.
func (s *Accounts) OwnSessions(ctx context.Context, actor models.Actor) ([]models.Session, error) {
	if err := checkPerson(actor); err != nil {
		return nil, err
	}
	return s.store.Sessions(ctx, actor.User.ID, s.now())
}

// RevokeOwn ends one of one's own sessions at once; NotFound for anybody else's.
func (s *Accounts) RevokeOwn(ctx context.Context, actor models.Actor, session string) error {
	if err := checkPerson(actor); err != nil {
		return err
	}
	session, err := models.ParseID(models.SessionPrefix, session)
	if err != nil {
		return err
	}
	return s.revoke(ctx, actor, *actor.User, session)
}

// RevokeOthers ends all of one's own sessions but the one that asks.
func (s *Accounts) RevokeOthers(ctx context.Context, actor models.Actor, keep string) error {
	if err := checkPerson(actor); err != nil {
		return err
	}
	me := actor.User
	return s.store.RevokeSessions(ctx, me.ID, keep, s.entry(actor, "user.sessions_revoked", me.ID, me.Name, nil, nil))
}

// checkPerson: only somebody who is signed in has an account of their own.
func checkPerson(actor models.Actor) error {
	if actor.User == nil {
		return policy.Check(models.Actor{Token: actor.Token}, policy.SignedIn)
	}
	return policy.Check(actor, policy.SignedIn)
}

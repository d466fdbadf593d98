package account

import (
	"context"
	"slices"
	"strings"

	"hookline/app/policy"
	"hookline/app/store"
	"hookline/models"
)

// Teams are groups of users.
type Teams struct{ deps }

// List returns all by name.
func (s *Teams) List(actor models.Actor) ([]models.Team, error) {
	return s.store.Config().Access.Teams, policy.Check(actor, policy.ManagePeople)
}

// ByUser returns the teams that each user is in, by name.
func (s *Teams) ByUser() map[string][]models.Team {
	of := map[string][]models.Team{}
	for _, t := range s.store.Config().Access.Teams {
		for _, user := range t.Members {
			of[user] = append(of[user], t)
		}
	}
	return of
}

// Get returns one; NotFound when there is none.
func (s *Teams) Get(actor models.Actor, id string) (models.Team, error) {
	id, err := policy.CheckID(actor, policy.ManagePeople, models.TeamPrefix, id)
	if err != nil {
		return models.Team{}, err
	}
	if t := s.store.Config().Access.Team(id); t != nil {
		return *t, nil
	}
	return models.Team{}, models.Errorf(models.NotFound, "There is no team with this id.")
}

// Create makes a team; Conflict when the name is taken.
func (s *Teams) Create(ctx context.Context, actor models.Actor, name string, members []string) (models.Team, error) {
	if err := policy.Check(actor, policy.ManagePeople); err != nil {
		return models.Team{}, err
	}
	t := models.Team{ID: store.NewID(models.TeamPrefix), Name: strings.TrimSpace(name), Members: unique(members), CreatedAt: s.now(), UpdatedAt: s.now()}
	if err := t.Validate().Err(); err != nil {
		return t, err
	}
	emails, err := s.emails(ctx, t.Members)
	if err != nil {
		return t, err
	}
	return t, nameTaken(s.store.CreateTeam(ctx, t, s.entry(actor, "team.created", t.ID, t.Name, nil, t.AuditFields(emails))), t.Name)
}

// TeamInput is what to change of a team; nil leaves it as it is. Add and Remove
// go on top of Members.
type TeamInput struct {
	Name    *string
	Members *[]string
	Add     string
	Remove  string
}

// Update changes a team. What its members reach changes with their next click.
func (s *Teams) Update(ctx context.Context, actor models.Actor, id string, in TeamInput) (models.Team, error) {
	t, err := s.Get(actor, id)
	if err != nil {
		return t, err
	}
	// Addresses of those who may be in it before or after, for the audit log.
	after := t
	in.applyTo(&after)
	emails, err := s.emails(ctx, append(slices.Clone(t.Members), after.Members...))
	if err != nil {
		return t, err
	}
	t, err = s.store.ChangeTeam(ctx, t.ID, func(t *models.Team) ([]models.Audit, error) {
		before := t.AuditFields(emails)
		in.applyTo(t)
		if err := t.Validate().Err(); err != nil {
			return nil, err
		}
		audit := s.entry(actor, "team.updated", t.ID, t.Name, before, t.AuditFields(emails)).IfChanged()
		if len(audit) > 0 {
			t.UpdatedAt = s.now()
		}
		return audit, nil
	})
	return t, nameTaken(err, t.Name)
}

func (in TeamInput) applyTo(t *models.Team) {
	if in.Name != nil {
		t.Name = strings.TrimSpace(*in.Name)
	}
	members := slices.Clone(t.Members)
	if in.Members != nil {
		members = slices.Clone(*in.Members)
	}
	if in.Add != "" {
		members = append(members, in.Add)
	}
	members = slices.DeleteFunc(members, func(id string) bool { return id == in.Remove })
	t.Members = unique(members)
}

// unique sorts, as the store does.
func unique(ids []string) []string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Delete removes a team, with what it was granted.
func (s *Teams) Delete(ctx context.Context, actor models.Actor, id string) error {
	t, err := s.Get(actor, id)
	if err != nil {
		return err
	}
	emails, err := s.emails(ctx, t.Members)
	if err != nil {
		return err
	}
	return s.store.DeleteTeam(ctx, t.ID, s.entry(actor, "team.deleted", t.ID, t.Name, t.AuditFields(emails), nil))
}

// Members returns the users of a team, by name.
func (s *Teams) Members(ctx context.Context, actor models.Actor, t models.Team) ([]models.User, error) {
	if err := policy.Check(actor, policy.ManagePeople); err != nil {
		return nil, err
	}
	return s.store.UsersByID(ctx, t.Members)
}

// Grants lists the webhooks that a team was granted, with the level.
func (s *Teams) Grants(actor models.Actor, t models.Team) ([]Reach, error) {
	if err := policy.Check(actor, policy.ManagePeople); err != nil {
		return nil, err
	}
	config := s.store.Config()
	list := []Reach{}
	for _, g := range config.Access.Grants {
		if w := config.Webhook(g.WebhookID); w != nil && g.TeamID == t.ID {
			list = append(list, Reach{Webhook: *w, Level: g.Level})
		}
	}
	return list, nil
}

// SetTeamsOf makes a user a member of exactly these teams.
func (s *Teams) SetTeamsOf(ctx context.Context, actor models.Actor, userID string, teams []string) error {
	all, err := s.List(actor)
	if err != nil {
		return err
	}
	for _, t := range all {
		in := TeamInput{}
		switch is, wanted := slices.Contains(t.Members, userID), slices.Contains(teams, t.ID); {
		case wanted && !is:
			in.Add = userID
		case is && !wanted:
			in.Remove = userID
		default:
			continue
		}
		if _, err := s.Update(ctx, actor, t.ID, in); err != nil {
			return err
		}
	}
	return nil
}

func (s *Teams) emails(ctx context.Context, ids []string) (map[string]string, error) {
	users, err := s.store.UsersByID(ctx, ids)
	emails := map[string]string{}
	for _, u := range users {
		emails[u.ID] = u.Email
	}
	return emails, err
}

func nameTaken(err error, name string) error {
	if models.CodeOf(err) == models.Conflict {
		return models.Errorf(models.Conflict, "There is a team called %s already. Choose another name.", name)
	}
	return err
}

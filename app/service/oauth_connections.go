package service

import (
	"context"
	"slices"
	"strings"
	"time"

	"hookline/app/policy"
	"hookline/app/secret"
	"hookline/app/store"
	"hookline/models"
)

// OAuthConnections are the OAuth 2.0 clients of the workspace, which webhooks
// share (H2). They are the owners' business; who edits a webhook sees the name of
// the one it uses.
type OAuthConnections struct{ deps }

// ConnectionInput is what to change of a connection; nil leaves it as it is. The
// secret comes in clear, or as models.Mask for the one there is.
type ConnectionInput struct {
	Name     *string
	ClientID *string
	TokenURL *string
	Scope    *string
	Secret   *string
}

// List returns all connections by name.
func (s *OAuthConnections) List(actor models.Actor) ([]models.OAuthConnection, error) {
	if err := policy.Check(actor, policy.ManageConnections); err != nil {
		return nil, err
	}
	return slices.Clone(s.store.Config().Connections()), nil
}

// Choices are the connections that the actor may let a webhook use, by name; of
// the others only now, the one that it uses already. They are without secrets.
func (s *OAuthConnections) Choices(actor models.Actor, now string) []models.OAuthConnection {
	may := policy.Can(actor, policy.MoveSecrets)
	list := []models.OAuthConnection{}
	for _, c := range s.store.Config().Connections() {
		if may || (now != "" && c.ID == now) {
			list = append(list, models.OAuthConnection{ID: c.ID, Name: c.Name})
		}
	}
	return list
}

// Get returns one; NotFound when there is none.
func (s *OAuthConnections) Get(actor models.Actor, id string) (models.OAuthConnection, error) {
	id, err := policy.CheckID(actor, policy.ManageConnections, models.OAuthPrefix, id)
	if err != nil {
		return models.OAuthConnection{}, err
	}
	if c := s.store.Config().Connection(id); c != nil {
		return *c, nil
	}
	return models.OAuthConnection{}, models.Errorf(models.NotFound, "There is no OAuth connection with this id.")
}

// UsedBy lists the webhooks that use a connection, by name.
func (s *OAuthConnections) UsedBy(actor models.Actor, id string) ([]models.Webhook, error) {
	if err := policy.Check(actor, policy.ManageConnections); err != nil {
		return nil, err
	}
	list := []models.Webhook{}
	for w := range s.store.Config().Webhooks() {
		if w.Auth.Connection == id {
			list = append(list, *w)
		}
	}
	slices.SortFunc(list, func(a, b models.Webhook) int {
		return strings.Compare(strings.ToLower(a.Name)+a.ID, strings.ToLower(b.Name)+b.ID)
	})
	return list, nil
}

// Create stores a new connection. Names are unique, whatever their case.
func (s *OAuthConnections) Create(ctx context.Context, actor models.Actor, in ConnectionInput) (models.OAuthConnection, error) {
	if err := policy.Check(actor, policy.ManageConnections); err != nil {
		return models.OAuthConnection{}, err
	}
	c := models.OAuthConnection{ID: store.NewID(models.OAuthPrefix), Version: 1, CreatedAt: s.now().Truncate(time.Microsecond)}
	if err := s.apply(&c, in); err != nil {
		return c, err
	}
	audit := s.entry(actor, "oauth_connection.created", c.ID, c.Name, nil, c.AuditFields())
	return c, s.store.CreateConnection(ctx, c, audit)
}

// Update changes what in names. It counts for every later attempt of the webhooks
// that use it, retries included (D1), and the tokens fetched before are done with.
func (s *OAuthConnections) Update(ctx context.Context, actor models.Actor, id string, in ConnectionInput) (models.OAuthConnection, error) {
	c, err := s.Get(actor, id)
	if err != nil {
		return c, err
	}
	before := c.AuditFields()
	if err := s.apply(&c, in); err != nil {
		return c, err
	}
	audit := s.entry(actor, "oauth_connection.updated", c.ID, c.Name, before, c.AuditFields()).IfChanged()
	if len(audit) == 0 {
		return c, nil
	}
	return s.store.SaveConnection(ctx, c, audit...)
}

// Delete removes a connection with its secret; Conflict, naming them, while
// webhooks use it.
func (s *OAuthConnections) Delete(ctx context.Context, actor models.Actor, id string) error {
	c, err := s.Get(actor, id)
	if err != nil {
		return err
	}
	return s.store.DeleteConnection(ctx, c.ID, s.entry(actor, "oauth_connection.deleted", c.ID, c.Name, c.AuditFields(), nil))
}

// Test fetches a new token as an attempt would, past the one in use, and says what
// came of it. The token is kept and used, since some servers end the one before.
func (s *OAuthConnections) Test(ctx context.Context, actor models.Actor, id string) (models.TokenCheck, error) {
	c, err := s.Get(actor, id)
	if err == nil {
		err = s.tests.take(actor)
	}
	if err != nil {
		return models.TokenCheck{}, err
	}
	return s.sender.CheckConnection(ctx, c), nil
}

func (s *OAuthConnections) apply(c *models.OAuthConnection, in ConnectionInput) error {
	set(&c.Name, in.Name)
	set(&c.ClientID, in.ClientID)
	set(&c.TokenURL, in.TokenURL)
	set(&c.Scope, in.Scope)
	c.Name = strings.TrimSpace(c.Name)
	c.UpdatedAt = s.now().Truncate(time.Microsecond) // as it is stored
	errs := c.Validate()
	s.checkName(*c, &errs)
	s.checkTokenURL("token_url", c.TokenURL, &errs)
	if err := s.sealSecret(c, in.Secret, &errs); err != nil {
		return err
	}
	return errs.Err()
}

// checkName tells of a name that is taken beside its field. Of two that are saved
// at once the database refuses the second.
func (s *OAuthConnections) checkName(c models.OAuthConnection, errs *models.FieldErrors) {
	for _, other := range s.store.Config().Connections() {
		if other.ID != c.ID && strings.EqualFold(other.Name, c.Name) {
			errs.Add("name", "There is a connection called %s already. Choose another name.", other.Name)
		}
	}
}

func (s *OAuthConnections) sealSecret(c *models.OAuthConnection, given *string, errs *models.FieldErrors) (err error) {
	if len(c.Secret) > 0 && (given == nil || *given == models.Mask) {
		return nil
	}
	if given == nil || *given == "" || *given == models.Mask {
		errs.Add("client_secret", "Enter the client secret.")
		return nil
	}
	if problem := models.AuthOAuth2.SecretProblem(*given); problem != "" {
		errs.Add("client_secret", "%s", problem)
		return nil
	}
	c.Secret, err = s.box.Seal(*given, secret.ConnectionSecret(c.ID))
	return err
}

package store

import (
	"context"
	"fmt"
	"strings"

	"gorm.io/gorm"

	"hookline/models"
)

type connectionRow struct {
	ID        string `gorm:"primaryKey"`
	Version   int64
	Name      string
	ClientID  string
	Secret    models.Sealed `gorm:"type:bytes"`
	TokenURL  string        `gorm:"column:token_url"`
	Scope     string
	CreatedAt int64 `gorm:"autoCreateTime:false"`
	UpdatedAt int64 `gorm:"autoUpdateTime:false"`
}

func (connectionRow) TableName() string { return "oauth_connections" }

func connectionFrom(c models.OAuthConnection) *connectionRow {
	return &connectionRow{
		ID: c.ID, Version: c.Version, Name: c.Name, ClientID: c.ClientID, Secret: c.Secret, TokenURL: c.TokenURL, Scope: c.Scope,
		CreatedAt: micros(c.CreatedAt), UpdatedAt: micros(c.UpdatedAt),
	}
}

func (r connectionRow) connection() models.OAuthConnection {
	return models.OAuthConnection{
		ID: r.ID, Version: r.Version, Name: r.Name, CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt),
		OAuthClient: models.OAuthClient{ClientID: r.ClientID, TokenURL: r.TokenURL, Scope: r.Scope, Secret: r.Secret},
	}
}

// CreateConnection stores an OAuth connection; Conflict when the name is taken.
func (s *Store) CreateConnection(ctx context.Context, c models.OAuthConnection, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error { return tx.Create(connectionFrom(c)).Error })
}

// SaveConnection replaces a connection that is at version c.Version, and raises
// the version. Conflict when somebody else changed it meanwhile or the name is
// taken, NotFound when it is gone.
func (s *Store) SaveConnection(ctx context.Context, c models.OAuthConnection, audit ...models.Audit) (models.OAuthConnection, error) {
	before := c.Version
	c.Version++
	err := s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		var now connectionRow
		if err := tx.Where("id = ?", c.ID).Take(&now).Error; err != nil {
			return found(err, "OAuth connection")
		}
		if now.Version != before {
			return models.Errorf(models.Conflict, "Somebody else changed this connection meanwhile. Load it again and repeat your change.")
		}
		return tx.Model(&connectionRow{}).Where("id = ?", c.ID).Select("*").Omit("id", "created_at").Updates(connectionFrom(c)).Error
	})
	return c, err
}

// DeleteConnection removes a connection with its secret and its token. Conflict,
// naming them, when webhooks use it.
func (s *Store) DeleteConnection(ctx context.Context, id string, audit ...models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		// Every change of configuration waits for the others, so no webhook can
		// choose it between here and the commit.
		webhooks, err := allWebhooks(tx)
		if err != nil {
			return err
		}
		if users := namesUsing(webhooks, id); len(users) > 0 {
			return models.Errorf(models.Conflict, "It is in use by %s. Choose another authentication there first.", listed(users))
		}
		if err := dropToken(tx, id); err != nil {
			return err
		}
		return affected(tx.Where("id = ?", id).Delete(&connectionRow{}), "OAuth connection")
	})
}

func namesUsing(webhooks []*models.Webhook, connectionID string) (names []string) {
	for _, w := range webhooks {
		if w.Auth.Connection == connectionID {
			names = append(names, w.Name)
		}
	}
	return names
}

// listed joins the first few names.
func listed(names []string) string {
	const most = 5
	if more := len(names) - most; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), more)
	}
	return strings.Join(names, ", ")
}

func allConnections(tx *gorm.DB) ([]models.OAuthConnection, error) {
	var rows []connectionRow
	if err := tx.Order("lower(name), id").Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]models.OAuthConnection, len(rows))
	for i, r := range rows {
		list[i] = r.connection()
	}
	return list, nil
}

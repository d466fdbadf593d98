package store

import (
	"gorm.io/gorm"

	"hookline/models"
)

// authColumn is a webhook's authentication in the JSON column, its secret spelled
// out as headerColumn's is.
type authColumn struct {
	Kind       models.AuthKind `json:"kind"`
	Header     string          `json:"header,omitempty"`
	Username   string          `json:"username,omitempty"`
	Connection string          `json:"connection,omitempty"`
	ClientID   string          `json:"client_id,omitempty"`
	TokenURL   string          `json:"token_url,omitempty"`
	Scope      string          `json:"scope,omitempty"`
	Sealed     []byte          `json:"sealed,omitempty"`
}

func encodeAuth(a models.Auth) (authColumn, error) {
	sealed, err := a.Secret.Value() // refuses clear text
	if err != nil {
		return authColumn{}, err
	}
	c := authColumn{
		Kind: a.Kind, Header: a.Header, Username: a.Username,
		Connection: a.Connection, ClientID: a.ClientID, TokenURL: a.TokenURL, Scope: a.Scope,
	}
	c.Sealed, _ = sealed.([]byte)
	return c, nil
}

func (c authColumn) auth() models.Auth {
	return models.Auth{
		Kind: c.Kind, Header: c.Header, Username: c.Username,
		Connection: c.Connection, ClientID: c.ClientID, TokenURL: c.TokenURL, Scope: c.Scope, Secret: c.Sealed,
	}
}

// checkAuth makes sure, in the transaction that stores the webhook, that the
// connection it names is there, and drops a token that it can no longer use.
func checkAuth(tx *gorm.DB, w models.Webhook) error {
	if !w.Auth.OwnClient() {
		if err := dropToken(tx, w.ID); err != nil {
			return err
		}
	}
	if w.Auth.Connection == "" {
		return nil
	}
	var n int64
	err := tx.Model(&connectionRow{}).Where("id = ?", w.Auth.Connection).Count(&n).Error
	if err == nil && n == 0 {
		var errs models.FieldErrors
		errs.Add("auth.connection", "There is no such OAuth connection. Choose another.")
		err = errs.Err()
	}
	return err
}

package store

import (
	"context"
	"encoding/json"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

type webhookRow struct {
	ID             string `gorm:"primaryKey"`
	Version        int64
	Name           string
	Description    string
	Enabled        bool
	State          string
	Method         string
	URL            string `gorm:"column:url"`
	Params         string
	Headers        string
	Auth           string
	Body           string // its format
	BodyConfig     string // all of it
	SignJWT        bool   `gorm:"column:sign_jwt"`
	SignHMAC       bool   `gorm:"column:sign_hmac"`
	SignStandard   bool
	SigningKey     models.Sealed `gorm:"type:bytes"`
	OldSigningKey  models.Sealed `gorm:"type:bytes"`
	OldKeyUntil    int64
	Retry          string
	TimeoutMS      int64 `gorm:"column:timeout_ms"`
	RateLimit      float64
	Subscriptions  string
	CreatedByToken string
	ConfirmHash    []byte
	CreatedAt      int64 `gorm:"autoCreateTime:false"`
	UpdatedAt      int64 `gorm:"autoUpdateTime:false"`
	DeletedAt      int64
}

func (webhookRow) TableName() string { return "webhooks" }

// headerColumn is a header inside the JSON column. Sealed is spelled out here
// because models.Sealed, on purpose, marshals as a mask.
type headerColumn struct {
	Name   string `json:"name"`
	Value  string `json:"value,omitempty"`
	Secret bool   `json:"secret,omitempty"`
	Sealed []byte `json:"sealed,omitempty"`
}

// retryColumn is a retry policy in the JSON column, its delays in nanoseconds.
type retryColumn struct {
	Preset   models.RetryPreset
	Attempts int
	Delays   []time.Duration
	RetryOn  []string
}

func encodeWebhook(w models.Webhook) (*webhookRow, error) {
	headers := make([]headerColumn, len(w.Headers))
	for i, h := range w.Headers {
		headers[i] = headerColumn{Name: h.Name, Value: h.Value, Secret: h.Secret}
		if h.Secret {
			sealed, err := h.Sealed.Value() // refuses clear text
			if err != nil {
				return nil, err
			}
			headers[i].Value = ""
			headers[i].Sealed, _ = sealed.([]byte)
		}
	}
	auth, err := encodeAuth(w.Auth)
	if err != nil {
		return nil, err
	}
	encoded := make([]string, 6)
	for i, v := range []any{headers, retryColumn{w.Retry.Preset, w.Retry.Attempts, w.Retry.Delays, w.Retry.RetryOn}, w.Subscriptions, w.Params, auth, w.Body} {
		b, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		encoded[i] = string(b)
	}
	return &webhookRow{
		ID: w.ID, Version: w.Version, Name: w.Name, Description: w.Description, Enabled: w.Enabled, State: string(w.State),
		Method: w.Method, URL: w.URL, Params: encoded[3], Headers: encoded[0], Auth: encoded[4],
		Body: string(w.Body.Format), BodyConfig: encoded[5],
		SignJWT: w.Signing.JWT, SignHMAC: w.Signing.HMAC, SignStandard: w.Signing.Standard, SigningKey: w.Signing.Key, RateLimit: w.RateLimit,
		OldSigningKey: w.Signing.OldKey, OldKeyUntil: micros(w.Signing.OldKeyUntil), Retry: encoded[1], TimeoutMS: w.Timeout.Milliseconds(), Subscriptions: encoded[2],
		CreatedByToken: w.CreatedByToken, ConfirmHash: w.ConfirmHash, CreatedAt: micros(w.CreatedAt), UpdatedAt: micros(w.UpdatedAt),
	}, nil
}

func (r webhookRow) webhook() (*models.Webhook, error) {
	w := &models.Webhook{
		ID: r.ID, Version: r.Version, Name: r.Name, Description: r.Description, Enabled: r.Enabled, State: models.WebhookState(r.State),
		Method: r.Method, URL: r.URL, RateLimit: r.RateLimit,
		Signing: models.Signing{JWT: r.SignJWT, HMAC: r.SignHMAC, Standard: r.SignStandard, Key: r.SigningKey, OldKey: r.OldSigningKey, OldKeyUntil: fromMicros(r.OldKeyUntil)},
		Timeout: time.Duration(r.TimeoutMS) * time.Millisecond, CreatedByToken: r.CreatedByToken, ConfirmHash: r.ConfirmHash,
		CreatedAt: fromMicros(r.CreatedAt), UpdatedAt: fromMicros(r.UpdatedAt),
	}
	var headers []headerColumn
	if err := json.Unmarshal([]byte(r.Headers), &headers); err != nil {
		return nil, err
	}
	for _, h := range headers {
		w.Headers = append(w.Headers, models.Header{Name: h.Name, Value: h.Value, Secret: h.Secret, Sealed: h.Sealed})
	}
	var auth authColumn
	var retry retryColumn
	for _, c := range []struct {
		text []byte
		into any
	}{
		{[]byte(r.Retry), &retry}, {[]byte(r.Subscriptions), &w.Subscriptions}, {[]byte(r.Params), &w.Params},
		{[]byte(r.Auth), &auth}, {[]byte(r.BodyConfig), &w.Body},
	} {
		if err := json.Unmarshal(c.text, c.into); err != nil {
			return nil, err
		}
	}
	w.Auth, w.Body.Format = auth.auth(), models.BodyFormat(r.Body)
	w.Retry = models.Retry{Preset: retry.Preset, Attempts: retry.Attempts, Delays: retry.Delays, RetryOn: retry.RetryOn}
	return w, nil
}

// CreateWebhook stores a webhook.
func (s *Store) CreateWebhook(ctx context.Context, w models.Webhook, audit ...models.Audit) error {
	row, err := encodeWebhook(w)
	if err != nil {
		return err
	}
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		if err := checkAuth(tx, w); err != nil {
			return err
		}
		return tx.Create(row).Error
	})
}

// SaveWebhook replaces a webhook that is at version w.Version, and raises the
// version. Conflict when somebody else changed it meanwhile, NotFound when it is
// gone.
func (s *Store) SaveWebhook(ctx context.Context, w models.Webhook, audit ...models.Audit) (models.Webhook, error) {
	before := w.Version
	w.Version++
	row, err := encodeWebhook(w)
	if err != nil {
		return w, err
	}
	err = s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		if err := checkAuth(tx, w); err != nil {
			return err
		}
		res := tx.Model(&webhookRow{}).Where("id = ? AND deleted_at = 0 AND version = ?", w.ID, before).
			Select("*").Omit("id", "created_at", "created_by_token", "deleted_at").Updates(row)
		if res.Error != nil || res.RowsAffected > 0 {
			return res.Error
		}
		var n int64
		if err := tx.Model(&webhookRow{}).Where("id = ? AND deleted_at = 0", w.ID).Count(&n).Error; err != nil {
			return err
		}
		if n == 0 {
			return models.Errorf(models.NotFound, "There is no webhook with this id.")
		}
		return models.Errorf(models.Conflict, "Somebody else changed this webhook meanwhile. Load it again and repeat your change.")
	})
	return w, err
}

// cancelStep is how many deliveries one transaction cancels. Behind a receiver that
// was down for days 100,000 may wait, and everybody who publishes waits for the writer.
const cancelStep = 1000

// DeleteWebhook hides a webhook and wipes its secrets. The row stays, because
// the log names it; what was still pending is cancelled.
func (s *Store) DeleteWebhook(ctx context.Context, id string, audit ...models.Audit) error {
	if err := s.hideWebhook(ctx, id, audit); err != nil {
		return err
	}
	// It is deleted, whether or not somebody still waits for the answer. What is left
	// when this stops half-way is cancelled when it falls due.
	ctx = context.WithoutCancel(ctx)
	for cancelled := int64(cancelStep); cancelled == cancelStep; {
		err := s.tx(ctx, func(tx *gorm.DB) (err error) {
			cancelled, err = cancelSome(tx, id, micros(s.now()))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func cancelSome(tx *gorm.DB, webhookID string, now int64) (int64, error) {
	res := tx.Exec(`UPDATE deliveries SET state = 'cancelled', claim_id = NULL, finished_at = ? WHERE state = 'pending' AND id IN (
		SELECT id FROM deliveries WHERE webhook_id = ? AND state = 'pending' ORDER BY due_at, id LIMIT ?)`, now, webhookID, cancelStep)
	return res.RowsAffected, res.Error
}

func (s *Store) hideWebhook(ctx context.Context, id string, audit []models.Audit) error {
	return s.changeConfig(ctx, audit, func(tx *gorm.DB) error {
		res := tx.Model(&webhookRow{}).Where("id = ? AND deleted_at = 0", id).
			Updates(map[string]any{"deleted_at": micros(s.now()), "version": gorm.Expr("version + 1"), "enabled": false, "headers": "[]", "auth": `{"kind":"none"}`, "signing_key": nil, "old_signing_key": nil, "old_key_until": 0})
		if err := affected(res, "webhook"); err != nil {
			return err
		}
		if err := tx.Where("webhook_id = ?", id).Delete(&grantRow{}).Error; err != nil {
			return err
		}
		if err := dropToken(tx, id); err != nil {
			return err
		}
		for _, table := range []string{"test_aims", "rate_limits"} {
			if err := tx.Exec("DELETE FROM "+table+" WHERE webhook_id = ?", id).Error; err != nil {
				return err
			}
		}
		return nil
	})
}

// DisableWebhook sets the state of a webhook that the engine had to switch off,
// unless it is active in another version by now: somebody may just have mended it.
func (s *Store) DisableWebhook(ctx context.Context, id string, version int64, state models.WebhookState) error {
	return s.changeConfig(ctx, nil, func(tx *gorm.DB) error {
		res := tx.Exec("UPDATE webhooks SET state = ?, version = version + 1, updated_at = ? WHERE id = ? AND version = ? AND state = ?",
			string(state), micros(s.now()), id, version, string(models.Active))
		if res.Error != nil || res.RowsAffected == 0 {
			return res.Error
		}
		var name string
		if err := tx.Model(&webhookRow{}).Where("id = ?", id).Pluck("name", &name).Error; err != nil {
			return err
		}
		return note(tx, []models.Audit{{
			ID: NewID(models.AuditPrefix), At: s.now(), ActorKind: models.SystemActor, ActorName: "Hookline",
			Action: "webhook.disabled", SubjectID: id, Subject: name,
			Changes: []models.Change{{Field: "state", Before: string(models.Active), After: string(state)}},
		}})
	})
}

// Webhooks pages through the webhooks, newest first. only, when not nil, keeps to
// these; search looks into name and URL.
func (s *Store) Webhooks(ctx context.Context, only []string, search string, page Page) ([]*models.Webhook, error) {
	tx := s.read.WithContext(ctx).Where("deleted_at = 0")
	if only != nil {
		tx = tx.Where("id IN ?", orNothing(only))
	}
	if search != "" {
		like := likePattern(search)
		tx = tx.Where(`(lower(name) LIKE ? ESCAPE '\' OR lower(url) LIKE ? ESCAPE '\')`, like, like)
	}
	return webhooksOf(page.applyTo(tx))
}

func allWebhooks(tx *gorm.DB) ([]*models.Webhook, error) {
	return webhooksOf(tx.Where("deleted_at = 0").Order("id"))
}

func webhooksOf(tx *gorm.DB) ([]*models.Webhook, error) {
	var rows []webhookRow
	if err := tx.Find(&rows).Error; err != nil {
		return nil, err
	}
	list := make([]*models.Webhook, len(rows))
	for i, r := range rows {
		w, err := r.webhook()
		if err != nil {
			return nil, err
		}
		list[i] = w
	}
	return list, nil
}

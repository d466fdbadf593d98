package store

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
	"time"

	"gorm.io/gorm"

	"hookline/models"
)

// configCache holds the newest models.Config. Every change to configuration
// raises workspace.config_version in its own transaction, so a node can tell at
// any time whether what it holds is current.
type configCache struct {
	current atomic.Pointer[models.Config]
	loading sync.Mutex
}

// Config is the configuration as of now on this node: at once for its own
// changes, within the poll for those of other nodes. What is published or claimed
// heeds those at once too, since its statements look at the version.
func (s *Store) Config() *models.Config { return s.config.current.Load() }

// configPoll is how often a node asks. There is no LISTEN on PostgreSQL: it belongs
// to a session, which poolers do not keep.
const configPoll = 500 * time.Millisecond

// changeConfig runs fn in a transaction that changes configuration, and notes
// who did it there, then publishes the new configuration on this node before it
// returns.
func (s *Store) changeConfig(ctx context.Context, audit []models.Audit, fn func(tx *gorm.DB) error) error {
	err := s.tx(ctx, func(tx *gorm.DB) error {
		if err := tx.Exec("UPDATE workspace SET config_version = config_version + 1 WHERE id = 1").Error; err != nil {
			return err
		}
		if err := fn(tx); err != nil {
			return err
		}
		if err := noteVersions(tx, s.now(), audit); err != nil {
			return err
		}
		return note(tx, audit)
	})
	if err != nil {
		return err
	}
	// A commit counts, even when the caller has gone meanwhile.
	return s.reloadConfig(context.WithoutCancel(ctx))
}

func (s *Store) reloadConfig(ctx context.Context) error {
	s.config.loading.Lock()
	defer s.config.loading.Unlock()
	var fresh *models.Config
	// A single snapshot, so that the version and the rows belong together.
	err := s.read.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		var err error
		fresh, err = loadConfig(tx)
		return err
	}, &sql.TxOptions{Isolation: s.snapshotIsolation(), ReadOnly: true})
	if err == nil {
		s.config.current.Store(fresh)
	}
	return err
}

// snapshotIsolation: SQLite readers see a snapshot anyway, and its driver knows
// no levels.
func (s *Store) snapshotIsolation() sql.IsolationLevel {
	if s.dialect.name() == postgresName {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

func loadConfig(tx *gorm.DB) (*models.Config, error) {
	var w workspaceRow
	if err := tx.Take(&w, 1).Error; err != nil {
		return nil, err
	}
	webhooks, err := allWebhooks(tx)
	if err != nil {
		return nil, err
	}
	types, err := allEventTypes(tx)
	if err != nil {
		return nil, err
	}
	tokens, err := allTokens(tx)
	if err != nil {
		return nil, err
	}
	teams, err := allTeams(tx)
	if err != nil {
		return nil, err
	}
	grants, err := allGrants(tx)
	if err != nil {
		return nil, err
	}
	connections, err := allConnections(tx)
	if err != nil {
		return nil, err
	}
	config := models.NewConfig(w.ConfigVersion, w.settings(), models.NewAccess(teams, grants), webhooks, types, tokens)
	return config.WithConnections(connections), nil
}

// WatchConfig follows other processes' changes until ctx ends.
func (s *Store) WatchConfig(ctx context.Context) {
	Every(ctx, configPoll, func() {
		if err := s.refreshConfig(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("cannot look for changed configuration", "error", err)
		}
	})
}

// FreshConfig is the configuration as of now in the database, for a decision that
// cannot be taken back: another node may have changed it a moment ago.
func (s *Store) FreshConfig(ctx context.Context) (*models.Config, error) {
	err := s.refreshConfig(ctx)
	return s.Config(), err
}

const selectConfigVersion = "SELECT config_version FROM workspace WHERE id = 1"

// checkConfig looks whether publications follow from the current configuration.
func (s *Store) checkConfig(ctx context.Context, tx *sql.Tx, ps []*publishing) error {
	var version int64
	if err := tx.QueryRowContext(ctx, selectConfigVersion).Scan(&version); err != nil {
		return err
	}
	return outdated(ps, version)
}

func (s *Store) refreshConfig(ctx context.Context) error {
	var version int64
	err := s.readDB().QueryRowContext(ctx, selectConfigVersion).Scan(&version)
	if err != nil || version == s.Config().Version {
		return err
	}
	return s.reloadConfig(ctx)
}

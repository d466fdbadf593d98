// Package store keeps everything: GORM for what people change, raw prepared SQL
// for the statements of every delivery (publish, claim, finish), one file a noun. SQLite and
// PostgreSQL pass the same conformance suite in storetest.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"hookline/models"
)

// Options say which database, and how.
type Options struct {
	// Database is sqlite:PATH or postgres://…
	Database string
	// Exclusive takes the SQLite file for this process alone, as serve does.
	Exclusive bool
	// Migrate brings the schema to this version.
	Migrate bool
	// Node names this process in claims. It must differ from every other's.
	Node string
	// CheckKey is given the sealed probe, empty in a new database, before
	// anything is changed; its error stops Open. May be nil.
	CheckKey func(probe models.Sealed) error
	// Wait is how long to wait for a PostgreSQL that is not up yet; 0: a minute.
	Wait time.Duration
	Log  *slog.Logger
	Now  func() time.Time // nil: the real time
}

// Store is the database. Safe for concurrent use.
type Store struct {
	dialect dialect
	write   *gorm.DB // on SQLite one connection, on PostgreSQL the pool
	read    *gorm.DB
	limit   time.Duration // of a call; 0: the database has its own
	cut     func()        // ends calls on the way to another machine; nil: there are none
	path    string        // of the SQLite file
	node    string
	log     *slog.Logger
	now     func() time.Time
	// ownClock: what nodes share goes by now too, and not by the database's clock.
	ownClock bool
	commits  *committer // of publications
	results  *committer // of finishes: the same one on SQLite, which has one writer
	config   configCache
	health   health
	closers  []func() error
	claims   atomic.Uint64
}

// dialect is what differs between the two databases beyond GORM's reach.
type dialect interface {
	name() string
	statements
	// degraded reports whether err means that the database cannot be written now.
	degraded(err error) bool
	// full reports whether err, which degrades, may be for want of room: a smaller
	// write may still succeed.
	full(err error) bool
	// duplicate reports whether err is a unique constraint at work.
	duplicate(err error) bool
}

// Open connects, checks and, if asked, migrates. Its errors are one plain
// sentence for the operator.
func Open(ctx context.Context, o Options) (*Store, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	own := o.Now != nil
	if !own {
		o.Now = time.Now
	}
	s := &Store{node: o.Node, log: o.Log, ownClock: own, now: func() time.Time { return o.Now().UTC() }}
	var err error
	if path, ok := strings.CutPrefix(o.Database, "sqlite:"); ok {
		s.ownClock = true
		err = s.openSQLite(ctx, path, o)
	} else {
		err = s.openPostgres(ctx, o.Database, o)
	}
	if err == nil {
		err = s.start(ctx, o)
	}
	if err != nil {
		_ = s.Close()
		return nil, err
	}
	return s, nil
}

// start runs what both databases need once connected.
func (s *Store) start(ctx context.Context, o Options) error {
	if err := s.migrate(ctx, o); err != nil {
		return err
	}
	if err := s.dialect.prepare(ctx, s.writeDB().DB); err != nil {
		return fmt.Errorf("the database does not have the tables of this version: %w", err)
	}
	s.commits = newCommitter(s)
	s.results = s.commits
	if s.dialect.name() == postgresName {
		s.results = newCommitter(s)
	}
	if err := s.beginVersions(ctx); err != nil {
		s.log.Warn("cannot begin the history of webhooks", "error", err) // a full disk keeps no server from starting
	}
	if err := s.reloadConfig(ctx); err != nil {
		return err
	}
	if o.Exclusive && s.dialect.name() == sqliteName {
		s.compactSmall(ctx)
		return s.releaseDead(ctx)
	}
	return nil
}

// Close waits for commits under way and disconnects.
func (s *Store) Close() error {
	for _, c := range []*committer{s.commits, s.results} {
		if c != nil {
			c.close()
		}
	}
	var first error
	for i := len(s.closers) - 1; i >= 0; i-- {
		if err := s.closers[i](); err != nil && first == nil {
			first = err
		}
	}
	s.closers = nil
	return first
}

// GiveUp ends all calls that a PostgreSQL has not answered, and all that come
// after, with an error. What it has not committed is not done.
func (s *Store) GiveUp() {
	if s.cut != nil {
		s.cut()
	}
}

// Dialect is "sqlite" or "postgres".
func (s *Store) Dialect() string { return s.dialect.name() }

// tx runs fn in one transaction on the writer and translates its error.
func (s *Store) tx(ctx context.Context, fn func(tx *gorm.DB) error) error {
	err := s.wrote(s.write.WithContext(ctx).Transaction(fn))
	if err == nil {
		s.wroteSomething(ctx)
	}
	return err
}

func (s *Store) writeDB() bounded { return bounded{mustDB(s.write), s.limit} }
func (s *Store) readDB() bounded  { return bounded{mustDB(s.read), s.limit} }

// mustDB: GORM was opened on a *sql.DB, so this cannot fail.
func mustDB(g *gorm.DB) *sql.DB {
	db, err := g.DB()
	if err != nil {
		panic(err)
	}
	return db
}

func gormConfig() *gorm.Config {
	return &gorm.Config{
		SkipDefaultTransaction: true,
		TranslateError:         false, // errors.go does, for raw SQL too
		Logger:                 logger.Discard,
		NowFunc:                func() time.Time { return time.Now().UTC() },
	}
}

// Times are stored as microseconds UTC; 0 is the zero time.

func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/mattn/go-sqlite3"
	"gorm.io/driver/sqlite"
	"gorm.io/gorm"
)

const sqliteName = "sqlite"

// Below this, SQLite can corrupt a WAL database under load.
const oldestSQLite = 3051003

func (s *Store) openSQLite(ctx context.Context, path string, o Options) error {
	if _, number, _ := sqlite3.Version(); number < oldestSQLite {
		return fmt.Errorf("this build carries SQLite %d, which can lose data; build with go-sqlite3 1.14.52 or newer", number)
	}
	if o.Exclusive {
		if err := s.lockFile(path); err != nil {
			return err
		}
	}
	if !o.Migrate {
		if _, err := os.Stat(path); err != nil {
			return fmt.Errorf("cannot open the database %s: %w", path, err)
		}
	}
	if err := keepPrivate(path); err != nil {
		return fmt.Errorf("cannot open the database %s: %w", path, err)
	}
	// A single writer, because SQLite has one; immediate, so that a transaction never
	// fails half way for want of the write lock.
	params := "_journal_mode=WAL&_busy_timeout=10000&_synchronous=FULL&_foreign_keys=on&_txlock=immediate&_cache_size=-20000&_loc=UTC"
	if isEmpty(path) {
		// SQLite writes to a file that has this mode already, even to one that is
		// then refused; compact gives it to files of older versions.
		params += "&_auto_vacuum=incremental"
	}
	writer, err := sqliteHandle(path, params, 1)
	if err != nil {
		return err
	}
	s.closers = append(s.closers, mustDB(writer).Close)
	// A checkpoint holds the writer up for two syncs; every 32 MB of log instead
	// of SQLite's 4 rewrites hot pages once instead of eight times.
	if _, err := mustDB(writer).ExecContext(ctx, "PRAGMA wal_autocheckpoint = 8000"); err != nil {
		return damaged(path, err)
	}
	// After a burst the log does not stay as long as it was.
	if _, err := mustDB(writer).ExecContext(ctx, "PRAGMA journal_size_limit = 67108864"); err != nil {
		return damaged(path, err)
	}
	if err := checkSQLite(ctx, path); err != nil {
		return err
	}
	readers, err := sqliteHandle(path, readOnly, max(4, runtime.NumCPU()))
	if err != nil {
		return err
	}
	s.closers = append(s.closers, mustDB(readers).Close)
	s.dialect, s.write, s.read, s.path = &sqliteDialect{}, writer, readers, path
	return nil
}

// keepPrivate makes the database for this user alone, and takes other users'
// rights to one that is there, whatever folder and umask say. SQLite gives the
// files beside it the database's own mode. A file that belongs to another user,
// or is on a read-only file system, stays as it is.
func keepPrivate(path string) error {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
		if err != nil {
			return err
		}
		return errors.Join(file.Chmod(0o600), file.Close())
	}
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Mode().Perm()&0o077 != 0 {
			_ = os.Chmod(path+suffix, info.Mode().Perm()&^0o077)
		}
	}
	return nil
}

// isEmpty reports whether nothing was ever written to the file.
func isEmpty(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() == 0
}

// writerPatience is how long the writer waits for other processes, as its address says.
const writerPatience = 10 * time.Second

const readOnly = "mode=ro&_query_only=on&_busy_timeout=10000&_foreign_keys=on&_loc=UTC"

func sqliteHandle(path, params string, conns int) (*gorm.DB, error) {
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + params
	db, err := sql.Open("sqlite3", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	g, err := gorm.Open(sqlite.New(sqlite.Config{Conn: db}), gormConfig())
	if err != nil {
		return nil, damaged(path, err)
	}
	return g, nil
}

// checkTime bounds the look for damage at start: small databases are read whole,
// large ones must not keep their senders waiting.
const checkTime = 100 * time.Millisecond

// checkSQLite looks for damage before anything is written, on a connection of
// its own, whose cache goes with it.
func checkSQLite(ctx context.Context, path string) error {
	g, err := sqliteHandle(path, readOnly, 1)
	if err != nil {
		return err
	}
	db := mustDB(g)
	defer func() { _ = db.Close() }()
	if err := db.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_schema").Scan(new(int)); err != nil {
		return damaged(path, err)
	}
	check, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	var result string
	err = db.QueryRowContext(check, "PRAGMA quick_check(1)").Scan(&result)
	switch {
	case check.Err() != nil:
		return ctx.Err()
	case err != nil:
		return damaged(path, err)
	case result != "ok":
		return damaged(path, errors.New(strings.TrimSpace(result)))
	}
	return nil
}

func damaged(path string, err error) error {
	return fmt.Errorf("cannot read the database %s: %w; if it is damaged, restore a backup", path, err)
}

// lockFile makes sure that no second server works on the same file: they would
// not corrupt it, but would deliver everything twice after a restart.
func (s *Store) lockFile(path string) error {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("cannot make the lock file beside the database %s: %w", filepath.Base(path), err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return fmt.Errorf("another hookline serve already uses the database %s; stop it first, or use PostgreSQL for several nodes", path)
	}
	s.closers = append(s.closers, f.Close)
	return nil
}

type sqliteDialect struct{ sqliteStatements }

func (*sqliteDialect) name() string { return sqliteName }

func (*sqliteDialect) degraded(err error) bool {
	var e sqlite3.Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Code {
	case sqlite3.ErrFull, sqlite3.ErrIoErr, sqlite3.ErrReadonly, sqlite3.ErrCantOpen, sqlite3.ErrBusy, sqlite3.ErrLocked, sqlite3.ErrNomem:
		return true
	}
	return false
}

// full: a quota and a limit of the file's length come as I/O errors.
func (*sqliteDialect) full(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.Code == sqlite3.ErrFull || e.Code == sqlite3.ErrIoErr)
}

func (*sqliteDialect) duplicate(err error) bool {
	var e sqlite3.Error
	return errors.As(err, &e) && (e.ExtendedCode == sqlite3.ErrConstraintUnique || e.ExtendedCode == sqlite3.ErrConstraintPrimaryKey)
}

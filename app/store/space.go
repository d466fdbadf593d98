package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"hookline/models"
)

// An SQLite file grows by itself, and shrinks when it is asked to: what pruning freed
// is moved to its end and cut off, in steps, and then the write-ahead log is emptied.
// PostgreSQL's autovacuum does as much for its tables.

const (
	// incremental is PRAGMA auto_vacuum of files that can shrink in steps.
	incremental = 2
	// keepFree is what a file keeps for what comes in next, at least: one part of
	// keepPart, and keepPages.
	keepPages = 256
	keepPart  = 20
	// compactAtStart is up to what size an older file is compacted as it is opened,
	// which takes about a second.
	compactAtStart = 64 << 20
	// compactNeeds is how many times its size a file needs to be compacted: a copy, and
	// the same again in the write-ahead log.
	compactNeeds = 2
)

// Space is what the database takes on the disk.
func (s *Store) Space(ctx context.Context) (models.Space, error) {
	var sp models.Space
	if s.dialect.name() == postgresName {
		err := s.readDB().QueryRowContext(ctx, "SELECT pg_database_size(current_database())").Scan(&sp.File)
		return sp, err
	}
	var page, pages, free, mode int64
	err := s.readDB().QueryRowContext(ctx, `SELECT page_size, page_count, freelist_count, auto_vacuum
		FROM pragma_page_size, pragma_page_count, pragma_freelist_count, pragma_auto_vacuum`).Scan(&page, &pages, &free, &mode)
	if err != nil {
		return sp, err
	}
	sp.File, sp.Free, sp.Kept = page*pages, page*free, mode != incremental
	if info, err := os.Stat(s.path); err == nil {
		sp.File = info.Size()
	}
	if info, err := os.Stat(s.path + "-wal"); err == nil {
		sp.WAL = info.Size()
	}
	return sp, nil
}

// GiveSpaceBack cuts up to p.Limit free pages off an SQLite file. It is one short
// transaction; with Done there is nothing more to give back.
func (s *Store) GiveSpaceBack(ctx context.Context, _ time.Time, p models.PruneStep) (models.Pruned, error) {
	if s.dialect.name() == postgresName {
		return models.Pruned{Done: true}, nil
	}
	spare, err := s.sparePages(ctx)
	if err != nil || spare <= 0 {
		return models.Pruned{Done: true}, err
	}
	began := time.Now()
	n := min(spare, int64(p.Limit))
	err = s.wrote(s.cutOff(ctx, n))
	return models.Pruned{Removed: int(n), Done: n == spare, Took: time.Since(began)}, err
}

// sparePages is how many free pages the file need not keep.
func (s *Store) sparePages(ctx context.Context) (int64, error) {
	var pages, free, mode int64
	err := s.readDB().QueryRowContext(ctx, "SELECT page_count, freelist_count, auto_vacuum FROM pragma_page_count, pragma_freelist_count, pragma_auto_vacuum").
		Scan(&pages, &free, &mode)
	if err != nil || mode != incremental {
		return 0, err
	}
	return free - max(keepPages, pages/keepPart), nil
}

// cutOff frees n pages: one for each row that is asked for.
func (s *Store) cutOff(ctx context.Context, n int64) error {
	rows, err := s.writeDB().QueryContext(ctx, fmt.Sprintf("PRAGMA incremental_vacuum(%d)", n))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() { // each step moves a page
	}
	return rows.Err()
}

// walPatience is how long emptying the write-ahead log waits for readers. Writers
// wait meanwhile.
const walPatience = 50 * time.Millisecond

// EmptyWAL brings what is in SQLite's write-ahead log into the file, which shrinks only
// then, and empties the log. Nothing happens while a reader holds an older state.
func (s *Store) EmptyWAL(ctx context.Context) error {
	if s.dialect.name() == postgresName {
		return nil
	}
	conn, err := s.writeDB().Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	if err := setPatience(ctx, conn, walPatience); err != nil {
		return err
	}
	var busy, inLog, done int
	err = conn.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &inLog, &done)
	if back := setPatience(context.WithoutCancel(ctx), conn, writerPatience); err == nil {
		err = back
	}
	return err
}

func setPatience(ctx context.Context, conn *sql.Conn, d time.Duration) error {
	_, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA busy_timeout = %d", d.Milliseconds()))
	return err
}

// Compact writes an SQLite file anew, without what is free in it, after which it can
// shrink by itself. Nothing else may use the file; it takes about a second for 100 MB.
func (s *Store) Compact(ctx context.Context) error {
	if s.dialect.name() == postgresName {
		return errors.New("PostgreSQL gives space back by itself: there is nothing to compact")
	}
	sp, err := s.Space(ctx)
	if err != nil {
		return err
	}
	if room := roomFor(s.path); room < compactNeeds*(sp.File-sp.Free) {
		return fmt.Errorf("compacting needs %d MB of room on the disk of the database, and there are %d MB; make room, or move the data folder to a larger disk",
			compactNeeds*(sp.File-sp.Free)>>20+1, room>>20)
	}
	if err := compact(ctx, s.writeDB().DB, filepath.Dir(s.path)); err != nil {
		return fmt.Errorf("cannot compact the database: %w; it is as it was", err)
	}
	return s.EmptyWAL(ctx)
}

// compact keeps the copy beside the database, where the room was looked for.
func compact(ctx context.Context, db *sql.DB, dir string) error {
	for _, statement := range []string{
		"PRAGMA temp_store_directory = '" + strings.ReplaceAll(dir, "'", "''") + "'", fmt.Sprintf("PRAGMA auto_vacuum = %d", incremental), "VACUUM",
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return nil
}

// compactSmall makes an older file one that shrinks, when that is soon done.
func (s *Store) compactSmall(ctx context.Context) {
	sp, err := s.Space(ctx)
	if err != nil || !sp.Kept {
		return
	}
	if sp.File > compactAtStart {
		s.log.Warn("the database file does not give space back after retention; stop the server and run hookline compact once", "bytes", sp.File)
		return
	}
	if err := s.Compact(ctx); err != nil {
		s.log.Warn("the database file does not give space back yet", "error", err)
	}
}

// roomFor is how much the disk of a file still takes; 0 when that cannot be told.
func roomFor(path string) int64 {
	var fs syscall.Statfs_t
	if err := syscall.Statfs(filepath.Dir(path), &fs); err != nil {
		return 0
	}
	return int64(fs.Bavail) * int64(fs.Bsize) //nolint:unconvert // differs between systems
}

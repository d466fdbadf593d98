package config

import (
	"errors"
	"path/filepath"
	"strings"
)

// Dialect names a kind of database.
type Dialect string

const (
	SQLite   Dialect = "sqlite"
	Postgres Dialect = "postgres"
)

// Validate checks the values; the error never repeats the database password.
func (s Storage) Validate() error {
	if s.Data == "" {
		return errors.New("--data must name a folder")
	}
	_, _, err := s.Open()
	return err
}

// Open says which database to open: its dialect, and the path of an SQLite file
// or the address of a PostgreSQL database.
func (s Storage) Open() (Dialect, string, error) {
	address := strings.TrimSpace(s.Database) // a line break at its end, as files have one
	scheme, rest, _ := strings.Cut(address, ":")
	switch scheme {
	case "sqlite":
		path, err := s.sqlitePath(rest)
		return SQLite, path, err
	case "postgres", "postgresql":
		return Postgres, address, checkPostgres(address)
	}
	// The message does not repeat the value: it may be a PostgreSQL address, password
	// and all, whose scheme was misspelt.
	return "", "", errors.New("--database must be sqlite:PATH or postgres://user:password@host/name")
}

func (s Storage) sqlitePath(path string) (string, error) {
	switch {
	case path == "" || strings.HasSuffix(path, "/"):
		return "", errors.New("--database names no file: write sqlite:PATH, for example sqlite:hookline.db")
	case strings.ContainsAny(path, "?#"):
		// They would end the path in SQLite's own URI form.
		return "", errors.New("--database takes a plain path after sqlite:, without ? and #")
	case strings.Contains(path, ":memory:"):
		return "", errors.New("--database must be a file: an event answered with 202 has to survive a restart")
	case filepath.IsAbs(path):
		return filepath.Clean(path), nil
	}
	return filepath.Join(s.Data, path), nil
}

package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDatabase(t *testing.T) {
	const (
		form   = "--database must be sqlite:PATH or postgres://user:pass@host/db"
		noFile = "--database names no file: write sqlite:PATH, for example sqlite:hookline.db"
		noHost = "--database names no host: write postgres://user:pass@host/db"
	)
	for _, tc := range []struct {
		given   string
		dialect Dialect
		target  string
		fault   string
	}{
		{"sqlite:hookline.db", SQLite, "/srv/data/hookline.db", ""},
		{"sqlite:sub/x.db", SQLite, "/srv/data/sub/x.db", ""},
		{"sqlite:/var/lib/x.db", SQLite, "/var/lib/x.db", ""},
		{"sqlite:///var/lib/x.db", SQLite, "/var/lib/x.db", ""},
		{"sqlite:", "", "", noFile},
		{"sqlite:dir/", "", "", noFile},
		{"sqlite:x.db?mode=memory", "", "", "--database takes a plain path after sqlite:, without ? and #"},
		{"sqlite::memory:", "", "", "--database must be a file: an event answered with 202 has to survive a restart"},
		{"postgres://u:p@h/db?sslmode=disable", Postgres, "postgres://u:p@h/db?sslmode=disable", ""},
		{"postgresql://h/db", Postgres, "postgresql://h/db", ""},
		{"postgres:///db?host=/var/run/postgresql", Postgres, "postgres:///db?host=/var/run/postgresql", ""},
		{"postgres:///db", "", "", noHost},
		{"postgres:db", "", "", noHost},
		{"", "", "", form},
		{"mysql://u:hunter22@h/db", "", "", form},
		{"postgres://u:hunter22%zz@h/db", "", "", "--database is not a valid postgres:// address; percent-encode odd characters in the password"},
	} {
		s := Storage{Data: "/srv/data", Database: tc.given}
		dialect, target, err := s.Open()
		if tc.fault != "" {
			require.EqualError(t, err, tc.fault, tc.given)
			require.NotContains(t, err.Error(), "hunter22", "promise 6")
			require.EqualError(t, s.Validate(), tc.fault, tc.given)
			continue
		}
		require.NoError(t, err, tc.given)
		require.Equal(t, tc.dialect, dialect, tc.given)
		require.Equal(t, tc.target, target, tc.given)
		require.NoError(t, s.Validate())
	}
}

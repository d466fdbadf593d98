package config

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDatabase(t *testing.T) {
	const (
		form   = "--database must be sqlite:PATH or postgres://user:password@host/name"
		noFile = "--database names no file: write sqlite:PATH, for example sqlite:hookline.db"
		noHost = "--database names no host: write postgres://user:password@host/name"
		socket = noHost + ", or postgres:///name?host=/var/run/postgresql for a socket"
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
		{"postgres:///db", "", "", socket},
		{"postgres:db", "", "", noHost},
		{"", "", "", form},
		{"mysql://u:hunter22@h/db", "", "", form},
		{"postgres://u:hunter22%zz@h/db", "", "", "--database has a % that begins no escape; " + howToEscape},
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

// Promise 6: an address whose password was not escaped can be read in two ways.
// It is refused without a word of it, before anything is looked up or dialled.
func TestUnescapedPasswordIsRefused(t *testing.T) {
	for _, odd := range []string{"@", "/", "#", "?", "%zz", "%c3", " ", "\t", "/#", "#/", "@/", "/@", "?@", "@?", ":/", "/w#", "//", "&/", "=?", "[/", "%2z", "@@"} {
		for _, at := range []string{"h", "127.0.0.1:5432", "[::1]:5432", "a:1,b:2", "%2Fvar%2Frun"} {
			for _, password := range []string{"secret" + odd + "canary", odd + "canary", "secret" + odd, "12" + odd + "canary"} {
				given := "postgres://app:" + password + "@" + at + "/db?sslmode=disable"
				err := Storage{Data: "/srv/data", Database: given}.Validate()
				require.ErrorContains(t, err, "%40", "%s: it says how to escape", given)
				require.NotContains(t, err.Error(), "canary")
				require.NotContains(t, err.Error(), "secret")
			}
		}
	}
}

// Addresses that libpq takes are taken.
func TestPostgresAddresses(t *testing.T) {
	for _, given := range []string{
		"postgres://app:p%40ss%2F%23%25%3F%3A@h/db", "postgres://app:a:b@h/db", "postgres://app:!$&'()*+,;=~[]@h/db", "postgres://app@h", "postgres://h:5432",
		"postgres://app:pw@%2Fvar%2Frun%2Fpostgresql/db", "postgres://app:pw@%2Ftmp%2Fx:5433/db", "postgres://app:pw@[2001:db8::1]:5432/db", "postgres://app:pw@[fe80::1%eth0]/db",
		"postgres://app:pw@h1:5432,h2:5433/db?target_session_attrs=primary", "postgres:///db?host=/var/run/postgresql&user=me@srv&password=p@ss/?:",
		"postgres://app@/db?host=/var/run/postgresql", "postgres://app:pw@ep-cool-1.eu.example.com/db?sslmode=require&channel_binding=require&options=endpoint%3Dep-cool",
		"postgres://app:pw@my_host--1.svc/db", "postgres://app:pw@h/db?sslrootcert=/etc/ssl/ca.pem\n",
	} {
		require.NoError(t, Storage{Data: "/srv/data", Database: given}.Validate(), given)
	}
	for _, given := range []string{
		"postgres://app:pw@h:99999/db", "postgres://app:pw@h:0/db", "postgres://app:pw@h:x/db", "postgres://app:pw@[::1/db", "postgres://app:pw@[nonsense]/db",
		"postgres://app:pw@h!/db", "postgres://app:pw@h/db?sslmode", "postgres://app:pw@h/db?a=b=c", "postgres://app:pw@h/a/b", "postgres://app:pw@%00/db",
	} {
		require.Error(t, Storage{Data: "/srv/data", Database: given}.Validate(), given)
	}
}

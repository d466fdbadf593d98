package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

const postgresName = "postgres"

// postgresConns is the pool of one node: pages, the API and the committers
// share it.
const postgresConns = 16

func (s *Store) openPostgres(ctx context.Context, dsn string, _ Options) error {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return errors.New("the database URL is not one: write postgres://user:password@host/name")
	}
	config.RuntimeParams["timezone"] = "UTC"
	config.RuntimeParams["synchronous_commit"] = "on" // promise 1, whatever the server's default
	// A plan kept from when the tables were new and small scans them whole for every
	// row of a group, until the server next gathers statistics: a minute at 400 a second.
	config.RuntimeParams["plan_cache_mode"] = "force_custom_plan"
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "hookline"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	s.closers = append(s.closers, db.Close)
	ping, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	if err := db.PingContext(ping); err != nil {
		return fmt.Errorf("cannot reach PostgreSQL at %s: %s", net.JoinHostPort(config.Host, fmt.Sprint(config.Port)), firstLine(err))
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), gormConfig())
	if err != nil {
		return err
	}
	s.dialect, s.write, s.read = &postgresDialect{}, g, g
	return nil
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

type postgresDialect struct{ postgresStatements }

func (*postgresDialect) name() string { return postgresName }

// Classes of SQLSTATE that mean: not now. 08 connection, 53 resources (disk
// full among them), 57 shutdown, 58 I/O, 25006 read-only.
func (*postgresDialect) degraded(err error) bool {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		switch pg.Code[:2] {
		case "08", "53", "57", "58":
			return true
		}
		return pg.Code == "25006"
	}
	var network net.Error
	return errors.As(err, &network) || pgconn.SafeToRetry(err) || errors.Is(err, sql.ErrConnDone) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.ErrUnexpectedEOF) // the server died in the middle
}

// full: disk full is 53100, and where the file system says so in other words 58030.
// Too many connections, 53300, has nothing to do with the size of a write.
func (*postgresDialect) full(err error) bool {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return false
	}
	class := pg.Code[:2]
	return class == "53" && pg.Code != "53300" || class == "58"
}

func (*postgresDialect) duplicate(err error) bool {
	var pg *pgconn.PgError
	return errors.As(err, &pg) && pg.Code == "23505"
}

package store

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
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

// maxIdle is shorter than the time after which routers forget an idle connection.
const maxIdle = 2 * time.Minute

func (s *Store) openPostgres(ctx context.Context, address string, o Options) error {
	config, err := postgresConfig(address)
	if err != nil {
		return err
	}
	conns := newOpenConns(config.DialFunc)
	config.DialFunc, s.cut = conns.dialTracked, conns.cut
	db := sql.OpenDB(connector{stdlib.GetConnector(*config)})
	db.SetMaxOpenConns(postgresConns)
	db.SetMaxIdleConns(postgresConns)
	db.SetConnMaxIdleTime(maxIdle)
	s.closers = append(s.closers, db.Close)
	_, shown := pgconn.NetworkAddress(config.Host, config.Port)
	if err := awaitPostgres(ctx, db, shown, cmp.Or(o.Wait, startWait), s.log); err != nil {
		return err
	}
	gc := gormConfig()
	gc.DefaultContextTimeout, gc.DefaultTransactionTimeout = answerTime, answerTime
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), gc)
	if err != nil {
		return err
	}
	s.dialect, s.write, s.read, s.limit = &postgresDialect{}, g, g, answerTime
	return nil
}

// postgresConfig asks nothing of a connection that a pooler would refuse at its
// start, or lose after a transaction.
func postgresConfig(address string) (*pgx.ConnConfig, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// The parser's error may repeat the password.
		return nil, errors.New("--database has a setting that is not valid: write postgres://user:password@host/name?setting=value")
	}
	// Statements without a name live as long as one exchange, and are planned afresh
	// each time. A named one is unknown to the session that a pooler gives next; and
	// its plan, kept from when the tables were small, would scan them for every row
	// until the server next gathers statistics: a minute at 400 a second.
	if !strings.Contains(address, "default_query_exec_mode=") {
		config.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "hookline"
	}
	return config, nil
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

package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// beginDurably makes every transaction wait for the disk, whatever the server's
// default is (promise 1). A setting of the session would not do: a pooler refuses
// it, or gives the session to another client after each transaction.
const beginDurably = "BEGIN; SET LOCAL synchronous_commit = on"

// connector makes connections that no hanging server holds up for longer than a
// caller waits.
type connector struct{ driver.Connector }

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return pgConn{conn.(*stdlib.Conn)}, nil
}

// pgConn is a connection of pgx's.
type pgConn struct{ *stdlib.Conn }

// pingTime is how long a connection that was idle has to show that it is alive. It
// leaves a caller the time for another one: routers forget idle connections
// without a word.
const pingTime = 3 * time.Second

// ResetSession is asked before a connection is used again.
func (c pgConn) ResetSession(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pingTime)
	defer cancel()
	return c.Conn.ResetSession(ctx)
}

// Ping tells why, where pgx's own says only that the connection is bad: a pooler
// takes a client first, and finds the server that it asked for afterwards.
func (c pgConn) Ping(ctx context.Context) error { return c.Conn.Conn().Ping(ctx) }

// BeginTx saves a round trip by sending the setting with the BEGIN.
func (c pgConn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	if o.ReadOnly || sql.IsolationLevel(o.Isolation) != sql.LevelDefault {
		return c.Conn.BeginTx(ctx, o)
	}
	tx, err := c.Conn.Conn().BeginTx(ctx, pgx.TxOptions{BeginQuery: beginDurably})
	if err != nil {
		return nil, err
	}
	return pgTx{ctx, tx}, nil
}

type pgTx struct {
	ctx context.Context
	tx  pgx.Tx
}

func (t pgTx) Commit() error   { return t.tx.Commit(t.ctx) }
func (t pgTx) Rollback() error { return t.tx.Rollback(t.ctx) }

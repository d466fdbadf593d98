package store

import (
	"context"
	"database/sql"
	"time"
)

// answerTime is how long a caller waits for a database that hangs, as long as for
// an SQLite file that another process has locked (promise 9).
const answerTime = 10 * time.Second

// pruneTime bounds one step of the work that nobody waits for.
const pruneTime = time.Minute

// bounded is a database whose calls end by themselves, waiting for a free
// connection included. A caller's own deadline goes before.
type bounded struct {
	*sql.DB
	limit time.Duration // 0: none, as for SQLite, which knows its own
}

func (b bounded) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	return b.DB.ExecContext(b.within(ctx), query, args...)
}

func (b bounded) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return b.DB.QueryContext(b.within(ctx), query, args...)
}

func (b bounded) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return b.DB.QueryRowContext(b.within(ctx), query, args...)
}

func (b bounded) BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error) {
	return b.DB.BeginTx(b.within(ctx), opts)
}

// within is not ended when the call returns: rows are read, and a transaction goes
// on, afterwards.
func (b bounded) within(ctx context.Context) context.Context {
	if _, has := ctx.Deadline(); has || b.limit == 0 {
		return ctx
	}
	ctx, cancel := context.WithTimeout(ctx, b.limit)
	context.AfterFunc(ctx, cancel)
	return ctx
}

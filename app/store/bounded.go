package store

import (
	"context"
	"database/sql"
	"time"
)

// answerTime is how long a caller waits for a database that hangs, as long as for
// an SQLite file that another process has locked (promise 9).
const answerTime = 10 * time.Second

// pruneTime bounds one step of pruning, for which no caller waits.
const pruneTime = time.Minute

// bounded is a database whose calls end by themselves, waiting for a free
// connection included. A caller's own deadline goes before.
type bounded struct {
	*sql.DB
	limit time.Duration // 0: none, as for SQLite, which knows its own
}

func (b bounded) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	ctx, cancel := b.deadline(ctx)
	defer cancel()
	return b.DB.ExecContext(ctx, query, args...)
}

func (b bounded) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return b.DB.QueryContext(b.lasting(ctx), query, args...)
}

func (b bounded) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return b.DB.QueryRowContext(b.lasting(ctx), query, args...)
}

func (b bounded) BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error) {
	return b.DB.BeginTx(b.lasting(ctx), opts)
}

// deadline gives ctx the bound, unless it has one. Several calls may share it.
func (b bounded) deadline(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, has := ctx.Deadline(); has || b.limit == 0 {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, b.limit)
}

// lasting is deadline for a call whose rows are read, or whose transaction goes on,
// after it returns. The timer stays until it fires or the caller's ctx ends, so a
// caller on the engine's path, whose ctx does not end soon, calls deadline first.
func (b bounded) lasting(ctx context.Context) context.Context {
	ctx, cancel := b.deadline(ctx)
	_ = cancel // see above
	return ctx
}

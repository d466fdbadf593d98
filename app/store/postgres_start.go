package store

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
)

// startWait is how long a start waits for a PostgreSQL that is not up yet, as
// after a reboot of both. It ends a moment before the minute at which those who
// started us may give up, so that they see why.
const startWait = 57 * time.Second

const (
	firstPause = 200 * time.Millisecond
	maxPause   = time.Second
)

// awaitPostgres returns once the server has answered. What will not pass by
// itself, such as a wrong password, is an error at once.
func awaitPostgres(ctx context.Context, db *sql.DB, address string, wait time.Duration, log *slog.Logger) error {
	deadline := time.Now().Add(wait)
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		err := pingBy(ctx, db, deadline)
		switch {
		case err == nil && pause > firstPause:
			log.Info("PostgreSQL is up", "address", address)
			return nil
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return fmt.Errorf("stopped while waiting for PostgreSQL at %s", address)
		case forGood(err):
			return fmt.Errorf("PostgreSQL at %s refuses: %s", address, reason(err))
		case time.Now().Add(pause).After(deadline):
			return fmt.Errorf("cannot reach PostgreSQL at %s within %s: %s", address, wait, reason(err))
		case pause == firstPause:
			log.Warn("PostgreSQL is not up yet; waiting for it", "address", address, "wait", wait.String(), "error", reason(err))
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

func pingBy(ctx context.Context, db *sql.DB, deadline time.Time) error {
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	return db.PingContext(ctx)
}

// forGood reports whether a refusal will be the same in a minute.
func forGood(err error) bool {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return !passing(refused)
	}
	return errors.As(err, new(*tls.CertificateVerificationError)) || errors.As(err, new(x509.UnknownAuthorityError)) ||
		errors.As(err, new(x509.HostnameError)) || strings.Contains(err.Error(), "server refused TLS connection")
}

// passing: the server starts or stops, or has too many connections; or a pooler is
// there and the server behind it is not.
func passing(e *pgconn.PgError) bool {
	switch e.Code[:min(2, len(e.Code))] {
	case "53", "57", "58":
		return true
	case "08":
		return !strings.Contains(e.Message, "no such") && !strings.Contains(e.Message, "auth") && !strings.Contains(e.Message, "unsupported startup parameter")
	}
	return false
}

// reason is why, in a line and without codes. It never has the password.
func reason(err error) string {
	var refused *pgconn.PgError
	if errors.As(err, &refused) {
		return refused.Message + hints[refused.Code]
	}
	var failed *pgconn.ConnectError
	if errors.As(err, &failed) {
		err = failed.Unwrap()
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}

// hints by SQLSTATE say what to do about a refusal.
var hints = map[string]string{
	"28P01": "; check the user name and the password in --database, where odd characters are escaped: @ is %40, / is %2F, % is %25",
	"28000": "; check the user name in --database, and the server's pg_hba.conf",
	"3D000": "; create it first, with CREATE DATABASE",
}

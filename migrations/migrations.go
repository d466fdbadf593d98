// Package migrations embeds the schema, one folder a database. Both folders hold
// files of the same names; a test in app/store compares the schemas they make.
//
// Times are microseconds since 1970 UTC, so that both databases compare and
// index them alike.
package migrations

import "embed"

// SQLite and Postgres hold goose's SQL files.
var (
	//go:embed sqlite/*.sql
	SQLite embed.FS
	//go:embed postgres/*.sql
	Postgres embed.FS
)

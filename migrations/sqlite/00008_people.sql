-- +goose Up

ALTER TABLE users ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;  -- 0: never

-- A name for a session that pages may show: the hash stays between cookie and
-- database. Hexadecimal digits are letters of the alphabet of ids.
ALTER TABLE sessions ADD COLUMN id TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN address TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE sessions ADD COLUMN seen_at BIGINT NOT NULL DEFAULT 0;  -- 0: not used yet
UPDATE sessions SET id = 'ses_' || lower(hex(randomblob(13)));
CREATE UNIQUE INDEX sessions_id ON sessions (id);

CREATE TABLE invitations (
    id         TEXT PRIMARY KEY,
    email      TEXT   NOT NULL UNIQUE,
    role       TEXT   NOT NULL,
    teams      TEXT   NOT NULL,  -- ids, comma-separated
    hash       BLOB  NOT NULL UNIQUE,
    invited_by TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- One-time links to set a new password; a user has one at most.
CREATE TABLE resets (
    user_id    TEXT   PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    hash       BLOB  NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

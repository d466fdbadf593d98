-- +goose Up

-- One row: the workspace's settings, and what the process needs to know of itself.
CREATE TABLE workspace (
    id             INTEGER PRIMARY KEY CHECK (id = 1),
    site_name      TEXT    NOT NULL,
    site_domain    TEXT    NOT NULL,
    header_prefix  TEXT    NOT NULL,
    key_probe      BYTEA,             -- opens only with the right master key
    setup_hash     BYTEA,             -- of the one-time setup link's token
    config_version BIGINT  NOT NULL  -- rises with every change that nodes cache
);
INSERT INTO workspace (id, site_name, site_domain, header_prefix, config_version)
VALUES (1, '', '', 'X-Hookline', 1);

CREATE TABLE users (
    id            TEXT    PRIMARY KEY,
    email         TEXT    NOT NULL UNIQUE,
    name          TEXT    NOT NULL,
    role          TEXT    NOT NULL,
    password_hash TEXT    NOT NULL,
    disabled      BOOLEAN NOT NULL,
    created_at    BIGINT  NOT NULL,
    updated_at    BIGINT  NOT NULL
);

CREATE TABLE sessions (
    hash       BYTEA  PRIMARY KEY,
    user_id    TEXT   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_user ON sessions (user_id);

CREATE TABLE tokens (
    id         TEXT   PRIMARY KEY,
    name       TEXT   NOT NULL,
    hash       BYTEA  NOT NULL UNIQUE,
    hint       TEXT   NOT NULL,
    scopes     TEXT   NOT NULL,  -- comma-separated
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,  -- 0: never
    last_used  BIGINT NOT NULL   -- 0: never
);

CREATE TABLE event_types (
    name        TEXT    PRIMARY KEY,
    category    TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    description TEXT    NOT NULL,
    sample      BYTEA   NOT NULL,
    archived    BOOLEAN NOT NULL,
    created_at  BIGINT  NOT NULL,
    updated_at  BIGINT  NOT NULL
);

CREATE TABLE webhooks (
    id               TEXT    PRIMARY KEY,
    version          BIGINT  NOT NULL,
    name             TEXT    NOT NULL,
    description      TEXT    NOT NULL,
    enabled          BOOLEAN NOT NULL,
    state            TEXT    NOT NULL,
    method           TEXT    NOT NULL,
    url              TEXT    NOT NULL,
    headers          TEXT    NOT NULL,  -- JSON; secret values sealed
    body             TEXT    NOT NULL,
    sign_jwt         BOOLEAN NOT NULL,
    sign_hmac        BOOLEAN NOT NULL,
    signing_key      BYTEA,              -- sealed
    retry            TEXT    NOT NULL,  -- JSON
    timeout_ms       BIGINT  NOT NULL,
    subscriptions    TEXT    NOT NULL,  -- JSON
    created_by_token TEXT    NOT NULL,
    created_at       BIGINT  NOT NULL,
    updated_at       BIGINT  NOT NULL,
    deleted_at       BIGINT  NOT NULL   -- 0: not deleted; the row stays for the log's sake, its secrets go
);

CREATE TABLE events (
    seq             BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id              TEXT    NOT NULL UNIQUE,
    type            TEXT    NOT NULL,
    data            BYTEA   NOT NULL,
    occurred_at     BIGINT  NOT NULL,
    created_at      BIGINT  NOT NULL,
    idempotency_key TEXT,
    fingerprint     BYTEA   NOT NULL,
    test            BOOLEAN NOT NULL,
    deliveries      INTEGER NOT NULL
);
CREATE UNIQUE INDEX events_idempotency ON events (idempotency_key) WHERE idempotency_key IS NOT NULL;

-- due_at is when a pending delivery may next be claimed: its retry time while it
-- waits, the end of its lease while a node holds it. So an expired lease needs
-- no rescuer, and one index serves both.
CREATE TABLE deliveries (
    id            TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    event_id      TEXT COLLATE "C" NOT NULL,
    event_type    TEXT    NOT NULL,
    webhook_id    TEXT COLLATE "C" NOT NULL,
    state         TEXT    NOT NULL,
    test          BOOLEAN NOT NULL,
    attempts      INTEGER NOT NULL,
    tries         INTEGER NOT NULL,
    due_at        BIGINT  NOT NULL,
    claim_id      TEXT COLLATE "C",
    created_at    BIGINT  NOT NULL,
    finished_at   BIGINT  NOT NULL,  -- 0: not yet
    last_outcome  TEXT    NOT NULL,
    last_status   INTEGER NOT NULL,
    last_error    TEXT    NOT NULL,
    last_duration BIGINT  NOT NULL,
    last_at       BIGINT  NOT NULL
);

-- Claims go webhook by webhook, so that neither 100,000 waiting retries nor a
-- switched-off webhook's backlog stand in another's way.
CREATE INDEX deliveries_due ON deliveries (webhook_id, due_at, id) WHERE state = 'pending';
CREATE INDEX deliveries_webhook ON deliveries (webhook_id, id);
CREATE INDEX deliveries_event ON deliveries (event_id);
-- What went wrong is rare and looked for: these cost the successful ones nothing.
-- Spelt with OR because SQLite builds a table for IN each time a row changes,
-- ten times the cost of the change.
CREATE INDEX deliveries_ended_badly ON deliveries (state, id)
    WHERE state = 'failed' OR state = 'blocked' OR state = 'cancelled';
CREATE INDEX deliveries_webhook_ended_badly ON deliveries (webhook_id, state, id)
    WHERE state = 'failed' OR state = 'blocked' OR state = 'cancelled';

CREATE TABLE attempts (
    delivery_id        TEXT COLLATE "C" NOT NULL,
    number             INTEGER NOT NULL,
    webhook_version    BIGINT  NOT NULL,
    started_at         BIGINT  NOT NULL,
    duration           BIGINT  NOT NULL,
    outcome            TEXT    NOT NULL,
    status             INTEGER NOT NULL,
    error              TEXT    NOT NULL,
    method             TEXT    NOT NULL,
    url                TEXT    NOT NULL,
    request_headers    BYTEA   NOT NULL,
    request_body       BYTEA   NOT NULL,
    request_truncated  BOOLEAN NOT NULL,
    response_headers   BYTEA   NOT NULL,
    response_body      BYTEA   NOT NULL,
    response_truncated BOOLEAN NOT NULL
);
CREATE UNIQUE INDEX attempts_delivery ON attempts (delivery_id, number);


-- +goose Up

-- A bulk job walks through the deliveries that its filter matched when it was
-- asked for, oldest first. It moves on in the transaction that changes a batch,
-- so that it never takes a delivery twice, whatever crashes.
CREATE TABLE bulk_jobs (
    id              TEXT    NOT NULL PRIMARY KEY,
    kind            TEXT    NOT NULL,  -- retrigger, cancel
    webhook_id      TEXT    NOT NULL,  -- '': of several webhooks
    filter          TEXT    NOT NULL,  -- JSON with a version
    tests           BOOLEAN NOT NULL,  -- tests too
    rate            INTEGER NOT NULL,  -- deliveries a second
    state           TEXT    NOT NULL,  -- running, done, cancelled, failed
    reason          TEXT    NOT NULL,  -- why it failed
    through         TEXT    NOT NULL,  -- the newest delivery there was: none behind it belongs to the set
    reached         TEXT    NOT NULL,  -- the last delivery that was dealt with
    counted_to      TEXT    NOT NULL,  -- matched counts as far as here
    matched         BIGINT  NOT NULL,
    done            BIGINT  NOT NULL,
    skipped         BIGINT  NOT NULL,
    created_by      TEXT    NOT NULL,  -- user or token; '': the command line
    created_by_name TEXT    NOT NULL,
    created_at      BIGINT  NOT NULL,
    finished_at     BIGINT  NOT NULL,  -- 0: not yet
    next_at         BIGINT  NOT NULL,  -- when the next batch is due
    claim_id        TEXT,              -- the node that works at it
    lease_until     BIGINT  NOT NULL
);
CREATE INDEX bulk_jobs_running ON bulk_jobs (next_at) WHERE state = 'running';

-- +goose Up

-- Buckets of webhooks with a rate limit, which all nodes share (I9): the
-- theoretical arrival time, when permits were last asked for, and how many there
-- were. SQLite has one node, which keeps them in memory.
CREATE TABLE rate_limits (
    webhook_id TEXT PRIMARY KEY,
    tat        BIGINT NOT NULL,
    asked_at   BIGINT NOT NULL,
    got        BIGINT NOT NULL
);

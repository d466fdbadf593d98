-- +goose Up

-- Buckets of webhooks with a rate limit, which all nodes share (I9): the
-- theoretical arrival time, when permits were last asked for, and how many there
-- were. Losing them in a crash costs one burst, so they need not wait for the disk.
CREATE UNLOGGED TABLE rate_limits (
    webhook_id TEXT PRIMARY KEY,
    tat        BIGINT NOT NULL,
    asked_at   BIGINT NOT NULL,
    got        BIGINT NOT NULL
);

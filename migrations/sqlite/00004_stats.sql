-- +goose Up

-- What became of attempts, counted per webhook and stretch of time, so that a
-- chart reads hundreds of rows where the log has millions. Written in the very
-- transaction that stores the attempts: neither a crash nor a second node can
-- make it tell another story than the log.
CREATE TABLE stats (
    webhook_id TEXT    NOT NULL,  -- '' counts the whole workspace
    starts_at  BIGINT  NOT NULL,
    width      INTEGER NOT NULL,  -- seconds: 60 as counted, 600 once merged
    part       TEXT    NOT NULL,  -- who counts: each writer has rows of its own, '' once merged
    succeeded  BIGINT  NOT NULL,
    failed     BIGINT  NOT NULL,
    blocked    BIGINT  NOT NULL,
    retried    BIGINT  NOT NULL,
    latency    BLOB    NOT NULL,  -- models.Histogram, packed
    PRIMARY KEY (webhook_id, starts_at, width, part)
) WITHOUT ROWID;
CREATE INDEX stats_age ON stats (width, starts_at);
CREATE INDEX stats_trouble ON stats (starts_at, webhook_id) WHERE failed + blocked + retried > 0;

-- +goose Up

-- The one-time setup links that nodes have printed, by the hash of their token:
-- each is good until there is a user. Links from before are not: a start prints a
-- new one.
CREATE TABLE setup_links (
    hash BLOB PRIMARY KEY,
    created_at BIGINT NOT NULL
);
ALTER TABLE workspace DROP COLUMN setup_hash;

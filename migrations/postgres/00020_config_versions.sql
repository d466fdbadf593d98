-- +goose Up

-- The version of the configuration that decided who gets an event, and that which a
-- change in the audit log made: clocks of nodes differ, versions do not. 0: from
-- before this was kept.
ALTER TABLE events ADD COLUMN config_version BIGINT NOT NULL DEFAULT 0;
ALTER TABLE audit ADD COLUMN config_version BIGINT NOT NULL DEFAULT 0;

-- After a write was refused for want of room, writes of its size are tried here
-- until one fits. It is empty otherwise.
CREATE TABLE disk_probe (
    filler BYTEA NOT NULL
);

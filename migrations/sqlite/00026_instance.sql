-- +goose Up

-- Tells installations apart where a browser mixes them up: cookies do not go by
-- the port. Nodes that share a database share it, as they share sessions.
ALTER TABLE workspace ADD COLUMN instance TEXT NOT NULL DEFAULT '';
UPDATE workspace SET instance = lower(hex(randomblob(5)));

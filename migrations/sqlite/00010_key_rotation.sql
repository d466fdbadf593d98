-- +goose Up

-- The key before the last rotation, sealed, until it ends; 0: there is none.
ALTER TABLE webhooks ADD COLUMN old_signing_key BLOB;
ALTER TABLE webhooks ADD COLUMN old_key_until BIGINT NOT NULL DEFAULT 0;

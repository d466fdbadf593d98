-- +goose Up

-- Of the token that a webhook's endpoint must send back before it gets events;
-- NULL: none is waited for.
ALTER TABLE webhooks ADD COLUMN confirm_hash BLOB;

-- +goose Up

-- Query parameters, and authentication with its secret sealed inside.
ALTER TABLE webhooks ADD COLUMN params TEXT NOT NULL DEFAULT '[]';
ALTER TABLE webhooks ADD COLUMN auth TEXT NOT NULL DEFAULT '{"kind":"none"}';

-- The whole body; the column body keeps its format.
ALTER TABLE webhooks ADD COLUMN body_config TEXT NOT NULL DEFAULT '{}';

ALTER TABLE webhooks ADD COLUMN sign_standard BOOLEAN NOT NULL DEFAULT FALSE;

-- Attempts per second; 0: no limit.
ALTER TABLE webhooks ADD COLUMN rate_limit DOUBLE PRECISION NOT NULL DEFAULT 0;

-- What templates may use beside an event's data, a JSON object; '': nothing.
ALTER TABLE events ADD COLUMN context TEXT NOT NULL DEFAULT '';

-- The expressions of an attempt that found nothing, a JSON array; '': none.
ALTER TABLE attempts ADD COLUMN missing TEXT NOT NULL DEFAULT '';

-- +goose Up

-- How many webhooks an event came through before it was published. A webhook whose
-- target is Hookline itself makes it grow, until the event is refused.
ALTER TABLE events ADD COLUMN hops INTEGER NOT NULL DEFAULT 0;

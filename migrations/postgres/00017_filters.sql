-- +goose Up

-- Deliveries that were made although their webhook's filter could not tell whether
-- the event is wanted, and why it could not (B5). A table of its own, since almost
-- no delivery has one.
CREATE TABLE filter_faults (
    delivery_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    fault       TEXT NOT NULL
);

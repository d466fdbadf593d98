-- +goose Up

-- What an attempt spent its time on, and why it failed, for programs. Both are
-- empty for attempts made before.
ALTER TABLE attempts ADD COLUMN timing TEXT NOT NULL DEFAULT '';
ALTER TABLE attempts ADD COLUMN cause TEXT NOT NULL DEFAULT '';

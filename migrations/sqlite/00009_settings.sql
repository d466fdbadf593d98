-- +goose Up

-- A JSON Schema that events of the type must satisfy; empty: any object will do.
ALTER TABLE event_types ADD COLUMN schema BLOB NOT NULL DEFAULT x'';

-- Retention in days; 0 keeps for ever.
ALTER TABLE workspace ADD COLUMN keep_days INTEGER NOT NULL DEFAULT 30;
ALTER TABLE workspace ADD COLUMN keep_body_days INTEGER NOT NULL DEFAULT 30;

-- Whether the request's and response's bodies are still there.
ALTER TABLE attempts ADD COLUMN bodies_kept BOOLEAN NOT NULL DEFAULT true;

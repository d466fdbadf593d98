-- +goose Up

CREATE TABLE teams (
    id         TEXT COLLATE "C" PRIMARY KEY,
    name       TEXT   NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE team_members (
    team_id TEXT NOT NULL REFERENCES teams (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (team_id, user_id)
);

-- To a user or to a team; the other column is empty.
CREATE TABLE grants (
    id         TEXT COLLATE "C" PRIMARY KEY,
    webhook_id TEXT   NOT NULL,
    user_id    TEXT   NOT NULL,
    team_id    TEXT   NOT NULL,
    level      TEXT   NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX grants_holder ON grants (webhook_id, user_id, team_id);

CREATE TABLE audit (
    id         TEXT COLLATE "C" PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor_kind TEXT   NOT NULL,
    actor_id   TEXT   NOT NULL,
    actor_name TEXT   NOT NULL,
    action     TEXT   NOT NULL,
    subject_id TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    changes    TEXT   NOT NULL  -- JSON
);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_subject ON audit (subject_id, id);

-- +goose Up

-- Of a user or of a token; the other column is null.
CREATE TABLE captures (
    id          TEXT   PRIMARY KEY,
    user_id     TEXT   REFERENCES users (id) ON DELETE CASCADE,
    token_id    TEXT   REFERENCES tokens (id) ON DELETE CASCADE,
    name        TEXT   NOT NULL,
    hash        BLOB   NOT NULL UNIQUE,
    secret      BLOB   NOT NULL,
    status      BIGINT NOT NULL,
    delay       BIGINT NOT NULL, -- milliseconds
    answer_type TEXT   NOT NULL,
    answer      TEXT   NOT NULL,
    dropped     BIGINT NOT NULL DEFAULT 0,
    created_at  BIGINT NOT NULL
);
CREATE INDEX captures_user ON captures (user_id);
CREATE INDEX captures_token ON captures (token_id);

-- The long columns stand last, so that SQLite need not read them for a list.
CREATE TABLE captured (
    id         TEXT   PRIMARY KEY,
    capture_id TEXT   NOT NULL REFERENCES captures (id) ON DELETE CASCADE,
    at         BIGINT NOT NULL,
    kept       BIGINT NOT NULL,
    size       BIGINT NOT NULL,
    truncated  BOOLEAN NOT NULL,
    method     TEXT   NOT NULL,
    remote     TEXT   NOT NULL,
    target     BLOB   NOT NULL,
    headers    BLOB   NOT NULL,
    body       BLOB   NOT NULL
);
CREATE INDEX captured_of ON captured (capture_id, id);
CREATE INDEX captured_at ON captured (at);

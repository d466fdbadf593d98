-- +goose Up

-- OAuth 2.0 clients that several webhooks share; the secret is sealed.
CREATE TABLE oauth_connections (
    id TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    client_id TEXT NOT NULL,
    secret BYTEA NOT NULL,
    token_url TEXT NOT NULL,
    scope TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX oauth_connections_name ON oauth_connections (lower(name));

-- Access tokens, sealed, each under the webhook or connection it was fetched for.
-- Who fetches one holds the lease; a token of other credentials does not count.
CREATE TABLE oauth_tokens (
    key TEXT PRIMARY KEY,
    credentials TEXT NOT NULL,
    token BYTEA,
    expires_at BIGINT NOT NULL,
    lease_holder TEXT NOT NULL,
    lease_until BIGINT NOT NULL
);

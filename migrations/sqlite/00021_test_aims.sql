-- +goose Up

-- Where a test went, so that it goes there again when it is retriggered (Z5). url is
-- what stood in the webhook's place, secrets says whether the webhook's own secrets
-- went with it; signing_key is one given for this test alone, sealed, and sign_… how
-- it signs.
CREATE TABLE test_aims (
    delivery_id TEXT NOT NULL PRIMARY KEY,
    webhook_id  TEXT NOT NULL,
    url         TEXT NOT NULL,
    secrets     BOOLEAN NOT NULL,
    sign_jwt    BOOLEAN NOT NULL,
    sign_hmac   BOOLEAN NOT NULL,
    sign_standard BOOLEAN NOT NULL,
    signing_key BLOB
) WITHOUT ROWID;
CREATE INDEX test_aims_webhook ON test_aims (webhook_id);

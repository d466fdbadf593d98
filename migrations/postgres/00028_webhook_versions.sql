-- +goose Up

-- Each version that a webhook had, and the version of the configuration that began
-- with it. settings is the JSON that the API answers, with secrets masked. The first
-- row of a webhook that is older than this table has config_version 0: the webhook
-- has been so since created_at at the latest.
CREATE TABLE webhook_versions (
    webhook_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    config_version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    actor_name TEXT NOT NULL,
    settings TEXT NOT NULL,
    PRIMARY KEY (webhook_id, version)
);

-- A bulk job's filter names any problem as a state, and a status as a text: 503, 5xx.
UPDATE bulk_jobs SET filter = (jsonb_set(filter::jsonb, '{state}', '"problem"') - 'problem')::text
    WHERE filter::jsonb -> 'v' = '1' AND filter::jsonb -> 'problem' = 'true';
UPDATE bulk_jobs SET filter = (jsonb_set(filter::jsonb, '{status}', to_jsonb((filter::jsonb ->> 'status_class') || 'xx')) - 'status_class')::text
    WHERE filter::jsonb -> 'v' = '1' AND filter::jsonb ? 'status_class';
UPDATE bulk_jobs SET filter = jsonb_set(filter::jsonb, '{status}', to_jsonb(filter::jsonb ->> 'status'))::text
    WHERE filter::jsonb -> 'v' = '1' AND jsonb_typeof(filter::jsonb -> 'status') = 'number';
UPDATE bulk_jobs SET filter = jsonb_set(filter::jsonb, '{v}', '2')::text WHERE filter::jsonb -> 'v' = '1';

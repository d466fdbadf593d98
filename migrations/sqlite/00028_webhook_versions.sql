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
) WITHOUT ROWID;

-- A bulk job's filter names any problem as a state, and a status as a text: 503, 5xx.
UPDATE bulk_jobs SET filter = json_remove(json_set(filter, '$.state', 'problem'), '$.problem')
    WHERE json_extract(filter, '$.v') = 1 AND json_extract(filter, '$.problem');
UPDATE bulk_jobs SET filter = json_remove(json_set(filter, '$.status', json_extract(filter, '$.status_class') || 'xx'), '$.status_class')
    WHERE json_extract(filter, '$.v') = 1 AND json_type(filter, '$.status_class') = 'integer';
UPDATE bulk_jobs SET filter = json_set(filter, '$.status', CAST(json_extract(filter, '$.status') AS TEXT))
    WHERE json_extract(filter, '$.v') = 1 AND json_type(filter, '$.status') = 'integer';
UPDATE bulk_jobs SET filter = json_set(filter, '$.v', 2) WHERE json_extract(filter, '$.v') = 1;

-- +goose Up

-- What went wrong is looked for by status, by class of status (5 for 500 to 599)
-- and by the error's text. Deliveries that never erred are in none of these, so
-- they cost them nothing. The webhook's id rides along so that a webhook's own
-- log is narrowed inside the index.
CREATE INDEX deliveries_erred ON deliveries (id, webhook_id) WHERE last_error <> '';
CREATE INDEX deliveries_erred_status ON deliveries (last_status, id, webhook_id) WHERE last_error <> '';
CREATE INDEX deliveries_erred_class ON deliveries ((last_status / 100), id, webhook_id) WHERE last_error <> '';

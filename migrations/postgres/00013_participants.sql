-- +goose Up

-- People with profile fields, whom events may be about. email_key is the address
-- as it is compared; NULL for none.
CREATE TABLE participants (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    email       TEXT NOT NULL,
    email_key   TEXT,
    identifiers BYTEA NOT NULL,
    fields      BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL
);
CREATE UNIQUE INDEX participants_email ON participants (email_key);

-- What they are found by, in lower case, compared byte by byte.
CREATE TABLE participant_terms (
    participant_id TEXT COLLATE "C" NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    term           TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (participant_id, term)
);
CREATE INDEX participant_terms_found ON participant_terms (term, participant_id);

-- The participant an event is about. The index has those alone that are about one.
ALTER TABLE events ADD COLUMN participant_id TEXT COLLATE "C";
CREATE INDEX events_participant ON events (participant_id, seq) WHERE participant_id IS NOT NULL;

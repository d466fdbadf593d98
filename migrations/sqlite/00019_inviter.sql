-- +goose Up

-- The user who invited, so that open invitations go when the user is deleted. '':
-- a token or the command line, or from before this was kept.
ALTER TABLE invitations ADD COLUMN inviter_id TEXT NOT NULL DEFAULT '';

-- The team that a ticket was given to, with or without one of its people.
ALTER TABLE tickets ADD COLUMN team_id TEXT REFERENCES teams (id);
ALTER TABLE tickets ADD COLUMN team_name TEXT;
CREATE INDEX tickets_by_team ON tickets (team_id, is_open, activity_at, id) WHERE team_id IS NOT NULL;

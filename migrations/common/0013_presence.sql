-- What a member of staff has chosen outlives their sockets; null until they choose.
ALTER TABLE presence ADD COLUMN chosen TEXT;
UPDATE presence SET chosen = state WHERE state <> 'offline';

-- Which nodes have a socket of theirs, until when that is known.
CREATE TABLE presence_leases (
    user_id TEXT NOT NULL REFERENCES users (id),
    node TEXT NOT NULL,
    until_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, node)
);

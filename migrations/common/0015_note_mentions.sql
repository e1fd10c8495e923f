-- Who is called by name in a note, and when they had it on their screen; null until then.
CREATE TABLE note_mentions (
    message_id TEXT NOT NULL REFERENCES messages (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    vendor_id TEXT NOT NULL,
    seen_at BIGINT,
    PRIMARY KEY (message_id, user_id)
);
CREATE INDEX note_mentions_unseen ON note_mentions (user_id, vendor_id, ticket_id) WHERE seen_at IS NULL;

-- For each time a ticket is resolved: the mail that asks how it went, and the link in it.
CREATE TABLE rating_invitations (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    resolved_at BIGINT NOT NULL,
    -- When to mail it; null when there is nothing to do any more.
    due_at BIGINT,
    token_hash TEXT UNIQUE,
    PRIMARY KEY (ticket_id, resolved_at)
);
CREATE INDEX rating_invitations_due ON rating_invitations (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX rating_invitations_by_age ON rating_invitations (resolved_at);

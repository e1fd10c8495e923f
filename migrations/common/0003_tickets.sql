CREATE TABLE ticket_numbers (
    year BIGINT PRIMARY KEY NOT NULL,
    last BIGINT NOT NULL
);

CREATE TABLE tickets (
    id TEXT PRIMARY KEY NOT NULL,
    number TEXT NOT NULL UNIQUE,
    vendor_id TEXT NOT NULL REFERENCES vendors (id),
    customer_id TEXT NOT NULL REFERENCES users (id),
    customer_name TEXT NOT NULL,
    subject TEXT NOT NULL,
    status TEXT NOT NULL,
    is_open BOOLEAN NOT NULL,
    priority TEXT NOT NULL,
    priority_source TEXT NOT NULL,
    channel TEXT NOT NULL,
    ticket_type TEXT NOT NULL,
    category TEXT NOT NULL,
    subcategory TEXT NOT NULL,
    assignee_id TEXT REFERENCES users (id),
    assignee_name TEXT,
    level BIGINT NOT NULL,
    version BIGINT NOT NULL,
    client_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    activity_at BIGINT NOT NULL,
    last_line TEXT NOT NULL,
    first_response_at BIGINT,
    resolved_at BIGINT,
    closed_at BIGINT
);
-- Lists walk one of these from the newest end and test other filters on the index row itself.
CREATE INDEX tickets_by_vendor ON tickets (vendor_id, activity_at, id, status, priority, category, channel, assignee_id);
CREATE INDEX tickets_by_open ON tickets (vendor_id, is_open, activity_at, id, assignee_id, priority, category, channel, status);
CREATE INDEX tickets_by_status ON tickets (vendor_id, status, activity_at, id, priority, category, channel, assignee_id);
CREATE INDEX tickets_by_assignee ON tickets (assignee_id, vendor_id, is_open, activity_at, id);
CREATE INDEX tickets_by_customer ON tickets (customer_id, activity_at, id);
CREATE INDEX tickets_of_customer ON tickets (customer_id, vendor_id, is_open, activity_at, id);
CREATE INDEX tickets_by_creation ON tickets (vendor_id, created_at);
CREATE UNIQUE INDEX tickets_by_client ON tickets (customer_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE ticket_tags (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    tag TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    PRIMARY KEY (ticket_id, tag)
);
CREATE INDEX ticket_tags_by_tag ON ticket_tags (vendor_id, tag, ticket_id);

CREATE TABLE assignments (
    id TEXT PRIMARY KEY NOT NULL,
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    rep_id TEXT NOT NULL REFERENCES users (id),
    rep_name TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    reason TEXT NOT NULL
);
CREATE INDEX assignments_by_ticket ON assignments (ticket_id, from_at);

CREATE TABLE ratings (
    ticket_id TEXT PRIMARY KEY NOT NULL REFERENCES tickets (id),
    vendor_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    score BIGINT NOT NULL,
    comment TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX ratings_by_vendor ON ratings (vendor_id, created_at);

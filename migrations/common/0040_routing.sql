-- How a vendor's tickets find their reps, as JSON; without a row reps take them by hand.
CREATE TABLE routing_rules (
    vendor_id TEXT PRIMARY KEY NOT NULL REFERENCES vendors (id),
    rules TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- What differs from rep to rep: how many tickets at once, and their skills as a JSON list.
CREATE TABLE routing_reps (
    vendor_id TEXT NOT NULL REFERENCES vendors (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    max_open BIGINT NOT NULL,
    skills TEXT NOT NULL,
    PRIMARY KEY (vendor_id, user_id)
);

-- Whom routing gave a ticket, and everyone it considered with the reason as JSON.
CREATE TABLE routing_decisions (
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    at BIGINT NOT NULL,
    chosen TEXT NOT NULL,
    considered TEXT NOT NULL,
    PRIMARY KEY (ticket_id, at)
);

-- When tickets left the queue: what waits are estimated from.
CREATE TABLE queue_exits (
    vendor_id TEXT NOT NULL,
    ticket_id TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    left_at BIGINT NOT NULL
);
CREATE INDEX queue_exits_by_vendor ON queue_exits (vendor_id, left_at, entered_at);

-- How many tickets each works on, those that wait for the customer left out.
CREATE INDEX tickets_worked_on ON tickets (assignee_id, vendor_id, is_open, status) WHERE is_open AND status <> 'waiting_customer';

-- Who got a new ticket last.
CREATE INDEX assignments_by_rep ON assignments (rep_id, from_at);

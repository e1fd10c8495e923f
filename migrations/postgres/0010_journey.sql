CREATE TABLE journey_events (
    seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    vendor_id TEXT,
    customer_id TEXT,
    ticket_id TEXT,
    conversation_id TEXT,
    kind TEXT NOT NULL,
    visibility TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    actor_name TEXT NOT NULL,
    payload TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX journey_by_vendor ON journey_events (vendor_id, seq);
CREATE INDEX journey_by_customer ON journey_events (customer_id, seq);
CREATE INDEX journey_by_ticket ON journey_events (ticket_id, seq);

CREATE TABLE journey_readers (
    reader TEXT PRIMARY KEY NOT NULL,
    seq BIGINT NOT NULL
);

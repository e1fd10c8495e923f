CREATE TABLE search (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id TEXT NOT NULL,
    vendor_id TEXT NOT NULL,
    customer_id TEXT,
    body TEXT NOT NULL,
    words TSVECTOR GENERATED ALWAYS AS (to_tsvector('simple', body)) STORED
);
CREATE INDEX search_words ON search USING gin (words);
CREATE INDEX search_by_ticket ON search (ticket_id);

-- Opened by staff for an address that is not proved: held back from the customer until it is.
ALTER TABLE tickets ADD COLUMN is_held BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX tickets_held ON tickets (customer_id) WHERE is_held;

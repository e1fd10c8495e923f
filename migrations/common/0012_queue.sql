-- The queue: what is open and nobody has, the most pressing and longest waiting first.
CREATE INDEX tickets_in_queue ON tickets (vendor_id, priority, created_at, id) WHERE is_open AND assignee_id IS NULL;

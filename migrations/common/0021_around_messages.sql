-- What happened to a ticket besides its messages, which may be thousands.
CREATE INDEX journey_around_messages ON journey_events (ticket_id, seq) WHERE kind <> 'message';

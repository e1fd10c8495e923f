-- What is told between the messages and notes of a ticket, each of which may be thousands.
CREATE INDEX journey_between_messages ON journey_events (ticket_id, seq) WHERE kind <> 'message' AND kind <> 'note';

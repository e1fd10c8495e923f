-- When the other side first had a message on their screen.
ALTER TABLE messages ADD COLUMN read_at BIGINT;

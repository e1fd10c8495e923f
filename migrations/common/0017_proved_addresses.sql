-- When a person proved that mail to their address reaches them; null until then. Those from before are trusted.
ALTER TABLE users ADD COLUMN email_proved_at BIGINT;
UPDATE users SET email_proved_at = created_at;

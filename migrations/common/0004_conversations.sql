CREATE TABLE conversations (
    id TEXT PRIMARY KEY NOT NULL,
    ticket_id TEXT NOT NULL REFERENCES tickets (id),
    vendor_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    last_position BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX conversations_by_ticket ON conversations (ticket_id);

CREATE TABLE messages (
    id TEXT PRIMARY KEY NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    position BIGINT NOT NULL,
    sender_id TEXT NOT NULL,
    sender_name TEXT NOT NULL,
    sender_type TEXT NOT NULL,
    content TEXT NOT NULL,
    visibility TEXT NOT NULL,
    has_files BOOLEAN NOT NULL,
    client_id TEXT,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX messages_by_position ON messages (conversation_id, position);
CREATE UNIQUE INDEX messages_by_client ON messages (conversation_id, sender_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE attachments (
    id TEXT PRIMARY KEY NOT NULL,
    uploader_id TEXT NOT NULL,
    message_id TEXT REFERENCES messages (id),
    ticket_id TEXT REFERENCES tickets (id),
    visibility TEXT NOT NULL,
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    has_thumbnail BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachments_by_message ON attachments (message_id);
CREATE INDEX attachments_unsent ON attachments (created_at) WHERE message_id IS NULL;

CREATE TABLE receipts (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    user_id TEXT NOT NULL,
    is_staff BOOLEAN NOT NULL,
    delivered_position BIGINT NOT NULL,
    read_position BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
);

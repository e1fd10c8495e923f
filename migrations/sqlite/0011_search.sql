-- scope holds who may find the row: v<vendor>, c<customer> (only for what customers see).
CREATE VIRTUAL TABLE search USING fts5 (
    body, scope, ticket_id UNINDEXED,
    tokenize = "unicode61 remove_diacritics 2", prefix = '3'
);

-- scope holds who may find the row, v<vendor> and c<customer> (only for what customers see), and its t<ticket>.
CREATE VIRTUAL TABLE search USING fts5 (
    body, scope, ticket_id UNINDEXED,
    tokenize = "unicode61 remove_diacritics 2", prefix = '3'
);

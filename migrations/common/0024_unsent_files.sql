-- What someone has uploaded and not sent is counted with each upload.
CREATE INDEX attachments_unsent_of ON attachments (uploader_id) WHERE message_id IS NULL;

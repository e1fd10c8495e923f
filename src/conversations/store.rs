//! Rows of conversations, messages, receipts and files.

use super::{Attachment, Conversation, Message, Receipt, Visibility};
use crate::actor::{Actor, ActorKind};
use crate::db::{Arg, Conn, Sql, sql};
use crate::error::Result;
use crate::id::{AttachmentId, ConversationId, MessageId, TicketId, UserId, VendorId};
use crate::tickets::{MOST_COUNTED, Ticket};
use crate::time::Timestamp;
use std::collections::HashMap;

const CONVERSATION: &str = "SELECT id, ticket_id, vendor_id, customer_id, channel, last_position, created_at FROM conversations";
const INSERT_CONVERSATION: &str =
    "INSERT INTO conversations (id, ticket_id, vendor_id, customer_id, channel, last_position, created_at) VALUES ";
const SET_POSITIONS: (&str, &str) = (
    "WITH v (id, last_position) AS (VALUES ",
    ") UPDATE conversations SET last_position = v.last_position FROM v WHERE conversations.id = v.id",
);
const MESSAGE: &str = "SELECT id, conversation_id, position, sender_id, sender_name, sender_type, content, visibility,
    has_files, client_id, created_at FROM messages";
const INSERT_MESSAGE: &str = "INSERT INTO messages (id, conversation_id, position, sender_id, sender_name, sender_type, content,
    visibility, has_files, client_id, created_at) VALUES ";
const FILE: &str = "SELECT id, name, content_type, size, has_thumbnail FROM attachments";
const RECEIPTS: &str = "SELECT user_id, is_staff, delivered_position, read_position FROM receipts WHERE conversation_id = $1";
const MARK: &str =
    "INSERT INTO receipts (conversation_id, user_id, is_staff, delivered_position, read_position) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (conversation_id, user_id) DO UPDATE SET
    delivered_position = CASE WHEN excluded.delivered_position > receipts.delivered_position
        THEN excluded.delivered_position ELSE receipts.delivered_position END,
    read_position = CASE WHEN excluded.read_position > receipts.read_position
        THEN excluded.read_position ELSE receipts.read_position END
    RETURNING user_id, is_staff, delivered_position, read_position";
const NOTE_READ: &str = "UPDATE messages SET read_at = $5 WHERE conversation_id = $1 AND position > $2 AND position <= $3
    AND (sender_type = 'customer') = $4 AND visibility = 'customer' AND read_at IS NULL";
const READ_TIMES: &str = "SELECT position, read_at FROM messages
    WHERE conversation_id = $1 AND position >= $2 AND position <= $3 AND read_at IS NOT NULL";
const SEE: &str = "UPDATE note_mentions SET seen_at = $5 WHERE user_id = $1 AND seen_at IS NULL AND message_id IN
    (SELECT id FROM messages WHERE conversation_id = $2 AND position > $3 AND position <= $4)";
const UNSEEN: &str = "SELECT COUNT(*) FROM
    (SELECT 1 FROM note_mentions WHERE user_id = $1 AND vendor_id = $2 AND seen_at IS NULL LIMIT $3) a";
const UNREAD: &str = "SELECT c.ticket_id, COUNT(*) FROM conversations c
    LEFT JOIN receipts r ON r.conversation_id = c.id AND r.user_id = $1
    JOIN messages m ON m.conversation_id = c.id AND m.position > COALESCE(r.read_position, 0)
    WHERE m.sender_type ";

#[derive(sqlx::FromRow)]
struct MessageRow {
    id: MessageId,
    conversation_id: ConversationId,
    position: i64,
    sender_id: UserId,
    sender_name: String,
    sender_type: ActorKind,
    content: String,
    visibility: Visibility,
    has_files: bool,
    client_id: Option<String>,
    created_at: Timestamp,
}

#[derive(sqlx::FromRow)]
struct FileRow {
    message_id: MessageId,
    #[sqlx(flatten)]
    file: Attachment,
}

pub async fn get(conn: &mut Conn, id: &ConversationId) -> Result<Option<Conversation>> {
    sql(CONVERSATION).with(" WHERE id = ?", id).optional(conn).await
}

pub async fn of_ticket(conn: &mut Conn, ticket: &TicketId) -> Result<Option<Conversation>> {
    sql(CONVERSATION).with(" WHERE ticket_id = ?", ticket).push(" ORDER BY created_at, id LIMIT 1").optional(conn).await
}

/// The conversation each ticket began with.
pub async fn first_of(conn: &mut Conn, tickets: impl IntoIterator<Item = &TicketId>) -> Result<HashMap<TicketId, ConversationId>> {
    let sql = sql("SELECT ticket_id, id FROM conversations WHERE ticket_id IN ").list(tickets).push(" ORDER BY created_at DESC, id DESC");
    Ok(sql.all::<(TicketId, ConversationId)>(conn).await?.into_iter().collect())
}

/// What each conversation began with.
pub async fn first_words(
    conn: &mut Conn,
    conversations: impl IntoIterator<Item = &ConversationId>,
) -> Result<HashMap<ConversationId, String>> {
    let sql = sql("SELECT conversation_id, content FROM messages WHERE position = 1 AND conversation_id IN ").list(conversations);
    Ok(sql.all::<(ConversationId, String)>(conn).await?.into_iter().collect())
}

/// Where a message stands, if it is in this conversation.
pub async fn position(conn: &mut Conn, id: &ConversationId, message: &MessageId) -> Result<Option<i64>> {
    let sql = sql("SELECT position FROM messages").with(" WHERE conversation_id = ?", id).with(" AND id = ?", message);
    Ok(sql.optional::<(i64,)>(conn).await?.map(|r| r.0))
}

/// Keeps a conversation from others until the transaction ends.
pub async fn lock(conn: &mut Conn, id: &ConversationId) -> Result<()> {
    sql("SELECT id FROM conversations").with(" WHERE id = ?", id).for_update(conn).run(conn).await.map(|_| ())
}

/// Conversations with the position of the newest message and their tickets, all kept from others until
/// the transaction ends.
pub async fn lock_many(conn: &mut Conn, ids: &[&ConversationId]) -> Result<Vec<(ConversationId, i64, Ticket)>> {
    #[derive(sqlx::FromRow)]
    struct Place {
        conversation_id: ConversationId,
        last_position: i64,
        #[sqlx(flatten)]
        ticket: Ticket,
    }
    const PLACES: &str = "SELECT id AS conversation_id, ticket_id, last_position FROM conversations WHERE id IN ";
    let sql = crate::tickets::service::with_tickets(|sql| sql.push(PLACES).list(ids.iter().copied()))
        .push(" ORDER BY ticket_id, conversation_id");
    let places: Vec<Place> = sql.for_update(conn).all(conn).await?;
    Ok(places.into_iter().map(|p| (p.conversation_id, p.last_position, p.ticket)).collect())
}

pub fn insert(conversations: &[Conversation]) -> Sql {
    let rows = conversations.iter().map(|c| {
        vec![
            (&c.id).into(),
            (&c.ticket_id).into(),
            (&c.vendor_id).into(),
            (&c.customer_id).into(),
            c.channel.into(),
            c.last_position.into(),
            c.created_at.into(),
        ]
    });
    sql(INSERT_CONVERSATION).rows(rows)
}

pub fn set_positions(positions: &[(&ConversationId, i64)]) -> Sql {
    let rows = positions.iter().map(|(id, last)| -> Vec<Arg> { vec![(*id).into(), (*last).into()] });
    sql(SET_POSITIONS.0).rows(rows).push(SET_POSITIONS.1)
}

pub fn insert_messages(messages: &[&Message]) -> Sql {
    let rows = messages.iter().map(|m| -> Vec<Arg> {
        vec![
            (&m.id).into(),
            (&m.conversation_id).into(),
            m.position.into(),
            (&m.sender_id).into(),
            (&m.sender_name).into(),
            m.sender_type.into(),
            (&m.content).into(),
            m.visibility.into(),
            (!m.attachments.is_empty()).into(),
            m.client_id.clone().into(),
            m.created_at.into(),
        ]
    });
    sql(INSERT_MESSAGE).rows(rows)
}

/// Messages already stored under these client ids.
pub async fn by_client_ids(conn: &mut Conn, keys: Vec<(ConversationId, UserId, String)>) -> Result<Vec<Message>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let rows = keys.into_iter().map(|(c, s, id)| vec![(&c).into(), (&s).into(), id.into()]);
    let found = sql(MESSAGE).push(" WHERE (conversation_id, sender_id, client_id) IN (VALUES ").rows(rows).push(")");
    let rows = found.all(conn).await?;
    with_files(conn, rows).await
}

/// Messages before a position, newest first; or after it, oldest first.
pub async fn page(
    conn: &mut Conn,
    id: &ConversationId,
    staff: bool,
    newest_first: bool,
    from: Option<i64>,
    limit: i64,
) -> Result<Vec<Message>> {
    let mut sql = sql(MESSAGE).with(" WHERE conversation_id = ?", id);
    if !staff {
        sql = sql.with(" AND visibility = ?", Visibility::Customer);
    }
    sql = match (from, newest_first) {
        (None, _) => sql,
        (Some(p), true) => sql.with(" AND position < ?", p),
        (Some(p), false) => sql.with(" AND position > ?", p),
    };
    let sql = sql.push(if newest_first { " ORDER BY position DESC" } else { " ORDER BY position" }).with(" LIMIT ?", limit);
    let rows = sql.all(conn).await?;
    with_files(conn, rows).await
}

async fn with_files(conn: &mut Conn, rows: Vec<MessageRow>) -> Result<Vec<Message>> {
    let ids: Vec<&MessageId> = rows.iter().filter(|r| r.has_files).map(|r| &r.id).collect();
    let mut files: HashMap<MessageId, Vec<Attachment>> = HashMap::new();
    if !ids.is_empty() {
        let sql = sql("SELECT message_id, id, name, content_type, size, has_thumbnail FROM attachments WHERE message_id IN ");
        let found: Vec<FileRow> = sql.list(ids).push(" ORDER BY created_at, id").all(conn).await?;
        for row in found {
            files.entry(row.message_id).or_default().push(row.file);
        }
    }
    Ok(rows
        .into_iter()
        .map(|r| Message {
            attachments: files.remove(&r.id).unwrap_or_default(),
            id: r.id,
            conversation_id: r.conversation_id,
            position: r.position,
            sender_id: r.sender_id,
            sender_name: r.sender_name,
            sender_type: r.sender_type,
            content: r.content,
            visibility: r.visibility,
            client_id: r.client_id,
            created_at: r.created_at,
        })
        .collect())
}

pub async fn receipts(conn: &mut Conn, id: &ConversationId) -> Result<Vec<Receipt>> {
    sql(RECEIPTS).bind(id).all(conn).await
}

pub async fn mark(conn: &mut Conn, id: &ConversationId, actor: &Actor, delivered: i64, read: i64) -> Result<Receipt> {
    sql(MARK).bind(id).bind(&actor.id).bind(actor.role.is_staff()).bind(delivered).bind(read).one(conn).await
}

/// How far someone has read.
pub async fn read_position(conn: &mut Conn, id: &ConversationId, user: &UserId) -> Result<i64> {
    let row = sql("SELECT read_position FROM receipts WHERE conversation_id = $1 AND user_id = $2").bind(id).bind(user);
    Ok(row.optional::<(i64,)>(conn).await?.map_or(0, |r| r.0))
}

/// Notes that `staff`, or else the customer, has read the other side's messages after the first and up to the
/// second position.
pub async fn note_read(conn: &mut Conn, id: &ConversationId, staff: bool, (after, upto): (i64, i64), at: Timestamp) -> Result<()> {
    sql(NOTE_READ).bind(id).bind(after).bind(upto).bind(staff).bind(at).run(conn).await.map(|_| ())
}

/// When the other side read messages between two positions.
pub async fn read_times(conn: &mut Conn, id: &ConversationId, (from, upto): (i64, i64)) -> Result<Vec<(i64, Timestamp)>> {
    sql(READ_TIMES).bind(id).bind(from).bind(upto).all(conn).await
}

/// Receipts of new conversations.
pub async fn insert_receipts(conn: &mut Conn, receipts: &[(&ConversationId, &Receipt)]) -> Result<()> {
    const INSERT: &str = "INSERT INTO receipts (conversation_id, user_id, is_staff, delivered_position, read_position) VALUES ";
    let rows = receipts.iter().map(|(id, r)| -> Vec<Arg> {
        vec![(*id).into(), (&r.user_id).into(), r.is_staff.into(), r.delivered_position.into(), r.read_position.into()]
    });
    sql(INSERT).rows(rows).run(conn).await.map(|_| ())
}

/// Messages of the other side that `actor` has not read, by ticket.
pub async fn unread(conn: &mut Conn, actor: &Actor, tickets: &[TicketId]) -> Result<HashMap<TicketId, i64>> {
    if tickets.is_empty() {
        return Ok(HashMap::new());
    }
    let sql = sql(UNREAD).push(if actor.role.is_staff() { "= 'customer'" } else { "<> 'customer'" });
    let sql = if actor.role.is_staff() { sql } else { sql.push(" AND m.visibility = 'customer'") };
    let sql = sql.bind(&actor.id).push(" AND c.ticket_id IN ").list(tickets.iter()).push(" GROUP BY c.ticket_id");
    Ok(sql.all::<(TicketId, i64)>(conn).await?.into_iter().collect())
}

/// Stores who is called in a note.
pub fn insert_mentions(note: &Message, ticket: &Ticket, named: &[&UserId]) -> Sql {
    let rows =
        named.iter().map(|id| -> Vec<Arg> { vec![(&note.id).into(), (*id).into(), (&ticket.id).into(), (&ticket.vendor_id).into()] });
    sql("INSERT INTO note_mentions (message_id, user_id, ticket_id, vendor_id) VALUES ").rows(rows)
}

/// Notes that someone has seen where they are called after the first and up to the second position.
pub async fn see_mentions(conn: &mut Conn, id: &ConversationId, user: &UserId, (after, upto): (i64, i64), at: Timestamp) -> Result<()> {
    sql(SEE).bind(user).bind(id).bind(after).bind(upto).bind(at).run(conn).await.map(|_| ())
}

/// How often someone is called at a vendor and has not seen it.
pub async fn unseen_mentions(conn: &mut Conn, user: &UserId, vendor: &VendorId) -> Result<i64> {
    Ok(sql(UNSEEN).bind(user).bind(vendor).bind(MOST_COUNTED).one::<(i64,)>(conn).await?.0)
}

/// Adds the condition that a ticket of these vendors calls someone who has not seen it.
pub fn calling(sql: Sql, user: &UserId, vendors: &[&VendorId]) -> Sql {
    let sql = sql.with("id IN (SELECT ticket_id FROM note_mentions WHERE seen_at IS NULL AND user_id = ?", user);
    sql.push(" AND vendor_id IN ").list(vendors.iter().copied()).push(")")
}

#[derive(sqlx::FromRow)]
pub struct StoredFile {
    #[sqlx(flatten)]
    pub file: Attachment,
    pub uploader_id: UserId,
    pub ticket_id: Option<TicketId>,
    pub visibility: Visibility,
}

pub async fn insert_file(conn: &mut Conn, a: &Attachment, uploader: &UserId, at: Timestamp) -> Result<()> {
    const INSERT: &str = "INSERT INTO attachments (id, uploader_id, visibility, name, content_type, size, has_thumbnail, created_at)
        VALUES ($1, $2, 'staff', $3, $4, $5, $6, $7)";
    let q = sql(INSERT).bind(&a.id).bind(uploader).bind(&a.name).bind(&a.content_type).bind(a.size).bind(a.has_thumbnail).bind(at);
    q.run(conn).await.map(|_| ())
}

pub async fn file(conn: &mut Conn, id: &AttachmentId) -> Result<Option<StoredFile>> {
    const GET: &str =
        "SELECT id, name, content_type, size, has_thumbnail, uploader_id, ticket_id, visibility FROM attachments WHERE id = $1";
    sql(GET).bind(id).optional(conn).await
}

/// Files of `uploader` that are on no message yet, in the order of `ids`, kept from others until the
/// transaction ends.
pub async fn unsent_files(conn: &mut Conn, uploader: &UserId, ids: &[AttachmentId]) -> Result<Vec<Attachment>> {
    let sql = sql(FILE).with(" WHERE uploader_id = ?", uploader).push(" AND message_id IS NULL AND id IN ").list(ids.iter());
    let mut found: Vec<Attachment> = sql.for_update(conn).all(conn).await?;
    found.sort_by_key(|a| ids.iter().position(|id| *id == a.id));
    Ok(found)
}

pub fn attach(message: &Message, ticket: &TicketId) -> Sql {
    let sql = sql("UPDATE attachments").with(" SET message_id = ?", &message.id).with(", ticket_id = ?", ticket);
    let ids = message.attachments.iter().map(|a| &a.id);
    sql.with(", visibility = ?", message.visibility).push(" WHERE message_id IS NULL AND id IN ").list(ids)
}

/// How many bytes of a person's uploads have not gone out.
pub async fn unsent_bytes(conn: &mut Conn, uploader: &UserId) -> Result<i64> {
    const SUM: &str = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM attachments WHERE message_id IS NULL AND uploader_id = $1";
    Ok(sql(SUM).bind(uploader).one::<(i64,)>(conn).await?.0)
}

/// Removes up to `limit` uploads older than a moment that never went out; which they were.
pub async fn delete_abandoned(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<Vec<AttachmentId>> {
    const DELETE: &str = "DELETE FROM attachments WHERE message_id IS NULL AND id IN
        (SELECT id FROM attachments WHERE message_id IS NULL AND created_at < $1 LIMIT $2) RETURNING id";
    let rows: Vec<(AttachmentId,)> = sql(DELETE).bind(before).bind(limit).all(conn).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

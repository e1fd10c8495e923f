//! Rows of the journey.

use super::{ActorRef, EventRecord, NewEvent};
use crate::actor::ActorKind;
use crate::conversations::Visibility;
use crate::db::{Arg, Conn, Sql, sql};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::id::{ConversationId, TicketId, UserId, VendorId};
use crate::time::Timestamp;

const INSERT: &str = "INSERT INTO journey_events
    (vendor_id, customer_id, ticket_id, conversation_id, kind, visibility, actor_kind, actor_id, actor_name, payload, at) VALUES ";
const COLUMNS: &str = "SELECT seq, vendor_id, customer_id, ticket_id, conversation_id, kind, visibility,
    actor_kind, actor_id, actor_name, payload, at FROM journey_events";
/// Rows per statement; SQLite allows 32,766 values in one.
const CHUNK: usize = 2_000;

#[derive(sqlx::FromRow)]
pub struct Row {
    pub seq: i64,
    pub vendor_id: Option<VendorId>,
    pub customer_id: Option<UserId>,
    pub ticket_id: Option<TicketId>,
    pub conversation_id: Option<ConversationId>,
    pub kind: String,
    pub visibility: Visibility,
    pub actor_kind: ActorKind,
    pub actor_id: Option<UserId>,
    pub actor_name: String,
    pub payload: String,
    pub at: Timestamp,
}

impl Row {
    pub fn record(self) -> Result<EventRecord> {
        let event = serde_json::from_str(&format!(r#"{{"type":"{}","data":{}}}"#, self.kind, self.payload))
            .map_err(|e| Error::internal(format!("journey event {}: {e}", self.seq)))?;
        Ok(EventRecord {
            seq: self.seq,
            timestamp: self.at,
            vendor_id: self.vendor_id,
            customer_id: self.customer_id,
            ticket_id: self.ticket_id,
            conversation_id: self.conversation_id,
            visibility: self.visibility,
            actor: ActorRef { kind: self.actor_kind, id: self.actor_id, name: self.actor_name },
            event,
        })
    }
}

/// Statements that append events; their rows are the `seq` of each.
pub fn inserts(events: &[NewEvent]) -> Result<Vec<Sql>> {
    let insert = |chunk: &[NewEvent]| {
        let rows = chunk.iter().map(values).collect::<Result<Vec<_>>>()?;
        Ok(sql(INSERT).rows(rows).push(" RETURNING seq"))
    };
    events.chunks(CHUNK).map(insert).collect()
}

fn values(e: &NewEvent) -> Result<Vec<Arg>> {
    Ok(vec![
        e.vendor_id.as_ref().into(),
        e.customer_id.as_ref().into(),
        e.ticket_id.as_ref().into(),
        e.conversation_id.as_ref().into(),
        e.event.kind().into(),
        e.visibility.into(),
        e.actor.kind.into(),
        e.actor.id.as_ref().into(),
        (&e.actor.name).into(),
        payload(&e.event)?.into(),
        e.at.into(),
    ])
}

/// The `data` of an event as JSON, cut out of its whole: `{"type":"…","data":…}`.
fn payload(event: &Event) -> Result<String> {
    let text = serde_json::to_string(event).map_err(Error::internal)?;
    let head = text.strip_prefix(r#"{"type":""#).and_then(|t| t.strip_prefix(event.kind()));
    let data = head.and_then(|t| t.strip_prefix(r#"","data":"#)).and_then(|t| t.strip_suffix('}'));
    data.map(str::to_owned).ok_or_else(|| Error::internal(format!("an event is not as it should be: {text}")))
}

/// Whose events, for [`after`] and [`before`].
#[derive(Clone, Copy)]
pub enum Of<'a> {
    All,
    Vendor(&'a VendorId),
    Customer(&'a UserId),
    Ticket(&'a TicketId),
}

impl Of<'_> {
    fn narrow(self, sql: Sql) -> Sql {
        match self {
            Self::All => sql,
            Self::Vendor(id) => sql.with(" AND vendor_id = ?", id),
            Self::Customer(id) => sql.with(" AND customer_id = ?", id),
            Self::Ticket(id) => sql.with(" AND ticket_id = ?", id),
        }
    }
}

/// Events after `seq`, in order.
pub async fn after(conn: &mut Conn, of: Of<'_>, seq: i64, limit: i64) -> Result<Vec<Row>> {
    let sql = sql(COLUMNS).with(" WHERE seq > ?", seq);
    of.narrow(sql).with(" ORDER BY seq LIMIT ?", limit).all(conn).await
}

/// Events before `seq`, newest first.
pub async fn before(conn: &mut Conn, of: Of<'_>, staff: bool, seq: i64, limit: i64) -> Result<Vec<Row>> {
    let sql = sql(COLUMNS).with(" WHERE seq < ?", seq);
    visible_to(of.narrow(sql), staff).with(" ORDER BY seq DESC LIMIT ?", limit).all(conn).await
}

/// Gives the events of a ticket that are on no customer's journey to `customer`.
pub async fn give(conn: &mut Conn, ticket: &TicketId, customer: &UserId) -> Result<()> {
    const GIVE: &str = "UPDATE journey_events SET customer_id = $2 WHERE ticket_id = $1 AND customer_id IS NULL";
    sql(GIVE).bind(ticket).bind(customer).run(conn).await.map(|_| ())
}

/// What happened to a ticket but its messages, newest first; for staff.
pub async fn around_messages(conn: &mut Conn, ticket: &TicketId, limit: i64) -> Result<Vec<Row>> {
    // As the index is written.
    let sql = sql(COLUMNS).push(" WHERE kind <> 'message'").with(" AND ticket_id = ?", ticket);
    visible_to(sql, true).with(" ORDER BY seq DESC LIMIT ?", limit).all(conn).await
}

/// What happened to a ticket but its messages and notes, newest first.
pub async fn between_messages(conn: &mut Conn, ticket: &TicketId, staff: bool, limit: i64) -> Result<Vec<Row>> {
    // As the index is written.
    let sql = sql(COLUMNS).push(" WHERE kind <> 'message' AND kind <> 'note'").with(" AND ticket_id = ?", ticket);
    visible_to(sql, staff).with(" ORDER BY seq DESC LIMIT ?", limit).all(conn).await
}

fn visible_to(sql: Sql, staff: bool) -> Sql {
    sql.push(if staff { " AND visibility <> 'system'" } else { " AND visibility = 'customer'" })
}

pub async fn last_seq(conn: &mut Conn) -> Result<i64> {
    Ok(sql("SELECT COALESCE(MAX(seq), 0) FROM journey_events").one::<(i64,)>(conn).await?.0)
}

pub async fn first_seq(conn: &mut Conn) -> Result<i64> {
    Ok(sql("SELECT COALESCE(MIN(seq), 1) FROM journey_events").one::<(i64,)>(conn).await?.0)
}

pub async fn cursor(conn: &mut Conn, reader: &str) -> Result<i64> {
    let row: Option<(i64,)> = sql("SELECT seq FROM journey_readers WHERE reader = $1").bind(reader).optional(conn).await?;
    Ok(row.map_or(0, |r| r.0))
}

/// Moves a reader that stands at `from`; false when it stands elsewhere. Whoever moves it keeps others
/// from it until the transaction ends.
pub async fn move_cursor(conn: &mut Conn, reader: &str, from: i64, to: i64) -> Result<bool> {
    const MOVE: &str = "INSERT INTO journey_readers (reader, seq) VALUES ($1, $3)
        ON CONFLICT (reader) DO UPDATE SET seq = excluded.seq WHERE journey_readers.seq = $2";
    Ok(sql(MOVE).bind(reader).bind(from).bind(to).run(conn).await? == 1)
}

/// Where a reader stands; it stays there until the transaction ends.
pub async fn hold_cursor(conn: &mut Conn, reader: &str) -> Result<i64> {
    const HOLD: &str = "INSERT INTO journey_readers (reader, seq) VALUES ($1, 0)
        ON CONFLICT (reader) DO UPDATE SET seq = journey_readers.seq RETURNING seq";
    Ok(sql(HOLD).bind(reader).one::<(i64,)>(conn).await?.0)
}

//! Rows of tickets.

use super::{Assignment, Category, Counters, MOST_COUNTED, Priority, Ticket};
use crate::db::{Arg, Conn, Sql, sql};
use crate::error::Result;
use crate::id::{AssignmentId, TicketId, UserId, VendorId};
use crate::time::Timestamp;
use std::collections::HashSet;

const TICKET: &str = "SELECT id, number, vendor_id, customer_id, customer_name, subject, status, priority, priority_source, channel,
    ticket_type, category, subcategory, assignee_id, assignee_name, team_id, team_name, level, version, created_at,
    updated_at, activity_at, last_line, first_response_at, resolved_at, closed_at, is_held FROM tickets";
const INSERT: &str = "INSERT INTO tickets (id, number, vendor_id, customer_id, customer_name, subject, status, is_open, priority,
    priority_source, channel, ticket_type, category, subcategory, assignee_id, assignee_name, team_id, team_name, level, version,
    created_at, updated_at, activity_at, last_line, first_response_at, resolved_at, closed_at, is_held, client_id) VALUES ";
const NEXT_NUMBER: &str = "INSERT INTO ticket_numbers (year, last) VALUES ($1, 1)
    ON CONFLICT (year) DO UPDATE SET last = ticket_numbers.last + 1 RETURNING last";
const SAVE: &str = "UPDATE tickets SET subject = $2, status = $3, is_open = $4, priority = $5, priority_source = $6, ticket_type = $7,
    category = $8, subcategory = $9, assignee_id = $10, assignee_name = $11, level = $12, version = $13, updated_at = $14,
    activity_at = $15, last_line = $16, first_response_at = $17, resolved_at = $18, closed_at = $19, team_id = $20,
    team_name = $21 WHERE id = $1";
const SAVE_ACTIVITY: (&str, &str) = (
    "WITH v (id, status, is_open, version, activity_at, last_line, first_response_at, resolved_at, closed_at) AS (VALUES ",
    ") UPDATE tickets SET status = v.status, is_open = v.is_open, version = v.version, updated_at = v.activity_at,
        activity_at = v.activity_at, last_line = v.last_line, first_response_at = v.first_response_at,
        resolved_at = v.resolved_at, closed_at = v.closed_at FROM v WHERE tickets.id = v.id",
);
const OPEN_BY_VENDOR: &str = "SELECT vendor_id, COUNT(*) FROM tickets WHERE customer_id = $1 AND is_open = TRUE AND NOT is_held
    GROUP BY vendor_id";
const OF_CUSTOMER: &str = "SELECT COUNT(*) FROM tickets WHERE customer_id = $1 AND vendor_id = $2";
// `is_open = TRUE`, as SQLite finds no index by a bare `is_open`, but for the partial one of the queue.
const COUNTERS: &str = "SELECT
    (SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE vendor_id = $1 AND is_open = TRUE LIMIT $3) a),
    (SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE assignee_id = $2 AND vendor_id = $1 AND is_open = TRUE LIMIT $3) b),
    (SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE vendor_id = $1 AND is_open = TRUE AND assignee_id IS NULL LIMIT $3) c),
    (SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE vendor_id = $1 AND status = 'escalated' LIMIT $3) d),
    (SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE vendor_id = $1 AND status = 'waiting_customer' LIMIT $3) e)";
const ASSIGN: &str =
    "INSERT INTO assignments (id, ticket_id, rep_id, rep_name, from_at, until_at, reason) VALUES ($1, $2, $3, $4, $5, NULL, $6)";
const ASSIGNMENTS: &str = "SELECT rep_id, rep_name, from_at, until_at, reason FROM assignments WHERE ticket_id = $1
    ORDER BY from_at DESC, id DESC LIMIT 100";

/// A ticket by id or number.
pub async fn get(conn: &mut Conn, key: &str) -> Result<Option<Ticket>> {
    match by_key(key) {
        Some(sql) => sql.optional(conn).await,
        None => Ok(None),
    }
}

/// The same, kept from others until the transaction ends.
pub async fn lock(conn: &mut Conn, key: &str) -> Result<Option<Ticket>> {
    match by_key(key) {
        Some(sql) => sql.for_update(conn).optional(conn).await,
        None => Ok(None),
    }
}

/// The rows of `which`, that have a `ticket_id`, each with the columns of its ticket.
pub fn with_tickets(which: impl FnOnce(Sql) -> Sql) -> Sql {
    which(sql("SELECT * FROM (").push(TICKET).push(") AS ticket JOIN (")).push(") AS which ON which.ticket_id = ticket.id")
}

/// `None` for what no ticket is called; PostgreSQL refuses to be asked for some of it.
fn by_key(key: &str) -> Option<Sql> {
    if key.chars().any(char::is_control) {
        return None;
    }
    Some(match key.parse::<TicketId>() {
        Ok(id) => sql(TICKET).with(" WHERE id = ?", &id),
        Err(_) => sql(TICKET).with(" WHERE number = ?", key.to_uppercase()),
    })
}

/// The vendors of a customer's tickets.
pub async fn vendors_of(conn: &mut Conn, customer: &UserId) -> Result<Vec<VendorId>> {
    let rows: Vec<(VendorId,)> = sql("SELECT DISTINCT vendor_id FROM tickets WHERE customer_id = $1").bind(customer).all(conn).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// The vendor, and the customer unless it is held back from them.
pub async fn owner(conn: &mut Conn, id: &TicketId) -> Result<Option<(VendorId, Option<UserId>)>> {
    const OWNER: &str = "SELECT vendor_id, CASE WHEN is_held THEN NULL ELSE customer_id END FROM tickets WHERE id = $1";
    sql(OWNER).bind(id).optional(conn).await
}

/// Holds nothing back from a customer any more, who is called `name`; what was, with its vendor.
pub async fn release(conn: &mut Conn, customer: &UserId, name: &str) -> Result<Vec<(TicketId, VendorId)>> {
    const RELEASE: &str = "UPDATE tickets SET is_held = FALSE, customer_name = $2 WHERE customer_id = $1 AND is_held
        RETURNING id, vendor_id";
    sql(RELEASE).bind(customer).bind(name).all(conn).await
}

/// What a customer is called on their newest ticket at a vendor; none when they have no ticket there.
pub async fn known_as(conn: &mut Conn, customer: &UserId, vendor: &VendorId) -> Result<Option<String>> {
    const KNOWN_AS: &str = "SELECT customer_name FROM tickets WHERE customer_id = $1 AND vendor_id = $2
        ORDER BY created_at DESC, id DESC LIMIT 1";
    Ok(sql(KNOWN_AS).bind(customer).bind(vendor).optional::<(String,)>(conn).await?.map(|row| row.0))
}

/// Number and subject of those of `tickets` that are a customer's and not held back from them.
pub async fn names(conn: &mut Conn, customer: &UserId, tickets: &HashSet<TicketId>) -> Result<Vec<(TicketId, String, String)>> {
    let own = sql("SELECT id, number, subject FROM tickets").with(" WHERE customer_id = ? AND NOT is_held", customer);
    own.push(" AND id IN ").list(tickets).all(conn).await
}

pub async fn by_client(conn: &mut Conn, customer: &UserId, client_id: &str) -> Result<Option<Ticket>> {
    sql(TICKET).with(" WHERE customer_id = ?", customer).with(" AND client_id = ?", client_id).optional(conn).await
}

pub async fn next_number(conn: &mut Conn, year: i64) -> Result<i64> {
    Ok(sql(NEXT_NUMBER).bind(year).one::<(i64,)>(conn).await?.0)
}

/// Takes `count` numbers; the last of them.
pub async fn take_numbers(conn: &mut Conn, year: i64, count: i64) -> Result<i64> {
    const TAKE: &str = "INSERT INTO ticket_numbers (year, last) VALUES ($1, $2)
        ON CONFLICT (year) DO UPDATE SET last = ticket_numbers.last + $2 RETURNING last";
    Ok(sql(TAKE).bind(year).bind(count).one::<(i64,)>(conn).await?.0)
}

/// Inserts; no row when the client id was used before.
pub fn insert(t: &Ticket, client_id: Option<&str>) -> Sql {
    sql(INSERT).rows([values(t, client_id)]).push(" ON CONFLICT DO NOTHING")
}

/// Inserts many at once.
pub async fn insert_many(conn: &mut Conn, tickets: &[&Ticket]) -> Result<()> {
    sql(INSERT).rows(tickets.iter().map(|t| values(t, None))).run(conn).await.map(|_| ())
}

fn values(t: &Ticket, client_id: Option<&str>) -> Vec<Arg> {
    vec![
        (&t.id).into(),
        (&t.number).into(),
        (&t.vendor_id).into(),
        (&t.customer_id).into(),
        (&t.customer_name).into(),
        (&t.subject).into(),
        t.status.into(),
        t.status.is_open().into(),
        t.priority.into(),
        t.priority_source.into(),
        t.channel.into(),
        t.ticket_type.into(),
        t.category.into(),
        (&t.subcategory).into(),
        t.assignee_id.as_ref().into(),
        t.assignee_name.clone().into(),
        t.team_id.as_ref().into(),
        t.team_name.clone().into(),
        t.level.into(),
        t.version.into(),
        t.created_at.into(),
        t.updated_at.into(),
        t.activity_at.into(),
        (&t.last_line).into(),
        t.first_response_at.into(),
        t.resolved_at.into(),
        t.closed_at.into(),
        t.is_held.into(),
        client_id.into(),
    ]
}

pub async fn save(conn: &mut Conn, t: &Ticket) -> Result<()> {
    let q = sql(SAVE).bind(&t.id).bind(&t.subject).bind(t.status).bind(t.status.is_open()).bind(t.priority).bind(t.priority_source);
    let q = q.bind(t.ticket_type).bind(t.category).bind(&t.subcategory).bind(t.assignee_id.as_ref());
    let q = q.bind(t.assignee_name.clone()).bind(t.level).bind(t.version).bind(t.updated_at).bind(t.activity_at);
    let q = q.bind(&t.last_line).bind(t.first_response_at).bind(t.resolved_at).bind(t.closed_at);
    let q = q.bind(t.team_id.as_ref()).bind(t.team_name.clone());
    q.run(conn).await.map(|_| ())
}

/// Saves what messages change, of several tickets in one statement.
pub fn save_activity(tickets: &[&Ticket]) -> Sql {
    sql(SAVE_ACTIVITY.0).rows(tickets.iter().map(|t| activity_values(t))).push(SAVE_ACTIVITY.1)
}

fn activity_values(t: &Ticket) -> Vec<Arg> {
    vec![
        (&t.id).into(),
        t.status.into(),
        t.status.is_open().into(),
        t.version.into(),
        t.activity_at.into(),
        (&t.last_line).into(),
        t.first_response_at.into(),
        t.resolved_at.into(),
        t.closed_at.into(),
    ]
}

pub async fn open_by_vendor(conn: &mut Conn, customer: &UserId) -> Result<Vec<(VendorId, i64)>> {
    sql(OPEN_BY_VENDOR).bind(customer).all(conn).await
}

pub async fn of_customer(conn: &mut Conn, customer: &UserId, vendor: &VendorId) -> Result<i64> {
    Ok(sql(OF_CUSTOMER).bind(customer).bind(vendor).one::<(i64,)>(conn).await?.0)
}

/// All but the mentions and promises, which are not of tickets, and what the teams of `me` have.
pub async fn counters(conn: &mut Conn, vendor: &VendorId, me: &UserId) -> Result<Counters> {
    let (open, mine, unassigned, escalated, waiting) = sql(COUNTERS).bind(vendor).bind(me).bind(MOST_COUNTED).one(conn).await?;
    Ok(Counters { open, mine, my_teams: 0, mentions: 0, unassigned, pressing: 0, escalated, waiting })
}

/// How many open tickets the teams of `me` at a vendor have.
pub async fn of_teams(conn: &mut Conn, vendor: &VendorId, me: &UserId) -> Result<i64> {
    let open = sql("SELECT COUNT(*) FROM (SELECT 1 FROM tickets WHERE is_open = TRUE AND team_id IN ");
    let sql = crate::teams::service::joined_by(open, me, &[vendor]).with(" LIMIT ?", MOST_COUNTED).push(") a");
    Ok(sql.one::<(i64,)>(conn).await?.0)
}

/// How many open tickets at a vendor each of these has.
pub async fn open_by_rep(conn: &mut Conn, vendor: &VendorId, reps: impl IntoIterator<Item = &UserId>) -> Result<Vec<(UserId, i64)>> {
    let reps = reps.into_iter().map(|id| -> Vec<Arg> { vec![id.into()] });
    let sql = sql("WITH reps (id) AS (VALUES ").rows(reps).push(") SELECT id, (SELECT COUNT(*) FROM (SELECT 1 FROM tickets");
    let sql = sql.with(" WHERE assignee_id = reps.id AND vendor_id = ? AND is_open = TRUE", vendor);
    sql.with(" LIMIT ?) a) FROM reps", MOST_COUNTED).all(conn).await
}

/// Adds tags; nothing when there are none.
pub fn add_tags(ticket: &TicketId, vendor: &VendorId, tags: &[String]) -> Option<Sql> {
    let rows = tags.iter().map(|tag| -> Vec<Arg> { vec![ticket.into(), tag.into(), vendor.into()] });
    let insert = || sql("INSERT INTO ticket_tags (ticket_id, tag, vendor_id) VALUES ").rows(rows).push(" ON CONFLICT DO NOTHING");
    (!tags.is_empty()).then(insert)
}

/// The tags of many new tickets.
pub async fn insert_tags(conn: &mut Conn, tagged: &[(&Ticket, &str)]) -> Result<()> {
    let rows = tagged.iter().map(|(t, tag)| -> Vec<Arg> { vec![(&t.id).into(), (*tag).into(), (&t.vendor_id).into()] });
    sql("INSERT INTO ticket_tags (ticket_id, tag, vendor_id) VALUES ").rows(rows).run(conn).await.map(|_| ())
}

pub async fn remove_tags(conn: &mut Conn, ticket: &TicketId, tags: &[String]) -> Result<()> {
    if tags.is_empty() {
        return Ok(());
    }
    sql("DELETE FROM ticket_tags").with(" WHERE ticket_id = ?", ticket).push(" AND tag IN ").list(tags).run(conn).await?;
    Ok(())
}

pub async fn tags(conn: &mut Conn, ticket: &TicketId) -> Result<Vec<String>> {
    let rows: Vec<(String,)> = sql("SELECT tag FROM ticket_tags WHERE ticket_id = $1 ORDER BY tag").bind(ticket).all(conn).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub async fn start_assignment(
    conn: &mut Conn,
    id: &AssignmentId,
    ticket: &TicketId,
    rep: (&UserId, &str),
    at: Timestamp,
    reason: &str,
) -> Result<()> {
    sql(ASSIGN).bind(id).bind(ticket).bind(rep.0).bind(rep.1).bind(at).bind(reason).run(conn).await.map(|_| ())
}

pub async fn end_assignment(conn: &mut Conn, ticket: &TicketId, at: Timestamp) -> Result<()> {
    sql("UPDATE assignments SET until_at = $2 WHERE ticket_id = $1 AND until_at IS NULL").bind(ticket).bind(at).run(conn).await?;
    Ok(())
}

/// Stretches of work as they stand.
pub async fn insert_assignments(conn: &mut Conn, assignments: &[(AssignmentId, &TicketId, &Assignment)]) -> Result<()> {
    const INSERT: &str = "INSERT INTO assignments (id, ticket_id, rep_id, rep_name, from_at, until_at, reason) VALUES ";
    let rows = assignments.iter().map(|(id, ticket, a)| -> Vec<Arg> {
        vec![id.into(), (*ticket).into(), (&a.rep_id).into(), (&a.rep_name).into(), a.from_at.into(), a.until_at.into(), (&a.reason).into()]
    });
    sql(INSERT).rows(rows).run(conn).await.map(|_| ())
}

pub async fn assignments(conn: &mut Conn, ticket: &TicketId) -> Result<Vec<Assignment>> {
    sql(ASSIGNMENTS).bind(ticket).all(conn).await
}

/// Rows after `start`, which holds the WHERE clause, newest activity first.
pub async fn list(conn: &mut Conn, narrow: impl FnOnce(Sql) -> Sql, after: Option<(i64, String)>, limit: u32) -> Result<Vec<Ticket>> {
    let mut sql = narrow(sql(TICKET));
    if let Some((at, id)) = after {
        sql = sql.with(" AND (activity_at, id) < (?", at).with(", ?)", id);
    }
    sql.with(" ORDER BY activity_at DESC, id DESC LIMIT ?", i64::from(limit) + 1).all(conn).await
}

/// Open tickets of one vendor and priority that nobody has, the longest waiting first.
pub async fn queued(
    conn: &mut Conn,
    vendor: &VendorId,
    priority: Priority,
    after: Option<(Timestamp, &TicketId)>,
    limit: i64,
) -> Result<Vec<Ticket>> {
    let mut sql = sql(TICKET).with(" WHERE vendor_id = ?", vendor).push(" AND is_open AND assignee_id IS NULL");
    sql = sql.with(" AND priority = ?", priority);
    if let Some((at, id)) = after {
        sql = sql.with(" AND (created_at, id) > (?", at).with(", ?)", id);
    }
    sql.with(" ORDER BY created_at, id LIMIT ?", limit).all(conn).await
}

/// Those in the queue with this priority and one of these levels and categories, that a person has to look at; the
/// longest waiting first.
pub async fn takeable(
    conn: &mut Conn,
    vendor: &VendorId,
    priority: Priority,
    kinds: &[(i64, Category)],
    after: Option<&Ticket>,
    limit: i64,
) -> Result<Vec<Ticket>> {
    let kinds = kinds.iter().map(|(level, category)| -> Vec<Arg> { vec![(*level).into(), (*category).into()] });
    let mut sql = sql(TICKET).with(" WHERE vendor_id = ?", vendor).push(" AND is_open AND assignee_id IS NULL");
    sql = sql.with(" AND priority = ?", priority).push(" AND status NOT IN ('created', 'intake_in_progress', 'waiting_customer')");
    sql = sql.push(" AND (level, category) IN (VALUES ").rows(kinds).push(")");
    if let Some(t) = after {
        sql = sql.with(" AND (created_at, id) > (?", t.created_at).with(", ?)", &t.id);
    }
    sql.with(" ORDER BY created_at, id LIMIT ?", limit).all(conn).await
}

pub async fn anyone_waits(conn: &mut Conn, vendor: &VendorId) -> Result<bool> {
    const ONE: &str = "SELECT CAST(1 AS BIGINT) FROM tickets WHERE vendor_id = $1 AND is_open = TRUE AND assignee_id IS NULL LIMIT 1";
    Ok(sql(ONE).bind(vendor).optional::<(i64,)>(conn).await?.is_some())
}

/// How many in the queue come before a ticket of it; counting stops at [`MOST_COUNTED`] of each priority.
pub async fn ahead(conn: &mut Conn, t: &Ticket, more_pressing: &[Priority]) -> Result<i64> {
    let queued = |sql: Sql, priority: Priority| {
        let sql = sql.push("(SELECT COUNT(*) FROM (SELECT 1 FROM tickets").with(" WHERE vendor_id = ?", &t.vendor_id);
        sql.push(" AND is_open AND assignee_id IS NULL").with(" AND priority = ?", priority)
    };
    let mut sum = sql("SELECT ");
    // Each by itself and by its time: else SQLite walks all tickets of the vendor.
    for priority in more_pressing {
        sum = queued(sum, *priority).with(" AND created_at > 0 LIMIT ?) AS pressing) + ", MOST_COUNTED);
    }
    sum = queued(sum, t.priority).with(" AND (created_at, id) < (?", t.created_at).with(", ?)", &t.id);
    Ok(sum.with(" LIMIT ?) AS earlier)", MOST_COUNTED).one::<(i64,)>(conn).await?.0)
}

/// For each of these people how many tickets of a vendor they work on, those that wait for the customer left out, and
/// when they last got one of any vendor; 0 for never.
pub async fn loads(conn: &mut Conn, vendor: &VendorId, people: &[&UserId]) -> Result<Vec<(UserId, i64, Timestamp)>> {
    let rows = people.iter().map(|id| -> Vec<Arg> { vec![(*id).into()] });
    let sql = sql("WITH v (id) AS (VALUES ").rows(rows).push(") SELECT v.id, (SELECT COUNT(*) FROM (SELECT 1 FROM tickets t");
    let sql = sql.with(" WHERE t.assignee_id = v.id AND t.vendor_id = ? AND t.is_open AND t.status <> 'waiting_customer'", vendor);
    let sql = sql.with(" LIMIT ?) a), COALESCE((SELECT MAX(from_at) FROM assignments WHERE rep_id = v.id), 0) FROM v", MOST_COUNTED);
    sql.all(conn).await
}

/// For each of these tickets of a vendor: who has or had the newest other one of its customer, and who had it last.
pub async fn helpers(conn: &mut Conn, vendor: &VendorId, tickets: &[&Ticket]) -> Result<Vec<(TicketId, Option<UserId>, Option<UserId>)>> {
    let rows = tickets.iter().map(|t| -> Vec<Arg> { vec![(&t.id).into(), (&t.customer_id).into()] });
    let sql = sql("WITH v (id, customer_id) AS (VALUES ").rows(rows).push(") SELECT v.id, (SELECT t.assignee_id FROM tickets t");
    let sql = sql.with(" WHERE t.customer_id = v.customer_id AND t.vendor_id = ? AND t.assignee_id IS NOT NULL AND t.id <> v.id", vendor);
    let sql = sql.push(" ORDER BY t.activity_at DESC, t.id DESC LIMIT 1), (SELECT a.rep_id FROM assignments a WHERE a.ticket_id = v.id");
    sql.push(" ORDER BY a.from_at DESC, a.id DESC LIMIT 1) FROM v").all(conn).await
}

/// The newest tickets of a vendor.
pub async fn newest(conn: &mut Conn, vendor: &VendorId, limit: i64) -> Result<Vec<Ticket>> {
    sql(TICKET).with(" WHERE vendor_id = ?", vendor).with(" ORDER BY created_at DESC LIMIT ?", limit).all(conn).await
}

/// Tags of several tickets.
pub async fn tags_of(conn: &mut Conn, tickets: &[&TicketId]) -> Result<Vec<(TicketId, String)>> {
    sql("SELECT ticket_id, tag FROM ticket_tags WHERE ticket_id IN ").list(tickets.iter().copied()).push(" ORDER BY tag").all(conn).await
}

/// Since when those who have these tickets have them.
pub async fn assigned_since(conn: &mut Conn, tickets: &[&TicketId]) -> Result<Vec<(TicketId, Timestamp)>> {
    let sql = sql("SELECT ticket_id, from_at FROM assignments WHERE until_at IS NULL AND ticket_id IN ");
    sql.list(tickets.iter().copied()).push(" ORDER BY from_at").all(conn).await
}

/// Those that pass `narrow`, in no order; `None` when they are more than `most`.
pub async fn few(conn: &mut Conn, narrow: impl FnOnce(Sql) -> Sql, most: i64) -> Result<Option<Vec<TicketId>>> {
    let rows: Vec<(TicketId,)> = narrow(sql("SELECT id FROM tickets")).with(" LIMIT ?", most + 1).all(conn).await?;
    Ok((rows.len() as i64 <= most).then(|| rows.into_iter().map(|r| r.0).collect()))
}

/// How many ids [`among`] takes.
pub const AMONG: usize = 1_000;

/// Those of `ids` that pass `narrow`, in no order.
pub async fn among(conn: &mut Conn, narrow: impl FnOnce(Sql) -> Sql, ids: impl IntoIterator<Item = &TicketId>) -> Result<Vec<Ticket>> {
    // By their ids first, on their own: SQLite would rather walk all tickets of the vendor.
    let these = sql("SELECT * FROM (SELECT * FROM tickets WHERE id IN ").list(ids).with(" LIMIT ?) AS tickets", AMONG as i64);
    narrow(these).all(conn).await
}

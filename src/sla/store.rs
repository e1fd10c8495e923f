//! Rows of policies and clocks.

use super::entry::Entry;
use super::policy::Policy;
use crate::db::{Arg, Conn, Sql, sql};
use crate::error::{Error, Result};
use crate::id::{TicketId, VendorId};
use crate::tickets::Priority;
use crate::time::Timestamp;

const POLICY: &str = "SELECT vendor_id, targets, hours, on_breach, version FROM sla_policies";
const PUT_POLICY: &str =
    "INSERT INTO sla_policies (vendor_id, targets, hours, on_breach, version, updated_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (vendor_id) DO UPDATE SET targets = excluded.targets, hours = excluded.hours, on_breach = excluded.on_breach,
    version = excluded.version, updated_at = excluded.updated_at";
const CLOCK: &str = "SELECT ticket_id, kind, vendor_id, priority, target, used, running_since, started_at, at_risk_at, due_at, met_at,
    warned_at, breached_at, is_cancelled, agent_id, agent_name, team_name FROM sla_clocks";
const PUT: (&str, &str) = (
    "INSERT INTO sla_clocks (ticket_id, kind, vendor_id, priority, target, used, running_since, started_at, at_risk_at, due_at, met_at,
        warned_at, breached_at, is_cancelled, agent_id, agent_name, team_name, next_at) VALUES ",
    " ON CONFLICT (ticket_id, kind) DO UPDATE SET priority = excluded.priority, target = excluded.target, used = excluded.used,
        running_since = excluded.running_since, at_risk_at = excluded.at_risk_at, due_at = excluded.due_at, met_at = excluded.met_at,
        warned_at = excluded.warned_at, breached_at = excluded.breached_at, is_cancelled = excluded.is_cancelled,
        agent_id = excluded.agent_id, agent_name = excluded.agent_name, team_name = excluded.team_name, next_at = excluded.next_at",
);
const NOTE_BREACHES: &str = "UPDATE sla_clocks SET breached_at = due_at, warned_at = COALESCE(warned_at, at_risk_at), next_at = NULL
    WHERE next_at < $1 AND due_at < $1";
const NOTE_WARNINGS: &str = "UPDATE sla_clocks SET warned_at = at_risk_at, next_at = due_at WHERE next_at < $1 AND warned_at IS NULL";
const KEPT: &str = "SELECT kind, priority, team_name, agent_name, ($3 - started_at) / 604800000000 AS weeks_ago,
    CAST(SUM(CASE WHEN breached_at IS NULL THEN 1 ELSE 0 END) AS BIGINT), COUNT(breached_at)
    FROM sla_clocks WHERE vendor_id = $1 AND started_at >= $2 AND (met_at IS NOT NULL OR breached_at IS NOT NULL)
    GROUP BY kind, priority, team_name, agent_name, weeks_ago";
// As the index is written.
const PRESSING: &str = "SELECT DISTINCT ticket_id FROM sla_clocks
    WHERE met_at IS NULL AND warned_at IS NOT NULL AND is_cancelled = FALSE";
/// Clocks per statement; SQLite allows 32,766 values in one.
const ROWS: usize = 1_000;

/// A policy as it is stored.
#[derive(sqlx::FromRow)]
pub struct PolicyRow {
    pub vendor_id: VendorId,
    targets: String,
    hours: String,
    on_breach: String,
    pub version: i64,
}

impl PolicyRow {
    pub fn policy(&self) -> Result<Policy> {
        let bad = |e: serde_json::Error| Error::internal(format!("the policy of {}: {e}", self.vendor_id));
        Ok(Policy {
            targets: serde_json::from_str(&self.targets).map_err(bad)?,
            hours: serde_json::from_str(&self.hours).map_err(bad)?,
            on_breach: serde_json::from_str(&self.on_breach).map_err(bad)?,
        })
    }
}

pub async fn policies(conn: &mut Conn, vendors: impl IntoIterator<Item = &VendorId>) -> Result<Vec<PolicyRow>> {
    sql(POLICY).push(" WHERE vendor_id IN ").list(vendors).all(conn).await
}

pub async fn put_policy(conn: &mut Conn, vendor: &VendorId, policy: &Policy, version: i64, at: Timestamp) -> Result<()> {
    let text = |value: Result<String, serde_json::Error>| value.map_err(Error::internal);
    let (targets, hours) = (text(serde_json::to_string(&policy.targets))?, text(serde_json::to_string(&policy.hours))?);
    let on_breach = text(serde_json::to_string(&policy.on_breach))?;
    sql(PUT_POLICY).bind(vendor).bind(targets).bind(hours).bind(on_breach).bind(version).bind(at).run(conn).await.map(|_| ())
}

/// The clocks of tickets, those of one beside each other.
pub async fn of_tickets(conn: &mut Conn, tickets: impl IntoIterator<Item = &TicketId>) -> Result<Vec<Entry>> {
    in_order(sql(CLOCK).push(" WHERE ticket_id IN ").list(tickets)).all(conn).await
}

/// The same, kept from others until the transaction ends.
pub async fn lock(conn: &mut Conn, tickets: impl IntoIterator<Item = &TicketId>) -> Result<Vec<Entry>> {
    let these = sql(CLOCK).push(" WHERE ticket_id IN ").list(tickets);
    in_order(these).for_update(conn).all(conn).await
}

/// The open clocks of a vendor, kept from others until the transaction ends. Those of tickets that were done without
/// them take their terms anew when they go on.
pub async fn lock_open(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<Entry>> {
    let open = sql(CLOCK).with(" WHERE vendor_id = ?", vendor).push(" AND met_at IS NULL AND is_cancelled = FALSE");
    in_order(open).for_update(conn).all(conn).await
}

/// Always in the same order, so that nobody waits for each other.
fn in_order(sql: Sql) -> Sql {
    sql.push(" ORDER BY ticket_id, kind")
}

/// Stores clocks as they stand now, new ones and known ones.
pub async fn put(conn: &mut Conn, entries: &[&Entry]) -> Result<()> {
    for part in entries.chunks(ROWS) {
        sql(PUT.0).rows(part.iter().map(|e| values(e))).push(PUT.1).run(conn).await?;
    }
    Ok(())
}

fn values(e: &Entry) -> Vec<Arg> {
    vec![
        (&e.ticket_id).into(),
        e.kind.into(),
        (&e.vendor_id).into(),
        e.priority.into(),
        e.clock.target.into(),
        e.clock.used.into(),
        e.clock.running_since.into(),
        e.started_at.into(),
        e.at_risk_at.into(),
        e.due_at.into(),
        e.clock.met_at.into(),
        e.warned_at.into(),
        e.breached_at.into(),
        e.is_cancelled.into(),
        e.agent_id.as_ref().into(),
        e.agent_name.clone().into(),
        e.team_name.clone().into(),
        e.next_at().into(),
    ]
}

/// When something falls due next.
pub async fn next(conn: &mut Conn) -> Result<Option<Timestamp>> {
    let row: Option<(Timestamp,)> =
        sql("SELECT next_at FROM sla_clocks WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 1").optional(conn).await?;
    Ok(row.map(|r| r.0))
}

/// The tickets with something that fell due before `now`, the longest ago first.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<TicketId>> {
    let due = sql("SELECT ticket_id FROM sla_clocks").with(" WHERE next_at < ?", now);
    let rows: Vec<(TicketId,)> = due.with(" ORDER BY next_at LIMIT ?", limit).all(conn).await?;
    let mut tickets: Vec<TicketId> = rows.into_iter().map(|r| r.0).collect();
    let mut seen = std::collections::HashSet::new();
    tickets.retain(|id| seen.insert(id.clone()));
    Ok(tickets)
}

/// Adds the tickets with an open clock that is at risk or broken.
pub fn pressing(sql: Sql, vendors: &[&VendorId]) -> Sql {
    sql.push("(").push(PRESSING).push(" AND vendor_id IN ").list(vendors.iter().copied()).push(")")
}

/// How many these are; no more than `most` are counted.
pub async fn count_pressing(conn: &mut Conn, vendor: &VendorId, most: i64) -> Result<i64> {
    let each = sql("SELECT COUNT(*) FROM (").push(PRESSING).with(" AND vendor_id = ?", vendor);
    Ok(each.with(" LIMIT ?", most).push(") a").one::<(i64,)>(conn).await?.0)
}

/// Marks what fell due before `now`.
pub async fn note_due(conn: &mut Conn, now: Timestamp) -> Result<()> {
    sql(NOTE_BREACHES).bind(now).run(conn).await?;
    sql(NOTE_WARNINGS).bind(now).run(conn).await.map(|_| ())
}

/// A promise, its priority, team and assignee, how many weeks ago it began, and how many of these were kept and broken.
pub type KeptRow = (super::Kind, Priority, Option<String>, Option<String>, i64, i64, i64);

/// What became of the promises of a vendor's tickets opened since `from`.
pub async fn kept(conn: &mut Conn, vendor: &VendorId, from: Timestamp, now: Timestamp) -> Result<Vec<KeptRow>> {
    sql(KEPT).bind(vendor).bind(from).bind(now).all(conn).await
}

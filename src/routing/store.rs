//! Rows of routing.

use super::decide::Considered;
use super::wait::Exit;
use super::{RepEdit, Rules};
use crate::db::{Conn, Kind, Sql, sql};
use crate::error::{Error, Result};
use crate::id::{TicketId, UserId, VendorId};
use crate::tickets::Ticket;
use crate::time::Timestamp;

/// What a rep of a vendor may do at once, and can.
pub struct RepRow {
    pub id: UserId,
    pub limit: i64,
    pub skills: Vec<String>,
}

/// Keeps all others who hand out tickets waiting until the transaction ends. SQLite has one writer anyway.
pub async fn lock(conn: &mut Conn) -> Result<()> {
    if conn.kind() == Kind::Postgres {
        sql("SELECT pg_advisory_xact_lock(7242002)").run(conn).await?;
    }
    Ok(())
}

/// The rules of a vendor with their version, which is 0 before the first save.
pub async fn rules(conn: &mut Conn, vendor: &VendorId) -> Result<(Rules, i64)> {
    let row: Option<(String, i64)> =
        sql("SELECT rules, version FROM routing_rules WHERE vendor_id = $1").bind(vendor).optional(conn).await?;
    row.map_or_else(|| Ok((Rules::default(), 0)), |(text, version)| Ok((read(&text)?, version)))
}

/// Saves rules over those of `version`; false when there are newer ones.
pub async fn save_rules(conn: &mut Conn, vendor: &VendorId, rules: &Rules, version: i64, at: Timestamp) -> Result<bool> {
    const SAVE: &str = "INSERT INTO routing_rules (vendor_id, rules, version, updated_at) VALUES ($1, $2, $3 + 1, $4)
        ON CONFLICT (vendor_id) DO UPDATE SET rules = excluded.rules, version = excluded.version, updated_at = excluded.updated_at
        WHERE routing_rules.version = $3";
    Ok(sql(SAVE).bind(vendor).bind(write(rules)?).bind(version).bind(at).run(conn).await? == 1)
}

/// Everyone who has rules; whether theirs hand out tickets is in them.
pub async fn with_rules(conn: &mut Conn) -> Result<Vec<(VendorId, Rules)>> {
    let rows: Vec<(VendorId, String)> = sql("SELECT vendor_id, rules FROM routing_rules ORDER BY vendor_id").all(conn).await?;
    rows.into_iter().map(|(vendor, text)| Ok((vendor, read(&text)?))).collect()
}

pub async fn reps(conn: &mut Conn, vendor: &VendorId) -> Result<Vec<RepRow>> {
    const REPS: &str = "SELECT user_id, max_open, skills FROM routing_reps WHERE vendor_id = $1";
    let rows: Vec<(UserId, i64, String)> = sql(REPS).bind(vendor).all(conn).await?;
    rows.into_iter().map(|(id, limit, skills)| Ok(RepRow { id, limit, skills: read(&skills)? })).collect()
}

pub async fn save_rep(conn: &mut Conn, vendor: &VendorId, rep: &RepEdit) -> Result<()> {
    const SAVE: &str = "INSERT INTO routing_reps (vendor_id, user_id, max_open, skills) VALUES ($1, $2, $3, $4)
        ON CONFLICT (vendor_id, user_id) DO UPDATE SET max_open = excluded.max_open, skills = excluded.skills";
    sql(SAVE).bind(vendor).bind(&rep.id).bind(rep.limit).bind(write(&rep.skills)?).run(conn).await.map(|_| ())
}

/// Stores whom a ticket was given to and who else was considered.
pub fn insert_decision(ticket: &TicketId, at: Timestamp, chosen: &UserId, considered: &[Considered]) -> Result<Sql> {
    const INSERT: &str = "INSERT INTO routing_decisions (ticket_id, at, chosen, considered) VALUES ($1, $2, $3, $4)
        ON CONFLICT (ticket_id, at) DO UPDATE SET chosen = excluded.chosen, considered = excluded.considered";
    Ok(sql(INSERT).bind(ticket).bind(at).bind(chosen).bind(write(considered)?))
}

/// The newest decision on a ticket: when, whom it chose, and everyone considered.
pub async fn decision(conn: &mut Conn, ticket: &TicketId) -> Result<Option<(Timestamp, UserId, Vec<Considered>)>> {
    const NEWEST: &str = "SELECT at, chosen, considered FROM routing_decisions WHERE ticket_id = $1 ORDER BY at DESC LIMIT 1";
    let row: Option<(Timestamp, UserId, String)> = sql(NEWEST).bind(ticket).optional(conn).await?;
    row.map(|(at, chosen, text)| Ok((at, chosen, read(&text)?))).transpose()
}

pub fn insert_exit(t: &Ticket, at: Timestamp) -> Sql {
    const INSERT: &str = "INSERT INTO queue_exits (vendor_id, ticket_id, entered_at, left_at) VALUES ($1, $2, $3, $4)";
    sql(INSERT).bind(&t.vendor_id).bind(&t.id).bind(t.created_at).bind(at)
}

/// The last tickets that left a vendor's queue after `since`, the newest first.
pub async fn exits(conn: &mut Conn, vendor: &VendorId, since: Timestamp, limit: i64) -> Result<Vec<Exit>> {
    const EXITS: &str = "SELECT entered_at, left_at FROM queue_exits WHERE vendor_id = $1 AND left_at > $2 ORDER BY left_at DESC LIMIT $3";
    sql(EXITS).bind(vendor).bind(since).bind(limit).all(conn).await
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(Error::internal)
}

fn write<T: serde::Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(Error::internal)
}

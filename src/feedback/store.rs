//! Rows of ratings and of the invitations to give one.

use super::Rating;
use crate::db::{Arg, Conn, sql};
use crate::error::Result;
use crate::id::{TicketId, UserId, VendorId};
use crate::tickets::Ticket;
use crate::time::Timestamp;

const PUT: &str = "INSERT INTO ratings (ticket_id, vendor_id, customer_id, score, comment, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (ticket_id) DO UPDATE SET score = excluded.score, comment = excluded.comment, created_at = excluded.created_at";

const NOTED: &str = "SELECT ticket_id, resolved_at FROM rating_invitations";
const INVITE: &str = "INSERT INTO rating_invitations (ticket_id, resolved_at, due_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const TAKE: &str = "UPDATE rating_invitations SET token_hash = $3, due_at = NULL
    WHERE ticket_id = $1 AND resolved_at = $2 AND due_at <= $4";
const PUT_BACK: &str = "UPDATE rating_invitations SET due_at = $3 WHERE ticket_id = $1 AND resolved_at = $2";

/// That a ticket was resolved at a moment, and its customer is to be asked or was.
#[derive(sqlx::FromRow)]
pub struct Noted {
    pub ticket_id: TicketId,
    pub resolved_at: Timestamp,
}

pub async fn put(conn: &mut Conn, ticket: &TicketId, vendor: &VendorId, customer: &UserId, r: &Rating) -> Result<()> {
    let q = sql(PUT).bind(ticket).bind(vendor).bind(customer).bind(r.score).bind(&r.comment).bind(r.created_at);
    q.run(conn).await.map(|_| ())
}

pub async fn insert_many(conn: &mut Conn, ratings: &[(&Ticket, &Rating)]) -> Result<()> {
    const INSERT: &str = "INSERT INTO ratings (ticket_id, vendor_id, customer_id, score, comment, created_at) VALUES ";
    let rows = ratings.iter().map(|(t, r)| -> Vec<Arg> {
        vec![(&t.id).into(), (&t.vendor_id).into(), (&t.customer_id).into(), r.score.into(), (&r.comment).into(), r.created_at.into()]
    });
    sql(INSERT).rows(rows).run(conn).await.map(|_| ())
}

pub async fn get(conn: &mut Conn, ticket: &TicketId) -> Result<Option<Rating>> {
    sql("SELECT score, comment, created_at FROM ratings WHERE ticket_id = $1").bind(ticket).optional(conn).await
}

/// Number and sum of the scores since a moment.
pub async fn totals(conn: &mut Conn, vendor: &VendorId, since: i64) -> Result<(i64, i64)> {
    const TOTALS: &str = "SELECT COUNT(*), CAST(COALESCE(SUM(score), 0) AS BIGINT) FROM ratings WHERE vendor_id = $1 AND created_at >= $2";
    sql(TOTALS).bind(vendor).bind(since).one(conn).await
}

pub async fn invite(conn: &mut Conn, ticket: &TicketId, resolved_at: Timestamp) -> Result<()> {
    sql(INVITE).bind(ticket).bind(resolved_at).bind(resolved_at).run(conn).await.map(|_| ())
}

/// What is to be mailed, the longest waiting first.
pub async fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<Noted>> {
    sql(NOTED).with(" WHERE due_at <= ?", now).with(" ORDER BY due_at LIMIT ?", limit).all(conn).await
}

/// True for the one who comes first.
pub async fn take(conn: &mut Conn, n: &Noted, token_hash: &str, now: Timestamp) -> Result<bool> {
    Ok(sql(TAKE).bind(&n.ticket_id).bind(n.resolved_at).bind(token_hash).bind(now).run(conn).await? == 1)
}

pub async fn put_back(conn: &mut Conn, n: &Noted, due_at: Timestamp) -> Result<()> {
    sql(PUT_BACK).bind(&n.ticket_id).bind(n.resolved_at).bind(due_at).run(conn).await.map(|_| ())
}

pub async fn by_token(conn: &mut Conn, token_hash: &str) -> Result<Option<Noted>> {
    sql(NOTED).with(" WHERE token_hash = ?", token_hash).optional(conn).await
}

pub async fn forget_due(conn: &mut Conn) -> Result<()> {
    sql("DELETE FROM rating_invitations WHERE due_at IS NOT NULL").run(conn).await.map(|_| ())
}

pub async fn delete_before(conn: &mut Conn, resolved_before: Timestamp) -> Result<u64> {
    sql("DELETE FROM rating_invitations WHERE resolved_at < $1").bind(resolved_before).run(conn).await
}

//! Rows of ratings.

use super::Rating;
use crate::db::{Arg, Conn, sql};
use crate::error::Result;
use crate::id::{TicketId, UserId, VendorId};
use crate::tickets::Ticket;

const PUT: &str = "INSERT INTO ratings (ticket_id, vendor_id, customer_id, score, comment, created_at) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (ticket_id) DO UPDATE SET score = excluded.score, comment = excluded.comment, created_at = excluded.created_at";

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

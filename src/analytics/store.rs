//! Figures read from tickets.

use super::Totals;
use crate::db::{Conn, sql};
use crate::error::Result;
use crate::id::VendorId;
use crate::time::Timestamp;

// `is_open = TRUE`, as SQLite finds no index by a bare `is_open`. With the plus it looks for the oldest
// among the unassigned, not for the first unassigned among all from the oldest on.
const NOW: &str = "SELECT
    (SELECT COUNT(*) FROM tickets WHERE vendor_id = $1 AND is_open = TRUE),
    (SELECT COUNT(*) FROM tickets WHERE vendor_id = $1 AND is_open = TRUE AND assignee_id IS NULL),
    (SELECT COUNT(*) FROM tickets WHERE vendor_id = $1 AND is_open = TRUE AND priority = 'urgent'),
    (SELECT MIN(+created_at) FROM tickets WHERE vendor_id = $1 AND is_open = TRUE AND assignee_id IS NULL)";
// What was done to a ticket since a moment was activity since then: so there is an index for it.
const SINCE: &str = "SELECT
    (SELECT COUNT(*) FROM tickets WHERE vendor_id = $1 AND created_at >= $2),
    (SELECT COUNT(*) FROM tickets WHERE vendor_id = $1 AND activity_at >= $2 AND resolved_at >= $2)";
const FIRST_RESPONSE: &str = "SELECT CAST(AVG(first_response_at - created_at) AS BIGINT) FROM tickets
    WHERE vendor_id = $1 AND activity_at >= $2 AND first_response_at >= $2";
const PER_DAY: &str = "SELECT (created_at - $2) / 86400000000 AS day, COUNT(*) FROM tickets
    WHERE vendor_id = $1 AND created_at >= $2 GROUP BY day";

const TOTALS: &str = "SELECT
    (SELECT COUNT(*) FROM vendors) AS vendors,
    (SELECT COUNT(*) FROM users WHERE role <> 'customer') AS staff,
    (SELECT COUNT(*) FROM users WHERE role = 'customer') AS customers,
    (SELECT COUNT(*) FROM tickets) AS tickets,
    (SELECT COUNT(*) FROM tickets WHERE is_open = TRUE) AS open,
    (SELECT COUNT(*) FROM tickets WHERE is_open = TRUE AND assignee_id IS NULL) AS unassigned,
    (SELECT COUNT(*) FROM messages) AS messages,
    (SELECT COUNT(*) FROM attachments) AS files,
    (SELECT COALESCE(MAX(seq), 0) FROM journey_events) AS events";

/// What there is of everything.
pub async fn totals(conn: &mut Conn) -> Result<Totals> {
    sql(TOTALS).one(conn).await
}

/// Open, unassigned, urgent, and when the oldest unassigned was opened.
pub async fn now(conn: &mut Conn, vendor: &VendorId) -> Result<(i64, i64, i64, Option<i64>)> {
    sql(NOW).bind(vendor).one(conn).await
}

/// Opened and resolved since a moment.
pub async fn since(conn: &mut Conn, vendor: &VendorId, from: Timestamp) -> Result<(i64, i64)> {
    sql(SINCE).bind(vendor).bind(from).one(conn).await
}

/// Mean time to the first response, in microseconds.
pub async fn first_response(conn: &mut Conn, vendor: &VendorId, from: Timestamp) -> Result<Option<i64>> {
    Ok(sql(FIRST_RESPONSE).bind(vendor).bind(from).one::<(Option<i64>,)>(conn).await?.0)
}

/// Opened on each of `days` days from the midnight `from`.
pub async fn per_day(conn: &mut Conn, vendor: &VendorId, from: Timestamp, days: usize) -> Result<Vec<i64>> {
    let rows: Vec<(i64, i64)> = sql(PER_DAY).bind(vendor).bind(from).all(conn).await?;
    let mut counts = vec![0; days];
    for (day, count) in rows {
        if let Some(slot) = usize::try_from(day).ok().and_then(|d| counts.get_mut(d)) {
            *slot = count;
        }
    }
    Ok(counts)
}

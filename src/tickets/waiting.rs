//! What routing asks of tickets: who waits, who works on how many, and handing one over.

use super::queue::ORDER;
use super::service::Tickets;
use super::{Category, Ticket, store};
use crate::actor::Actor;
use crate::db::{Conn, Tx};
use crate::error::Result;
use crate::id::{TicketId, UserId, VendorId};
use crate::services::Core;
use crate::time::Timestamp;

/// Whether anything of a vendor is in the queue.
pub(crate) async fn any(conn: &mut Conn, vendor: &VendorId) -> Result<bool> {
    store::anyone_waits(conn, vendor).await
}

/// A page of a vendor's queue after `after`: only these levels and categories, and nothing that the assistant still
/// asks about.
pub(crate) async fn takeable(
    conn: &mut Conn,
    vendor: &VendorId,
    kinds: &[(i64, Category)],
    after: Option<&Ticket>,
    limit: usize,
) -> Result<Vec<Ticket>> {
    let mut waiting: Vec<Ticket> = Vec::new();
    let first = after.and_then(|t| ORDER.iter().position(|p| *p == t.priority)).unwrap_or_default();
    for priority in ORDER.into_iter().skip(first) {
        let after = after.filter(|t| t.priority == priority);
        waiting.extend(store::takeable(conn, vendor, priority, kinds, after, (limit - waiting.len()) as i64).await?);
        if waiting.len() >= limit {
            break;
        }
    }
    Ok(waiting)
}

/// The place of a ticket in its vendor's queue, from 1; `None` when it is not in it.
pub(crate) async fn position(conn: &mut Conn, t: &Ticket) -> Result<Option<i64>> {
    if !is_queued(t) {
        return Ok(None);
    }
    let more_pressing = ORDER.iter().position(|p| *p == t.priority).unwrap_or_default();
    Ok(Some(1 + store::ahead(conn, t, &ORDER[..more_pressing]).await?))
}

/// Whether a ticket is in the queue: open, and nobody has it.
pub(crate) const fn is_queued(t: &Ticket) -> bool {
    t.assignee_id.is_none() && t.status.is_open()
}

/// For each of these people how many tickets of a vendor they work on, and when they last got one.
pub(crate) async fn loads(conn: &mut Conn, vendor: &VendorId, people: &[&UserId]) -> Result<Vec<(UserId, i64, Timestamp)>> {
    if people.is_empty() { Ok(Vec::new()) } else { store::loads(conn, vendor, people).await }
}

/// For each of these tickets who helped its customer last with another, and who had it last.
pub(crate) async fn helpers(
    conn: &mut Conn,
    vendor: &VendorId,
    tickets: &[&Ticket],
) -> Result<Vec<(TicketId, Option<UserId>, Option<UserId>)>> {
    if tickets.is_empty() { Ok(Vec::new()) } else { store::helpers(conn, vendor, tickets).await }
}

/// The newest tickets of a vendor.
pub(crate) async fn newest(conn: &mut Conn, vendor: &VendorId, limit: i64) -> Result<Vec<Ticket>> {
    store::newest(conn, vendor, limit).await
}

/// Gives a ticket that is kept from others to `rep`, as a person would.
pub(crate) async fn give(core: &Core, tx: &mut Tx, t: &mut Ticket, rep: &UserId, reason: &str) -> Result<()> {
    Tickets::new(core.clone()).assign_in(tx, &Actor::system(&t.vendor_id), t, Some(rep), reason, core.now()).await?;
    store::save(tx, t).await
}
